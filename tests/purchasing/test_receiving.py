"""Deliveries: taken in part and in full, in lots, once; refused by the field; taken back when they were wrong."""

from dataclasses import replace
from datetime import date

import pytest

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.money import Rate, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission, Role
from procurement.purchasing.errors import (
    AlreadyReversed,
    OrderNotPlaced,
    OverReceipt,
    ReceiptUnknown,
    ShortDated,
)
from procurement.purchasing.operations.accepting import (
    SaveDeliveryRule,
    remove_delivery_rule,
    save_delivery_rule,
)
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.photos import attach_receipt_photo
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.queries.accepting import delivery_rules
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.photos import receipt_photo
from procurement.purchasing.queries.receipts import receipt_page, receipts
from procurement.purchasing.queries.supply import on_order
from procurement.purchasing.terms import Condition, Fault, OrderStatus
from procurement.stock.errors import InsufficientStock
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.queries.history import movements
from procurement.stock.queries.lots import LotFilter, lots
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.queries.verification import verify
from tests.builders import a_product, a_supplier_item, an_actor
from tests.files.test_pictures import a_picture
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    NEXT_YEAR,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)
from tests.queries import counted
from tests.stock.builders import moved


@pytest.fixture(autouse=True)
def _spa(session):
    a_spa_that_orders(session)


def on_hand(session, **wanted) -> list[tuple[str, str, str, str]]:
    page = stock(session, StockFilter(**wanted), at=MONDAY, paging=PageRequest())
    return [(row.location, row.product, row.lot, row.on_hand.amount) for row in page.items]


def status_of(session, number) -> OrderStatus:
    return order_page(session, number).status


def test_a_part_comes_first_and_the_rest_later(session):
    order = a_placed_order(session, CASES, COVERS)
    received(session, order.number, delivered(4))
    assert status_of(session, order.number) is OrderStatus.PARTIALLY_RECEIVED
    assert [line.outstanding for line in order_page(session, order.number).lines] == [6, 8]
    received(session, order.number, delivered(6), delivered(8, position=2, expires_on=None))
    assert status_of(session, order.number) is OrderStatus.RECEIVED
    assert on_order(session) == []
    assert on_hand(session) == [
        ("STORE", "ALM-500", "L1", "60000"),
        ("STORE", "COV-020", "L2", "160"),
    ]
    assert verify(session) == []


def test_one_line_comes_in_two_lots_with_their_dates(session):
    order = a_placed_order(session)
    receipt = received(
        session,
        order.number,
        delivered(6, supplier_lot="A"),
        delivered(4, supplier_lot="B", expires_on=date(2028, 1, 31)),
    )
    page = receipt_page(session, receipt.number)
    assert [(line.lot, line.packs, line.expires_on) for line in page.lines] == [
        ("A", 6, NEXT_YEAR),
        ("B", 4, date(2028, 1, 31)),
    ]
    assert on_hand(session) == [
        ("STORE", "ALM-500", "A", "36000"),
        ("STORE", "ALM-500", "B", "24000"),
    ]


def test_the_same_supplier_lot_joins_its_lot_and_its_cost(session):
    order = a_placed_order(session)
    received(session, order.number, delivered(4))
    received(session, order.number, delivered(6))
    assert on_hand(session) == [("STORE", "ALM-500", "L1", "60000")]


def test_the_same_supplier_lot_with_another_expiry_is_refused_at_its_field(session):
    order = a_placed_order(session)
    received(session, order.number, delivered(4))
    with pytest.raises(Conflict) as refusal:
        received(session, order.number, delivered(6, expires_on=date(2029, 1, 1)))
    assert refusal.value.field == "lines.0.expires_on"


def test_a_lot_without_a_name_gets_a_number(session):
    order = a_placed_order(session)
    received(session, order.number, delivered(4, supplier_lot=None))
    ((_, _, lot, _),) = on_hand(session)
    assert lot == "L-2026-0001"


def test_a_bottle_is_what_one_opens_of_a_case(session):
    order = a_placed_order(session)
    received(session, order.number, delivered(1))
    wanted = LotFilter(product="ALM-500")
    found = lots(session, wanted, on=MONDAY.date(), paging=PageRequest())
    assert found.items[0].container == "bottle"


