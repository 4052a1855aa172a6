"""Every state and every action: what is not in the table is refused, and nothing changes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from procurement.kernel.errors import Conflict
from procurement.sales.models import Quote
from procurement.sales.operations.answering import (
    Answer,
    accept_quote,
    cancel_quote,
    decline_quote,
    expire_quotes,
)
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.operations.links import end_link, renew_link
from procurement.sales.operations.quoting import ChangeQuote, change_quote
from procurement.sales.terms import QuoteStatus as Q
from tests.builders import NOON
from tests.sales.stories import SELLER, a_draft, a_line, a_ready_shop, issue

SOON = NOON + timedelta(minutes=5)
LATER = NOON + timedelta(days=60)
ANSWER = Answer(name="Aoife", reason="Too dear")


ACTIONS: dict[str, Callable[[Session, str], object]] = {
    "issue": lambda s, n: issue(s, n, at=SOON),
    "revise": lambda s, n: revise_quote(s, n, actor=SELLER, at=SOON),
    "accept": lambda s, n: accept_quote(s, n, ANSWER, actor=SELLER, at=SOON),
    "decline": lambda s, n: decline_quote(s, n, ANSWER, actor=SELLER, at=SOON),
    "cancel": lambda s, n: cancel_quote(s, n, actor=SELLER, at=SOON),
    "end link": lambda s, n: end_link(s, n, actor=SELLER, at=SOON),
    "renew link": lambda s, n: renew_link(s, n, actor=SELLER, at=SOON),
}


def bring_to(session: Session, status: Q) -> Quote:
    """A quote of one revision in that state (superseded: with the draft that will replace it issued)."""
    a_ready_shop(session)
    quote = a_draft(session)
    number = quote.number
    if status is not Q.DRAFT:
        issue(session, number)
    if status is Q.ACCEPTED:
        accept_quote(session, number, ANSWER, actor=SELLER, at=NOON)
    elif status is Q.DECLINED:
        decline_quote(session, number, ANSWER, actor=SELLER, at=NOON)
    elif status is Q.CANCELLED:
        cancel_quote(session, number, actor=SELLER, at=NOON)
    elif status is Q.EXPIRED:
        expire_quotes(session, actor=SELLER, at=LATER)
    session.flush()
    session.refresh(quote, ["lines"])
    assert quote.status is status
    return quote


# What each action makes of a quote in each state; absent: refused.
LEGAL = {
    (Q.DRAFT, "change"): Q.DRAFT,
    (Q.DRAFT, "issue"): Q.ISSUED,
    (Q.DRAFT, "cancel"): Q.CANCELLED,
    (Q.ISSUED, "accept"): Q.ACCEPTED,
    (Q.ISSUED, "decline"): Q.DECLINED,
    (Q.ISSUED, "cancel"): Q.CANCELLED,
    (Q.ISSUED, "revise"): Q.ISSUED,
    (Q.ISSUED, "end link"): Q.ISSUED,
    (Q.ISSUED, "renew link"): Q.ISSUED,
    (Q.DECLINED, "revise"): Q.DECLINED,
    (Q.EXPIRED, "revise"): Q.EXPIRED,
}
STATES = [Q.DRAFT, Q.ISSUED, Q.ACCEPTED, Q.DECLINED, Q.EXPIRED, Q.CANCELLED]


def act(session: Session, action: str, quote: Quote) -> None:
    if action == "change":
        command = ChangeQuote(
            number=quote.number,
            version=quote.version,
            valid_until=quote.valid_until,
            lines=(a_line(),),
        )
        change_quote(session, command, actor=SELLER, at=SOON)
    else:
        ACTIONS[action](session, quote.number)
    session.flush()


def snapshot(quote: Quote) -> dict[str, object]:
    state = inspect(quote)
    return {
        key: state.dict[key] for key in state.dict if key not in {"_sa_instance_state", "lines"}
    }


@pytest.mark.parametrize("action", [*ACTIONS, "change"])
@pytest.mark.parametrize("status", STATES)
def test_an_action_does_what_the_table_says_or_nothing(session, status, action):
    quote = bring_to(session, status)
    before = snapshot(quote)
    lines = [(line.id, line.packs, line.net_minor) for line in quote.lines]
    if wanted := LEGAL.get((status, action)):
        act(session, action, quote)
        assert quote.status is wanted
        return
    with pytest.raises(Conflict):
        act(session, action, quote)
    session.expire_all()
    session.refresh(quote, attribute_names=[*before, "lines"])
    assert snapshot(quote) == before
    assert [(line.id, line.packs, line.net_minor) for line in quote.lines] == lines


@pytest.mark.parametrize("action", ["accept", "decline", "revise", "issue", "change"])
def test_a_superseded_revision_stands_for_nothing_any_more(session, action):
    old = bring_to(session, Q.ISSUED)
    revise_quote(session, old.number, actor=SELLER, at=NOON)
    issue(session, old.number)
    session.flush()
    assert old.status is Q.SUPERSEDED
    accept_quote(session, old.number, ANSWER, actor=SELLER, at=NOON)
    with pytest.raises(Conflict):
        act(session, action, old)
    assert old.status is Q.SUPERSEDED
