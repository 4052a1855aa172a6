"""How order lines are judged, and what they add up to. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from procurement.kernel.money import Money, Rate, round_half_up
from procurement.purchasing.terms.scorecard import (
    Delivered,
    Judged,
    LeadTime,
    PriceDrift,
    Scorecard,
    TheirPapers,
)

_TENTH = Decimal("0.1")


def judged(lines: Iterable[Delivered], *, today: date) -> list[Judged]:
    """The lines that say something: their day is past, or nothing more will come of them."""
    found = (_judge(line, today) for line in lines)
    return [one for one in found if one.line.due_on < today or one.in_full or one.line.is_closed]


def scorecard(
    supplier: str,
    name: str,
    lines: Sequence[Judged],
    drift: PriceDrift | None,
    papers: TheirPapers,
) -> Scorecard:
    """The figures of one supplier, each from the lines, claims and invoices it can be opened to."""
    refused = sum(one.refused for one in lines)
    brought = sum(one.taken for one in lines) + refused
    return Scorecard(
        supplier=supplier,
        supplier_name=name,
        lines=len(lines),
        on_time=_share(sum(one.on_time for one in lines), len(lines)),
        in_full=_share(sum(one.in_full for one in lines), len(lines)),
        otif=_share(sum(one.otif for one in lines), len(lines)),
        rejected=_share(refused, brought),
        lead_time=lead_time(lines),
        drift=drift,
        claims=len(papers.claims),
        claimed=_sum(one.asked for one in papers.claims),
        invoices=len(papers.invoices),
        invoiced_wrong=_share(len(papers.differing), len(papers.invoices)),
        too_much=_sum(one.too_much for one in papers.differing),
    )


def lead_time(lines: Iterable[Judged]) -> LeadTime | None:
    """Of the lines that came whole; the spread is the standard deviation of the measured days."""
    told = [(one.line, one.lead_days) for one in lines if one.lead_days is not None]
    if not told:
        return None
    count = len(told)
    promised = sum((line.due_on - line.placed_on).days for line, _ in told)
    total = sum(days for _, days in told)
    # count x the sum of squares less the square of the sum is exact in whole numbers.
    variance = count * sum(days * days for _, days in told) - total * total
    return LeadTime(
        count,
        _tenths(Decimal(promised) / count),
        _tenths(Decimal(total) / count),
        _tenths(Decimal(variance).sqrt() / count),
    )


def price_drift(lines: Iterable[Delivered]) -> PriceDrift | None:
    """What was bought more than once, at its last price against its first; weighted by all packs of it."""
    bought: defaultdict[tuple[str, str, str], list[Delivered]] = defaultdict(list)
    for line in lines:
        bought[line.product, line.pack, line.price.currency].append(line)
    before = after = products = 0
    for same in bought.values():
        first = min(same, key=lambda line: (line.placed_on, line.order, line.position))
        last = max(same, key=lambda line: (line.placed_on, line.order, line.position))
        if first.order == last.order:
            continue
        packs = sum(line.packs for line in same)
        products += 1
        before += packs * first.price.e4
        after += packs * last.price.e4
    if not before:
        return None
    return PriceDrift(products, _rate(Decimal(after - before) / before))


def _judge(line: Delivered, today: date) -> Judged:
    taken = sum(arrival.taken for arrival in line.arrivals)
    by_day = sum(arrival.taken for arrival in line.arrivals if arrival.on <= line.due_on)
    in_full = taken >= line.packs
    came = [arrival.on for arrival in line.arrivals if arrival.taken]
    last = max(came, default=None)
    is_open = not in_full and not line.is_closed
    until = today if is_open or last is None else last
    return Judged(
        line=line,
        on_time=bool(came) and by_day == taken and not (is_open and today > line.due_on),
        in_full=in_full,
        otif=by_day >= line.packs,
        taken=taken,
        refused=sum(arrival.refused for arrival in line.arrivals),
        days_late=max(0, (until - line.due_on).days),
        lead_days=(last - line.placed_on).days if in_full and last else None,
    )


def _sum(amounts: Iterable[Money]) -> Money | None:
    """None where there are none, or where a supplier changed its currency meanwhile: they do not add up."""
    found = list(amounts)
    if len({one.currency for one in found}) != 1:
        return None
    return Money(sum(one.minor for one in found), found[0].currency)


def _share(part: int, whole: int) -> Rate | None:
    return _rate(Decimal(part) / whole) if whole else None


def _rate(part: Decimal) -> Rate:
    """To a tenth of a percent: more would feign precision."""
    return Rate(round_half_up(part * 1_000) * 10)


def _tenths(number: Decimal) -> Decimal:
    return number.quantize(_TENTH, rounding=ROUND_HALF_UP)
