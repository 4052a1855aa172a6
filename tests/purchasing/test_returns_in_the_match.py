"""Goods that went back are not invoiced: the match counts them, and a credit note is missed until it comes."""

from datetime import date

import pytest

from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import AmendOrder, amend_order
from procurement.purchasing.operations.invoicing import (
    NewInvoiceLine,
    RecordInvoice,
    record_invoice,
)
from procurement.purchasing.operations.returning import (
    ReturnedLot,
    ReturnGoods,
    return_goods,
    reverse_return,
)
from procurement.purchasing.operations.settling import (
    SetInvoiceTerms,
    cancel_invoice,
    set_invoice_terms,
)
from procurement.purchasing.queries.backorders import backorders
from procurement.purchasing.queries.invoiceable import invoiceable_lines, not_invoiced
from procurement.purchasing.queries.invoices import invoice_page
from procurement.purchasing.queries.returns import supplier_returns
from procurement.purchasing.terms import ReturnReason
from procurement.purchasing.terms.invoices import InvoicedFor, InvoiceStatus
from tests.purchasing.builders import (
    ANA,
    MONDAY,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)

MATCHED, RECORDED = InvoiceStatus.MATCHED, InvoiceStatus.RECORDED
CASE = 6000  # ml of a case


@pytest.fixture
def order(session) -> PurchaseOrder:
    """Ten cases at 79.50 ordered and received."""
    a_spa_that_orders(session)
    made = a_placed_order(session)
    received(session, made.number, delivered(10))
    return made


def sent_back(session, millilitres: int, **more) -> str:
    lot = ReturnedLot("ALM-500/L1", Quantity.parse(str(millilitres), Unit.ML))
    values = {"supplier": "CORRIB", "location": "STORE", "reason": ReturnReason.DAMAGED}
    command = ReturnGoods(**values | {"lines": (lot,)} | more)
    made = return_goods(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return made.number


def invoiced(session, order, packs=10, number="INV-1", **more):
    line = {"price": None, "about": InvoicedFor.GOODS}
    line |= {key: more.pop(key) for key in tuple(more) if key in line}
    lines = (
        NewInvoiceLine(
            order=order.number,
            position=1,
            packs=packs,
            unit_price=line["price"],
            about=line["about"],
        ),
    )
    values = {"supplier": "CORRIB", "supplier_number": number, "invoiced_on": date(2026, 11, 20)}
    command = RecordInvoice(**values | {"lines": lines} | more)
    made = record_invoice(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return made


def state(session, invoice):
    page = invoice_page(session, invoice.number)
    return page.status, [one.words for one in page.open_differences]


def due(session) -> list[str]:
    page = supplier_returns(session, PageRequest(5), credit_due=True)
    return [row.number for row in page.items]


def test_what_went_back_may_not_be_invoiced_and_the_invoice_is_matched_at_once(session, order):
    invoice = invoiced(session, order)
    assert state(session, invoice) == (MATCHED, [])
    back = sent_back(session, 2 * CASE + 500)
    name = order.lines[0].name
    words = f"{name}: 10 invoiced, 10 received, 2 of them sent back: 2 too many"
    assert state(session, invoice) == (RECORDED, [words])
    assert due(session) == [back]
    (expected,) = backorders(session, at=MONDAY)
    assert expected.returned.minor > 0
    reverse_return(session, back, why="It was fine", actor=ANA, at=MONDAY)
    session.flush()
    assert (state(session, invoice), due(session)) == ((MATCHED, []), [])


def test_an_invoice_that_comes_after_the_return_is_for_what_is_left(session, order):
    back = sent_back(session, 3 * CASE)
    assert due(session) == [back]  # until its invoice says that it was left out
    (line,) = invoiceable_lines(session, "CORRIB", order=order.number)
    assert (line.received, line.open) == (7, 7)
    (row,) = not_invoiced(session, PageRequest(5)).items
    assert row.packs == 7
    assert state(session, invoiced(session, order, 7)) == (MATCHED, [])
    assert due(session) == []


def test_a_credit_note_for_the_goods_settles_the_return(session, order):
    invoice = invoiced(session, order)
    sent_back(session, 2 * CASE)
    invoiced(session, order, 2, "CN-1", credits=invoice.number)
    assert due(session) == []
    assert state(session, invoice) == (MATCHED, [])


def test_a_part_of_a_pack_is_credited_by_a_note_that_names_the_return(session, order):
    invoice = invoiced(session, order)
    back = sent_back(session, 500)  # one bottle of a case
    assert (state(session, invoice), due(session)) == ((MATCHED, []), [back])
    price = UnitPrice.parse("6.625", "EUR")
    note = {"credits": invoice.number, "price": price, "about": InvoicedFor.PRICE}
    credit = invoiced(session, order, 1, "CN-1", **note, answers_return=back)
    (row,) = supplier_returns(session, PageRequest(5)).items
    assert (row.credit_note, row.is_credit_due, due(session)) == (credit.number, False, [])
    with pytest.raises(Conflict, match="cancel the credit note"):
        reverse_return(session, back, why="No", actor=ANA, at=MONDAY)
    with pytest.raises(Conflict, match="credited already"):
        invoiced(session, order, 1, "CN-2", **note, answers_return=back)
    cancel_invoice(session, credit.number, reason="Twice", actor=ANA, at=MONDAY)
    session.flush()
    assert due(session) == [back]


@pytest.mark.parametrize("number", ["SR-2026-0001", "SR-2026-0009"])
def test_an_invoice_answers_no_return_and_a_return_nobody_made_is_refused(session, order, number):
    invoice = invoiced(session, order)
    sent_back(session, CASE)
    more = {"credits": invoice.number} if number.endswith("9") else {}
    with pytest.raises(Invalid) as refused:
        invoiced(session, order, 1, "X", answers_return=number, **more)
    assert refused.value.field == "answers_return"


def test_an_amendment_matches_open_invoices_at_once(session, order):
    more = a_placed_order(session)
    invoice = invoiced(session, more, 2, "INV-2", price=UnitPrice.parse("84.50", "EUR"))
    early = f"{more.lines[0].name}: 2 invoiced, nothing received"
    _, (first, price) = state(session, invoice)
    assert (first, "instead of 79.50" in price) == (early, True)
    change = AmendedLine(position=1, packs=10, unit_price=UnitPrice.parse("84.50", "EUR"))
    command = AmendOrder(number=more.number, lines=(change,), why="They asked", public_url="")
    amend_order(session, command, actor=ANA, at=MONDAY)
    session.flush()
    assert state(session, invoice) == (RECORDED, [early])


def test_another_tolerance_matches_open_invoices_at_once(session, order):
    dearer = invoiced(session, order, price=UnitPrice.parse("84.00", "EUR"))
    assert state(session, dearer)[0] is RECORDED
    for supplier, status in ((None, MATCHED), ("CORRIB", RECORDED)):
        limit = 100_000 if supplier is None else 0
        terms = SetInvoiceTerms(30, Rate(1_000), Money(limit, "EUR"), supplier=supplier)
        set_invoice_terms(session, terms, actor=ANA, at=MONDAY)
        session.flush()
        assert state(session, dearer)[0] is status
    reset = SetInvoiceTerms(30, Rate(0), Money(0, "EUR"), supplier="CORRIB", reset=True)
    set_invoice_terms(session, reset, actor=ANA, at=MONDAY)
    session.flush()
    assert state(session, dearer)[0] is MATCHED
