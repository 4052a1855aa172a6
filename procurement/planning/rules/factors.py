"""Season and growth: what people know about the use to come, and how it changes an estimate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from procurement.kernel.validity import Validity
from procurement.planning.terms import FactorKind

_WHOLE = Decimal(1000)
_YEAR = 365


@dataclass(frozen=True, slots=True)
class Factor:
    """A month's share of the usual use (1300: 30 % more), or growth a year (50: 5 % more), in per mille.

    None for product, family or site: it holds for all of them.
    """

    kind: FactorKind
    permille: int
    month: int | None = None
    product_id: int | None = None
    family_id: int | None = None
    site_id: int | None = None
    validity: Validity | None = None

    def concerns(self, product_id: int, family_id: int | None, site_id: int) -> bool:
        return (
            self.product_id in {None, product_id}
            and self.family_id in {None, family_id}
            and self.site_id in {None, site_id}
        )

    @property
    def closeness(self) -> tuple[bool, bool, bool, date]:
        """What names more counts before what names less: product, family, site; then what began later."""
        begun = self.validity.from_ if self.validity and self.validity.from_ else date.min
        return (
            self.product_id is not None,
            self.family_id is not None,
            self.site_id is not None,
            begun,
        )


@dataclass(frozen=True, slots=True)
class Course:
    """The factors of one product at one site on one day; `season` by month, in per mille."""

    season: tuple[tuple[int, int], ...] = ()
    growth: int = 0

    def of(self, day: date) -> Decimal:
        """The season's share of a day; 1 for a month of which nobody said anything."""
        return Decimal(dict(self.season).get(day.month, 1000)) / _WHOLE

    def grown(self, days: int) -> Decimal:
        """What use is to what it was so many days before, straight on."""
        return max(1 + Decimal(self.growth * days) / (_WHOLE * _YEAR), Decimal(0))


PLAIN = Course()


def course_of(
    factors: Iterable[Factor], product_id: int, family_id: int | None, site_id: int, on: date
) -> Course:
    """The closest factor of each month, and the closest growth."""
    season: dict[int, int] = {}
    growth = 0
    held = [
        factor
        for factor in factors
        if factor.concerns(product_id, family_id, site_id)
        and (factor.validity is None or factor.validity.covers(on))
    ]
    for factor in sorted(held, key=lambda factor: factor.closeness):
        if factor.kind is FactorKind.GROWTH:
            growth = factor.permille
        elif factor.month is not None:
            season[factor.month] = factor.permille
    return Course(tuple(sorted(season.items())), growth)


@lru_cache(maxsize=4096)
def mean_season(course: Course, start: date, days: int) -> Decimal:
    """The season's mean share of so many days from `start` on."""
    if not course.season or days <= 0:
        return course.of(start)
    total = sum((course.of(start + timedelta(days=n)) for n in range(days)), Decimal(0))
    return total / days