def test_doubtful_goods_wait_in_quarantine_and_refused_ones_stay_on_order(session):
    order = a_placed_order(session)
    receipt = received(
        session,
        order.number,
        delivered(5),
        delivered(2, condition=Condition.DOUBTFUL),
        delivered(3, condition=Condition.REFUSED),
    )
    assert on_hand(session) == [
        ("QUARANTINE", "ALM-500", "L1", "12000"),
        ("STORE", "ALM-500", "L1", "30000"),
    ]
    (line,) = order_page(session, order.number).lines
    assert (line.received, line.outstanding) == (7, 3)
    page = receipt_page(session, receipt.number)
    assert [line.into for line in page.lines] == ["STORE", "QUARANTINE", None]
    (row,) = receipts(session, PageRequest()).items
    assert (row.packs, row.refused) == (7, 3)


def test_a_delivery_that_is_all_refused_posts_nothing(session):
    order = a_placed_order(session)
    receipt = received(
        session, order.number, delivered(10, condition=Condition.REFUSED, close_short=True)
    )
    assert receipt.posting_id is None
    assert on_hand(session) == []
    assert status_of(session, order.number) is OrderStatus.CLOSED_SHORT


def test_the_rest_that_will_not_come_is_closed_with_the_delivery(session):
    order = a_placed_order(session, CASES, COVERS)
    received(
        session,
        order.number,
        delivered(9, close_short=True),
        delivered(0, position=2, close_short=True),
    )
    assert status_of(session, order.number) is OrderStatus.CLOSED_SHORT
    assert on_order(session) == []


def test_each_line_may_go_to_a_place_of_its_own(session):
    order = a_placed_order(session)
    received(session, order.number, delivered(9), delivered(1, into="ROOM-1"))
    assert [row[0] for row in on_hand(session)] == ["ROOM-1", "STORE"]


def test_more_than_ordered_is_refused_and_nothing_is_kept(session):
    order = a_placed_order(session)
    with pytest.raises(OverReceipt) as refusal:
        received(session, order.number, delivered(7), delivered(4))
    assert refusal.value.field == "lines.1.packs"
    assert on_hand(session) == []


def test_a_tolerance_lets_a_little_more_in(session):
    line = NewOrderLine(product="ALM-500", pack="case", packs=10, tolerance=1)
    order = a_placed_order(session, line)
    received(session, order.number, delivered(11))
    assert status_of(session, order.number) is OrderStatus.RECEIVED
    assert on_order(session) == []


def test_goods_past_their_date_are_named_and_not_taken_as_good(session):
    order = a_placed_order(session)
    with pytest.raises(ShortDated) as refusal:
        received(session, order.number, delivered(1, expires_on=date(2026, 11, 22)))
    assert "Sweet Almond Oil expired on 22 Nov 2026" in refusal.value.message
    short = delivered(1, expires_on=date(2027, 1, 31))
    with pytest.raises(ShortDated, match="69 more days; 234 are asked for"):
        received(session, order.number, short)
    receipt = received(session, order.number, replace(short, why="The room is out of it"))
    assert receipt_page(session, receipt.number).lines[0].remark == "Short-dated: 69 days left"


@pytest.mark.parametrize("prepare", [a_draft])
def test_nothing_arrives_of_an_order_that_was_not_placed(session, prepare):
    order = prepare(session)
    with pytest.raises(OrderNotPlaced):
        received(session, order.number, delivered(1))


def test_nothing_more_arrives_of_a_finished_order(session):
    order = a_placed_order(session)
    received(session, order.number, delivered(10))
    with pytest.raises(OrderNotPlaced):
        received(session, order.number, delivered(1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"into": "NOWHERE"}, "into"),
        ({"into": "CONSUMED"}, "into"),
        ({"line": {"into": "NOWHERE"}}, "lines.0.into"),
        ({"line": {"position": 9}}, "lines.0.position"),
        ({"line": {"packs": 0}}, "lines.0.packs"),
        ({"line": {"supplier_lot": "a\x00b"}}, "lines.0.lot"),
    ],
)
def test_a_bad_value_is_named_by_its_field(session, changes, field):
    order = a_placed_order(session)
    line = delivered(**{"packs": 1, **changes.get("line", {})})
    with pytest.raises(Invalid) as refusal:
        received(session, order.number, line, into=changes.get("into", "STORE"))
    assert {error.field for error in refusal.value.errors} == {field}


def test_who_may_not_receive_may_not(session):
    order = a_placed_order(session)
    therapist = Actor(None, "Tom", frozenset({Permission.SEE_STOCK}))
    command = ReceiveGoods(order_number=order.number, into="STORE", lines=(delivered(1),))
    with pytest.raises(Forbidden):
        receive_goods(session, command, actor=therapist, at=MONDAY)


