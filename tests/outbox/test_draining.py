"""Mail waits, is claimed, is sent, fails politely."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from config import Smtp
from procurement.files.operations.papers import keep_paper
from procurement.kernel.actor import PUBLIC, SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message, MessageStatus
from procurement.outbox.operations import MailFile, NewMail, put_mail
from procurement.outbox.operations.sending import (
    CLAIM,
    MOST_ATTEMPTS,
    claim_next,
    mark_failed,
    mark_sent,
    send_again,
)
from procurement.worker.draining import Drainer
from procurement.worker.mail import MailRefused, compose, send
from tests.doors import a_config

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_mail(session, subject="Hello", **more):
    message = put_mail(session, NewMail("ana@example.com", subject, "Body", **more), at=NOON)
    session.flush()
    return message


@pytest.fixture
def uow(fresh_database):
    uow = UnitOfWork(make_engine(fresh_database))
    yield uow
    uow.engine.dispose()


def statuses(uow):
    with uow.read() as session:
        return [m.status for m in session.scalars(select(Message).order_by(Message.id))]


def test_a_claimed_mail_is_nobody_elses_until_the_claim_runs_out(session):
    a_mail(session)
    assert claim_next(session, at=NOON) is not None
    assert claim_next(session, at=NOON + timedelta(minutes=1)) is None
    again = claim_next(session, at=NOON + CLAIM)
    assert again is not None
    assert again.attempts == 2


def test_who_waited_longest_goes_first_and_nothing_before_its_time(session):
    late = a_mail(session, "late")
    late.due_at = NOON + timedelta(hours=1)
    a_mail(session, "now")
    session.flush()
    assert claim_next(session, at=NOON).subject == "now"
    assert claim_next(session, at=NOON) is None


def test_each_failure_waits_twice_as_long_and_the_last_gives_up(session):
    message = a_mail(session)
    at, waits = NOON, []
    for _ in range(MOST_ATTEMPTS):
        letter = claim_next(session, at=at)
        mark_failed(session, letter, "no route", at=at)
        session.refresh(message)
        waits.append(message.due_at - at)
        at = message.due_at
    assert waits[:4] == [timedelta(minutes=n) for n in (1, 2, 4, 8)]
    assert message.status is MessageStatus.FAILED
    assert message.last_error == "no route"
    assert claim_next(session, at=at + timedelta(days=1)) is None


def test_a_late_answer_to_an_old_claim_changes_nothing(session):
    message = a_mail(session)
    old = claim_next(session, at=NOON)
    claim_next(session, at=NOON + CLAIM)
    mark_failed(session, old, "too late", at=NOON + CLAIM)
    session.refresh(message)
    assert message.last_error == ""


def test_a_failed_mail_can_be_sent_again_and_a_sent_one_cannot(session):
    message = a_mail(session)
    letter = claim_next(session, at=NOON)
    mark_sent(session, letter, at=NOON)
    session.refresh(message)
    with pytest.raises(Conflict):
        send_again(session, message.id, actor=SYSTEM, at=NOON)
    message.status = MessageStatus.FAILED
    with pytest.raises(Forbidden):
        send_again(session, message.id, actor=PUBLIC, at=NOON)
    send_again(session, message.id, actor=SYSTEM, at=NOON)
    assert claim_next(session, at=NOON) is not None


@pytest.mark.parametrize("recipient", ["a@b.example\nBcc: c@d.example", "a@b.example\r\n", "a\0b"])
def test_no_header_can_be_smuggled_in(session, recipient):
    with pytest.raises(Invalid):
        put_mail(session, NewMail(recipient, "Hi", "Body"), at=NOON)


def test_two_drainers_send_each_mail_once(uow, tmp_path):
    with uow.write() as session:
        for number in range(20):
            a_mail(session, f"mail {number}")
    sent, lock = [], threading.Lock()

    def note(letter):
        with lock:
            sent.append(letter.subject)

    drainers = [Drainer(uow, a_config("sqlite://", tmp_path), note) for _ in range(3)]
    threads = [threading.Thread(target=drainer.drain_once) for drainer in drainers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(sent) == sorted(f"mail {n}" for n in range(20))
    assert set(statuses(uow)) == {MessageStatus.SENT}


def test_without_a_mail_server_mail_is_kept(uow, tmp_path):
    with uow.write() as session:
        a_mail(session)
    assert Drainer(uow, a_config("sqlite://", tmp_path)).drain_once() == 0
    assert statuses(uow) == [MessageStatus.KEPT]


def test_a_refusing_server_leaves_the_mail_waiting(uow, tmp_path):
    with uow.write() as session:
        a_mail(session)

    def refuse(letter):
        raise MailRefused("550 no")

    assert Drainer(uow, a_config("sqlite://", tmp_path), refuse).drain_once() == 0
    assert statuses(uow) == [MessageStatus.WAITING]


class Inbox:
    def __init__(self) -> None:
        self.received = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 (aiosmtpd's name)
        self.received.append(envelope)
        return "250 OK"


def test_a_mail_arrives_with_its_paper(session):
    paper = keep_paper(session, b"%PDF-1.7 quote", "Q-2026-0001.pdf", at=NOON)
    a_mail(session, "Angebot für Zoë", files=(MailFile(paper.id),))
    letter = claim_next(session, at=NOON)
    inbox = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        send(letter, Smtp("127.0.0.1", port, "none", None, None), sender="spa@example.com")
    finally:
        controller.stop()
    assert inbox.received[0].rcpt_tos == ["ana@example.com"]
    message = compose(letter, sender="spa@example.com")
    assert message["Subject"] == "Angebot für Zoë"
    assert [part.get_filename() for part in message.iter_attachments()] == ["Q-2026-0001.pdf"]


def test_a_server_that_is_not_there_is_a_refusal(session):
    a_mail(session)
    letter = claim_next(session, at=NOON)
    with pytest.raises(MailRefused):
        send(letter, Smtp("127.0.0.1", 9, "none", None, None), sender="spa@example.com")
