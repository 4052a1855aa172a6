"""The company's letterhead, brand and rules."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.files.operations.pictures import store_picture
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.kernel.money import is_currency
from procurement.kernel.peppol import participant
from procurement.kernel.permissions import Permission
from procurement.settings.errors import ChangedMeanwhile, RatesStandOnCurrency
from procurement.settings.models import Company, EnabledCurrency, ExchangeRate, Tax
from procurement.settings.queries import company_for_update
from procurement.settings.rules.colours import fault_of
from procurement.settings.terms import LOCALES, RoundingRule

SUBJECT = "Settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCompany:
    """Everything the company's form holds; `version` is that of the page it was typed on."""

    name: str
    tagline: str
    address: str
    phone: str
    email: str
    vat_id: str
    footer: str
    brand_colour: str
    currency: str
    time_zone: str
    locale: str
    rounding_rule: RoundingRule
    default_tax: str | None
    quote_validity_days: int
    quote_terms: str
    order_requests: str
    delivery_address: str
    count_tolerance_bp: int
    count_tolerance_minor: int
    count_approval_minor: int
    version: int
    peppol_id: str = ""
    order_answer_days: int = 3
    answer_hours: int = 24
    confirms_orders: bool = False
    quote_reminder_days: int = 3


def change_company(
    session: Session, command: ChangeCompany, *, actor: Actor, at: datetime
) -> Company:
    """Keep what was typed; documents issued earlier keep what they were printed with."""
    actor.require(Permission.EDIT_SETTINGS)
    company = company_for_update(session)
    if company.version != command.version:
        raise ChangedMeanwhile
    if faults := _faults(command):
        raise Invalid.of(faults)
    participant(command.peppol_id, "peppol_id")
    if command.currency != company.currency:
        _change_currency(session, company, command.currency)
    tax_id = _tax_id(session, command.default_tax)  # before anything is set: a query flushes
    changed = [name for name in _PLAIN if getattr(company, name) != getattr(command, name)]
    for name in changed:
        setattr(company, name, getattr(command, name))
    if company.default_tax_id != tax_id:
        company.default_tax_id = tax_id
        changed.append("default_tax")
    if changed:
        words = ", ".join(name.replace("_", " ") for name in changed)
        record(session, "change settings", SUBJECT, words, actor=actor, at=at)
    return company


def change_logo(
    session: Session, content: bytes, file_name: str, *, actor: Actor, at: datetime
) -> None:
    """Another logo; papers issued earlier keep theirs."""
    actor.require(Permission.EDIT_SETTINGS)
    company = company_for_update(session)
    company.logo_id = store_picture(session, content, file_name, at=at, field="logo").id
    record(session, "change logo", SUBJECT, file_name, actor=actor, at=at)


_PLAIN = (
    "name",
    "tagline",
    "address",
    "phone",
    "email",
    "vat_id",
    "peppol_id",
    "footer",
    "brand_colour",
    "time_zone",
    "locale",
    "rounding_rule",
    "quote_validity_days",
    "quote_terms",
    "order_answer_days",
    "answer_hours",
    "confirms_orders",
    "quote_reminder_days",
    "order_requests",
    "delivery_address",
    "count_tolerance_bp",
    "count_tolerance_minor",
    "count_approval_minor",
)


def _faults(command: ChangeCompany) -> list[FieldError]:
    faults = []
    if not command.name:
        faults.append(FieldError("name", "The company needs a name."))
    if fault := fault_of(command.brand_colour):
        faults.append(FieldError("brand_colour", fault))
    if command.time_zone not in available_timezones():
        faults.append(FieldError("time_zone", "There is no such time zone."))
    if command.locale not in LOCALES:
        faults.append(FieldError("locale", "Choose one of the list."))
    if not is_currency(command.currency):
        faults.append(FieldError("currency", "A currency is an ISO code such as EUR."))
    if not 1 <= command.quote_validity_days <= 365:
        faults.append(FieldError("quote_validity_days", "From 1 to 365 days."))
    if not 1 <= command.order_answer_days <= 60:
        faults.append(FieldError("order_answer_days", "From 1 to 60 days."))
    if not 0 <= command.quote_reminder_days <= 60:
        faults.append(FieldError("quote_reminder_days", "From 0 to 60 days."))
    if not 1 <= command.answer_hours <= 720:
        faults.append(FieldError("answer_hours", "From 1 to 720 hours."))
    return faults


def _change_currency(session: Session, company: Company, currency: str) -> None:
    if session.scalar(select(ExchangeRate.currency).limit(1)) is not None:
        raise RatesStandOnCurrency
    if session.get(EnabledCurrency, currency) is None:
        session.add(EnabledCurrency(currency=currency))
    company.currency = currency


def _tax_id(session: Session, code: str | None) -> int | None:
    if not code:
        return None
    tax_id = session.scalar(select(Tax.id).where(Tax.code == code, Tax.active))
    if tax_id is None:
        raise NotFound(f"There is no tax {code}.", field="default_tax")
    return tax_id