def test_the_same_key_gives_the_same_receipt_and_one_effect(session):
    order = a_placed_order(session)
    first = received(session, order.number, delivered(10), idempotency_key="K")
    again = received(session, order.number, delivered(10), idempotency_key="K")
    assert first.number == again.number
    assert on_hand(session) == [("STORE", "ALM-500", "L1", "60000")]


def test_a_key_of_another_order_is_refused(session):
    first, second = a_placed_order(session), a_placed_order(session)
    received(session, first.number, delivered(1), idempotency_key="K")
    with pytest.raises(Conflict):
        received(session, second.number, delivered(1), idempotency_key="K")


def test_a_receipt_taken_back_is_expected_again(session):
    order = a_placed_order(session, CASES, COVERS)
    received(session, order.number, delivered(4))
    receipt = received(
        session,
        order.number,
        delivered(5, close_short=True),
        delivered(8, position=2, expires_on=None),
    )
    assert status_of(session, order.number) is OrderStatus.CLOSED_SHORT
    reverse_receipt(session, receipt.number, why="Counted wrong", actor=ANA, at=MONDAY)
    session.flush()
    page = order_page(session, order.number)
    assert page.status is OrderStatus.PARTIALLY_RECEIVED
    assert [(line.received, line.outstanding) for line in page.lines] == [(4, 6), (0, 8)]
    assert on_hand(session) == [("STORE", "ALM-500", "L1", "24000")]
    assert receipt_page(session, receipt.number).reversed_why == "Counted wrong"
    assert verify(session) == []


def test_the_only_receipt_taken_back_leaves_the_order_placed(session):
    order = a_placed_order(session)
    receipt = received(session, order.number, delivered(10))
    reverse_receipt(session, receipt.number, why="Wrong order", actor=ANA, at=MONDAY)
    session.flush()
    assert status_of(session, order.number) is OrderStatus.PLACED
    with pytest.raises(AlreadyReversed):
        reverse_receipt(session, receipt.number, why="Again", actor=ANA, at=MONDAY)


def test_a_receipt_that_was_used_cannot_be_taken_back(session):
    order = a_placed_order(session)
    receipt = received(session, order.number, delivered(10))
    moved(session, 500, "STORE", "ROOM-1", at=MONDAY)
    with pytest.raises(InsufficientStock):
        reverse_receipt(session, receipt.number, why="Too late", actor=ANA, at=MONDAY)


def test_only_the_receipt_takes_its_posting_back(session):
    order = a_placed_order(session)
    received(session, order.number, delivered(10))
    ref = movements(session, paging=PageRequest()).items[0].ref
    with pytest.raises(Conflict):
        reverse_posting(session, ref, why="No", actor=ANA, at=MONDAY)


def test_a_reversal_needs_a_reason_and_a_receipt(session):
    order = a_placed_order(session)
    receipt = received(session, order.number, delivered(10))
    with pytest.raises(Invalid):
        reverse_receipt(session, receipt.number, why=" ", actor=ANA, at=MONDAY)
    with pytest.raises(ReceiptUnknown):
        reverse_receipt(session, "GR-2026-9999", why="x", actor=ANA, at=MONDAY)


def test_250_lines_are_received_in_as_many_statements_as_two(session):
    a_product(session, "P-1")
    a_supplier_item(session, "P-1", prices={1: "2.50"})
    line = NewOrderLine(product="P-1", packs=3)
    counts = []
    for size in (2, 250):
        number = a_placed_order(session, *[line] * size).number
        session.expire_all()
        told = [delivered(3, position=n + 1, supplier_lot=f"{size}-{n}") for n in range(size)]
        with counted(session.connection()) as seen:
            received(session, number, *told)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_a_line_is_split_over_lots_and_places(session):
    number = a_placed_order(session).number
    receipt = received(
        session,
        number,
        delivered(4, supplier_lot="A"),
        delivered(3, supplier_lot="A", into="ROOM-1"),
        delivered(2, supplier_lot="B", into="ROOM-1"),
        delivered(1, supplier_lot="B", condition=Condition.DOUBTFUL, fault=Fault.DAMAGED),
    )
    assert on_hand(session) == [
        ("QUARANTINE", "ALM-500", "B", "6000"),
        ("ROOM-1", "ALM-500", "A", "18000"),
        ("ROOM-1", "ALM-500", "B", "12000"),
        ("STORE", "ALM-500", "A", "24000"),
    ]
    assert receipt_page(session, receipt.number).lines[3].fault is Fault.DAMAGED
    reverse_receipt(session, receipt.number, why="Wrong order", actor=ANA, at=MONDAY)
    assert on_hand(session) == []
    assert verify(session) == []


