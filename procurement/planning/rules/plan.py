"""Needs put together as a person reads them: by storeroom, by supplier, and what nobody sells."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from procurement.kernel.money import Money
from procurement.kernel.quantity import Quantity
from procurement.planning.terms import Need

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Carry:
    """So much of a product from a storeroom to a room."""

    need: Need
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class StoreroomPlan:
    """What one storeroom gives."""

    code: str
    name: str
    carries: tuple[Carry, ...]


@dataclass(frozen=True, slots=True)
class SupplierPlan:
    """One order: a supplier and a place of delivery."""

    supplier: str
    supplier_name: str
    deliver_to: str
    deliver_to_name: str
    needs: tuple[Need, ...]
    total: Money | None  # None when a price is not known
    arrives_on: date


@dataclass(frozen=True, slots=True)
class Plan:
    storerooms: tuple[StoreroomPlan, ...]
    suppliers: tuple[SupplierPlan, ...]
    unsold: tuple[Need, ...]
    products: int
    transfers: int

    @property
    def totals(self) -> list[Money]:
        """What the orders come to, one sum for each currency; orders without a price are not in it."""
        sums: dict[str, Money] = {}
        for order in self.suppliers:
            if order.total is not None:
                before = sums.get(order.total.currency)
                sums[order.total.currency] = order.total if before is None else before + order.total
        return list(sums.values())


def plan_of(needs: Sequence[Need], on: date) -> Plan:
    """The plan that drafting would carry out on that day."""
    return Plan(
        storerooms=_storerooms(needs),
        suppliers=_suppliers(needs, on),
        unsold=tuple(n for n in needs if n.to_buy.steps and n.supplier is None),
        products=len({need.product for need in needs}),
        transfers=len({(refill.source, n.location) for n in needs for refill in n.refills}),
    )


def part_of(plan: Plan, start: int, most: int) -> Plan:
    """The same plan with only so many of its rows, from one of them on; sums stay those of the whole."""
    left = range(start, start + most)
    row = iter(range(sum(map(len, _rows_of(plan)))))

    def kept(rows: Sequence[_Row]) -> tuple[_Row, ...]:
        return tuple(one for one in rows if next(row) in left)

    storerooms = [replace(store, carries=kept(store.carries)) for store in plan.storerooms]
    suppliers = [replace(order, needs=kept(order.needs)) for order in plan.suppliers]
    return replace(
        plan,
        storerooms=tuple(store for store in storerooms if store.carries),
        suppliers=tuple(order for order in suppliers if order.needs),
        unsold=kept(plan.unsold),
    )


def rows_of(plan: Plan) -> int:
    """How many rows the plan has to show."""
    return sum(map(len, _rows_of(plan)))


def _rows_of(plan: Plan) -> list[Sequence[object]]:
    return [
        *(store.carries for store in plan.storerooms),
        *(order.needs for order in plan.suppliers),
        plan.unsold,
    ]


def _storerooms(needs: Sequence[Need]) -> tuple[StoreroomPlan, ...]:
    given: defaultdict[tuple[str, str], list[Carry]] = defaultdict(list)
    for need in needs:
        for refill in need.refills:
            given[refill.source_name, refill.source].append(Carry(need, refill.quantity))
    return tuple(
        StoreroomPlan(code, name, tuple(carries)) for (name, code), carries in sorted(given.items())
    )


def _suppliers(needs: Sequence[Need], on: date) -> tuple[SupplierPlan, ...]:
    orders: defaultdict[tuple[str, str, str], list[Need]] = defaultdict(list)
    for need in needs:
        if need.supplier is not None:
            orders[need.supplier_name, need.supplier, need.deliver_to].append(need)
    return tuple(
        SupplierPlan(
            supplier=supplier,
            supplier_name=name,
            deliver_to=deliver_to,
            deliver_to_name=group[0].deliver_to_name,
            needs=tuple(group),
            total=_total(group),
            arrives_on=on + timedelta(days=max(need.lead_time_days for need in group)),
        )
        for (name, supplier, deliver_to), group in sorted(orders.items(), key=lambda o: o[0])
    )


def _total(group: Sequence[Need]) -> Money | None:
    """As the drafted order will say it: one line for each product, rounded once."""
    lines: defaultdict[tuple[str, str | None, str], list[Need]] = defaultdict(list)
    for need in group:
        lines[need.product, need.pack, need.blanket].append(need)
    total: Money | None = None
    for same in lines.values():
        price = same[0].price
        if price is None:
            return None
        amount = price.total(sum(need.packs for need in same))
        total = amount if total is None else total + amount
    return total
