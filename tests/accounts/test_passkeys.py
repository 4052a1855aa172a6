"""Passkeys: whose answer is taken, and which are refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.accounts.errors import PasskeyKnown, PasskeyRefused, WrongPassword
from procurement.accounts.models import PasskeyChallenge, User
from procurement.accounts.operations.passkeys import (
    ANSWER_WITHIN,
    MOST_PASSKEYS,
    add_passkey,
    ask_new_passkey,
    ask_passkey,
    remove_passkey,
    whose_passkey,
)
from procurement.accounts.operations.users import create_user, switch_off
from procurement.accounts.queries import passkeys_of
from procurement.accounts.terms import NewUser, RelyingParty
from procurement.audit.queries import trail_of
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message
from tests.accounts.devices import PRESENT, Device
from tests.builders import NOON
from tests.threads import at_once

PASSWORD = "lavender fields at noon"
PARTY = RelyingParty("spa.example", "https://spa.example", "The Spa")
LATER = NOON + ANSWER_WITHIN + timedelta(seconds=1)


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    yield UnitOfWork(engine)
    engine.dispose()


def a_person(session, email="ana@example.com") -> User:
    new = NewUser(email, "Ana", frozenset({Role.SALES}))
    return create_user(session, new, password=PASSWORD, actor=SYSTEM, at=NOON)


def with_passkey(session, user, device, label="Phone"):
    options = ask_new_passkey(session, user.id, PASSWORD, party=PARTY, at=NOON)
    add_passkey(session, user.id, label, device.make(options), party=PARTY, at=NOON)
    session.flush()


def signed(session, device, *, at=NOON):
    options = ask_passkey(session, party=PARTY, at=NOON)
    return whose_passkey(session, device.use(options), party=PARTY, at=at)


def test_a_passkey_signs_in_its_owner_and_tells_them_when_it_was_added(session):
    user, device = a_person(session), Device()
    with_passkey(session, user, device)
    assert signed(session, device).email == user.email
    (row,) = passkeys_of(session, user.id)
    assert (row.label, row.last_used_at) == ("Phone", NOON)
    mail = session.scalars(select(Message)).one()
    assert mail.recipient == user.email
    assert "Phone" in mail.body
    assert trail_of(session, user.email)[0].action == "add passkey"


def test_the_device_is_told_who_and_what_it_holds_already(session):
    user = a_person(session)
    with_passkey(session, user, Device())
    options = ask_new_passkey(session, user.id, PASSWORD, party=PARTY, at=NOON)
    assert options["rp"] == {"id": "spa.example", "name": "The Spa"}
    assert options["user"]["name"] == user.email
    assert len(options["excludeCredentials"]) == 1
    assert options["authenticatorSelection"]["userVerification"] == "required"


def test_adding_asks_for_the_password_again(session):
    user = a_person(session)
    with pytest.raises(WrongPassword):
        ask_new_passkey(session, user.id, "something else", party=PARTY, at=NOON)


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://spa.example.evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},  # nobody showed a finger or typed a PIN
    ],
    ids=lambda bent: next(iter(bent)),
)
def test_answers_of_another_place_are_refused(session, bent):
    user, device = a_person(session), Device()
    with pytest.raises(PasskeyRefused):
        with_passkey(session, user, replace(device, **bent))
    with_passkey(session, user, device)
    with pytest.raises(PasskeyRefused):
        signed(session, replace(device, **bent))


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"id": "x"},
        {"id": 1, "response": {"clientDataJSON": "e30"}},
        {"id": "x", "response": []},
        {"id": "x", "response": {"clientDataJSON": "%%%"}},
        {
            "id": "x",
            "response": {"clientDataJSON": "eyJ0eXBlIjoxLCJjaGFsbGVuZ2UiOjEsIm9yaWdpbiI6MX0"},
        },
    ],
)
def test_nonsense_is_refused(session, answer):
    user = a_person(session)
    with pytest.raises(PasskeyRefused):
        whose_passkey(session, answer, party=PARTY, at=NOON)
    with pytest.raises(PasskeyRefused):
        add_passkey(session, user.id, "Phone", answer, party=PARTY, at=NOON)


def test_an_answer_counts_once_and_not_too_late(session):
    user, device = a_person(session), Device()
    with_passkey(session, user, device)
    answer = device.use(ask_passkey(session, party=PARTY, at=NOON))
    whose_passkey(session, answer, party=PARTY, at=NOON)
    with pytest.raises(PasskeyRefused):
        whose_passkey(session, answer, party=PARTY, at=NOON)
    with pytest.raises(PasskeyRefused):
        signed(session, device, at=LATER)


def test_what_one_was_asked_another_cannot_answer(session):
    ana, ben, device = a_person(session), a_person(session, "ben@example.com"), Device()
    options = ask_new_passkey(session, ana.id, PASSWORD, party=PARTY, at=NOON)
    with pytest.raises(PasskeyRefused):
        add_passkey(session, ben.id, "Phone", device.make(options), party=PARTY, at=NOON)
    asked = ask_passkey(session, party=PARTY, at=NOON)
    with pytest.raises(PasskeyRefused):  # asked of nobody: it adds nothing
        add_passkey(session, ana.id, "Phone", device.make(asked), party=PARTY, at=NOON)


def test_another_key_under_the_same_name_and_a_copied_key_are_refused(session):
    user, device = a_person(session), Device()
    with_passkey(session, user, device)
    with pytest.raises(PasskeyRefused):
        signed(session, Device(count=5))
    copy = replace(device)
    signed(session, device)
    with pytest.raises(PasskeyRefused):  # its count stands behind the one that was seen
        signed(session, replace(copy, count=0))


def test_who_is_switched_off_stays_out(session):
    user, device = a_person(session), Device()
    with_passkey(session, user, device)
    switch_off(session, user.email, actor=SYSTEM, at=NOON)
    with pytest.raises(PasskeyRefused):
        signed(session, device)


def test_only_its_owner_removes_a_passkey(session):
    ana, ben, device = a_person(session), a_person(session, "ben@example.com"), Device()
    with_passkey(session, ana, device)
    (row,) = passkeys_of(session, ana.id)
    with pytest.raises(NotFound):
        remove_passkey(session, ben.id, row.id, at=NOON)
    remove_passkey(session, ana.id, row.id, at=NOON)
    with pytest.raises(PasskeyRefused):
        signed(session, device)


def test_a_label_and_a_number_of_passkeys_have_an_end(session):
    user = a_person(session)
    for n in range(MOST_PASSKEYS):
        with_passkey(session, user, Device(credential=f"key {n}".encode()))
    with pytest.raises(Conflict):
        ask_new_passkey(session, user.id, PASSWORD, party=PARTY, at=NOON)
    for label in ("", "  ", "x" * 201):
        with pytest.raises(Invalid) as refused:
            add_passkey(session, user.id, label, {}, party=PARTY, at=NOON)
        assert refused.value.field == "label"


def test_one_credential_belongs_to_one_account(work):
    device = Device()
    with work.write() as session:
        ana, ben = a_person(session), a_person(session, "ben@example.com")
        with_passkey(session, ana, device)
        mark = ben.id
        options = ask_new_passkey(session, mark, PASSWORD, party=PARTY, at=NOON)
    with pytest.raises(PasskeyKnown), work.write() as session:
        add_passkey(session, mark, "Phone", device.make(options), party=PARTY, at=NOON)


def test_of_two_who_send_the_same_answer_at_once_one_gets_in(work):
    device = Device()
    with work.write() as session:
        user = a_person(session)
        with_passkey(session, user, device)
        answer = device.use(ask_passkey(session, party=PARTY, at=NOON))

    def send(_number):
        try:
            with work.write() as session:
                return whose_passkey(session, answer, party=PARTY, at=NOON).email
        except PasskeyRefused:
            return "refused"

    assert sorted(at_once(2, send)) == ["ana@example.com", "refused"]
    with work.read() as session:
        assert session.scalars(select(PasskeyChallenge)).all() == []
