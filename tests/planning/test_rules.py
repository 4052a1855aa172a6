"""Topping up and buying, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit
from procurement.planning.rules.buying import Shelf, Source, choose, share_packs
from procurement.planning.rules.topping_up import Position, plan_site, runs_out_on
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import PriceBreak

TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)


def room(code="R1", available=0, *, par=10, reorder=5, inbound=0, on_order=0) -> Position:
    return Position(code, False, available, available, inbound, on_order, par, reorder)


def store(code="S", available=0, *, par=None, reorder=None, inbound=0, on_order=0) -> Position:
    return Position(code, True, available, available, inbound, on_order, par, reorder)


def at_site(position: Position, site: str, hub: str = "", **more) -> Position:
    return position._replace(site=site, hub=hub or site, **more)


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
        pytest.param(
            [
                room(available=4, par=100, reorder=50)._replace(container=10),
                store(available=95)._replace(container=10),
            ],
            [("R1", 96, [("S", 90)], 0, 0)],
            id="whole containers up to par",
        ),
        pytest.param(
            [room(available=4), store(available=90)._replace(container=30)],
            [("R1", 6, [("S", 30)], 0, 0)],
            id="one over par rather than none",
        ),
        pytest.param(
            [room(available=8, par=20, reorder=10), store(available=9)._replace(container=10)],
            [("R1", 12, [], 0, 12)],
            id="a broken container is not carried",
        ),
        pytest.param(
            [room(available=9)._replace(expiring=5)],
            [("R1", 6, [], 0, 6)],
            id="what expires before it is used does not count",
        ),
        pytest.param(
            [room(), store(available=12, par=20, reorder=5)._replace(expiring=9)],
            [("R1", 10, [("S", 10)], 0, 0), ("S", 20, [], 0, 20)],
            id="the store gives what would expire, and keeps none of it",
        ),
        pytest.param(
            [
                at_site(room("R1"), "A", "HUB"),
                at_site(store("SA", 2), "A", "HUB"),
                at_site(store("SH", 5, on_order=1), "HUB"),
            ],
            [("R1", 10, [("SA", 2), ("SH", 5)], 1, 2)],
            id="its own store first, then the one that buys for it",
        ),
        pytest.param(
            [
                at_site(store("SA", 2, par=20, reorder=5), "A", "HUB"),
                at_site(store("SH", 12, par=30, reorder=10), "HUB"),
            ],
            [("SA", 18, [("SH", 12)], 0, 6), ("SH", 30, [], 0, 30)],
            id="the buyer's store is judged by what it gives to the others",
        ),
    ],
)
def test_where_it_comes_from(positions, expected):
    assert told(*positions) == expected


def test_what_a_buyer_takes_in_is_delivered_there():
    positions = [
        at_site(room("R1"), "A", "HUB"),
        at_site(store("SA", par=20, reorder=5), "A", "HUB"),
        at_site(store("SH"), "HUB"),
    ]
    assert [s.deliver_to for s in plan_site(positions)] == ["SH", "SH"]


@pytest.mark.parametrize(
    ("until", "below", "asleep"),
    [
        pytest.param(None, None, False, id="nobody put it aside"),
        pytest.param(TOMORROW, None, True, id="until tomorrow"),
        pytest.param(TODAY, None, False, id="until today"),
        pytest.param(TOMORROW, 4, True, id="as it was"),
        pytest.param(TOMORROW, 5, False, id="worse than it was"),
    ],
)
def test_a_need_put_aside_comes_back(until, below, asleep):
    place = room(available=4)._replace(snoozed_until=until, comes_back_below=below)
    assert place.is_snoozed(TODAY) is asleep


@pytest.mark.parametrize(
    ("per_week", "days"),
    [pytest.param(0, 0, id="nobody knows"), (7, 12), pytest.param(2, 42, id="whole days only")],
)
def test_when_it_runs_out(per_week, days):
    place = room(available=9, inbound=3)._replace(per_week=per_week)
    assert runs_out_on(place, TODAY) == TODAY + timedelta(days=days)


levels = st.integers(0, 50)


@st.composite
def sites(draw) -> list[Position]:
    """Rooms and storerooms of two sites; one of them may buy for the other."""
    hub = draw(st.sampled_from(["A", "B"]))
    container = draw(st.sampled_from([1, 1, 4, 30]))
    positions = []
    for n in range(draw(st.integers(0, 4))):
        par = draw(st.integers(1, 50))
        levels_of_it = {
            "par": par,
            "reorder": draw(st.integers(0, par)),
            "inbound": draw(levels),
            "on_order": draw(levels),
        }
        positions.append(room(f"R{n}", draw(levels), **levels_of_it))
    for n in range(draw(st.integers(0, 3))):
        par = draw(st.none() | st.integers(1, 50))
        reorder = None if par is None else draw(st.integers(0, par))
        positions.append(
            store(f"S{n}", draw(levels), par=par, reorder=reorder, on_order=draw(levels))
        )
    return [
        at_site(
            one,
            site := draw(st.sampled_from(["A", "B"])),
            "B" if site == "B" else hub,
            expiring=draw(st.integers(0, one.available)),
            container=container,
        )
        for one in positions
    ]


@given(sites())
def test_once_drafted_nothing_is_proposed_again(positions):
    shortages = plan_site(positions)
    given_away: dict[str, int] = {}
    inbound: dict[str, int] = {}
    bought: dict[str, int] = {}
    for shortage in shortages:
        where = shortage.position.location
        for refill in shortage.refills:
            assert refill.quantity % shortage.position.container == 0
            given_away[refill.source] = given_away.get(refill.source, 0) + refill.quantity
            inbound[where] = inbound.get(where, 0) + refill.quantity
        # Packs round up: one more than is needed is ordered.
        if shortage.to_buy:
            bought[shortage.deliver_to] = bought.get(shortage.deliver_to, 0) + shortage.to_buy + 1
    after = [
        p._replace(
            available=p.available - given_away.get(p.location, 0),
            expiring=max(p.expiring - given_away.get(p.location, 0), 0),  # first expired, first out
            inbound=p.inbound + inbound.get(p.location, 0),
            on_order=p.on_order + bought.get(p.location, 0),
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


def bottles(count: int) -> Quantity:
    return Quantity(500_000 * count, Unit.ML)


def rule(*, moq=1, multiple=1, guaranteed=None, days=7) -> Source:
    breaks = (PriceBreak(1, UnitPrice.parse("8.60", "EUR")),)
    offer = Offer(Pack("bottle", bottles(1)), "EUR", moq, multiple, breaks)
    return Source("A", "A", "bottle", days, False, offer, guaranteed)


@pytest.mark.parametrize(
    ("source", "there", "packs", "most"),
    [
        # One bottle a week, and a shelf life of 7 weeks after a week's lead time.
        pytest.param(rule(), 0, 8, 8, id="eight weeks of use"),
        pytest.param(rule(), 3, 5, 5, id="what is there is used first"),
        pytest.param(rule(), 8, None, 0, id="what is there lasts as long"),
        pytest.param(rule(multiple=3), 0, 6, 8, id="whole multiples below it"),
        pytest.param(rule(moq=9), 0, None, 8, id="the supplier sells too much at once"),
        pytest.param(rule(guaranteed=21), 0, 4, 4, id="the supplier promises less"),
    ],
)
def test_not_more_is_bought_than_can_be_used(source, there, packs, most):
    shelf = Shelf(500_000, bottles(there).steps, 49)
    choice = choose([source], bottles(20), {"EUR": Decimal(1)}, shelf)
    assert shelf.most(source) == bottles(most).steps
    assert (choice.order.packs if choice else None) == packs


def test_nobody_sells_it():
    assert choose([], Quantity(1, Unit.ML), {}) is None


@pytest.mark.parametrize(
    ("packs", "needs", "shares"),
    [
        (3, [200, 200, 200], [1, 0, 2]),
        (2, [200, 200, 200], [1, 0, 1]),
        (2, [500, 100], [1, 1]),
        (6, [100, 600], [1, 5]),
        pytest.param(2, [700, 900], [2, 0], id="fewer than are needed"),
    ],
)
def test_packs_are_shared_out_whole(packs, needs, shares):
    assert share_packs(packs, 500, needs) == shares
    assert sum(shares) == packs
