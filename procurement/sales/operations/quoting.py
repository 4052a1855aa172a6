"""Drafting quotes and changing drafts. Totals are computed here, once, and copied everywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.terms import Wishes
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid
from procurement.kernel.money import is_currency
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.sales.errors import StaleVersion, WrongStatus
from procurement.sales.models import Customer, Enquiry, Quote
from procurement.sales.operations.lines import QuoteLineInput, put_lines
from procurement.sales.queries.customers import customer_by_code
from procurement.sales.queries.price_lists import price_list_by_code
from procurement.sales.queries.quotes import last_wishes, revisions_for_update
from procurement.sales.rules.speaking import paper_locale
from procurement.sales.rules.validity import default_until
from procurement.sales.terms import PaperLook, QuoteStatus
from procurement.settings.queries import get_company

LONGEST_LOCALE = 16
AS_ALWAYS = PaperLook()
SITTING = timedelta(minutes=30)
LONGEST_VALIDITY = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftQuote:
    """A new offer. What is not said comes from the customer and the company's settings."""

    customer: str
    lines: tuple[QuoteLineInput, ...] = ()
    currency: str | None = None
    valid_until: date | None = None
    contact_id: int | None = None
    price_list: str | None = None
    introduction: str = ""
    terms: str | None = None
    wishes: Wishes | None = None  # None: as on the customer's last quote
    look: PaperLook = AS_ALWAYS
    # True: a product without a price stands on the draft and waits for one; False: it is refused
    ask_prices: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuote:
    """A draft as it should be: its head and all its lines. `version` is what was read before."""

    number: str
    version: int
    valid_until: date
    lines: tuple[QuoteLineInput, ...]
    contact_id: int | None = None
    price_list: str | None = None
    introduction: str = ""
    terms: str = ""
    ask_prices: bool = True
    wishes: Wishes | None = None  # None: as they are
    look: PaperLook | None = None  # None: as it is


def draft_quote(
    session: Session,
    command: DraftQuote,
    *,
    actor: Actor,
    at: datetime,
    enquiry: Enquiry | None = None,
) -> Quote:
    """Begin an offer for a customer, with the prices of their list."""
    actor.require(Permission.SELL)
    company = get_company(session)
    today = today_in(company.time_zone, at)
    customer = _customer(session, command.customer)
    currency = command.currency or customer.currency
    if not is_currency(currency):
        raise Invalid("The currency must be an ISO 4217 code such as EUR.", field="currency")
    quote = Quote(
        number="",
        revision=1,
        status=QuoteStatus.DRAFT,
        customer_id=customer.id,
        contact_id=_contact(customer, command.contact_id),
        enquiry_id=enquiry.id if enquiry else None,
        currency=currency,
        price_list_id=_price_list(session, command.price_list, customer, currency),
        valid_until=command.valid_until or default_until(today, company.quote_validity_days),
        introduction=text.prose(command.introduction, "introduction"),
        terms=text.prose(company.quote_terms if command.terms is None else command.terms, "terms"),
        drafted_at=at,
        drafted_by=actor.name[:200],
        drafted_by_id=actor.id,
        changed_at=at,
        changed_by=actor.name[:200],
        rounding_rule=company.rounding_rule,
        lines=[],
    )
    require_validity(quote.valid_until, today)
    quote.wishes = _clean(command.wishes or last_wishes(session, customer.id))
    quote.look = _spoken(command.look)
    put_lines(session, quote, command.lines, today=today, ask=command.ask_prices)
    # Numbered last: whoever is refused leaves no hole, and the series is locked for a moment only.
    quote.number = next_number(session, Series.QUOTE, today)
    session.add(quote)
    session.flush()  # callers point at it
    record(session, "draft quote", quote.number, customer.name, actor=actor, at=at)
    return quote