def test_what_the_note_says_is_kept_and_another_price_is_flagged(session):
    number = a_placed_order(session, CASES, COVERS).number
    receipt = received(
        session,
        number,
        delivered(9, noted_packs=10, noted_price="79.50"),
        delivered(8, position=2, noted_price="40.10"),
    )
    same, dearer = receipt_page(session, receipt.number).lines
    assert (same.noted_packs, same.price_differs, dearer.price_differs) == (10, False, True)
    for price in ("1,5", UnitPrice.parse("1", "USD")):
        with pytest.raises(Invalid) as refusal:
            received(session, number, delivered(1, noted_price=price))
        assert [error.field for error in refusal.value.errors] == ["lines.0.noted_price"]


def test_the_order_takes_as_much_more_as_the_rules_allowed_when_it_was_written(session):
    rule = SaveDeliveryRule(supplier="CORRIB", product="ALM-500", over=Rate.parse("10"))
    save_delivery_rule(session, rule, actor=ANA, at=MONDAY)
    number = a_placed_order(session, CASES, replace(COVERS, tolerance=3)).number
    save_delivery_rule(session, replace(rule, over=Rate(0)), actor=ANA, at=MONDAY)
    assert [line.tolerance for line in order_page(session, number).lines] == [1, 3]
    with pytest.raises(OverReceipt, match="10 ordered and 1 more are allowed"):
        received(session, number, delivered(12))
    received(session, number, delivered(11))


def test_short_goods_are_taken_only_by_who_may_hold_lots(session):
    number = a_placed_order(session).number
    clerk = an_actor(Role.PURCHASER)
    line = delivered(1, expires_on=date(2027, 1, 31), why="Needed today")
    command = ReceiveGoods(order_number=number, into="STORE", lines=(line,))
    with pytest.raises(ShortDated, match="ask somebody who may hold lots"):
        receive_goods(session, command, actor=clerk, at=MONDAY)
    promised = SaveDeliveryRule(supplier="CORRIB", least_days=60)
    save_delivery_rule(session, promised, actor=ANA, at=MONDAY)
    receive_goods(session, command, actor=clerk, at=MONDAY)


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        ({"supplier": "NOBODY", "over": Rate(1)}, ["supplier"]),
        ({"product": "NOPE", "over": Rate(1)}, ["product"]),
        ({"product": "ALM-500", "claim_days": 9}, ["claim_days"]),
        ({"claim_days": 0}, ["claim_days"]),
        ({"least_days": -1, "over": Rate(10_001)}, ["over", "least_days"]),
        ({}, ["over"]),
    ],
)
def test_a_rule_that_cannot_be_names_its_fields(session, rule, fields):
    with pytest.raises(Invalid) as refusal:
        save_delivery_rule(session, SaveDeliveryRule(**rule), actor=ANA, at=MONDAY)
    assert [error.field for error in refusal.value.errors] == fields


def test_one_rule_for_each_scope_the_widest_first(session):
    for rule in (
        {"supplier": "CORRIB", "product": "ALM-500", "least_days": 90},
        {"least_life": Rate(5000)},
        {"supplier": "CORRIB", "claim_days": 5},
        {"supplier": "CORRIB", "claim_days": 7},
    ):
        save_delivery_rule(session, SaveDeliveryRule(**rule), actor=ANA, at=MONDAY)
    rows = delivery_rules(session)
    assert [(row.for_whom, row.claim_days) for row in rows] == [
        ("Everything", None),
        ("Corrib Botanicals", 7),
        ("Sweet Almond Oil from Corrib Botanicals", None),
    ]
    remove_delivery_rule(session, rows[0].key, actor=ANA, at=MONDAY)
    assert len(delivery_rules(session)) == 2
    with pytest.raises(NotFound):
        remove_delivery_rule(session, rows[0].key, actor=ANA, at=MONDAY)


def test_a_picture_is_kept_with_its_line(session):
    number = received(session, a_placed_order(session).number, delivered(1)).number
    for _ in range(2):
        attach_receipt_photo(session, number, 1, a_picture(), "box.png", actor=ANA, at=MONDAY)
        session.flush()
    (sha256,) = receipt_page(session, number).lines[0].photos
    assert receipt_photo(session, number, sha256, 1200)
    with pytest.raises(NotFound):
        receipt_photo(session, number, "0" * 64, 1200)
    with pytest.raises(NotFound):
        attach_receipt_photo(session, number, 2, a_picture(), "box.png", actor=ANA, at=MONDAY)
