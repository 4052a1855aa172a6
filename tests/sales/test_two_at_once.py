"""Two people at the same document, and one person clicking twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from procurement.kernel.actor import PUBLIC
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.models import Enquiry, Quote
from procurement.sales.operations.answering import Answer, accept_by_link, decline_by_link
from procurement.sales.operations.enquiries import LeaveMessage, leave_message
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.operations.quoting import ChangeQuote, change_quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import CustomerKind, QuoteStatus
from tests.builders import NOON
from tests.sales.stories import SELLER, a_draft, a_line, a_ready_shop, issue


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    yield UnitOfWork(engine)
    engine.dispose()


def at_once(work, *actions):
    """Run each action in a transaction and a thread of its own, all starting together."""
    start = Barrier(len(actions))

    def run(action):
        start.wait()
        try:
            with work.write() as session:
                action(session)
        except Conflict as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def an_issued_quote(work):
    with work.write() as session:
        a_ready_shop(session)
        quote = issue(session, a_draft(session).number)
        return quote.number, quote.link_token


def page_of(work, number):
    with work.read() as session:
        return quote_page(session, number, actor=SELLER, at=NOON)


def test_a_double_click_on_accept_has_one_effect(work):
    number, token = an_issued_quote(work)
    answers = at_once(
        work, *[lambda s: accept_by_link(s, token, Answer(name="Aoife"), at=NOON)] * 6
    )
    assert answers.count(None) == 1
    assert page_of(work, number).status is QuoteStatus.ACCEPTED


def test_accept_and_decline_at_once_leave_one_answer(work):
    number, token = an_issued_quote(work)
    answers = at_once(
        work,
        lambda s: accept_by_link(s, token, Answer(name="Aoife"), at=NOON),
        lambda s: decline_by_link(s, token, Answer(name="Brian", reason="No"), at=NOON),
    )
    assert answers.count(None) == 1
    page = page_of(work, number)
    expected = {QuoteStatus.ACCEPTED: "Aoife", QuoteStatus.DECLINED: "Brian"}
    assert expected[page.status] == page.answered_by


def test_accepting_and_replacing_at_once_never_leaves_two_live_revisions(work):
    number, token = an_issued_quote(work)
    with work.write() as session:
        revise_quote(session, number, actor=SELLER, at=NOON)
    answers = at_once(
        work,
        lambda s: accept_by_link(s, token, Answer(name="Aoife"), at=NOON),
        lambda s: issue(s, number),
    )
    assert answers.count(None) == 1
    live = {QuoteStatus.ISSUED, QuoteStatus.ACCEPTED}
    assert len([r for r in page_of(work, number).revisions if r.status in live]) == 1


def test_two_people_revising_at_once_make_one_draft(work):
    number, _ = an_issued_quote(work)
    answers = at_once(work, *[lambda s: revise_quote(s, number, actor=SELLER, at=NOON)] * 4)
    assert answers.count(None) == 1
    assert [r.revision for r in page_of(work, number).revisions] == [2, 1]


def test_two_people_saving_a_draft_keep_the_first_and_tell_the_second(work):
    with work.write() as session:
        a_ready_shop(session)
        draft = a_draft(session)
        number, version, until = draft.number, draft.version, draft.valid_until

    def save(packs):
        command = ChangeQuote(
            number=number, version=version, valid_until=until, lines=(a_line(packs=packs),)
        )
        return lambda s: change_quote(s, command, actor=SELLER, at=NOON)

    answers = at_once(work, save(3), save(4))
    refused = [answer for answer in answers if answer]
    assert len(refused) == 1
    assert "Tomás Reilly changed" in refused[0].message
    kept = 3 if answers[0] is None else 4
    assert [line.packs for line in page_of(work, number).lines] == [kept]


def test_numbers_are_given_without_holes_or_doubles_when_many_draft_at_once(work):
    with work.write() as session:
        a_ready_shop(session)
    at_once(work, *[a_draft] * 8)
    with work.read() as session:
        numbers = sorted(session.scalars(select(Quote.number)))
    assert numbers == [f"Q-2026-{n:04d}" for n in range(1, 9)]


def test_a_message_sent_twice_at_once_is_one_enquiry(work):
    with work.write() as session:
        a_ready_shop(session)
    said = LeaveMessage(
        name="Zoë", email="zoe@rooms.example", kind=CustomerKind.INDIVIDUAL, message="Hello"
    )
    at_once(work, *[lambda s: leave_message(s, said, actor=PUBLIC, at=NOON)] * 4)
    with work.read() as session:
        assert session.scalars(select(Enquiry.number)).all() == ["E-2026-0001"]
