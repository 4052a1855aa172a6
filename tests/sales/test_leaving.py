"""A buyer takes their data along, or asks to be forgotten, and is found nowhere afterwards but where it says."""

from datetime import timedelta

import pytest
from sqlalchemy import String, Text, cast, select

from procurement.accounts.models import ApiToken, OpenSession, Passkey
from procurement.accounts.rules.passwords import hash_password
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import Base
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.paging import PageRequest
from procurement.sales.models import (
    BasketLine,
    Buyer,
    Contact,
    MailChoices,
    SavedList,
    SavedSearch,
)
from procurement.sales.operations.answering import Answer, accept_quote
from procurement.sales.operations.baskets import set_basket
from procurement.sales.operations.enquiries import ask_us
from procurement.sales.operations.leaving import ask_to_leave, erase_buyer, erase_due, stay
from procurement.sales.operations.mails import choose_mails
from procurement.sales.operations.own_data import take_data
from procurement.sales.operations.saved_lists import ListLineInput, create_list
from procurement.sales.queries.customers import CustomerFilter, customers
from procurement.sales.queries.leaving import leaving
from procurement.sales.queries.offers import offered_products
from tests.builders import NOON
from tests.sales.connections import a_visit, connect
from tests.sales.stories import SELLER, a_customer, a_draft, a_ready_shop, issue
from tests.sales.test_buyers import a_buyer as an_account
from tests.sales.test_buyers import acting

PASSWORD = "lavender fields at noon"
# Where the mail address, and where the name, may stand after an erasure, and why.
TRAIL = {"audit_entry.actor_name", "audit_entry.subject", "audit_entry.detail"}  # who did what
ANSWER = {"quote.answered_by", "quote.changed_by", "quote_answer.name"}  # it binds their company
TOLD = {"outbox_message.subject", "outbox_message.body"}  # what others were told of that answer
STAYS = {"nuala@linden": TRAIL, "Nuala Byrne": TRAIL | ANSWER | TOLD}


@pytest.fixture
def leaver(session):
    """Somebody of LINDEN with everything a buyer can have."""
    customer = a_ready_shop(session)
    user, _ = an_account(session, customer)
    user.name, user.password = "Nuala Byrne", hash_password(PASSWORD)
    user.email = "nuala@linden.example"
    actor = acting(user)
    session.add_all(
        (
            SavedSearch(user_id=user.id, name="Oils", query="q=oil", created_at=NOON, seen_at=NOON),
            Contact(customer_id=customer.id, position=5, name=user.name, email=user.email),
            OpenSession(digest="d" * 64, user_id=user.id, started_at=NOON, ends_at=NOON),
            Buyer(user_id=user.id, may_manage=True, may_approve=True),
        )
    )
    session.flush()
    ask_us(session, "Nuala asks: when do you open?", actor=actor, at=NOON)
    quote = issue(session, a_draft(session).number)
    accept_quote(session, quote.number, Answer(name=user.name), actor=actor, at=NOON)
    choose_mails(session, [], actor=actor, at=NOON)
    pack = offered_products(session, skus={"ALM-500"})["ALM-500"].pack(None)
    create_list(session, "My room", [ListLineInput(pack.id, 2)], actor=actor, at=NOON)
    set_basket(session, {pack.id: 3}, actor=actor, at=NOON)
    return user, actor


def visits(session, user) -> None:
    """They were sent here by their company's procurement system as well."""
    connect(session, "LINDEN")
    a_visit(session, who=user.name, email=user.email.upper())


def places_of(session, word) -> set[str]:
    """Every column of every table in which a word stands."""
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | Text):
                query = select(column).where(cast(column, Text).ilike(f"%{word}%")).limit(1)
                if session.execute(query).first() is not None:
                    found.add(f"{table.name}.{column.name}")
    return found


def test_a_person_is_found_nowhere_but_where_it_says(session, leaver):
    user, actor = leaver
    visits(session, user)
    assert len(places_of(session, "nuala@linden")) > 3
    due = ask_to_leave(session, PASSWORD, actor=actor, at=NOON)
    assert due == NOON + timedelta(days=14)
    assert [row.email for row in leaving(session, actor=SELLER)] == [user.email]
    assert erase_due(session, actor=SYSTEM, at=due - timedelta(seconds=1)) == 0
    assert erase_due(session, actor=SYSTEM, at=due) == 1
    session.flush()
    for word, places in STAYS.items():
        assert places_of(session, word) <= places
    for table in (
        SavedList,
        SavedSearch,
        BasketLine,
        OpenSession,
        Passkey,
        ApiToken,
        MailChoices,
        Buyer,
    ):
        assert session.scalars(select(table).where(table.user_id == user.id)).all() == []
    session.refresh(user)
    assert (user.active, user.password, user.customer_id) == (False, None, None)
    found = customers(session, CustomerFilter(text="nuala"), PageRequest(), actor=SELLER)
    assert found.items == ()


def test_leaving_asks_the_password_and_may_be_taken_back(session, leaver):
    user, actor = leaver
    with pytest.raises(Invalid):
        ask_to_leave(session, "something else", actor=actor, at=NOON)
    due = ask_to_leave(session, PASSWORD, actor=actor, at=NOON)
    assert ask_to_leave(session, PASSWORD, actor=actor, at=NOON + timedelta(days=1)) == due
    stay(session, actor=actor, at=NOON)
    assert erase_due(session, actor=SYSTEM, at=due) == 0
    session.refresh(user)
    assert user.active


def test_who_alone_looks_after_colleagues_names_another_first(session, leaver):
    user, actor = leaver
    customer_id = user.customer_id
    colleague, other = an_account(session, type("C", (), {"id": customer_id})())
    session.add(Buyer(user_id=colleague.id))
    session.flush()
    with pytest.raises(Conflict):
        ask_to_leave(session, PASSWORD, actor=actor, at=NOON)
    with pytest.raises(Forbidden):
        erase_buyer(session, user.email, customer="LINDEN", actor=other, at=NOON)
    erase_buyer(session, user.email, customer="LINDEN", actor=SELLER, at=NOON)
    session.refresh(user)
    assert not user.active


def test_own_data_are_whole_and_nobody_elses(session, leaver):
    user, actor = leaver
    visits(session, user)
    with pytest.raises(Invalid):
        take_data(session, "something else", actor=actor, at=NOON)
    hazel = a_customer(session, "HAZEL")
    _, stranger = an_account(session, hazel)
    ask_us(session, "Our own secret", actor=stranger, at=NOON)
    data = take_data(session, PASSWORD, actor=actor, at=NOON)
    said = repr(data)
    assert data["account"][0]["email"] == user.email
    assert [row["message"] for row in data["enquiries"]] == ["Nuala asks: when do you open?"]
    assert [row["name"] for row in data["searches"]] == ["Oils"]
    assert [(row["who"], row["system"]) for row in data["visits"]] == [(user.name, "Ariba")]
    for foreign in ("HAZEL", "Our own secret", user.password, "cost", "margin"):
        assert foreign not in said
