"""Sales orders: from accepted quotes in parts, promised by FEFO, shipped by lot, taken back, and what is refused."""

from datetime import date
from random import Random

import pytest
from sqlalchemy import select, update

from procurement.catalogue.terms import Kind
from procurement.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity, Unit
from procurement.sales.errors import (
    CreditExceeded,
    MoreThanAccepted,
    OverReturn,
    OverShipment,
    StaleVersion,
    WrongStatus,
)
from procurement.sales.models import Customer, Price
from procurement.sales.operations.confirming import (
    cancel_sales_order,
    close_order_short,
    confirm_order,
)
from procurement.sales.operations.order_lines import OrderedLine
from procurement.sales.operations.promising import reserve_order
from procurement.sales.operations.sales_orders import (
    ChangeSalesOrder,
    Delivering,
    DraftSalesOrder,
    change_sales_order,
    draft_sales_order,
)
from procurement.sales.operations.shipping import ShipGoods, reverse_shipment, ship_goods
from procurement.sales.operations.taking_back import (
    ReturnedLine,
    TakeBack,
    reverse_customer_return,
    take_back,
)
from procurement.sales.queries.customer_returns import customer_return_page
from procurement.sales.queries.shipments import shipment_page
from procurement.sales.queries.verification import verify_sales
from procurement.sales.terms.orders import CustomerReturnReason, SalesOrderStatus
from procurement.stock.errors import BelongsToDocument, LotNotUsable
from procurement.stock.models import Lot
from procurement.stock.operations.holding import hold_lot
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.operations.recalls import StartRecall, start_recall
from procurement.stock.queries.history import movements
from procurement.stock.queries.recalls import recall_page
from procurement.stock.queries.verification import verify
from tests.builders import NOON, a_product, an_actor
from tests.sales.fulfilling import (
    BOTTLE,
    KEEPER,
    a_confirmed_order,
    a_stocked_shop,
    an_accepted_quote,
    ordered,
    shipped,
    stock,
    the_order,
)
from tests.sales.stories import SELLER, a_line, euros

S = SalesOrderStatus


@pytest.fixture(autouse=True)
def _shop(session):
    a_stocked_shop(session)


@pytest.fixture(autouse=True)
def _agrees(session, _shop):
    """Whatever a story did, the ledger and the figures of sales agree afterwards."""
    yield
    session.flush()
    assert [*verify(session), *verify_sales(session)] == []


def bottles(count: int) -> Quantity:
    return Quantity(count * BOTTLE, Unit.ML)


def back(session, shipment: str, *lines, into: str | None = "STORE", **more) -> str:
    command = TakeBack(
        shipment=shipment, lines=lines, into=into, reason=CustomerReturnReason.DAMAGED, **more
    )
    made = take_back(session, command, actor=KEEPER, at=NOON)
    session.flush()
    return str(made.number)


def test_an_accepted_quote_is_ordered_in_parts_at_the_quoted_price(session):
    quote = an_accepted_quote(session, a_line(packs=6, off="10"), a_line("CRR-01", 2, price="4.00"))
    first = ordered(session, quote, {1: 4})
    assert (first.number, first.status) == ("SO-2026-0001", S.DRAFT)
    for price in session.scalars(select(Price)):
        price.price_e4 *= 2  # the list changes afterwards
    rest = ordered(session, quote)
    page = the_order(session, rest.number)
    assert [(line.packs, line.price.amount, line.quote_position) for line in page.lines] == [
        (2, "11.90", 1),
        (2, "4.00", 2),
    ]
    assert (page.net.amount, page.tax.amount, page.gross.amount) == ("29.42", "6.77", "36.19")
    with pytest.raises(MoreThanAccepted):
        ordered(session, quote)
    with pytest.raises(MoreThanAccepted) as refused:
        ordered(session, quote, {1: 1})
    assert refused.value.field == "lines.1.packs"
    cancel_sales_order(session, first.number, actor=SELLER, at=NOON)
    session.flush()
    assert [line.packs for line in the_order(session, ordered(session, quote).number).lines] == [4]


def test_of_what_was_closed_short_the_rest_may_be_ordered_again(session):
    quote = an_accepted_quote(session)
    number = ordered(session, quote).number
    confirm_order(session, number, actor=SELLER, at=NOON)
    shipped(session, number, 2)
    close_order_short(session, number, actor=SELLER, at=NOON)
    session.flush()
    assert the_order(session, number).status is S.CLOSED_SHORT
    assert [line.packs for line in the_order(session, ordered(session, quote).number).lines] == [4]


