"""Supplier invoices: recorded, matched with order and receipt, decided; credit notes; never more paid than came."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission, Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.errors import (
    DifferencesOpen,
    DuplicateInvoice,
    OverInvoiced,
    WrongStatus,
)
from procurement.purchasing.operations.invoicing import (
    NewInvoiceLine,
    RecordInvoice,
    ScannedPaper,
    record_invoice,
)
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.operations.settling import (
    SetInvoiceTerms,
    approve_invoice,
    cancel_invoice,
    dispute_invoice,
    set_invoice_terms,
)
from procurement.purchasing.queries.invoiceable import invoiceable_lines, not_invoiced
from procurement.purchasing.queries.invoices import (
    InvoiceFilter,
    invoice_page,
    invoice_paper,
    invoices,
    invoices_due,
)
from procurement.purchasing.terms.invoices import (
    InvoicedFor,
    InvoiceStatus,
)
from tests.builders import an_actor
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)
from tests.queries import counted
from tests.threads import at_once

PURCHASER = an_actor(Role.PURCHASER, name="Tom")
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _spa(request):
    if "session" in request.fixturenames:
        a_spa_that_orders(request.getfixturevalue("session"))


def line(order: str, packs: int, position: int = 1, price: str | None = None, **more):
    money = UnitPrice.parse(price, "EUR") if price else None
    return NewInvoiceLine(order=order, position=position, packs=packs, unit_price=money, **more)


def invoiced(session, *lines, number: str = "INV-1", actor: Actor = ANA, **more):
    values = {"supplier": "CORRIB", "supplier_number": number, "invoiced_on": DAY, **more}
    found = record_invoice(session, RecordInvoice(lines=lines, **values), actor=actor, at=MONDAY)
    session.flush()
    return found


def approve(session, number: str, reason: str = "", actor: Actor = ANA):
    return approve_invoice(session, number, reason=reason, actor=actor, at=MONDAY)


def words(session, number: str) -> list[str]:
    return [one.words for one in invoice_page(session, number).differences]


def status(session, number: str) -> InvoiceStatus:
    return invoice_page(session, number).status


def test_an_invoice_that_agrees_is_matched_and_approved_by_who_recorded_it(session):
    order = a_placed_order(session, CASES, COVERS).number
    received(session, order, delivered(10), delivered(8, position=2, expires_on=None))
    found = invoiced(session, line(order, 10), line(order, 8, 2), actor=PURCHASER)
    page = invoice_page(session, found.number)
    assert (page.number, page.status, page.differences) == ("SI-2026-0001", "matched", ())
    assert (page.due_on, page.totals.gross.amount) == (date(2026, 12, 20), "1111.80")
    assert approve(session, found.number, actor=PURCHASER).status is InvoiceStatus.APPROVED
    with pytest.raises(WrongStatus):
        approve(session, found.number)
    assert not_invoiced(session, PageRequest()).items == ()


def test_an_invoice_before_the_goods_waits_and_matches_itself_when_they_come(session):
    order = a_placed_order(session).number
    number = invoiced(session, line(order, 10)).number
    assert words(session, number) == ["Sweet Almond Oil: 10 invoiced, nothing received"]
    received(session, order, delivered(6))
    assert words(session, number) == ["Sweet Almond Oil: 10 invoiced, 6 received: 4 too many"]
    receipt = received(session, order, delivered(4)).number
    assert status(session, number) is InvoiceStatus.MATCHED
    reverse_receipt(session, receipt, why="Wrong", actor=ANA, at=MONDAY)
    assert status(session, number) is InvoiceStatus.RECORDED


def test_several_receipts_several_invoices_and_the_list_of_what_is_not_invoiced(session):
    order = a_placed_order(session).number
    first = received(session, order, delivered(4)).number
    received(session, order, delivered(6))
    assert [one.open for one in invoiceable_lines(session, "CORRIB", receipt=first)] == [10]
    invoiced(session, line(order, 3))
    (row,) = not_invoiced(session, PageRequest()).items
    assert (row.order, row.packs, row.value.amount) == (order, 7, "556.50")
    invoiced(session, line(order, 7), number="INV-2")
    assert invoiceable_lines(session, "CORRIB") == []
    third = invoiced(session, line(order, 1), number="INV-3").number
    assert words(session, third) == [
        "Sweet Almond Oil: 11 invoiced, 10 of them on earlier invoices, 10 received: 1 too many"
    ]


def test_a_difference_is_decided_by_who_may_and_with_a_reason(session):
    order = a_placed_order(session).number
    received(session, order, delivered(8))
    number = invoiced(session, line(order, 10, price="82.00")).number
    assert len(words(session, number)) == 2
    with pytest.raises(DifferencesOpen):
        approve(session, number, "Fine", actor=PURCHASER)
    with pytest.raises(Invalid) as refusal:
        approve(session, number)
    assert refusal.value.field == "reason"
    with pytest.raises(Forbidden):
        approve(session, number, "Fine", actor=an_actor(Role.STOCK_KEEPER))
    dispute_invoice(session, number, reason="Where is the rest?", actor=PURCHASER, at=MONDAY)
    assert approve(session, number, "The rest comes tomorrow").status is InvoiceStatus.APPROVED
    received(session, order, delivered(2))
    assert len(words(session, number)) == 2  # as it was decided
    with pytest.raises(IntegrityError, match="over_invoice"):
        session.execute(text("UPDATE purchase_order_line SET payable = payable + 3"))


def test_a_receipt_that_is_paid_for_is_not_taken_back(session):
    order = a_placed_order(session).number
    receipt = received(session, order, delivered(10)).number
    approve(session, invoiced(session, line(order, 10)).number)
    with pytest.raises(IntegrityError, match="over_invoice"):
        reverse_receipt(session, receipt, why="Wrong", actor=ANA, at=MONDAY)


def test_a_credit_note_for_goods_and_for_the_price_settles_what_differed(session):
    order = a_placed_order(session).number
    received(session, order, delivered(8))
    number = invoiced(session, line(order, 10, price="82.00")).number
    dispute_invoice(session, number, reason="Two short, too dear", actor=ANA, at=MONDAY)
    note = invoiced(session, line(order, 2, price="82.00"), number="CN-1", credits=number)
    assert words(session, number) == ["Sweet Almond Oil: 82.00 a pack instead of 79.50"]
    assert status(session, number) is InvoiceStatus.DISPUTED
    allowance = line(order, 10, price="2.50", about=InvoicedFor.PRICE)
    invoiced(session, allowance, number="CN-2", credits=number)
    assert status(session, number) is InvoiceStatus.MATCHED
    with pytest.raises(WrongStatus, match="Decide about"):
        approve(session, note.number)
    approve(session, number)
    approve(session, note.number)
    rows = invoices(session, InvoiceFilter(), PageRequest()).items
    assert [row.totals.gross.amount for row in rows] == ["-25.00", "-164.00", "820.00"]
    with pytest.raises(OverInvoiced):
        invoiced(session, line(order, 8, price="82.00"), number="CN-3", credits=number)


@pytest.mark.parametrize("approved_first", [False, True])
def test_an_invoice_that_is_credited_whole_is_over(session, approved_first):
    order = a_placed_order(session).number
    received(session, order, delivered(10))
    number = invoiced(session, line(order, 10)).number
    if approved_first:
        approve(session, number)
    note = invoiced(session, line(order, 10), number="CN-1", credits=number).number
    if approved_first:
        assert status(session, number) is InvoiceStatus.APPROVED
        approve(session, note)
    else:
        assert status(session, note) is InvoiceStatus.CREDITED
    assert status(session, number) is InvoiceStatus.CREDITED
    assert [one.open for one in invoiceable_lines(session, "CORRIB")] == [10]
    with pytest.raises(Conflict):
        invoiced(session, line(order, 1), number="CN-2", credits=number)


def test_a_number_is_recorded_once_until_it_is_cancelled(session):
    order = a_placed_order(session).number
    received(session, order, delivered(10))
    first = invoiced(session, line(order, 5)).number
    with pytest.raises(IntegrityError), session.begin_nested():
        invoiced(session, line(order, 5))
    twin = invoiced(session, line(order, 5), number="inv 001").number
    assert words(session, twin) == [f"Looks like {first}, which is recorded already"]
    cancel_invoice(session, first, reason="Typed wrongly", actor=ANA, at=MONDAY)
    again = invoiced(session, line(order, 5)).number
    assert status(session, again) is InvoiceStatus.RECORDED  # its twin is still there


def test_tolerance_and_days_are_a_suppliers_own_or_everybodys(session):
    order = a_placed_order(session).number
    received(session, order, delivered(10))
    set_terms = lambda **more: set_invoice_terms(  # noqa: E731 (read at once)
        session,
        SetInvoiceTerms(14, Rate(100), Money(500, "EUR"), **more),
        actor=ANA,
        at=MONDAY,
    )
    set_terms()
    dear = line(order, 1, price="80.40")  # 90 cents: 1.1 %
    strict = invoiced(session, dear)
    assert (strict.status, strict.due_on) == (InvoiceStatus.RECORDED, date(2026, 12, 4))
    set_invoice_terms(
        session,
        SetInvoiceTerms(60, Rate(200), Money(500, "EUR"), supplier="CORRIB"),
        actor=ANA,
        at=MONDAY,
    )
    lenient = invoiced(session, dear, number="X-2", invoiced_on=date(2026, 11, 19))
    assert (lenient.status, lenient.due_on) == (InvoiceStatus.MATCHED, date(2027, 1, 18))
    set_terms(supplier="CORRIB", reset=True)
    last = invoiced(session, dear, number="Y-3", invoiced_on=date(2026, 11, 18))
    assert last.status is InvoiceStatus.RECORDED
    due = invoices_due(session, date(2026, 12, 4), limit=9)
    assert [row.number for row in due] == [last.number, strict.number]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"supplier": "NONE"}, "supplier"),
        ({"supplier_number": " "}, "supplier_number"),
        ({"lines": ()}, "lines"),
        ({"lines": (line("PO-1", 1),)}, "lines.0.order"),
        ({"lines": (line("{order}", 1, 9),)}, "lines.0.position"),
        ({"lines": (line("{order}", 0),)}, "lines.0.packs"),
        ({"lines": (line("{order}", 1, about=InvoicedFor.PRICE),)}, "lines.0.about"),
        ({"lines": (line("{order}", 1, tax_percent="200"),)}, "lines.0.tax_percent"),
        ({"freight": Money(1, "USD")}, "freight"),
        ({"other": Money(-1, "EUR")}, "other"),
        ({"invoiced_on": date(2026, 11, 24)}, "invoiced_on"),
        ({"due_on": date(2026, 11, 1)}, "due_on"),
        ({"paper": ScannedPaper(b"GIF89a", "scan.gif")}, "paper"),
    ],
)
def test_what_an_invoice_cannot_be_is_said_at_its_field(session, change, field):
    order = a_placed_order(session).number
    lines = change.get("lines", (line(order, 1),))
    lines = tuple(
        NewInvoiceLine(
            order=one.order.format(order=order),
            position=one.position,
            packs=one.packs,
            tax_percent=one.tax_percent,
            about=one.about,
        )
        for one in lines
    )
    with pytest.raises(Invalid) as refusal:
        invoiced(session, *lines, **{k: v for k, v in change.items() if k != "lines"})
    assert [one.field for one in refusal.value.errors] == [field]


def test_the_paper_is_kept_byte_for_byte_and_lists_ask_once(session):
    order = a_placed_order(session).number
    for n in range(3):
        paper = ScannedPaper(b"%%PDF-1.7 %d" % n, f"scan-{n}.pdf")
        number = invoiced(session, line(order, 1), number=f"A-{n}", paper=paper).number
    assert invoice_paper(session, number, actor=ANA).content == b"%PDF-1.7 2"
    with pytest.raises(Forbidden):
        invoice_paper(session, number, actor=Actor(1, "Somebody", frozenset()))
    with counted(session.connection()) as asked:
        invoices(session, InvoiceFilter(text="a-", order=order), PageRequest())
        not_invoiced(session, PageRequest())
    assert len(asked) <= 3


def test_two_invoices_for_the_same_goods_at_once_are_not_both_matched(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        order = a_placed_order(session).number
        received(session, order, delivered(10))

    def record(clerk: int) -> object:
        try:
            with work.write() as session:
                return invoiced(session, line(order, 10), number=f"INV-{clerk % 2}").status
        except DuplicateInvoice as refusal:
            return type(refusal)

    answers = at_once(4, record)
    assert answers.count(DuplicateInvoice) == 2
    assert answers.count(InvoiceStatus.MATCHED) == 1
    with work.write() as session:
        (other,) = invoices(
            session, InvoiceFilter(frozenset({InvoiceStatus.MATCHED})), PageRequest()
        ).items

    def decide(_: int) -> object:
        try:
            with work.write() as session:
                return approve(session, other.number).status
        except WrongStatus as refusal:
            return type(refusal)

    assert at_once(2, decide).count(WrongStatus) == 1
    engine.dispose()


def test_the_roles_that_record_and_decide():
    assert PURCHASER.may(Permission.RECORD_INVOICES)
    assert not PURCHASER.may(Permission.APPROVE_INVOICES)
    assert an_actor(Role.SPA_MANAGER).may(Permission.APPROVE_INVOICES)
