"""A quote stands to the last moment of its last valid day, where the seller is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from procurement.kernel.actor import SYSTEM
from procurement.kernel.paging import PageRequest
from procurement.sales.errors import QuoteExpired
from procurement.sales.operations.answering import Answer, accept_by_link, expire_quotes
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.links import linked_quote
from procurement.sales.queries.pipeline import QuoteFilter, pipeline, quotes
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import QuoteStatus
from procurement.settings.models import Company
from tests.sales.stories import SELLER, URL, a_line, a_ready_shop

ZONES = ["Europe/Dublin", "Pacific/Auckland", "America/St_Johns", "Asia/Kathmandu"]
# The days on which Dublin, Auckland and St. John's change their clocks, and a plain one.
DAYS = [
    date(2026, 11, 30),
    date(2026, 10, 25),
    date(2027, 3, 28),
    date(2026, 9, 27),
    date(2027, 4, 4),
    date(2026, 11, 1),
    date(2027, 3, 14),
]


def an_issued_quote(session, zone: str, until: date):
    a_ready_shop(session)
    session.get_one(Company, 1).time_zone = zone
    at = datetime.combine(until - timedelta(days=10), datetime.min.time(), UTC)
    command = DraftQuote(customer="LINDEN", lines=(a_line(),), valid_until=until)
    number = draft_quote(session, command, actor=SELLER, at=at).number
    return issue_quote(session, IssueQuote(number=number, public_url=URL), actor=SELLER, at=at)


def last_moment(zone: str, day: date) -> datetime:
    """23:59:59.999999 on the wall clock there."""
    wall = datetime(day.year, day.month, day.day, 23, 59, 59, 999999, tzinfo=ZoneInfo(zone))
    return wall.astimezone(UTC)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_it_can_be_accepted_until_midnight_and_not_a_moment_later(session, zone, day):
    quote = an_issued_quote(session, zone, day)
    last = last_moment(zone, day)
    with pytest.raises(QuoteExpired):
        accept_by_link(
            session, quote.link_token, Answer(name="A"), at=last + timedelta(microseconds=1)
        )
    assert quote.status is QuoteStatus.ISSUED
    accept_by_link(session, quote.link_token, Answer(name="A"), at=last)
    assert quote.status is QuoteStatus.ACCEPTED


def test_every_reader_sees_it_expired_before_the_sweep_and_after(session):
    quote = an_issued_quote(session, "Europe/Dublin", date(2026, 11, 30))
    before, after = datetime(2026, 11, 30, 23, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    assert expire_quotes(session, actor=SYSTEM, at=before) == 0
    for swept in (0, 1):
        if swept:
            assert expire_quotes(session, actor=SYSTEM, at=after) == 1
            assert expire_quotes(session, actor=SYSTEM, at=after) == 0
        session.flush()
        assert linked_quote(session, quote.link_token, at=after).status is QuoteStatus.EXPIRED
        page = quote_page(session, quote.number, actor=SELLER, at=after)
        assert page.status is QuoteStatus.EXPIRED
        sums = pipeline(session, QuoteFilter(), actor=SELLER, at=after)
        assert [(one.status, one.count) for one in sums] == [(QuoteStatus.EXPIRED, 1)]
        for status, found in ((QuoteStatus.EXPIRED, 1), (QuoteStatus.ISSUED, 0)):
            rows = quotes(session, QuoteFilter(status), PageRequest(), actor=SELLER, at=after)
            assert len(rows.items) == found
        with pytest.raises(QuoteExpired):
            accept_by_link(session, quote.link_token, Answer(name="A"), at=after)
