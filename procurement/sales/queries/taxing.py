"""What is known of a customer's tax: numbers, certificates, where the goods go."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select

from procurement.files.queries import Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.countries import UNION
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.tax_numbers import is_eu_vat
from procurement.kernel.validity import Validity
from procurement.sales.models import Address, Customer, CustomerTaxNumber, ExemptionCertificate
from procurement.sales.rules.address_book import Placed, tax_place
from procurement.sales.rules.line_tax import TaxChoice, Taxing
from procurement.sales.rules.taxing import Exemption, ExemptionKind, TaxProfile
from procurement.settings.queries import get_company, taxes

ENDING = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemptionRow:
    """A certificate of a customer."""

    id: int
    customer: str
    customer_name: str
    kind: ExemptionKind
    number: str
    jurisdiction: str
    reason: str
    valid_from: date | None
    valid_until: date | None
    has_file: bool
    recorded_by: str
    verified_at: datetime | None
    verified_by: str | None


def tax_profile(session: ReadSession, customer_id: int) -> TaxProfile:
    """Four short queries, whatever the number of lines."""
    vat_id = session.scalar(select(Customer.vat_id).where(Customer.id == customer_id)) or ""
    others = session.scalars(
        select(CustomerTaxNumber.number)
        .where(CustomerTaxNumber.customer_id == customer_id)
        .order_by(CustomerTaxNumber.position)
    ).all()
    numbers = [number for number in (vat_id, *others) if number]
    country, region = _where(session, customer_id)
    company = get_company(session).vat_id[:2].upper()
    return TaxProfile(
        seller_country="GR" if company == "EL" else company,
        country=country or _country_of(numbers),
        region=region,
        vat_numbers=tuple(number for number in numbers if is_eu_vat(number)),
        exemptions=tuple(
            Exemption(
                kind=one.kind,
                number=one.number,
                jurisdiction=one.jurisdiction,
                validity=Validity(one.valid_from, one.valid_until),
                is_verified=one.verified_at is not None,
                reason=one.reason,
            )
            for one in session.scalars(
                select(ExemptionCertificate).where(ExemptionCertificate.customer_id == customer_id)
            )
        ),
    )


def taxing(session: ReadSession, customer_id: int, on: date) -> Taxing:
    """All that decides the taxes of a customer's lines on a day."""
    choices = {tax.code: TaxChoice(tax.rate, tax.category, tax.reason) for tax in taxes(session)}
    default = get_company(session).default_tax_code
    return Taxing(choices, default, tax_profile(session, customer_id), on)


def _where(session: ReadSession, customer_id: int) -> tuple[str, str]:
    """Where goods go: the first delivery address, else the first one for bills."""
    rows = session.execute(
        select(Address.kind, Address.country, Address.region)
        .where(Address.customer_id == customer_id, Address.country != "")
        .order_by(Address.position)
    ).all()
    return tax_place(Placed(*row) for row in rows)


def _country_of(numbers: list[str]) -> str:
    """Without an address a number of the Union says where they are; any other is no proof that goods leave it."""
    prefix = numbers[0][:2] if numbers else ""
    prefix = "GR" if prefix == "EL" else prefix
    return prefix if prefix in UNION else ""


def exemptions_of(session: ReadSession, code: str, *, actor: Actor) -> tuple[ExemptionRow, ...]:
    """A customer's certificates, those that end last first."""
    actor.require(Permission.SEE_SALES)
    rows = _rows(session, Customer.code == code)
    return tuple(sorted(rows, key=lambda row: row.valid_until or date.max, reverse=True))


def exemptions_ending(
    session: ReadSession, *, actor: Actor, at: datetime, limit: int
) -> tuple[ExemptionRow, ...]:
    """Those of active customers that end within 30 days or ended within the last 30, the first to end first."""
    actor.require(Permission.SEE_SALES)
    today = today_in(get_company(session).time_zone, at)
    rows = _rows(
        session,
        Customer.active.is_(True),
        ExemptionCertificate.valid_until.between(today - ENDING, today + ENDING),
        limit=limit,
    )
    return tuple(rows)


def exemption_file(session: ReadSession, code: str, certificate_id: int, *, actor: Actor) -> Paper:
    """The PDF of a certificate, for staff who see sales."""
    actor.require(Permission.SEE_SALES)
    file_id = session.scalar(
        select(ExemptionCertificate.file_id)
        .join(Customer, Customer.id == ExemptionCertificate.customer_id)
        .where(Customer.code == code, ExemptionCertificate.id == certificate_id)
    )
    paper = kept_paper(session, file_id) if file_id is not None else None
    if paper is None:
        raise NotFound("There is no such certificate.")
    return paper


def _rows(
    session: ReadSession, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[ExemptionRow]:
    found = session.execute(
        select(ExemptionCertificate, Customer.code, Customer.name)
        .join(Customer, Customer.id == ExemptionCertificate.customer_id)
        .where(*conditions)
        .order_by(ExemptionCertificate.valid_until, ExemptionCertificate.id)
        .limit(limit)
    )
    return [
        ExemptionRow(
            id=one.id,
            customer=code,
            customer_name=name,
            kind=one.kind,
            number=one.number,
            jurisdiction=one.jurisdiction,
            reason=one.reason,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            has_file=one.file_id is not None,
            recorded_by=one.recorded_by,
            verified_at=one.verified_at,
            verified_by=one.verified_by,
        )
        for one, code, name in found
    ]
