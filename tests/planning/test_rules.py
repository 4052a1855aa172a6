"""Topping up and buying, without a database."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit
from procurement.planning.rules.buying import Source, choose, share_packs
from procurement.planning.rules.topping_up import Position, plan_site
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import PriceBreak


def room(code="R1", available=0, *, par=10, reorder=5, inbound=0, on_order=0) -> Position:
    return Position(code, False, available, available, inbound, on_order, par, reorder)


def store(code="S", available=0, *, par=None, reorder=None, inbound=0, on_order=0) -> Position:
    return Position(code, True, available, available, inbound, on_order, par, reorder)


def told(*positions: Position) -> list[tuple]:
    return [
        (
            s.position.location,
            s.short,
            [(r.source, r.quantity) for r in s.refills],
            s.covered,
            s.to_buy,
        )
        for s in plan_site(positions)
    ]


@pytest.mark.parametrize(
    ("positions", "expected"),
    [
        pytest.param([room(available=5), store(available=9)], [], id="at the reorder point"),
        pytest.param(
            [room(available=4), store(available=9)],
            [("R1", 6, [("S", 6)], 0, 0)],
            id="from the store",
        ),
        pytest.param(
            [room(available=4), store(available=2)],
            [("R1", 6, [("S", 2)], 0, 4)],
            id="the rest is bought",
        ),
        pytest.param([room(available=4)], [("R1", 6, [], 0, 6)], id="a site without a storeroom"),
        pytest.param([room(available=4, inbound=6), store()], [], id="a transfer is on its way"),
        pytest.param([room(available=4, on_order=1), store()], [], id="an order goes to the room"),
        pytest.param(
            [room(available=4), store(on_order=4)],
            [("R1", 6, [], 4, 2)],
            id="the store's order counts",
        ),
        pytest.param(
            [room("R1", 4), room("R2", 0), store(available=12)],
            [("R2", 10, [("S", 10)], 0, 0), ("R1", 6, [("S", 2)], 0, 4)],
            id="the emptiest first",
        ),
        pytest.param(
            [room(), store("A", 3), store("B", 20)],
            [("R1", 10, [("B", 10)], 0, 0)],
            id="from one store",
        ),
        pytest.param(
            [room(), store("A", 3), store("B", 4)],
            [("R1", 10, [("B", 4), ("A", 3)], 0, 3)],
            id="from two stores when one has too little",
        ),
        pytest.param(
            [store(available=3, par=20, reorder=5)],
            [("S", 17, [], 0, 17)],
            id="the store's own rule",
        ),
        pytest.param(
            [room(), store(available=12, par=20, reorder=5)],
            [("R1", 10, [("S", 10)], 0, 0), ("S", 18, [], 0, 18)],
            id="the store is judged by what it gives away",
        ),
        pytest.param(
            [room(), store(available=0, par=20, reorder=5, on_order=12)],
            [("R1", 10, [], 10, 0), ("S", 18, [], 0, 18)],
            id="rooms have the first claim on what is on order",
        ),
        pytest.param(
            [store(available=3, par=20, reorder=5, on_order=2)],
            [],
            id="the store's order is enough",
        ),
    ],
)
def test_where_it_comes_from(positions, expected):
    assert told(*positions) == expected


levels = st.integers(0, 50)


@st.composite
def sites(draw) -> list[Position]:
    positions = []
    for n in range(draw(st.integers(0, 4))):
        par = draw(st.integers(1, 50))
        reorder = draw(st.integers(0, par))
        positions.append(
            room(
                f"R{n}",
                draw(levels),
                par=par,
                reorder=reorder,
                inbound=draw(levels),
                on_order=draw(levels),
            )
        )
    for n in range(draw(st.integers(0, 2))):
        par = draw(st.none() | st.integers(1, 50))
        reorder = None if par is None else draw(st.integers(0, par))
        positions.append(
            store(f"S{n}", draw(levels), par=par, reorder=reorder, on_order=draw(levels))
        )
    return positions


@given(sites())
def test_once_drafted_nothing_is_proposed_again(positions):
    shortages = plan_site(positions)
    given_away: dict[str, int] = {}
    inbound: dict[str, int] = {}
    bought: dict[str, int] = {}
    for shortage in shortages:
        where = shortage.position.location
        for refill in shortage.refills:
            given_away[refill.source] = given_away.get(refill.source, 0) + refill.quantity
            inbound[where] = inbound.get(where, 0) + refill.quantity
        # Packs round up: one more than is needed is ordered.
        if shortage.to_buy:
            bought[shortage.deliver_to] = bought.get(shortage.deliver_to, 0) + shortage.to_buy + 1
    after = [
        Position(
            p.location,
            p.is_storeroom,
            p.on_hand,
            p.available - given_away.get(p.location, 0),
            p.inbound + inbound.get(p.location, 0),
            p.on_order + bought.get(p.location, 0),
            p.par_level,
            p.reorder_point,
        )
        for p in positions
    ]
    assert all(p.available >= 0 for p in after)
    assert [(s.refills, s.to_buy) for s in plan_site(after) if s.refills or s.to_buy] == []


def source(
    supplier="CORRIB", price: str | None = "8.60", *, currency="EUR", preferred=False, days=4
) -> Source:
    breaks = (PriceBreak(1, UnitPrice.parse(price, currency)),) if price else ()
    offer = Offer(Pack("bottle", Quantity(500_000, Unit.ML)), currency, price_breaks=breaks)
    return Source(supplier, supplier.title(), "bottle", days, preferred, offer)


@pytest.mark.parametrize(
    ("sources", "taken"),
    [
        pytest.param([source("A", "9"), source("B", "8")], "B", id="the cheapest"),
        pytest.param([source("A", "9", preferred=True), source("B", "8")], "A", id="the preferred"),
        pytest.param([source("A", None), source("B", "8")], "B", id="a known price before none"),
        pytest.param([source("A", "8", days=9), source("B", "8")], "B", id="the sooner of two"),
        pytest.param(
            [source("A", "9"), source("B", "8", currency="GBP")], "A", id="in the company's money"
        ),
        pytest.param(
            [source("A", "9"), source("B", "1", currency="JPY")], "A", id="a rate before none"
        ),
    ],
)
def test_from_whom_it_is_bought(sources, taken):
    worth = {"EUR": Decimal(1), "GBP": Decimal("1.2")}
    choice = choose(sources, Quantity(500_000, Unit.ML), worth)
    assert choice is not None
    assert choice.source.supplier == taken


def test_nobody_sells_it():
    assert choose([], Quantity(1, Unit.ML), {}) is None


@pytest.mark.parametrize(
    ("packs", "needs", "shares"),
    [
        (3, [200, 200, 200], [1, 0, 2]),
        (2, [200, 200, 200], [1, 0, 1]),
        (2, [500, 100], [1, 1]),
        (6, [100, 600], [1, 5]),
    ],
)
def test_packs_are_shared_out_whole(packs, needs, shares):
    assert share_packs(packs, 500, needs) == shares
    assert sum(shares) == packs
