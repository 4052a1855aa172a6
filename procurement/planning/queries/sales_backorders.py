"""Customers' backorders beside what is on order from suppliers: what is due when; and what Today says of orders."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.queries.supply import on_order
from procurement.purchasing.terms import OnOrder
from procurement.sales.queries.exports import exportable
from procurement.sales.queries.return_requests import open_requests
from procurement.sales.queries.sales_orders import SalesOrderFilter, sales_orders
from procurement.sales.queries.waiting import WaitingLine, waiting_lines
from procurement.sales.terms.orders import TO_SHIP, SalesOrderRow
from procurement.stock.queries.places import places

MOST_TO_SHIP = 50


@dataclass(frozen=True, slots=True)
class Due:
    """A supplier's order that brings some of what is missing; without a day it is not placed yet."""

    order: str
    due_on: date | None
    packs: int


@dataclass(frozen=True, slots=True)
class SalesBackorder:
    """A line that waits, and where its goods come from; `uncovered` packs nobody has ordered."""

    line: WaitingLine
    due: tuple[Due, ...]
    uncovered: int

    @property
    def ready_on(self) -> date | None:
        """The day on which all of it is here, where every part has one."""
        days = [one.due_on for one in self.due if one.due_on]
        if self.uncovered or len(days) < len(self.due):
            return None
        return max(days, default=None)


def sales_backorders(session: ReadSession, *, actor: Actor, at: datetime) -> list[SalesBackorder]:
    """Every backordered line; what is on order goes to those that come first, the earliest delivery first."""
    lines = waiting_lines(session, actor=actor, at=at)
    if not lines:
        return []
    site_of = {place.code: place.site for place in places(session)}
    coming: defaultdict[tuple[str | None, str], list[tuple[OnOrder, int]]] = defaultdict(list)
    for one in on_order(session):
        coming[site_of.get(one.deliver_to or ""), one.product].append((one, one.quantity.steps))
    found = []
    for line in lines:
        wanted, due = line.missing.steps, []
        rest: list[tuple[OnOrder, int]] = []
        for one, steps in coming[line.site, line.product]:
            taken = min(wanted, steps)
            if taken:
                due.append(Due(one.order, one.due_on, -(-taken // line.size.steps)))
            wanted -= taken
            if steps > taken:
                rest.append((one, steps - taken))
        coming[line.site, line.product] = rest
        found.append(SalesBackorder(line, tuple(due), -(-wanted // line.size.steps)))
    return found


def arrived_for_orders(
    session: ReadSession, *, actor: Actor, at: datetime, limit: int
) -> tuple[WaitingLine, ...]:
    """One line for each order that waits for goods which are here now."""
    first: dict[str, WaitingLine] = {}
    for line in waiting_lines(session, actor=actor, at=at):
        if line.free:
            first.setdefault(line.order, line)
    return tuple(first.values())[:limit]


def sales_today(
    session: ReadSession, *, actor: Actor, at: datetime, limit: int
) -> dict[str, object]:
    """Orders that were placed, that are to invoice, whose goods arrived, for who sells; that can be shipped."""
    found: dict[str, object] = {}
    if actor.may(Permission.SELL) and actor.may(Permission.SEE_SALES):
        placed = SalesOrderFilter(placed=True)
        found["placed"] = sales_orders(session, placed, PageRequest(limit), actor=actor).items
        waiting = exportable(session)
        found["to_invoice"] = None if waiting.is_nothing else waiting
    if actor.may(Permission.SELL) or actor.may(Permission.SHIP_GOODS):
        found["goods_arrived"] = arrived_for_orders(session, actor=actor, at=at, limit=limit)
    if actor.may(Permission.SHIP_GOODS):
        found["returns_asked"] = open_requests(session, actor=actor, limit=limit)
        wanted = SalesOrderFilter(statuses=TO_SHIP)
        rows = sales_orders(session, wanted, PageRequest(MOST_TO_SHIP), actor=actor).items
        ready: list[SalesOrderRow] = [row for row in rows if row.waiting < row.lines]
        ready.sort(key=lambda row: (row.wanted_on or date.max, row.number))
        found["to_ship"] = tuple(ready[:limit])
    return found
