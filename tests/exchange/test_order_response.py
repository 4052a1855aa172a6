"""The supplier's OrderResponse: read as they wrote it, taken as their confirmation, refused by name."""

from datetime import date

import pytest

from procurement.exchange.tabular import UnusableFile
from procurement.exchange.ubl.answering import take_order_response
from procurement.exchange.ubl.order_response import read_order_response
from procurement.purchasing.terms import AnsweredBy, SupplierAnswer
from tests.purchasing.builders import ANA, CASES, COVERS, MONDAY, a_placed_order, a_spa_that_orders

FIRST, LATER = date(2026, 12, 2), date(2026, 12, 16)


def line(position: str, code: str, *, quantity: str = "", day: str = "", extra: str = "") -> str:
    item = f"<cbc:ID>{position}</cbc:ID><cbc:Note>n{position}</cbc:Note><cbc:LineStatusCode>{code}</cbc:LineStatusCode>"
    if quantity:
        item += f'<cbc:Quantity unitCode="XCS">{quantity}</cbc:Quantity>'
    if day:
        item += (
            "<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:StartDate>2026-12-01</cbc:StartDate>"
            f"<cbc:EndDate>{day}</cbc:EndDate></cac:PromisedDeliveryPeriod></cac:Delivery>"
        )
    return (
        f"<cac:OrderLine><cac:LineItem>{item}</cac:LineItem>{extra}<cac:OrderLineReference><cbc:LineID>{position}"
        "</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"
    )


def response(code: str, *lines: str, order: str = "PO-2026-0001", day: str = "") -> bytes:
    space = "urn:oasis:names:specification:ubl:schema:xsd:"
    period = (
        f"<cac:Delivery><cac:PromisedDeliveryPeriod><cbc:EndDate>{day}</cbc:EndDate></cac:PromisedDeliveryPeriod>"
        "</cac:Delivery>"
        if day
        else ""
    )
    return (
        f'<OrderResponse xmlns="{space}OrderResponse-2" xmlns:cac="{space}CommonAggregateComponents-2"'
        f' xmlns:cbc="{space}CommonBasicComponents-2"><cbc:ID>R-101</cbc:ID><cbc:SalesOrderID>S-9</cbc:SalesOrderID>'
        f"<cbc:IssueDate>2026-11-24</cbc:IssueDate><cbc:OrderResponseCode>{code}</cbc:OrderResponseCode>"
        f"<cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference><cac:SellerSupplierParty><cac:Party>"
        "<cac:PartyLegalEntity><cbc:RegistrationName>Corrib Ltd</cbc:RegistrationName></cac:PartyLegalEntity>"
        f"</cac:Party></cac:SellerSupplierParty>{period}{''.join(lines)}</OrderResponse>"
    ).encode()


INSTEAD = (
    "<cac:SellerSubstitutedLineItem><cbc:ID>9</cbc:ID><cac:Item><cbc:Name>Apricot oil</cbc:Name></cac:Item>"
    "</cac:SellerSubstitutedLineItem>"
)


@pytest.fixture
def order(session):
    a_spa_that_orders(session)
    return a_placed_order(session, CASES, COVERS)


@pytest.mark.parametrize(
    ("data", "answer", "lines"),
    [
        (response("AB"), SupplierAnswer.ACKNOWLEDGED, []),
        (response("AP"), SupplierAnswer.ACCEPTED, [(10, FIRST), (8, FIRST)]),
        (response("RE"), SupplierAnswer.REFUSED, [(0, None), (0, None)]),
        (
            response("CA", line("1", "3", quantity="6.0", day="2026-12-16"), line("2", "7")),
            SupplierAnswer.CHANGED,
            [(6, LATER), (0, None)],
        ),
        (
            response("CA", line("1", "5", day="2026-12-16"), line("2", "5"), day="2026-12-02"),
            SupplierAnswer.CHANGED,
            [(10, LATER), (8, FIRST)],
        ),
    ],
)
def test_a_response_is_the_suppliers_confirmation(session, order, data, answer, lines):
    made = take_order_response(session, order.number, data, actor=ANA, at=MONDAY)
    assert (made.answer, made.answered_by, made.said_by) == (
        answer,
        AnsweredBy.ORDER_RESPONSE,
        "Corrib Ltd",
    )
    assert (made.document, made.supplier_order) == ("R-101", "S-9")
    assert [(one.packs, one.due_on) for one in made.lines] == lines
    assert take_order_response(session, order.number, data, actor=ANA, at=MONDAY) is made


def test_what_they_offer_instead_is_a_remark(session, order):
    data = response("CA", line("1", "3", quantity="10", extra=INSTEAD))
    made = take_order_response(session, order.number, data, actor=ANA, at=MONDAY)
    assert made.lines[0].remark == "n1. Offers Apricot oil instead"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (response("AP", order="PO-2026-0077"), "answers PO-2026-0077, not PO-2026-0001"),
        (response("XX"), "the code XX"),
        (response("CA", line("1", "8")), "the status 8"),
        (response("CA", line("1", "3", quantity="2.5")), "no whole pack"),
        (response("CA", line("7", "5")), "No line 7"),
        (response("CA", line("L1", "5")), "which line of the order"),
        (response("CA", line("1", "3", day="2020-01-01")), "day of delivery"),
        (b"<Order/>", "not an order response"),
    ],
)
def test_what_cannot_be_taken_is_named(session, order, data, says):
    with pytest.raises(UnusableFile, match=says):
        take_order_response(session, order.number, data, actor=ANA, at=MONDAY)
    assert order.answer is None


def test_a_whole_response_is_read_as_it_was_written():
    read = read_order_response(response("CA", line("2", "3", quantity="4", day="2026-12-16")))
    assert (read.number, read.order, read.issued_on) == (
        "R-101",
        "PO-2026-0001",
        date(2026, 11, 24),
    )
    (one,) = read.lines
    assert (one.order_line, one.quantity, one.due_on, one.note) == ("2", 4, LATER, "n2")
