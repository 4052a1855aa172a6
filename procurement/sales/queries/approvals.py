"""How far the approval of a quote has come, and what waits for somebody."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from procurement.accounts.models import User
from procurement.accounts.queries import account_by_id
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, Rate, UnitPrice, minor_digits, round_half_up
from procurement.kernel.permissions import Permission
from procurement.sales.models import (
    Customer,
    Quote,
    QuoteApproval,
    QuoteApprovalRule,
    QuoteLine,
    QuoteRuleApprover,
)
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.quotes import no_such_quote
from procurement.sales.queries.standing import currencies_worth, ways_to_buy
from procurement.sales.rules.approval import (
    Facts,
    NamedApprover,
    Person,
    QuoteRule,
    concession,
    objection,
    speaking,
)
from procurement.sales.rules.margins import Margin, cost_of, whole_margin
from procurement.sales.terms import ApprovalStatus, LineChoice, LineKind, QuoteStatus
from procurement.settings.queries import get_company

MOST_LOOKED_AT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteApprovalState:
    """What a quote needs and has. `is_current`: what was asked or decided is about it as it stands now."""

    reasons: tuple[str, ...]  # empty: it may go out as it is
    status: ApprovalStatus | None = None
    is_current: bool = False
    asked_by: str = ""
    asked_at: datetime | None = None
    note: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    decided_why: str = ""
    objection: str = ""  # against this person's agreeing
    content_sha256: str = ""

    @property
    def is_needed(self) -> bool:
        return bool(self.reasons) and not self.is_approved

    @property
    def is_approved(self) -> bool:
        return self.is_current and self.status is ApprovalStatus.APPROVED

    @property
    def is_waiting(self) -> bool:
        return self.is_current and self.status is ApprovalStatus.WAITING

    @property
    def is_returned(self) -> bool:
        return self.is_current and self.status is ApprovalStatus.RETURNED


@dataclass(frozen=True, slots=True)
class WaitingQuote:
    """A quote that waits for this person."""

    number: str
    customer_name: str
    gross: Money
    asked_by: str
    asked_at: datetime
    reasons: str


def quote_approval_rules(session: ReadSession) -> list[QuoteRule]:
    """All rules with whom they name."""
    home = get_company(session).currency
    rules = session.scalars(
        select(QuoteApprovalRule)
        .options(selectinload(QuoteApprovalRule.approvers))
        .order_by(QuoteApprovalRule.id)
    ).all()
    if not rules:
        return []
    keys = {one.user_id for rule in rules for one in rule.approvers if one.user_id}
    people = {
        key: name or email
        for key, name, email in session.execute(
            select(User.id, User.name, User.email).where(User.id.in_(keys))
        )
    }
    return [_rule(rule, home, people) for rule in rules]


def _rule(rule: QuoteApprovalRule, home: str, people: dict[int, str]) -> QuoteRule:
    def named(one: QuoteRuleApprover) -> NamedApprover:
        return NamedApprover(one.role, one.user_id, people.get(one.user_id or 0, ""))

    amount = rule.amount_above_minor
    return QuoteRule(
        id=rule.id,
        discount_above=None if rule.discount_above_bp is None else Rate(rule.discount_above_bp),
        margin_below=None if rule.margin_below_bp is None else Rate(rule.margin_below_bp),
        amount_above=None if amount is None else Money(amount, home),
        approvers=tuple(map(named, rule.approvers)),
    )


def approval_of_quote(
    session: ReadSession, quote: Quote, *, actor: Actor, at: datetime
) -> QuoteApprovalState:
    """The state of a revision whose lines and offers were read, or locked. Without rules it is one query."""
    rules = quote_approval_rules(session)
    kept = session.get(QuoteApproval, quote.id)
    if not rules:
        return QuoteApprovalState(reasons=())
    spoke = speaking(rules, facts_of(session, quote, at))
    digest = content_of(quote)
    state = QuoteApprovalState(
        reasons=tuple(dict.fromkeys(reason for _, said in spoke for reason in said)),
        objection=objection(
            [rule for rule, _ in spoke], person(session, actor), quote.drafted_by_id
        ),
        content_sha256=digest,
    )
    return _with_kept(state, kept) if kept else state


def _with_kept(state: QuoteApprovalState, kept: QuoteApproval) -> QuoteApprovalState:
    return QuoteApprovalState(
        reasons=state.reasons,
        status=kept.status,
        is_current=kept.content_sha256 == state.content_sha256,
        asked_by=kept.asked_by,
        asked_at=kept.asked_at,
        note=kept.note,
        decided_by=kept.decided_by or "",
        decided_at=kept.decided_at,
        decided_why=kept.decided_why,
        objection=state.objection,
        content_sha256=state.content_sha256,
    )


def quote_approval(
    session: ReadSession, number: str, *, actor: Actor, at: datetime
) -> QuoteApprovalState:
    """The state of a number's newest revision, for its page."""
    actor.require(Permission.SEE_SALES)
    quote = session.scalar(
        select(Quote)
        .where(Quote.number == number)
        .order_by(Quote.revision.desc())
        .limit(1)
        .options(selectinload(Quote.lines).joinedload(QuoteLine.offers))
    )
    if quote is None:
        raise no_such_quote()
    if quote.status is not QuoteStatus.DRAFT:
        return QuoteApprovalState(reasons=())
    return approval_of_quote(session, quote, actor=actor, at=at)


