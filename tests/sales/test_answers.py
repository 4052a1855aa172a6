"""What is answered to a quote can be proved; a link is ended, opened, asked behind; a reminder goes out once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message
from procurement.sales.errors import LinkEnded, OtherTotal, QuoteExpired
from procurement.sales.models import Quote, QuoteAnswer
from procurement.sales.operations.answering import (
    Answer,
    accept_by_link,
    accept_quote,
    decline_by_link,
)
from procurement.sales.operations.lines import OfferInput
from procurement.sales.operations.links import end_link, note_opened, renew_link, set_reminder
from procurement.sales.operations.questions import answer_question, ask_by_link
from procurement.sales.operations.reminding import remind_customers
from procurement.sales.queries.accepted import accepted_lines
from procurement.sales.queries.answers import answer_record
from procurement.sales.queries.certificates import certificate
from procurement.sales.queries.choosing import chooser
from procurement.sales.queries.links import linked_paper, linked_quote
from procurement.sales.queries.pipeline import QuoteFilter, quotes
from procurement.sales.queries.talk import link_state, open_questions, quote_thread
from procurement.sales.rules.totals import Choice
from procurement.sales.terms import LineChoice, LossReason, PaperLook
from procurement.settings.models import Company
from tests.builders import NOON
from tests.documents.papers import text_of
from tests.queries import assert_queries
from tests.sales.stories import (
    SELLER,
    URL,
    a_buyer,
    a_customer,
    a_draft,
    a_line,
    a_ready_shop,
    euros,
    issue,
)

PATH = "M10 20L30 40L50 60M70 80L90 100"
LATER = NOON + timedelta(hours=2)


@pytest.fixture
def quote(session):
    """Two bottles with 12 and 24 as offers, an option, and a roller or a box of them."""
    a_ready_shop(session)
    alternative = {"choice": LineChoice.ALTERNATIVE, "choice_group": "tool"}
    lines = (
        a_line(
            packs=2, price="10", offers=(OfferInput(12, euros("9")), OfferInput(24, euros("8")))
        ),
        a_line("CRR-01", 1, price="20", choice=LineChoice.OPTIONAL),
        a_line("CRR-01", 1, price="30", chosen=True, **alternative),
        a_line("CRR-01", 1, pack="box", price="100", **alternative),
    )
    return issue(session, a_draft(session, *lines).number)


def accept(session, quote, *, at=LATER, **more):
    answer = Answer(**{"name": "Aoife", "came_from": "10.1.2.3", "user_agent": "Browser"} | more)
    accepted = accept_by_link(session, quote.link_token, answer, at=at)
    session.flush()
    return accepted


CHOSEN = (Choice(1, 12), Choice(2), Choice(4))  # 108 + 20 + 100, and 23 % of it: 280.44


def test_what_was_chosen_is_added_up_kept_and_proved(session, quote):
    shown = linked_quote(session, quote.link_token, at=NOON, choices=CHOSEN).chooser
    assert shown.gross.amount == "280.44"
    assert [(row.number, row.taken, row.packs) for row in shown.rows] == [
        ("", True, 12),
        ("O.1", True, 1),
        ("", False, 1),
        ("A.1", True, 1),
    ]
    accept(session, quote, choices=CHOSEN, shown=28_044, signature=PATH, note="PO 7")
    record = answer_record(session, quote.number, 1, actor=SELLER)
    assert (record.name, record.came_from, record.user_agent) == ("Aoife", "10.1.2.3", "Browser")
    assert (record.choices, record.gross.amount) == (CHOSEN, "280.44")
    assert (record.signature_kind, record.signature, record.channel) == ("drawn", PATH, "link")
    assert record.pdf_sha256 == linked_paper(session, quote.link_token).sha256
    assert record.faults == ()
    paper = certificate(session, quote.number, 1, actor=SELLER)
    assert paper == certificate(session, quote.number, 1, actor=SELLER)
    words = text_of(paper.content)
    for told in ("Acceptance", "Aoife", "280.44 EUR", record.pdf_sha256, "10.1.2.3", "PO 7"):
        assert told in words, told
    taken = [(line.position, line.packs, line.price_e4) for line in accepted_lines(session, quote)]
    assert taken == [(1, 12, 90_000), (2, 1, 200_000), (4, 1, 1_000_000)]
    assert "option O.1" in quote.answer_note
    assert "alternative A.1" in quote.answer_note
    assert "line 1 (12 packs)" in quote.answer_note


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"content": "{}"}, "content"),
        ({"pdf_id": None, "status": "cancelled"}, "pdf"),
        ({"number": "Q-2026-9999"}, "record"),
    ],
)
def test_a_record_tells_what_does_not_agree_any_more(session, quote, change, fault):
    accept(session, quote, choices=CHOSEN)
    session.execute(update(Quote).values(**change))
    session.expire_all()
    record = answer_record(session, change.get("number", quote.number), 1, actor=SELLER)
    assert record.faults == (fault,)


def test_an_answer_is_never_changed(session, quote):
    accept(session, quote)
    with pytest.raises(IntegrityError, match="guard_append_only_quote_answer"):
        session.execute(update(QuoteAnswer).values(gross_minor=1, net_minor=1, tax_minor=0))


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"choices": (Choice(1, 13),)}, Invalid),  # not offered
        ({"choices": (Choice(9),)}, Invalid),
        ({"choices": (Choice(3), Choice(4))}, Invalid),  # of alternatives one
        ({"choices": (Choice(2), Choice(2))}, Invalid),
        ({"options": (1,)}, Invalid),
        ({"choices": (Choice(2),), "shown": 6_150}, OtherTotal),  # another total than was shown
        ({"signature": "M0 0L1 1<script>"}, Invalid),
        ({"signature": "M0 0L1001 1"}, Invalid),
        ({"signature": "M" * 20_001}, Invalid),
        ({"name": ""}, Invalid),
    ],
)
def test_what_was_not_shown_is_not_accepted(session, quote, more, error):
    with pytest.raises(error):
        accept(session, quote, **more)


def test_a_refusal_keeps_its_reason(session, quote):
    told = Answer(name="Aoife", reason="Half of it", why=LossReason.PRICE)
    declined = decline_by_link(session, quote.link_token, told, at=LATER)
    session.flush()
    assert (declined.loss_reason, declined.decline_reason) == (
        "price",
        "Too expensive. Half of it",
    )
    record = answer_record(session, quote.number, 1, actor=SELLER)
    assert (record.kind, record.reason, record.faults) == ("declined", "price", ())


def test_told_by_telephone_is_no_signature_and_strangers_see_no_record(session, quote):
    accept_quote(session, quote.number, Answer(name="Aoife"), actor=SELLER, at=LATER)
    session.flush()
    record = answer_record(session, quote.number, 1, actor=SELLER)
    assert (record.channel, record.signature_kind) == ("staff", "told")
    other = a_buyer(a_customer(session, "WILLOW"))
    assert answer_record(session, quote.number, 1, actor=other) is None


def test_an_ended_link_leads_nowhere_until_another_is_made(session, quote):
    old = quote.link_token
    end_link(session, quote.number, actor=SELLER, at=NOON)
    session.flush()
    assert linked_quote(session, old, at=NOON).link_ended
    with pytest.raises(NotFound):
        linked_paper(session, old)
    for act in (
        lambda: accept(session, quote),
        lambda: ask_by_link(session, old, "Aoife", "Hm?", at=NOON),
    ):
        with pytest.raises(LinkEnded):
            act()
    with pytest.raises(Conflict, match="already"):
        end_link(session, quote.number, actor=SELLER, at=NOON)
    new = renew_link(session, quote.number, actor=SELLER, at=NOON).link_token
    session.flush()
    with pytest.raises(NotFound):
        linked_quote(session, old, at=NOON)
    assert linked_quote(session, new, at=NOON).can_be_answered
    with pytest.raises(Forbidden):
        end_link(session, quote.number, actor=a_buyer(a_customer(session, "WILLOW")), at=NOON)


def test_opening_is_counted_by_visits(session, quote):
    for minutes in (0, 3, 30):
        note_opened(session, quote.link_token, at=NOON + timedelta(minutes=minutes))
    note_opened(session, "x", at=NOON)
    note_opened(session, "\0", at=NOON)
    state = link_state(session, quote.number, 1, actor=SELLER)
    a_draft(session, a_line())  # nobody was sent it, so nobody has failed to open it
    other = issue(session, a_draft(session, a_line()).number)
    session.expire_all()
    for opened, numbers in ((True, [quote.number]), (False, [other.number])):
        wanted = QuoteFilter(opened=opened)
        listed = quotes(session, wanted, PageRequest(), actor=SELLER, at=NOON).items
        assert [row.number for row in listed] == numbers
    assert (state.first_opened_at, state.opened) == (NOON, 2)
    assert state.last_opened_at == NOON + timedelta(minutes=30)


def test_a_question_is_answered_by_mail_and_both_stay(session, quote):
    for _ in range(2):
        ask_by_link(session, quote.link_token, "Aoife", "With nuts?", at=NOON)
        session.flush()
    (question,) = open_questions(session, actor=SELLER, limit=9)
    assert (question.author, question.body) == ("Aoife", "With nuts?")
    to = answer_question(session, quote.number, "Without.", actor=SELLER, at=LATER, public_url=URL)
    session.flush()
    assert to == "linden@rooms.example"
    assert open_questions(session, actor=SELLER, limit=9) == ()
    said = [(one.body, one.is_ours) for one in quote_thread(session, quote.number, actor=SELLER)]
    assert said == [("With nuts?", False), ("Without.", True)]
    assert linked_quote(session, quote.link_token, at=LATER).thread[1].body == "Without."
    mail = session.scalars(select(Message).where(Message.recipient == to)).all()[-1]
    assert quote.link_token in mail.body
    for words in (" ", "x" * 10_001):
        with pytest.raises(Invalid):
            answer_question(session, quote.number, words, actor=SELLER, at=NOON, public_url=URL)
    with pytest.raises(Invalid):
        ask_by_link(session, quote.link_token, "", "Hm?", at=NOON)


def remind(session, at):
    made = remind_customers(session, public_url=URL, actor=SYSTEM, at=at)
    session.flush()
    return made


def reminders(session):
    found = session.scalars(select(Message).where(Message.subject.like("%valid until%")))
    return [mail.body for mail in found]


@pytest.mark.parametrize(("opened", "words"), [(True, "you have looked at"), (False, "lost among")])
def test_a_reminder_goes_out_once_before_the_end(session, quote, opened, words):
    last = datetime.combine(quote.valid_until, datetime.min.time(), tzinfo=UTC) + timedelta(hours=9)
    if opened:
        note_opened(session, quote.link_token, at=NOON)
    assert remind(session, last - timedelta(days=3)) == 0  # three days before: not yet
    assert remind(session, last - timedelta(days=2)) == 1
    assert remind(session, last - timedelta(days=1)) == 0
    (body,) = reminders(session)
    assert words in body
    assert f"{URL}/q/{quote.link_token}" in body


def test_a_quotes_own_language_goes_before_the_customers(session, quote):
    """On paper, with its cover, in every mail; the house has no covers here."""
    look = PaperLook("fr", cover=True)
    draft = a_draft(session, a_line(), look=look)
    issued = issue(session, draft.number)
    content = linked_quote(session, issued.link_token, at=NOON).content
    assert (content.locale, content.title, content.cover is not None) == ("fr", "Devis", True)
    last = datetime.combine(issued.valid_until, datetime.min.time(), tzinfo=UTC)
    assert remind(session, last - timedelta(days=1)) == 2
    answer_question(session, draft.number, "Oui.", actor=SELLER, at=NOON, public_url=URL)
    session.flush()
    mails = session.scalars(select(Message).where(Message.reference == draft.number)).all()
    assert any("valable" in mail.subject for mail in mails)
    assert any(mail.subject.startswith("Devis") for mail in mails)
    for wrong in ("pt", "castle", "fr_XX", "\0"):
        with pytest.raises(Invalid):
            a_draft(session, a_line(), look=PaperLook(wrong))


@pytest.mark.parametrize("why", ["answered", "off", "never", "ended", "expired", "fresh"])
def test_nobody_is_reminded_for_nothing(session, quote, why):
    at = datetime.combine(quote.valid_until, datetime.min.time(), tzinfo=UTC) + timedelta(hours=9)
    if why == "answered":
        accept(session, quote)
    elif why == "off":
        set_reminder(session, quote.number, False, actor=SELLER, at=NOON)
    elif why == "never":
        session.execute(update(Company).values(quote_reminder_days=0))
    elif why == "ended":
        end_link(session, quote.number, actor=SELLER, at=NOON)
    elif why == "expired":
        at += timedelta(days=1)
    else:
        session.execute(update(Quote).values(issued_at=at - timedelta(hours=1)))
    session.flush()
    session.expire_all()
    assert remind(session, at) == 0
    assert reminders(session) == []


def test_two_workers_remind_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_ready_shop(session)
        until = issue(session, a_draft(session).number).valid_until
    at = datetime.combine(until, datetime.min.time(), tzinfo=UTC) + timedelta(hours=9)

    def run(_):
        with work.write() as session:
            return remind_customers(session, public_url=URL, actor=SYSTEM, at=at)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 1
    with work.read() as session:
        assert len(reminders(session)) == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("zone", "last_day", "still", "over"),
    [
        # The last moment of the day where the seller is: DST begins, DST ends, far west, far east.
        ("Europe/Dublin", "2027-03-28", "2027-03-28T22:59:59", "2027-03-28T23:00:00"),
        ("Europe/Dublin", "2027-10-31", "2027-10-31T23:59:59", "2027-11-01T00:00:00"),
        ("Pacific/Honolulu", "2027-01-31", "2027-02-01T09:59:59", "2027-02-01T10:00:00"),
        ("Pacific/Kiritimati", "2027-01-31", "2027-01-31T09:59:59", "2027-01-31T10:00:00"),
    ],
)
def test_a_quote_ends_with_its_last_day_where_the_seller_is(
    session, quote, zone, last_day, still, over
):
    session.execute(update(Company).values(time_zone=zone))
    session.execute(update(Quote).values(valid_until=date.fromisoformat(last_day)))
    session.expire_all()
    moment = datetime.fromisoformat(over).replace(tzinfo=UTC)
    with pytest.raises(QuoteExpired):
        accept(session, quote, at=moment)
    accept(session, quote, at=datetime.fromisoformat(still).replace(tzinfo=UTC))


def test_choosing_takes_as_many_statements_for_any_number_of_lines(session, quote):
    session.flush()
    with assert_queries(session.connection(), 2):
        chooser(session, quote, CHOSEN)
