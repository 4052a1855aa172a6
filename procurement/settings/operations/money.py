"""Taxes, currencies and dated exchange rates."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.money import TaxRate, is_currency
from procurement.kernel.permissions import Permission
from procurement.kernel.tax_categories import TaxCategory
from procurement.settings.errors import TaxCodeTaken
from procurement.settings.models import EnabledCurrency, ExchangeRate, Tax
from procurement.settings.queries import company_for_update
from procurement.settings.terms import RATE_SCALE

MOST_RATE = Decimal(1_000_000)


def create_tax(
    session: Session,
    code: str,
    name: str,
    rate: TaxRate,
    *,
    category: TaxCategory | None = None,
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> Tax:
    """A tax that may stand on a line. Its rate never changes afterwards: a new rate is a new tax.

    No category: standard, or zero rated where the rate is nothing. An exemption says why.
    The first of all is what new lines take until another is chosen: nobody sells untaxed by forgetting a field.
    """
    actor.require(Permission.EDIT_SETTINGS)
    if session.scalar(select(Tax.id).where(Tax.code == code)) is not None:
        raise TaxCodeTaken
    if category is None:
        category = TaxCategory.STANDARD if rate.ppm else TaxCategory.ZERO
    reason = text.optional_line(reason, "reason")
    _require_meaning(rate, category, reason)
    company, is_first = company_for_update(session), session.scalar(select(Tax.id).limit(1)) is None
    tax = Tax(code=code, name=name, rate_ppm=rate.ppm, category=category, reason=reason)
    session.add(tax)
    session.flush()  # its key is needed
    if is_first:
        company.default_tax_id = tax.id
    record(session, "create tax", code, f"{name}, {rate.percent} %", actor=actor, at=at)
    return tax


def _require_meaning(rate: TaxRate, category: TaxCategory, reason: str) -> None:
    if (category is TaxCategory.STANDARD) != (rate.ppm > 0):
        said = "A rate above nothing is the usual kind, and the usual kind has one."
        raise Invalid(said, field="category")
    if category is TaxCategory.EXEMPT and not reason:
        raise Invalid("Please say why it is exempt: invoices have to.", field="reason")


def switch_tax(session: Session, code: str, *, active: bool, actor: Actor, at: datetime) -> None:
    """Offer a tax for new lines, or no longer."""
    actor.require(Permission.EDIT_SETTINGS)
    tax = session.scalar(select(Tax).where(Tax.code == code).with_for_update())
    if tax is None:
        raise NotFound(f"There is no tax {code}.")
    company = company_for_update(session)
    if not active and company.default_tax_id == tax.id:
        raise Conflict("This tax is used for new lines; choose another one for them first.")
    tax.active = active
    record(session, f"switch tax {'on' if active else 'off'}", code, actor=actor, at=at)


def enable_currency(session: Session, currency: str, *, actor: Actor, at: datetime) -> None:
    """Buy or sell in another currency, too."""
    actor.require(Permission.EDIT_SETTINGS)
    if not is_currency(currency):
        raise Invalid("A currency is an ISO code such as EUR.", field="currency")
    if session.get(EnabledCurrency, currency) is None:
        session.add(EnabledCurrency(currency=currency))
        record(session, "enable currency", currency, actor=actor, at=at)


def set_rate(
    session: Session, currency: str, valid_from: date, rate: Decimal, *, actor: Actor, at: datetime
) -> None:
    """From a day on, one unit of `currency` is worth so much of the company's own."""
    actor.require(Permission.EDIT_SETTINGS)
    if currency == company_for_update(session).currency:
        raise Invalid("The company's own currency needs no rate.", field="currency")
    scaled = rate * RATE_SCALE
    if scaled != scaled.to_integral_value() or not 0 < rate <= MOST_RATE:
        raise Invalid("A rate is above nothing and has at most eight decimal places.", field="rate")
    enable_currency(session, currency, actor=actor, at=at)
    session.flush()  # the rate refers to the currency
    kept = session.get(ExchangeRate, (currency, valid_from))
    if kept is None:
        kept = ExchangeRate(currency=currency, valid_from=valid_from, rate_e8=0)
        session.add(kept)
    kept.rate_e8 = int(scaled)
    record(session, "set rate", currency, f"{rate} from {valid_from}", actor=actor, at=at)


def remove_rate(
    session: Session, currency: str, valid_from: date, *, actor: Actor, at: datetime
) -> None:
    """Documents keep the rate they were made with."""
    actor.require(Permission.EDIT_SETTINGS)
    removed = session.execute(
        delete(ExchangeRate)
        .where(ExchangeRate.currency == currency, ExchangeRate.valid_from == valid_from)
        .returning(ExchangeRate.currency)
    ).scalar_one_or_none()
    if removed is None:
        raise NotFound("There is no such rate.")
    record(session, "remove rate", currency, f"from {valid_from}", actor=actor, at=at)