def quotes_to_approve(
    session: ReadSession, *, actor: Actor, limit: int
) -> tuple[WaitingQuote, ...]:
    """Drafts that wait and this person may agree to, the longest waiting first; changed ones ask again first."""
    if not (actor.may(Permission.SEE_SALES) and actor.may(Permission.SEE_MARGIN)):
        return ()
    rows = session.execute(
        select(QuoteApproval, Quote, Customer.name)
        .join(Quote, Quote.id == QuoteApproval.quote_id)
        .join(Customer, Customer.id == Quote.customer_id)
        .where(
            QuoteApproval.status == ApprovalStatus.WAITING,
            Quote.status == QuoteStatus.DRAFT,
        )
        .order_by(QuoteApproval.asked_at)
        .limit(MOST_LOOKED_AT)
        .options(selectinload(Quote.lines).joinedload(QuoteLine.offers))
    ).all()
    if not rows:
        return ()
    rules, who = quote_approval_rules(session), person(session, actor)
    home = get_company(session).currency
    found = []
    for kept, quote, customer in rows:
        worth = None if kept.worth_minor is None else Money(kept.worth_minor, home)
        spoke = speaking(rules, Facts(kept.discount_bp, kept.margin_bp, worth))
        against = objection([rule for rule, _ in spoke], who, quote.drafted_by_id)
        if against or kept.content_sha256 != content_of(quote):
            continue
        gross = Money(quote.gross_minor, quote.currency)
        reasons = "; ".join(kept.reasons.splitlines())
        found.append(
            WaitingQuote(quote.number, customer, gross, kept.asked_by, kept.asked_at, reasons)
        )
    return tuple(found[:limit])


def person(session: ReadSession, actor: Actor) -> Person:
    account = account_by_id(session, actor.id) if actor.id is not None else None
    roles = account.roles if account else frozenset()
    return Person(actor.id, roles, actor.may(Permission.APPROVE_QUOTES))


def facts_of(session: ReadSession, quote: Quote, at: datetime) -> Facts:
    """What the rules look at, from the rows as they stand."""
    company = get_company(session)
    worth = currencies_worth(session, today_in(company.time_zone, at))
    return Facts(
        discount_bp=_largest_discount(quote),
        margin_bp=_margin_bp(session, quote, worth),
        worth=_worth(Money(quote.gross_minor, quote.currency), worth, company.currency),
    )


def _largest_discount(quote: Quote) -> int:
    """Of every line and every quantity offered, options and alternatives too: the customer may take any."""
    found = [0]
    for line in quote.lines:
        if line.kind is not LineKind.PRODUCT or line.price_e4 is None:
            continue
        found.append(_given(line.list_price_e4, line.price_e4, line.discount_bp, quote.currency))
        found += [
            _given(one.list_price_e4, one.price_e4, one.discount_bp, quote.currency)
            for one in line.offers
        ]
    return max(found)


def _given(listed: int | None, price: int, discount_bp: int, currency: str) -> int:
    base = None if listed is None else UnitPrice(listed, currency)
    return concession(base, UnitPrice(price, currency), Rate(discount_bp))


def _margin_bp(session: ReadSession, quote: Quote, worth: dict[str, Decimal]) -> int | None:
    """Of the lines in the total whose cost is known; samples cost and bring nothing."""
    lines = [
        line
        for line in quote.lines
        if line.product_id is not None and (line.choice is LineChoice.INCLUDED or line.chosen)
    ]
    keys: Collection[int] = {line.product_id for line in lines if line.product_id is not None}
    ways = ways_to_buy(session, keys, actor=SYSTEM)
    products = {one.id: one for one in offered_products(session, ids=keys).values()}
    margins = []
    for line in lines:
        assert line.product_id is not None
        assert line.pack_id is not None
        steps = products[line.product_id].pack_by_id(line.pack_id).steps * line.packs
        cost = cost_of(steps, ways.get(line.product_id, ()), worth, quote.currency)
        if cost is not None:
            margins.append(Margin(Money(line.net_minor, quote.currency), cost.money))
    if not margins:
        return None
    whole = whole_margin(margins, quote.currency)
    if whole.net.minor == 0:
        return None
    return round_half_up(Decimal(whole.money.minor * 10_000) / whole.net.minor)


def _worth(gross: Money, worth: dict[str, Decimal], home: str) -> Money | None:
    if gross.currency == home:
        return gross
    if gross.currency not in worth:
        return None
    exact = gross.decimal * worth[gross.currency]
    return Money(round_half_up(exact.scaleb(minor_digits(home))), home)


def content_of(quote: Quote) -> str:
    """The SHA-256 of all that somebody agrees to: to whom, until when, every line, price, discount and quantity."""
    head: tuple[int | str | date | None, ...] = (
        quote.customer_id,
        quote.currency,
        quote.valid_until,
        quote.gross_minor,
    )
    lines = [
        (
            line.kind.value,
            line.choice.value,
            line.choice_group,
            line.chosen,
            line.product_id,
            line.pack_id,
            line.packs,
            line.price_e4,
            line.discount_bp,
            line.tax_ppm,
            [(one.packs, one.price_e4, one.discount_bp) for one in line.offers],
        )
        for line in quote.lines
    ]
    return hashlib.sha256(repr((head, lines)).encode()).hexdigest()
