"""Orders: drafted with the supplier's prices, changed, approved, placed, cancelled."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.audit.queries import trail_of
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission, Role
from procurement.outbox.models import Message
from procurement.purchasing.errors import StaleVersion, WrongStatus
from procurement.purchasing.operations.deciding import (
    approve_order,
    cancel_order,
    close_short,
    place_order,
    reopen_order,
)
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import (
    ChangeOrder,
    DraftOrder,
    change_order,
    draft_order,
)
from procurement.purchasing.queries.orders import OrderFilter, count_by_status, order_page, orders
from procurement.purchasing.queries.supply import deliveries_due, on_order
from procurement.purchasing.terms import ON_THE_WAY, OrderStatus
from procurement.settings.models import Tax
from procurement.settings.terms import RoundingRule
from procurement.sourcing.terms import BreakScheme, Standing
from tests.builders import a_company, a_supplier, a_supplier_item, an_actor, files_of
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
)


@pytest.fixture(autouse=True)
def _spa(session):
    a_spa_that_orders(session)


def fields_of(refusal) -> set[str]:
    return {error.field for error in refusal.value.errors}


def test_a_draft_takes_the_price_of_the_break_and_the_suppliers_code(session):
    order = a_draft(session, CASES, COVERS)
    page = order_page(session, order.number)
    assert order.number == "PO-2026-0001"
    assert page.status is OrderStatus.DRAFT
    assert [(line.price.amount, line.supplier_code) for line in page.lines] == [
        ("79.50", "CORRIB-ALM-500"),
        ("39.60", "CORRIB-COV-020"),
    ]
    assert str(page.totals.net) == "1111.80 EUR"
    assert str(page.lines[0].quantity) == "60000 ml"


def test_a_price_that_is_given_is_kept_to_four_places(session):
    order = a_draft(session, NewOrderLine(product="COV-020", packs=480, unit_price="2.0833"))
    page = order_page(session, order.number)
    assert page.lines[0].price.amount == "2.0833"
    assert str(page.totals.net) == "999.98 EUR"


@pytest.mark.parametrize(
    ("rule", "tax"), [(RoundingRule.LINE, "0.03"), (RoundingRule.DOCUMENT, "0.02")]
)
def test_tax_follows_the_companys_rule(session, rule, tax):
    vat = Tax(code="A", name="VAT", rate_ppm=230_000)
    session.add(vat)
    session.flush()
    a_company(session, rounding_rule=rule).default_tax_id = vat.id
    pennies = NewOrderLine(product="COV-020", packs=1, unit_price="0.03")
    order = a_draft(session, pennies, pennies, pennies)
    assert str(order_page(session, order.number).totals.tax) == f"{tax} EUR"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (NewOrderLine(product="NOPE", packs=1), "product"),
        (NewOrderLine(product="ALM-500", pack="drum", packs=1), "pack"),
        (NewOrderLine(product="ALM-500", pack="case", packs=0), "packs"),
        (NewOrderLine(product="ALM-500", pack="case", packs=-3), "packs"),
        (NewOrderLine(product="ALM-500", pack="case", packs=10**9), "packs"),
        (NewOrderLine(product="ALM-500", pack="bottle", packs=1), "unit_price"),
        (NewOrderLine(product="COV-020", packs=1, unit_price="-1"), "unit_price"),
        (NewOrderLine(product="COV-020", packs=1, unit_price="NaN"), "unit_price"),
        (NewOrderLine(product="COV-020", packs=10**6, unit_price="99999999"), "packs"),
        (NewOrderLine(product="COV-020", packs=1, tax_percent="101"), "tax_percent"),
        (NewOrderLine(product="COV-020", packs=1, tolerance=-1), "tolerance"),
    ],
)
def test_a_line_that_cannot_be_is_named_by_its_field(session, line, field):
    with pytest.raises(Invalid) as refusal:
        a_draft(session, line)
    assert fields_of(refusal) == {f"lines.0.{field}"}


def test_several_bad_lines_are_named_at_once(session):
    bad = NewOrderLine(product="A", packs=1)
    with pytest.raises(Invalid) as refusal:
        a_draft(session, bad, COVERS, bad)
    assert fields_of(refusal) == {"lines.0.product", "lines.2.product"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"supplier": "NOBODY"}, "supplier"),
        ({"supplier": "GONE"}, "supplier"),
        ({"deliver_to": "NOWHERE"}, "deliver_to"),
        ({"deliver_to": "CONSUMED"}, "deliver_to"),
        ({"lines": ()}, "lines"),
    ],
)
def test_an_order_that_cannot_be_is_named_by_its_field(session, changes, field):
    a_supplier(session, "GONE", active=False)
    command = DraftOrder(**{"supplier": "CORRIB", "lines": (CASES,), **changes})
    with pytest.raises(Invalid) as refusal:
        draft_order(session, command, actor=ANA, at=MONDAY)
    assert fields_of(refusal) == {field}


def test_without_a_place_the_goods_go_to_the_first_storeroom(session):
    order = a_draft(session, deliver_to=None)
    assert order_page(session, order.number).deliver_to == "STORE"


def test_a_draft_is_changed_line_by_line(session):
    order = a_draft(session, CASES, COVERS)
    command = ChangeOrder(
        number=order.number,
        version=order.version,
        lines=(COVERS,),
        deliver_to="ROOM-1",
        note_to_supplier="Ring first",
    )
    change_order(session, command, actor=ANA, at=MONDAY)
    session.flush()
    page = order_page(session, order.number)
    assert [(line.position, line.product) for line in page.lines] == [(1, "COV-020")]
    assert (page.deliver_to, page.note_to_supplier) == ("ROOM-1", "Ring first")
    assert str(page.totals.net) == "316.80 EUR"


def test_a_stale_version_is_refused(session):
    order = a_draft(session)
    command = ChangeOrder(number=order.number, version=order.version, lines=(COVERS,))
    change_order(session, command, actor=ANA, at=MONDAY)
    session.flush()
    with pytest.raises(StaleVersion):
        change_order(session, command, actor=ANA, at=MONDAY)


def test_a_placed_order_is_not_changed(session):
    order = a_placed_order(session)
    command = ChangeOrder(number=order.number, lines=(COVERS,))
    with pytest.raises(WrongStatus):
        change_order(session, command, actor=ANA, at=MONDAY)


def test_placing_says_when_it_is_due_and_mails_the_paper(session):
    order = a_placed_order(session, CASES, COVERS)
    assert (order.status, order.due_on) == (OrderStatus.PLACED, date(2026, 12, 2))
    mail = session.scalars(select(Message)).one()
    assert mail.recipient == "orders@corrib.example"
    assert order.number in mail.subject
    assert files_of(session, mail) == [order.pdf_id]


def test_a_supplier_without_an_address_gets_no_mail(session):
    a_supplier(session, email="")
    order = a_placed_order(session)
    assert order.status is OrderStatus.PLACED
    assert session.scalars(select(Message)).all() == []
    assert trail_of(session, order.number)[0].detail == "the supplier has no mail address on file"


def test_a_draft_cannot_be_placed_before_it_is_approved(session):
    order = a_draft(session)
    with pytest.raises(WrongStatus):
        place_order(session, order.number, actor=ANA, at=MONDAY)


def test_an_approved_order_can_be_opened_again(session):
    order = a_draft(session)
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    assert order.approved_by == "Ana"
    reopen_order(session, order.number, actor=ANA, at=MONDAY)
    assert (order.status, order.approved_by) == (OrderStatus.DRAFT, None)


def test_a_purchaser_may_not_approve_without_a_limit(session):
    order = a_draft(session)
    with pytest.raises(Forbidden):
        approve_order(session, order.number, actor=an_actor(Role.PURCHASER), at=MONDAY)


@pytest.mark.parametrize("act", [approve_order, place_order, cancel_order, close_short])
def test_who_only_watches_does_not_decide(session, act):
    order = a_draft(session)
    watcher = Actor(None, "Eve", frozenset({Permission.SEE_PURCHASING}))
    with pytest.raises(Forbidden):
        act(session, order.number, actor=watcher, at=MONDAY)


def test_a_cancelled_order_brings_nothing(session):
    order = a_placed_order(session)
    assert [str(row.quantity) for row in on_order(session)] == ["60000 ml"]
    cancel_order(session, order.number, actor=ANA, at=MONDAY)
    session.flush()
    assert on_order(session) == []
    with pytest.raises(Conflict):
        cancel_order(session, order.number, actor=ANA, at=MONDAY)


def test_the_rest_of_an_order_or_a_line_is_closed_short(session):
    order = a_placed_order(session, CASES, COVERS)
    close_short(session, order.number, actor=ANA, at=MONDAY, position=2)
    assert order.status is OrderStatus.PLACED
    with pytest.raises(Conflict):
        close_short(session, order.number, actor=ANA, at=MONDAY, position=2)
    with pytest.raises(Invalid):
        close_short(session, order.number, actor=ANA, at=MONDAY, position=3)
    close_short(session, order.number, actor=ANA, at=MONDAY)
    assert order.status is OrderStatus.CLOSED_SHORT


def test_lists_are_filtered_counted_and_go_on(session):
    for _ in range(3):
        a_draft(session, COVERS)
    placed = a_placed_order(session)
    assert count_by_status(session) == {OrderStatus.DRAFT: 3, OrderStatus.PLACED: 1}
    on_the_way = orders(session, OrderFilter(statuses=ON_THE_WAY), PageRequest())
    assert [row.number for row in on_the_way.items] == [placed.number]
    first = orders(session, OrderFilter(text="covers"), PageRequest(limit=2))
    rest = orders(session, OrderFilter(text="covers"), PageRequest.parse(2, first.next))
    assert [row.number[-1] for row in (*first.items, *rest.items)] == ["3", "2", "1"]
    assert orders(session, OrderFilter(supplier="NOBODY"), PageRequest()).items == ()
    assert len(orders(session, OrderFilter(site="KIN"), PageRequest()).items) == 4
    assert [row.number for row in deliveries_due(session, date(2026, 11, 27))] == [placed.number]
    assert deliveries_due(session, date(2026, 11, 26)) == []


def test_an_order_below_the_suppliers_minimum_is_told_so(session):
    a_supplier_item(session, "COV-020", moq=10, multiple=5)
    (line,) = order_page(session, a_draft(session, COVERS).number).lines
    assert line.objections == (
        "The supplier sells at least 10.",
        "The supplier sells multiples of 5.",
    )


def test_an_order_nobody_wrote_is_not_found(session):
    with pytest.raises(NotFound):
        order_page(session, "PO-2026-9999")
    with pytest.raises(NotFound):
        approve_order(session, "PO-2026-9999", actor=ANA, at=MONDAY)


def test_incremental_breaks_make_a_line_for_each_step(session):
    a_supplier_item(
        session, "COV-020", prices={1: "40.00", 5: "38.00"}, scheme=BreakScheme.INCREMENTAL
    )
    found = order_page(session, a_draft(session, COVERS, CASES).number)
    assert [(line.position, line.packs, line.net.amount) for line in found.lines] == [
        (1, 4, "160.00"),
        (2, 4, "152.00"),
        (3, 10, "795.00"),
    ]
    assert found.totals.net.amount == "1107.00"


def test_nothing_is_ordered_from_a_blocked_supplier(session):
    a_supplier(session, standing=Standing.BLOCKED)
    with pytest.raises(Invalid) as refusal:
        a_draft(session)
    assert "is blocked" in refusal.value.message


def test_a_line_says_its_price_a_bottle_and_the_next_break(session):
    order = a_draft(session, NewOrderLine(product="ALM-500", pack="case", packs=7), COVERS)
    oil, covers = order_page(session, order.number).lines
    assert (oil.each.price.amount, oil.each.word) == ("7.00", "bottle")
    assert (oil.next_break.from_packs, oil.next_break.price.amount) == (10, "79.50")
    assert (oil.is_on_file, covers.next_break) == (True, None)
    dear = NewOrderLine(product="ALM-500", pack="case", packs=10, unit_price="84.00")
    (line,) = order_page(session, a_draft(session, dear).number).lines
    assert (line.is_on_file, line.next_break) == (False, None)
