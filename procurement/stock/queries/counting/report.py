"""How right the counts were, and what goods went missing and why: by room, product, cause or month."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import case, func, select

from procurement.catalogue.models import Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.settings.queries import get_company
from procurement.stock.models import Location, Site, StockCount, StockCountLine
from procurement.stock.terms import CountStatus


class GroupedBy(StrEnum):
    ROOM = "room"
    PRODUCT = "product"
    CAUSE = "cause"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class AccuracyRow:
    """Lines counted in the group and how many were right; what was missing and too much, at cost."""

    key: str
    name: str
    lines: int
    right: int
    missing: Money
    surplus: Money

    @property
    def percent(self) -> int:
        """Right of a hundred, rounded down: only all of them are a hundred."""
        return self.right * 100 // self.lines if self.lines else 0


@dataclass(frozen=True, slots=True)
class Accuracy:
    rows: tuple[AccuracyRow, ...]
    total: AccuracyRow
    counts: int


_Group = Callable[[Any], tuple[str, str]]
_NAMES: dict[GroupedBy, _Group] = {
    GroupedBy.ROOM: lambda row: (row.code, row.name),
    GroupedBy.PRODUCT: lambda row: (row.sku, row.product_name),
    GroupedBy.CAUSE: lambda row: (row.cause or "", row.cause or "not said"),
    GroupedBy.MONTH: lambda row: (month_of(row), month_of(row)),
}


def accuracy(
    session: ReadSession, *, since: datetime, until: datetime, by: GroupedBy = GroupedBy.ROOM
) -> Accuracy:
    """Of the counts posted from `since` to `until`; what is worth most first, months in their order."""
    currency = get_company(session).currency
    found = session.execute(_statement(by, since, until, currency)).all()
    sums: defaultdict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in found:
        group = sums[_NAMES[by](row)]
        for index, value in enumerate((row.lines, row.right, row.missing, row.surplus)):
            group[index] += int(value or 0)
    rows = [
        AccuracyRow(key, name, lines, right, Money(-lost, currency), Money(more, currency))
        for (key, name), (lines, right, lost, more) in sums.items()
    ]
    if by is GroupedBy.CAUSE:  # what was right needs no cause
        rows = [row for row in rows if row.key or row.right < row.lines]
    rows.sort(key=lambda row: row.key)
    if by is not GroupedBy.MONTH:
        rows.sort(key=lambda row: -(row.missing.minor + row.surplus.minor))
    every = [sum(group[index] for group in sums.values()) for index in range(4)]
    total = AccuracyRow(
        "", "All", every[0], every[1], Money(-every[2], currency), Money(every[3], currency)
    )
    return Accuracy(tuple(rows), total, _counts(session, since, until))


def month_of(row: Any) -> str:
    return today_in(row.time_zone, row.closed_at).strftime("%Y-%m")


def _statement(by: GroupedBy, since: datetime, until: datetime, currency: str) -> Any:
    """Grouped by the database as far as it can: months are of the site's zone, and are added up afterwards."""
    columns: dict[GroupedBy, tuple[Any, ...]] = {
        GroupedBy.ROOM: (Location.code, Location.name),
        GroupedBy.PRODUCT: (Product.sku, Product.name.label("product_name")),
        GroupedBy.CAUSE: (StockCountLine.cause,),
        GroupedBy.MONTH: (StockCount.closed_at, Site.time_zone),
    }
    value = case((StockCount.currency == currency, StockCountLine.value_minor))
    return (
        select(
            *columns[by],
            func.count().label("lines"),
            func.sum(case((StockCountLine.counted == StockCountLine.expected, 1), else_=0)).label(
                "right"
            ),
            func.sum(case((value < 0, value), else_=0)).label("missing"),
            func.sum(case((value > 0, value), else_=0)).label("surplus"),
        )
        .select_from(StockCountLine)
        .join(StockCount, StockCount.id == StockCountLine.count_id)
        .join(Product, Product.id == StockCountLine.product_id)
        .join(Location, Location.id == StockCount.location_id)
        .join(Site, Site.id == Location.site_id)
        .where(
            StockCountLine.counted.is_not(None),
            StockCount.status == CountStatus.POSTED,
            StockCount.closed_at.between(since, until),
        )
        .group_by(*columns[by])
    )


def _counts(session: ReadSession, since: datetime, until: datetime) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(StockCount)
        .where(StockCount.status == CountStatus.POSTED, StockCount.closed_at.between(since, until))
    )
    return int(found or 0)
