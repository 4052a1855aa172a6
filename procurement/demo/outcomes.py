"""Quotes of the last three months and what came of them, so that win and loss has something to say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.demo.days import moment
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.money import Rate
from procurement.sales.operations.answering import (
    Answer,
    accept_quote,
    decline_quote,
    expire_quotes,
)
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.terms import LossReason

STANDS = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class _Told:
    """Issued so many days ago, answered so many days later; a reason means lost, none at all run out."""

    ago: int
    after: int | None
    percent: int  # off
    packs: int
    reason: LossReason | None = None
    by_owner: bool = False  # drafted by the administrator


_PRICE, _OTHER_SHOP = LossReason.PRICE, LossReason.COMPETITOR
_TOLD = (
    _Told(88, 3, 0, 2),
    _Told(85, 5, 0, 6, _PRICE),
    _Told(81, 2, 5, 4),
    _Told(78, None, 0, 3),
    _Told(72, 6, 8, 8, by_owner=True),
    _Told(69, 4, 0, 2, LossReason.TIMING),
    _Told(64, 2, 10, 12, by_owner=True),
    _Told(59, 9, 0, 5, _OTHER_SHOP),
    _Told(55, 1, 0, 1),
    _Told(51, 7, 15, 10, _PRICE, by_owner=True),
    _Told(47, 3, 5, 6),
    _Told(42, None, 0, 2),
    _Told(38, 2, 12, 9),
    _Told(34, 8, 0, 4, LossReason.DELIVERY),
    _Told(30, 3, 25, 20, by_owner=True),
    _Told(27, 5, 0, 3, _OTHER_SHOP),
    _Told(24, 2, 0, 2),
    _Told(23, 1, 5, 5),
)


def tell_outcomes(session: Session, cast: Cast, *, at: datetime, public_url: str) -> None:
    """Oldest first; what nobody answered has run out by today."""
    customers = [one for one in house.customers() if one.contact]
    skus = sorted(sku for sku, one in goods.by_sku().items() if one.kind != "service")
    for index, told in enumerate(_TOLD):
        customer = customers[index % len(customers)]
        products = (skus[index * 7 % len(skus)], skus[(index * 11 + 3) % len(skus)])
        actor = cast.administrator if told.by_owner else cast.seller
        issued = moment(house.sites()[0], at.date() - timedelta(days=told.ago), 11, 5)
        number = _issue(session, customer.code, products, told, issued, actor, public_url)
        if told.after is None:
            continue
        answered = issued + timedelta(days=told.after, hours=2)
        answer = Answer(name=customer.contact, why=told.reason)
        end = decline_quote if told.reason else accept_quote
        end(session, number, answer, actor=actor, at=answered)
    expire_quotes(session, actor=SYSTEM, at=at)


def _issue(
    session: Session,
    customer: str,
    products: tuple[str, ...],
    told: _Told,
    issued: datetime,
    actor: Actor,
    public_url: str,
) -> str:
    lines = tuple(
        QuoteLineInput(product=sku, packs=told.packs, discount=Rate(told.percent * 100))
        for sku in dict.fromkeys(products)
    )
    until = issued.date() + STANDS
    command = DraftQuote(customer=customer, lines=lines, valid_until=until)
    number = draft_quote(session, command, actor=actor, at=issued).number
    issue_quote(session, IssueQuote(number=number, public_url=public_url), actor=actor, at=issued)
    return number