def test_confirming_promises_the_earliest_lots_and_what_is_missing_waits(session):
    number = a_confirmed_order(session, 10)
    page = the_order(session, number)
    (line,) = page.lines
    assert (page.status, line.ready, line.waiting) == (S.CONFIRMED, 8, 2)
    stock(session, "NEXT", 5, date(2028, 1, 1))
    reserve_order(session, number, actor=SELLER, at=NOON)
    assert the_order(session, number).lines[0].waiting == 0
    with pytest.raises(Conflict):
        reserve_order(session, number, actor=SELLER, at=NOON)
    cancel_sales_order(session, number, actor=SELLER, at=NOON)
    assert the_order(session, number).lines[0].reserved.steps == 0
    assert the_order(session, a_confirmed_order(session, 13)).lines[0].waiting == 0


def test_shipped_in_parts_by_use_by_with_the_customer_named(session):
    number = a_confirmed_order(session, 6)
    first = shipped(session, number, 2, carrier="An Post", tracking="RR1")
    assert the_order(session, number).status is S.PARTIALLY_SHIPPED
    second = shipped(session, number)
    page = the_order(session, number)
    assert (page.status, [one.number for one in page.shipments]) == (
        S.SHIPPED,
        ["SH-2026-0001", "SH-2026-0002"],
    )
    lots = [
        [(line.lot, line.quantity) for line in shipment_page(session, one, actor=KEEPER).lines]
        for one in (first.number, second.number)
    ]
    assert lots == [[("EARLY", bottles(2))], [("EARLY", bottles(1)), ("LATE", bottles(3))]]
    last = movements(session, paging=PageRequest(1)).items[0]
    assert (last.destination, last.document, last.note) == (
        "CUSTOMER",
        "SH-2026-0002",
        "To Linden Rooms",
    )
    with pytest.raises(BelongsToDocument):
        reverse_posting(session, last.ref, why="No", actor=KEEPER, at=NOON)
    with pytest.raises(WrongStatus):
        shipped(session, number)


def test_a_lot_held_or_past_its_date_is_never_shipped_and_given_up_for_another(session):
    number = a_confirmed_order(session, 3)
    hold_lot(session, "ALM-500/EARLY", "cloudy", actor=KEEPER, at=NOON)
    with pytest.raises(Conflict, match="Nothing of SO-2026-0001 is reserved"):
        shipped(session, number)
    reserve_order(session, number, actor=KEEPER, at=NOON)
    shipment = shipped(session, number)
    assert [line.lot for line in shipment_page(session, shipment.number, actor=KEEPER).lines] == [
        "LATE"
    ]
    late = NOON.replace(year=2028)
    again = a_confirmed_order(session, 1)
    reserve_order(session, again, actor=SELLER, at=late)  # all there is is past its date by then
    assert the_order(session, again).lines[0].waiting == 1


def test_an_old_label_is_not_shipped_when_its_time_is_over(session):
    number = a_confirmed_order(session, 1)
    session.execute(update(Lot).values(names_allergens=False, expires_on=None, use_by=None))
    session.expire_all()
    for day, is_shipped in ((date(2028, 8, 1), False), (date(2028, 7, 31), True)):
        at = NOON.replace(year=day.year, month=day.month, day=day.day)
        if is_shipped:
            assert ship_goods(session, ShipGoods(order=number), actor=KEEPER, at=at).number
        else:
            with pytest.raises(LotNotUsable, match="label"), session.begin_nested():
                ship_goods(session, ShipGoods(order=number), actor=KEEPER, at=at)


def test_a_recall_finds_the_customer_and_what_was_promised_to_one(session):
    gone = shipped(session, a_confirmed_order(session, 1)).number
    waits = a_confirmed_order(session, 2)
    late = NOON.replace(year=2027, month=5)
    with pytest.raises(LotNotUsable), session.begin_nested():
        ship_goods(session, ShipGoods(order=waits), actor=KEEPER, at=late)  # past its date
    command = StartRecall(product="ALM-500", lots=("EARLY",), reason="Glass in it")
    recall = start_recall(session, command, actor=KEEPER, at=NOON)
    session.flush()
    assert [(one.demand, one.was_released) for one in recall.promised] == [(waits, True)]
    assert the_order(session, waits).lines[0].waiting == 2
    (row,) = recall_page(session, recall.number).customers
    assert (row.document, row.note, row.quantity) == (gone, "To Linden Rooms", bottles(1))


