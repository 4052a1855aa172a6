"""Customers: codes, contacts that keep their rows, search, who sees whom."""

import pytest
from sqlalchemy.exc import IntegrityError

from procurement.kernel.db import Base
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound, refusal_of
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.customers import (
    AddressInput,
    ContactInput,
    SaveCustomer,
    change_customer,
    create_customer,
)
from procurement.sales.queries.customers import CustomerFilter, customer_page, customers
from procurement.sales.terms import AddressKind, CustomerKind
from tests.builders import NOON
from tests.sales.stories import SELLER, a_buyer, a_customer, a_draft, a_ready_shop, a_shop

OWNER = CustomerKind.SPA_OWNER


def save(session, **more):
    command = SaveCustomer(**{"name": "Áine's Rooms", "kind": OWNER} | more)
    return create_customer(session, command, actor=SELLER, at=NOON)


def test_a_code_is_given_when_none_is_chosen(session):
    a_shop(session)
    assert [save(session).code, save(session).code] == ["C-2026-0001", "C-2026-0002"]


def test_a_code_that_is_taken_is_refused_by_name(session):
    a_shop(session)
    save(session, code="AINE")
    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        save(session, code="AINE")
    assert refusal_of(refused.value, Base.metadata).field == "code"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"email": "not an address"}, "email"),
        ({"vat_id": "IE6433435E"}, "vat_id"),
        ({"code": "a b"}, "code"),
        ({"currency": "EURO"}, "currency"),
        ({"price_list": "NONE"}, "price_list"),
        ({"contacts": (ContactInput(""),)}, "contacts.0.name"),
        ({"contacts": (ContactInput("A", email="x"),)}, "contacts.0.email"),
        ({"addresses": (AddressInput(AddressKind.BILLING, " "),)}, "addresses.0.lines"),
    ],
)
def test_a_bad_value_is_refused_at_its_field(session, more, field):
    a_shop(session)
    with pytest.raises(Invalid) as refusal:
        save(session, **more)
    assert refusal.value.errors[0].field == field


def test_a_contact_keeps_its_row_and_quotes_outlive_a_contact_taken_away(session):
    customer = a_ready_shop(session)
    draft = a_draft(session)
    person = customer.contacts[0].id
    wanted = SaveCustomer(
        name="New name",
        kind=OWNER,
        contacts=(ContactInput("Brian"), ContactInput("Aoife O.", id=person)),
    )
    change_customer(session, "LINDEN", wanted, actor=SELLER, at=NOON)
    page = customer_page(session, "LINDEN", actor=SELLER)
    assert [(c.name, c.id == person) for c in page.contacts] == [
        ("Brian", False),
        ("Aoife O.", True),
    ]
    change_customer(session, "LINDEN", SaveCustomer(name="N", kind=OWNER), actor=SELLER, at=NOON)
    session.flush()
    session.refresh(draft, ["contact_id"])
    assert draft.contact_id is None


def test_a_change_of_a_contact_alone_moves_the_version_and_a_stale_one_is_refused(session):
    customer = a_ready_shop(session)
    read = customer.version
    wanted = SaveCustomer(
        name=customer.name, kind=OWNER, contacts=(ContactInput("Brian"),), version=read
    )
    change_customer(session, "LINDEN", wanted, actor=SELLER, at=NOON)
    session.flush()
    with pytest.raises(Conflict, match="changed by somebody else"):
        change_customer(session, "LINDEN", wanted, actor=SELLER, at=NOON)


def test_search_finds_without_accents_by_contact_and_takes_wildcards_literally(session):
    a_ready_shop(session)
    save(session, code="AINE")

    def found(text):
        rows = customers(session, CustomerFilter(text=text), PageRequest(), actor=SELLER)
        return [row.code for row in rows.items]

    assert found("aine") == ["AINE"]
    assert found("ni dhomhnaill") == ["LINDEN"]
    assert found("%") == found("_") == []
    assert found("rooms") == ["LINDEN", "AINE"]


def test_pages_follow_each_other_without_a_gap(session):
    a_shop(session)
    for name in "CABED":
        save(session, code=name, name=name)
    first = customers(session, CustomerFilter(), PageRequest(2), actor=SELLER)
    second = customers(session, CustomerFilter(), PageRequest.parse(2, first.next), actor=SELLER)
    third = customers(session, CustomerFilter(), PageRequest.parse(2, second.next), actor=SELLER)
    assert [row.code for page in (first, second, third) for row in page.items] == list("ABCDE")
    assert third.next is None


def test_a_buyer_sees_their_own_record_without_our_note_and_nobody_elses(session):
    own = a_buyer(a_ready_shop(session))
    a_customer(session, "OTHER")
    assert customer_page(session, "LINDEN", actor=own).note == ""
    for code in ("OTHER", "ABSENT"):
        with pytest.raises(NotFound, match="no such customer"):
            customer_page(session, code, actor=own)
    with pytest.raises(Forbidden):
        customers(session, CustomerFilter(), PageRequest(), actor=own)
