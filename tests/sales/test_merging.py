"""Customers that are one: found, merged once, with everything of theirs; and what was said to them."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from procurement.kernel.db import Base, make_engine
from procurement.kernel.errors import Conflict, DomainError, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.models import Customer, Quote
from procurement.sales.operations.customers import SaveCustomer, change_customer
from procurement.sales.operations.exemptions import KeepExemption, keep_exemption
from procurement.sales.operations.merging import merge_customers, tables_of_customers
from procurement.sales.operations.noting import log_note
from procurement.sales.queries.alike import duplicates
from procurement.sales.queries.customers import code_today, customer_page
from procurement.sales.queries.timeline import timeline
from procurement.sales.rules.customers import Known, NoteKind, all_alike, likeness, reasons_alike
from procurement.sales.rules.taxing import ExemptionKind
from procurement.sales.terms import CustomerKind
from tests.builders import NOON
from tests.queries import counted
from tests.sales.stories import SELLER, a_customer, a_draft, a_ready_shop, issue
from tests.sales.test_two_at_once import at_once

SPA = Known("A", "Löwen Spa GmbH", ("info@loewen.de",), "+49 89 123 456 78", ("DE136695976",))


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (Known("B", "Somebody Else"), 0),
        (Known("B", "Somebody Else", tax_numbers=("DE136695976",)), 1),
        (Known("B", "Somebody Else", phone="089 12345678"), 1),
        (Known("B", "LOWEN SPA"), 1),
        (Known("B", "Loewenspa", ("anna@loewen.de",)), 1),
        (Known("B", "Quite Different", ("anna@loewen.de",)), 0),
        (Known("B", "Löwen Hotel"), 0),
    ],
)
def test_customers_are_alike_for_a_reason(other, count):
    assert len(reasons_alike(SPA, other)) == count
    assert len(all_alike([SPA, other])) == (1 if count else 0)


def test_a_domain_that_everybody_has_says_nothing():
    one, other = replace(SPA, emails=("a@gmail.com",)), Known("B", "Löwen", ("b@gmail.com",))
    assert reasons_alike(replace(one, tax_numbers=()), other) == ()
    assert likeness(Known("A", ""), Known("B", "x")) == 0


def two_customers(session) -> None:
    a_ready_shop(session)
    a_customer(session, "TWIN")
    save = SaveCustomer(
        name="Linden Rooms Ltd",
        kind=CustomerKind.SPA_OWNER,
        vat_id="IE6388047V",
        phone="091 000 111",
    )
    change_customer(session, "TWIN", save, actor=SELLER, at=NOON)
    for code in ("LINDEN", "TWIN"):
        paper = KeepExemption(customer=code, kind=ExemptionKind.RESALE, number="R-1")
        keep_exemption(session, paper, actor=SELLER, at=NOON)


def merge(session, into="LINDEN", gone="TWIN"):
    return merge_customers(session, into, gone, actor=SELLER, at=NOON)


def test_everything_of_the_other_moves_and_its_code_leads_on(session):
    two_customers(session)
    number = issue(session, a_draft(session, customer="TWIN").number).number
    log_note(session, "TWIN", NoteKind.CALL, "Ask in May", actor=SELLER, at=NOON)
    assert [row.other.code for row in duplicates(session, actor=SELLER)] == ["TWIN"]
    merge(session)
    session.flush()
    page = customer_page(session, "LINDEN", actor=SELLER)
    assert (page.name, page.vat_id, page.phone) == ("Linden Rooms", "IE6388047V", "091 000 111")
    assert session.scalars(select(Quote)).one().customer_id == page.id
    assert code_today(session, "TWIN") == "LINDEN"
    said = timeline(session, "LINDEN", PageRequest(), actor=SELLER).items
    assert {(row.what, row.reference) for row in said} >= {
        ("call", ""),
        ("issued", number),
        ("merge customer", ""),
        ("create customer", ""),
        ("create customer", "TWIN"),  # what was done to the other stands under the code it had
        ("keep exemption certificate", "TWIN"),
    }
    assert duplicates(session, actor=SELLER) == []
    with pytest.raises(Conflict):
        merge(session)
    with pytest.raises(Conflict):
        a_customer(session, "TWIN")
    a_customer(session, "THIRD")
    merge(session, "THIRD", "LINDEN")
    assert code_today(session, "TWIN") == "THIRD"  # through both


def test_a_customer_is_not_merged_with_itself_or_with_nobody(session):
    two_customers(session)
    for into, gone, refusal in (
        ("LINDEN", "LINDEN", Invalid),
        ("LINDEN", "NOBODY", NotFound),
        ("NOBODY", "TWIN", NotFound),
    ):
        with pytest.raises(refusal):
            merge(session, into, gone)


def test_every_table_that_points_at_a_customer_is_looked_after():
    pointing = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.target_fullname == "customer.id"
    }
    assert pointing == tables_of_customers()


def test_merging_twice_or_both_ways_at_once_has_one_effect(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        two_customers(session)

    def careful(into, gone):
        def run(session):
            try:
                merge(session, into, gone)
            except NotFound as refusal:
                raise Conflict(refusal.message) from refusal

        return run

    pairs = (("LINDEN", "TWIN"), ("LINDEN", "TWIN"), ("TWIN", "LINDEN"))
    answers = at_once(work, *(careful(*pair) for pair in pairs))
    assert sum(answer is None for answer in answers) == 1
    assert all(isinstance(answer, DomainError) for answer in answers if answer is not None)
    with work.read() as session:
        assert len(session.scalars(select(Customer)).all()) == 1
    engine.dispose()


def test_the_timeline_is_one_statement_and_goes_on_by_a_cursor(session):
    two_customers(session)
    for number in range(5):
        log_note(session, "TWIN", NoteKind.NOTE, f"Note {number}", actor=SELLER, at=NOON)
    seen, paging = [], PageRequest(2)
    with counted(session.connection()) as sent:
        while True:
            page = timeline(session, "TWIN", paging, actor=SELLER)
            seen += [row.said for row in page.items]
            if page.next is None:
                break
            paging = PageRequest.parse(2, page.next)
    assert seen[:5] == ["Note 4", "Note 3", "Note 2", "Note 1", "Note 0"]
    assert seen[5:] == ["R-1", "Linden Rooms Ltd", "Twin Rooms"]  # kept, changed, created
    assert len(sent) == 2 * 4
    for cursor in (("2026", 1, 1), ("not a day", 1, 1)):
        with pytest.raises(Invalid):
            timeline(session, "TWIN", PageRequest(2, cursor), actor=SELLER)
