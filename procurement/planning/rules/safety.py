"""Safety stock, reorder point and par level from measured use; whole steps, rounded up.

The safety stock is z times the standard deviation of the use during a lead time that varies itself, as in Silver, Pyke
and Thomas, "Inventory and Production Management in Supply Chains" (4th edition, 2017), chapter 6.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

# One-sided quantiles of the standard normal distribution, four decimals: statistics.NormalDist().inv_cdf.
Z = {
    900: Decimal("1.2816"),
    950: Decimal("1.6449"),
    980: Decimal("2.0537"),
    990: Decimal("2.3263"),
    995: Decimal("2.5758"),
}
WEEK = 7


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from ordering to delivery, their variance, and of how many deliveries it was measured (0: promised)."""

    days: Decimal
    variance: Decimal = Decimal(0)
    deliveries: int = 0


@dataclass(frozen=True, slots=True)
class Levels:
    """What a place should hold, in steps, and the parts it is made of."""

    demand: int  # in the lead time and until the next look
    safety: int
    cover: int  # from the reorder point up
    reorder_point: int
    par_level: int


def safety_stock(
    service_permille: int, per_week: Decimal, deviation: Decimal, lead: LeadTime, review_days: int
) -> Decimal:
    """Z * sqrt((L + R) * var(d) + d^2 * var(L)), per day."""
    days = lead.days + review_days
    per_day = per_week / WEEK
    variance = days * deviation**2 / WEEK + per_day**2 * lead.variance
    return Z[service_permille] * variance.sqrt()


def levels(
    *,
    ahead: Decimal,
    ahead_to_cover: Decimal,
    safety: Decimal,
    container: int,
    grain: int = 1,
    most: int | None = None,
) -> Levels:
    """Levels from the use expected until the next delivery, and the use of the days to cover after it.

    Each rounded up to a neat figure of `grain` (a millilitre), so that they add up as they are shown. Par is whole
    containers, and not more than `most` of them where that can be used before it expires.
    """
    demand, kept, cover = (neat(part, grain) for part in (ahead, safety, ahead_to_cover))
    reorder_point = demand + kept
    par = -(-(reorder_point + cover) // container) * container
    if most is not None and par > most:
        par = max(most // container, 1) * container
    return Levels(demand, kept, cover, min(reorder_point, par), par)


def neat(steps: Decimal, grain: int) -> int:
    """Up to the next whole `grain`; what is less than twenty of them to a tenth, so that little is not made much."""
    if steps < 20 * grain:
        grain = max(grain // 10, 1)
    return whole(steps / grain) * grain


def whole(steps: Decimal) -> int:
    """Up to the next whole step."""
    return int(steps.to_integral_value(ROUND_CEILING))
