"""Requests for quotation: sent with a link each, answered, compared at the day's rate, awarded line by line, once."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message
from procurement.purchasing.errors import LateAnswer, RequestUnknown, WrongStatus
from procurement.purchasing.operations.awarding import Award, AwardRequest, award_request
from procurement.purchasing.operations.bidding import (
    NewAnswer,
    NewBid,
    answer_by_link,
    answer_for,
)
from procurement.purchasing.operations.requesting import (
    SaveRequest,
    WantedLine,
    end_request,
    invite_again,
    save_request,
    send_request,
)
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.quotations import (
    RequestFilter,
    private_request,
    request_page,
    requests,
    requests_to_award,
)
from procurement.purchasing.rules.quotations import Offered, compared, packs_for, price_at
from procurement.purchasing.terms.quotations import RequestStatus
from procurement.settings.models import EnabledCurrency, ExchangeRate
from procurement.sourcing.queries import supplier_page
from tests.builders import a_supplier, an_actor, files_of
from tests.purchasing.builders import ANA, MONDAY, a_spa_that_orders
from tests.queries import counted
from tests.threads import at_once

FRIDAY = date(2026, 11, 27)
SPA = "https://spa.example"
ALMOND = WantedLine(product="ALM-500", pack="case", packs=10)
COVERS = WantedLine(product="COV-020", packs=8, wanted_by=date(2026, 12, 4))


def eur(price: str) -> UnitPrice:
    return UnitPrice.parse(price, "EUR")


def set_up(session) -> None:
    a_spa_that_orders(session)
    a_supplier(session, "TARN", email="sales@tarn.example", currency="USD")
    a_supplier(session, "QUIET")  # no mail address
    session.add(EnabledCurrency(currency="USD"))
    session.flush()
    session.add(ExchangeRate(currency="USD", valid_from=date(2026, 11, 1), rate_e8=90_000_000))
    session.flush()


@pytest.fixture(autouse=True)
def _spa(request):
    if "session" in request.fixturenames:
        set_up(request.getfixturevalue("session"))


def a_request(session, *lines, suppliers=("CORRIB", "TARN", "QUIET"), **more) -> str:
    values = {"answer_by": FRIDAY, "deliver_to": "STORE", **more}
    command = SaveRequest(lines=lines or (ALMOND, COVERS), suppliers=suppliers, **values)
    return save_request(session, command, actor=ANA, at=MONDAY).number


def sent(session, number: str) -> dict[str, str]:
    """The link of each supplier that was mailed, by its address."""
    send_request(session, number, public_url=SPA, actor=ANA, at=MONDAY)
    session.flush()
    return links(session)


def links(session) -> dict[str, str]:
    mails = session.scalars(select(Message).order_by(Message.id))
    return {
        mail.recipient: found[1] for mail in mails if (found := re.search(r"/rfq/(\S+)", mail.body))
    }


def bid(position: int, price: str, currency: str = "EUR", **more) -> NewBid:
    told = {"lead_time_days": 7, **more}
    return NewBid(position=position, price=UnitPrice.parse(price, currency), **told)


def typed(session, number: str, supplier: str, *bids: NewBid, at=MONDAY, **more):
    answer = NewAnswer(bids=bids, **more)
    return answer_for(session, number, supplier, answer, actor=ANA, at=at)


def award(session, number: str, *awards: Award, **more) -> list[str]:
    command = AwardRequest(number=number, awards=awards, **more)
    return award_request(session, command, actor=ANA, at=MONDAY)


def bids_of(session, number: str) -> dict[str, list[tuple]]:
    page = request_page(session, number, at=MONDAY)
    return {
        one.supplier: [
            (b.position, b.packs, b.net.amount, b.is_cheapest, b.is_fastest) for b in one.bids
        ]
        for one in page.invitations
    }


@pytest.mark.parametrize(
    ("wanted", "size", "moq", "packs"),
    [(60_000, 6_000, 1, 10), (60_001, 6_000, 1, 11), (60_000, 25_000, 1, 3), (1, 500, 12, 12)],
)
def test_whole_packs_cover_what_is_wanted(wanted, size, moq, packs):
    assert packs_for(wanted, size, moq) == packs


def test_costs_are_compared_by_the_litre_in_our_currency():
    wanted = Quantity.parse("60", "l")
    litre, case = Quantity.parse("1", "l").steps, Quantity.parse("6", "l").steps

    def offered(supplier, steps, *prices, currency="EUR", days=5, rate="1"):
        found = tuple((n, UnitPrice.parse(p, currency)) for n, p in prices)
        return Offered(
            supplier=supplier,
            pack_steps=steps,
            prices=found,
            moq=1,
            lead_time_days=days,
            rate=Decimal(rate) if rate else None,
        )

    found = compared(
        wanted,
        [
            offered("A", case, (1, "84"), (10, "78"), days=9),
            offered("B", litre, (1, "14.20"), currency="USD", rate="0.9"),
            offered("C", litre, (1, "10"), currency="GBP", rate=""),
        ],
    )
    assert {who: one.unit_cost for who, one in found.items()} == {
        "A": Decimal(13),
        "B": Decimal("12.78"),
        "C": None,
    }
    assert [who for who, one in found.items() if one.is_cheapest] == ["B"]
    assert [who for who, one in found.items() if one.is_fastest] == ["B", "C"]
    assert found["A"].price == eur("78")
    assert price_at([(1, eur("84")), (10, eur("78"))], 9) == eur("84")
    (alone,) = compared(Quantity(1, Unit.PIECE), [offered("A", 1, (1, "2"))]).values()
    assert not alone.is_cheapest


def test_each_supplier_gets_its_paper_and_a_link_that_shows_its_own_answer_only(session):
    number = a_request(session)
    found = sent(session, number)
    assert set(found) == {"orders@corrib.example", "sales@tarn.example"}
    typed(session, number, "TARN", bid(1, "70", "USD"), remark="Secret", valid_until=FRIDAY)
    token = found["orders@corrib.example"]
    seen = private_request(session, token, at=MONDAY)
    assert (seen.number, seen.supplier, seen.is_open, seen.answer.bids) == (
        number,
        "CORRIB",
        True,
        (),
    )
    assert "Secret" not in repr(seen)
    answer = NewAnswer(
        bids=(bid(1, "79.5", breaks=((20, eur("75")),), lead_time_days=4),), name="Pat Corrib"
    )
    answer_by_link(session, token, answer, at=MONDAY)
    (own,) = private_request(session, token, at=MONDAY).answer.bids
    assert (own.price, own.breaks[0].from_packs, own.is_cheapest) == (eur("79.5"), 20, False)
    invite_again(session, number, "CORRIB", public_url=SPA, actor=ANA, at=MONDAY)
    session.flush()
    with pytest.raises(RequestUnknown):
        private_request(session, token, at=MONDAY)
    assert links(session)["orders@corrib.example"] != token
    mails = session.scalars(select(Message)).all()
    assert all(len(files_of(session, mail)) == 1 for mail in mails)


def test_answers_stand_side_by_side_and_an_answer_is_replaced(session):
    number = a_request(session)
    sent(session, number)
    typed(session, number, "CORRIB", bid(1, "90"))
    typed(session, number, "CORRIB", bid(1, "79.50", lead_time_days=4), bid(2, "39"))
    typed(session, number, "TARN", bid(1, "7.10", "USD", pack="bottle", moq=150))
    assert request_page(session, number, at=MONDAY).status is RequestStatus.SENT
    typed(session, number, "QUIET", remark="Not this time")
    page = request_page(session, number, at=MONDAY)
    assert (page.status, page.answered) == (RequestStatus.ANSWERED, 3)
    assert bids_of(session, number) == {
        "CORRIB": [(1, 10, "795.00", False, True), (2, 8, "312.00", False, False)],
        "TARN": [(1, 150, "1065.00", True, False)],  # 12.78 EUR a litre beside 13.25
        "QUIET": [],
    }
    assert page.invitations[2].declined
    with counted(session.connection()) as asked:
        request_page(session, number, at=MONDAY)
    assert len(asked) <= 11


def test_the_last_day_counts_and_later_answers_are_marked_or_refused(session):
    number = a_request(session, suppliers=("CORRIB",))
    token = sent(session, number)["orders@corrib.example"]
    evening = datetime(2026, 11, 27, 23, 30, tzinfo=UTC)
    answer = NewAnswer(bids=(bid(1, "80"),), name="Pat")
    answer_by_link(session, token, answer, at=evening)
    late = evening + timedelta(hours=2)
    with pytest.raises(LateAnswer):
        answer_by_link(session, token, answer, at=late)
    assert not private_request(session, token, at=late).is_open
    typed(session, number, "CORRIB", bid(1, "78"), at=late)
    assert request_page(session, number, at=late).invitations[0].is_late
    assert [row.number for row in requests_to_award(session, FRIDAY, limit=5)] == [number]


def test_lines_are_split_over_suppliers_and_become_draft_orders_once(session):
    number = a_request(session)
    sent(session, number)
    typed(
        session,
        number,
        "CORRIB",
        bid(1, "79.50", breaks=((6, eur("77")),)),
        bid(2, "39"),
        valid_until=FRIDAY,
    )
    typed(session, number, "TARN", bid(1, "7.10", "USD", pack="bottle", moq=12))
    typed(session, number, "QUIET", bid(2, "41"))
    with pytest.raises(Invalid) as refusal:
        award(session, number, Award(1, "TARN", 11), Award(1, "QUIET", 1), Award(3, "CORRIB", 1))
    assert [one.field for one in refusal.value.errors] == [f"awards.{i}.packs" for i in range(3)]
    drafted = award(
        session,
        number,
        Award(1, "CORRIB", 6),
        Award(1, "TARN", 48),
        Award(2, "CORRIB", 8),
        update_items=True,
        tell_others=True,
    )
    assert drafted == ["PO-2026-0001", "PO-2026-0002"]
    first = order_page(session, drafted[0])
    assert [(line.packs, line.price.amount, line.wanted_by) for line in first.lines] == [
        (6, "77.00", None),
        (8, "39.00", date(2026, 12, 4)),
    ]
    assert (first.deliver_to, order_page(session, drafted[1]).currency) == ("STORE", "USD")
    items = {(one.product, one.pack): one for one in supplier_page(session, "CORRIB").items}
    kept = items["ALM-500", "case"]
    assert [step.price.amount for step in kept.price_breaks] == ["79.50", "77.00"]
    assert kept.code == "CORRIB-ALM-500"
    with pytest.raises(WrongStatus):
        award(session, number, Award(1, "CORRIB", 6))
    with pytest.raises(WrongStatus):
        typed(session, number, "QUIET", bid(2, "1"))
    page = request_page(session, number, at=MONDAY)
    assert [one.order for one in page.invitations] == [*drafted, None]


def test_prices_that_are_no_longer_valid_are_not_awarded(session):
    number = a_request(session, suppliers=("CORRIB",))
    sent(session, number)
    typed(session, number, "CORRIB", bid(1, "79"), valid_until=MONDAY.date())
    command = AwardRequest(number=number, awards=(Award(1, "CORRIB", 1),))
    with pytest.raises(Conflict, match="valid until"):
        award_request(session, command, actor=ANA, at=MONDAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": ()}, "lines"),
        ({"lines": (WantedLine(product="NONE", packs=1),)}, "lines.0.product"),
        ({"lines": (WantedLine(product="ALM-500", pack="x", packs=1),)}, "lines.0.pack"),
        ({"lines": (WantedLine(product="ALM-500", packs=0),)}, "lines.0.packs"),
        ({"suppliers": ()}, "suppliers"),
        ({"suppliers": ("NONE",)}, "suppliers"),
        ({"answer_by": date(2026, 11, 22)}, "answer_by"),
        ({"deliver_to": "CUSTOMER"}, "deliver_to"),
    ],
)
def test_what_a_request_cannot_be_is_said_at_its_field(session, change, field):
    values = {"lines": (ALMOND,), "suppliers": ("CORRIB",), "answer_by": FRIDAY} | change
    with pytest.raises(Invalid) as refusal:
        save_request(session, SaveRequest(**values), actor=ANA, at=MONDAY)
    assert [one.field for one in refusal.value.errors] == [field]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (bid(9, "1"), "lines.0.position"),
        (bid(1, "1", "USD"), "lines.0.price"),
        (bid(1, "1", moq=0), "lines.0.moq"),
        (bid(1, "1", pack="x"), "lines.0.pack"),
        (bid(1, "1", lead_time_days=-1), "lines.0.lead_time_days"),
        (bid(1, "1", lead_time_days=None), "lines.0.lead_time_days"),
        (bid(1, "1", breaks=((5, eur("2")),)), "lines.0.breaks"),
        (bid(1, "9", breaks=((5, eur("8")), (5, eur("7")))), "lines.0.breaks"),
    ],
)
def test_what_a_bid_cannot_be_is_said_at_its_field(session, wrong, field):
    number = a_request(session)
    sent(session, number)
    with pytest.raises(Invalid) as refusal:
        typed(session, number, "CORRIB", wrong)
    assert [one.field for one in refusal.value.errors] == [field]


def test_drafts_change_and_end_and_only_buyers_ask(session):
    number = a_request(session)
    command = SaveRequest(
        number=number, answer_by=FRIDAY, lines=(COVERS,), suppliers=("TARN",), title="Covers"
    )
    save_request(session, command, actor=ANA, at=MONDAY)
    page = request_page(session, number, at=MONDAY)
    assert (page.title, len(page.lines), len(page.invitations)) == ("Covers", 1, 1)
    end_request(session, number, actor=ANA, at=MONDAY)
    rows = requests(session, RequestFilter(text="cover"), PageRequest()).items
    assert [(row.status, row.asked) for row in rows] == [(RequestStatus.CANCELLED, 1)]
    for act in (send_request,):
        with pytest.raises(WrongStatus):
            act(session, number, public_url=SPA, actor=ANA, at=MONDAY)
    with pytest.raises(Forbidden):
        save_request(session, command, actor=an_actor(Role.STOCK_KEEPER), at=MONDAY)


def test_two_people_award_at_once_and_one_does(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        set_up(session)
        number = a_request(session)
        sent(session, number)
        typed(session, number, "CORRIB", bid(1, "79"), bid(2, "39"))

    def decide(_: int) -> object:
        try:
            with work.write() as session:
                return award(session, number, Award(1, "CORRIB", 10))
        except WrongStatus as refusal:
            return type(refusal)

    answers = at_once(3, decide)
    assert answers.count(WrongStatus) == 2
    assert ["PO-2026-0001"] in answers
    engine.dispose()