def test_a_service_is_done_and_moves_nothing(session):
    a_product(session, "HOUR", kind=Kind.SERVICE, unit=Unit.PIECE)
    lines = (OrderedLine("HOUR", 2, price=euros("60.00")),)
    made = draft_sales_order(
        session, DraftSalesOrder(customer="LINDEN", lines=lines), actor=SELLER, at=NOON
    )
    confirm_order(session, made.number, actor=SELLER, at=NOON)
    assert the_order(session, made.number).lines[0].ready == 2
    one = shipped(session, made.number)
    assert one.posting_id is None
    assert [line.lot for line in shipment_page(session, one.number, actor=KEEPER).lines] == [None]
    reverse_shipment(session, one.number, why="Not done", actor=KEEPER, at=NOON)
    assert the_order(session, made.number).status is S.CONFIRMED


def test_whole_packs_only_and_cases_of_whole_bottles(session):
    stock(session, "REST", 1, date(2026, 12, 24), size=BOTTLE // 2)  # half a bottle, best first
    lines = (OrderedLine("ALM-500", 1, "case"), OrderedLine("ALM-500", 2))
    made = draft_sales_order(
        session, DraftSalesOrder(customer="LINDEN", lines=lines), actor=SELLER, at=NOON
    )
    confirm_order(session, made.number, actor=SELLER, at=NOON)
    page = the_order(session, made.number)
    assert [(line.ready, line.waiting) for line in page.lines] == [(0, 1), (2, 0)]
    shipment = shipped(session, made.number)
    assert [line.lot for line in shipment_page(session, shipment.number, actor=KEEPER).lines] == [
        "EARLY"
    ]


def test_a_shipment_is_reversed_once_and_its_goods_are_promised_again(session):
    number = a_confirmed_order(session, 4)
    one = shipped(session, number).number
    reverse_shipment(session, one, why="Wrong van", actor=KEEPER, at=NOON)
    page = the_order(session, number)
    assert (page.status, page.lines[0].ready, page.shipments[0].is_reversed) == (
        S.CONFIRMED,
        4,
        True,
    )
    with pytest.raises(Conflict):
        reverse_shipment(session, one, why="Again", actor=KEEPER, at=NOON)


def test_goods_come_back_to_be_sold_looked_at_or_thrown_away(session):
    one = shipped(session, a_confirmed_order(session, 6)).number
    first = back(session, one, ReturnedLine(1, bottles(1)))
    back(session, one, ReturnedLine(2, bottles(1)), into="HOLD")
    back(session, one, ReturnedLine(2, bottles(1)), into=None)
    lines = shipment_page(session, one, actor=KEEPER).lines
    assert [line.returnable for line in lines] == [bottles(2), bottles(1)]
    with pytest.raises(OverReturn):
        back(session, one, ReturnedLine(1, bottles(3)))
    with pytest.raises(Conflict):
        reverse_shipment(session, one, why="No", actor=KEEPER, at=NOON)
    reverse_customer_return(session, first, why="Counted twice", actor=KEEPER, at=NOON)
    assert customer_return_page(session, first, actor=KEEPER).head.is_reversed
    hold_lot(session, "ALM-500/EARLY", "cloudy", actor=KEEPER, at=NOON)
    with pytest.raises(LotNotUsable):
        back(session, one, ReturnedLine(1))


@pytest.mark.parametrize(
    ("lines", "changes", "fields"),
    [
        ((), {}, ["lines"]),
        ((ReturnedLine(9),), {}, ["lines.0.position"]),
        ((ReturnedLine(1, Quantity(1, Unit.PIECE)),), {}, ["lines.0.quantity"]),
        ((ReturnedLine(1, Quantity(0, Unit.ML)),), {}, ["lines.0.quantity"]),
        ((ReturnedLine(1),), {"into": "CUSTOMER"}, ["into"]),
    ],
)
def test_what_cannot_come_back_is_named(session, lines, changes, fields):
    one = shipped(session, a_confirmed_order(session, 1)).number
    with pytest.raises(Invalid) as refused:
        back(session, one, *lines, **changes)
    assert [error.field for error in refused.value.errors] == fields


def test_the_same_key_ships_and_returns_once(session):
    number = a_confirmed_order(session, 4)
    one = shipped(session, number, 2, idempotency_key="K").number
    assert shipped(session, number, 2, idempotency_key="K").number == one
    first = back(session, one, ReturnedLine(1, bottles(1)), idempotency_key="R")
    assert back(session, one, ReturnedLine(1, bottles(1)), idempotency_key="R") == first


def test_what_is_refused_is_named(session):
    number = a_confirmed_order(session, 10)
    for packs, field in ((11, "lines.0.packs"), (9, "lines.0.packs")):
        with pytest.raises(OverShipment) as refused:
            shipped(session, number, packs)
        assert refused.value.field == field
    for packs in ((0,), (1, 1)):
        with pytest.raises(Invalid):
            shipped(session, number, *packs)
    with pytest.raises(Forbidden):
        confirm_order(session, number, actor=an_actor(Role.STOCK_KEEPER), at=NOON)
    with pytest.raises(WrongStatus):
        confirm_order(session, number, actor=SELLER, at=NOON)
    bad = (OrderedLine("NONE", 1), OrderedLine("CRR-01", 1), OrderedLine("ALM-500", 0))
    for lines, fields in (
        (bad[:1] + bad[2:], ["lines.0.product", "lines.1.packs"]),
        (bad[1:2], ["lines.0.unit_price"]),
        ((), ["lines"]),
    ):
        command = DraftSalesOrder(customer="LINDEN", lines=lines)
        with pytest.raises(Invalid) as refused:
            draft_sales_order(session, command, actor=SELLER, at=NOON)
        assert [error.field for error in refused.value.errors] == fields


def test_beyond_the_credit_limit_somebody_has_to_say_so(session):
    customer = session.scalars(select(Customer)).one()
    customer.credit_limit_minor = 10_000
    a_confirmed_order(session, 4)  # 58.55 with tax
    lines = (OrderedLine("ALM-500", 3),)
    made = draft_sales_order(
        session, DraftSalesOrder(customer="LINDEN", lines=lines), actor=SELLER, at=NOON
    )
    with pytest.raises(CreditExceeded, match="limit is 100"):
        confirm_order(session, made.number, actor=SELLER, at=NOON)
    confirm_order(session, made.number, actor=SELLER, at=NOON, beyond_credit=True)
    assert the_order(session, made.number).status is S.CONFIRMED


def test_a_draft_changes_within_what_was_accepted(session):
    quote = an_accepted_quote(session, a_line(packs=6), a_line("CRR-01", 2, price="4.00"))
    draft = ordered(session, quote, {1: 2, 2: 1})
    told = Delivering(deliver_to="2 Quay", wanted_on=date(2026, 12, 1), customer_ref="PO 7")
    command = ChangeSalesOrder(number=draft.number, packs={1: 6, 2: 0}, delivering=told)
    change_sales_order(session, command, actor=SELLER, at=NOON)
    page = the_order(session, draft.number)
    assert [line.packs for line in page.lines] == [6]
    assert (page.deliver_to, page.customer_ref, page.gross.amount) == ("2 Quay", "PO 7", "87.82")
    for packs, refusal in (({1: 7}, MoreThanAccepted), ({1: 0}, Invalid), ({5: 1}, Invalid)):
        with pytest.raises(refusal):
            change_sales_order(
                session,
                ChangeSalesOrder(number=draft.number, packs=packs),
                actor=SELLER,
                at=NOON,
            )
    with pytest.raises(StaleVersion):
        change_sales_order(
            session, ChangeSalesOrder(number=draft.number, version=99), actor=SELLER, at=NOON
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_people_do_in_whatever_order_the_books_agree(session, seed):
    chance = Random(seed)
    stock(session, "MORE", 12, None)
    numbers = [a_confirmed_order(session, chance.randint(1, 6)) for _ in range(3)]
    shipments: list[str] = []
    returns: list[str] = []
    for step in range(50):
        number = chance.choice(numbers)
        deed = chance.randrange(7)
        try:
            with session.begin_nested():
                if deed == 0:
                    packs = chance.randint(1, 3)
                    shipments.append(shipped(session, number, packs).number)
                elif deed == 1 and shipments:
                    lines = (ReturnedLine(1, bottles(1)),)
                    returns.append(back(session, chance.choice(shipments), lines[0]))
                elif deed == 2 and shipments:
                    reverse_shipment(
                        session, chance.choice(shipments), why="No", actor=KEEPER, at=NOON
                    )
                elif deed == 3 and returns:
                    reverse_customer_return(
                        session, chance.choice(returns), why="No", actor=KEEPER, at=NOON
                    )
                elif deed == 4 and step % 5 == 0:
                    cancel_sales_order(session, number, actor=SELLER, at=NOON)
                elif deed == 5 and step % 7 == 0:
                    close_order_short(session, number, actor=SELLER, at=NOON)
                elif step % 3 == 0:
                    numbers.append(a_confirmed_order(session, chance.randint(1, 4)))
                else:
                    reserve_order(session, number, actor=SELLER, at=NOON)
        except DomainError:
            continue
    assert shipments