def change_quote(session: Session, command: ChangeQuote, *, actor: Actor, at: datetime) -> Quote:
    """Replace a draft's head and lines; refused when somebody else saved since it was read."""
    actor.require(Permission.SELL)
    quote = draft_of(revisions_for_update(session, command.number))
    require_version(quote, command.version)
    company = get_company(session)
    today = today_in(company.time_zone, at)
    customer = session.get_one(Customer, quote.customer_id)
    quote.contact_id = _contact_by_key(session, customer, command.contact_id)
    quote.price_list_id = _price_list(session, command.price_list, customer, quote.currency)
    quote.valid_until = command.valid_until
    require_validity(quote.valid_until, today)
    quote.introduction = text.prose(command.introduction, "introduction")
    quote.terms = text.prose(command.terms, "terms")
    quote.rounding_rule = company.rounding_rule
    if command.wishes is not None:
        quote.wishes = _clean(command.wishes)
    if command.look is not None:
        quote.look = _spoken(command.look)
    put_lines(session, quote, command.lines, today=today, ask=command.ask_prices)
    # It saves itself while somebody types: the trail has one entry for a sitting.
    sitting = quote.changed_by == actor.name[:200] and at - quote.changed_at < SITTING
    touch(quote, actor, at)
    if not sitting:
        record(session, "change quote", quote.label, actor=actor, at=at)
    return quote


def _clean(wishes: Wishes) -> Wishes:
    return replace(wishes, avoid=text.optional_line(wishes.avoid, "avoid"))


def _spoken(look: PaperLook) -> PaperLook:
    """In a language papers are written in."""
    locale = look.locale.strip().replace("-", "_")
    if locale and (len(locale) > LONGEST_LOCALE or paper_locale(locale, "") != locale):
        raise Invalid("Papers are not written in that language.", field="locale")
    return replace(look, locale=locale)


def touch(quote: Quote, actor: Actor, at: datetime) -> None:
    """Every change writes the head too, so that its version moves even when only a line changed."""
    quote.changed_at = at
    quote.changed_by = actor.name[:200]


def draft_of(revisions: Sequence[Quote]) -> Quote:
    """The one draft of a number."""
    for quote in revisions:
        if quote.status is QuoteStatus.DRAFT:
            return quote
    newest = revisions[-1]
    raise WrongStatus(f"{newest.label} is {newest.status}: only a draft can be changed.")


def require_version(quote: Quote, version: int | None) -> None:
    if version is not None and version != quote.version:
        raise StaleVersion(
            f"{quote.changed_by} changed {quote.label} at {quote.changed_at:%H:%M} UTC; look again."
        )


def require_validity(valid_until: date, today: date) -> None:
    if valid_until < today:
        raise Invalid("The last valid day is in the past.", field="valid_until")
    if valid_until > today + LONGEST_VALIDITY:
        raise Invalid("An offer stands for five years at most.", field="valid_until")


def _customer(session: Session, code: str) -> Customer:
    customer = customer_by_code(session, code) if text.is_storable(code) else None
    if customer is None:
        raise Invalid("There is no such customer.", field="customer")
    if not customer.active:
        raise Invalid(f"{customer.name} is no longer an active customer.", field="customer")
    return customer


def _contact(customer: Customer, contact_id: int | None) -> int | None:
    """The person it is addressed to: the one named, else the first one known."""
    if contact_id is None:
        return customer.contacts[0].id if customer.contacts else None
    if contact_id not in {contact.id for contact in customer.contacts}:
        raise Invalid("There is no such contact.", field="contact")
    return contact_id


def _contact_by_key(session: Session, customer: Customer, contact_id: int | None) -> int | None:
    if contact_id is None:
        return None
    known = customer_by_code(session, customer.code)
    return _contact(known or customer, contact_id)


def _price_list(
    session: Session, code: str | None, customer: Customer, currency: str
) -> int | None:
    """The list named, else the customer's own where it is in the quote's currency."""
    if not code:
        return customer.price_list_id if currency == customer.currency else None
    price_list = price_list_by_code(session, code) if text.is_storable(code) else None
    if price_list is None:
        raise Invalid("There is no such price list.", field="price_list")
    if price_list.currency != currency:
        raise Invalid(
            f"That list is in {price_list.currency}, the quote in {currency}.", field="price_list"
        )
    return price_list.id
