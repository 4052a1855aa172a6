"""Reading the settings."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from procurement.documents.content import Letterhead
from procurement.files.models import StoredFile
from procurement.files.queries import kept_paper
from procurement.kernel.db import ReadSession, once
from procurement.kernel.money import TaxRate
from procurement.settings.models import Company, EnabledCurrency, ExchangeRate, Tax
from procurement.settings.terms import CompanyProfile, RateRow, TaxRow

COMPANY_ID = 1


def get_company(session: ReadSession) -> CompanyProfile:
    """The one company of this installation: many queries of a page need something of it."""
    return once(session, "company", lambda: _company(session))


# Asked by nearly every page and by nearly every operation.
_LOGO, _HEAD, _COVER = (aliased(StoredFile) for _ in range(3))
_COMPANY = (
    select(Company, _LOGO.sha256, _HEAD.sha256, _COVER.sha256, Tax.code)
    .outerjoin(_LOGO, _LOGO.id == Company.logo_id)
    .outerjoin(_HEAD, _HEAD.id == Company.head_id)
    .outerjoin(_COVER, _COVER.id == Company.cover_id)
    .outerjoin(Tax, Tax.id == Company.default_tax_id)
    .where(Company.id == COMPANY_ID)
)


def _company(session: ReadSession) -> CompanyProfile:
    company, logo, head, cover, tax = session.execute(_COMPANY).one()
    return CompanyProfile(
        name=company.name,
        tagline=company.tagline,
        address=company.address,
        phone=company.phone,
        email=company.email,
        vat_id=company.vat_id,
        peppol_id=company.peppol_id,
        footer=company.footer,
        brand_colour=company.brand_colour,
        logo_id=company.logo_id,
        logo_sha256=logo,
        head_id=company.head_id,
        head_sha256=head,
        head_everywhere=company.head_everywhere,
        quote_cover=company.quote_cover,
        cover_id=company.cover_id,
        cover_sha256=cover,
        currency=company.currency,
        time_zone=company.time_zone,
        locale=company.locale,
        rounding_rule=company.rounding_rule,
        default_tax_id=company.default_tax_id,
        default_tax_code=tax,
        quote_validity_days=company.quote_validity_days,
        order_answer_days=company.order_answer_days,
        quote_terms=company.quote_terms,
        answer_hours=company.answer_hours,
        quote_reminder_days=company.quote_reminder_days,
        order_requests=company.order_requests,
        delivery_address=company.delivery_address,
        count_tolerance_bp=company.count_tolerance_bp,
        count_tolerance_minor=company.count_tolerance_minor,
        count_approval_minor=company.count_approval_minor,
        version=company.version,
        confirms_orders=company.confirms_orders,
    )


def company_for_update(session: Session) -> Company:
    return session.execute(
        select(Company)
        .where(Company.id == COMPANY_ID)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def taxes(session: ReadSession, *, only_active: bool = True) -> list[TaxRow]:
    """Taxes, highest rate first."""
    query = select(Tax).order_by(Tax.rate_ppm.desc(), Tax.code)
    if only_active:
        query = query.where(Tax.active)
    return [
        TaxRow(
            tax.id, tax.code, tax.name, TaxRate(tax.rate_ppm), tax.category, tax.reason, tax.active
        )
        for tax in session.scalars(query)
    ]


def currencies(session: ReadSession) -> list[str]:
    """The currencies the company buys or sells in, its own first."""
    own = get_company(session).currency
    others = session.scalars(
        select(EnabledCurrency.currency)
        .where(EnabledCurrency.currency != own)
        .order_by(EnabledCurrency.currency)
    )
    return [own, *others]


def exchange_rates(session: ReadSession) -> list[RateRow]:
    """All dated rates, newest first within a currency."""
    return list(once(session, "exchange rates", lambda: _exchange_rates(session)))


def _exchange_rates(session: ReadSession) -> list[RateRow]:
    query = select(ExchangeRate).order_by(ExchangeRate.currency, ExchangeRate.valid_from.desc())
    return [RateRow(r.currency, r.valid_from, r.rate_e8) for r in session.scalars(query)]


def rate_on(session: ReadSession, currency: str, day: date) -> RateRow | None:
    """The rate that holds on a day; None when the company has set none for that day."""
    rate = session.scalar(
        select(ExchangeRate)
        .where(ExchangeRate.currency == currency, ExchangeRate.valid_from <= day)
        .order_by(ExchangeRate.valid_from.desc())
        .limit(1)
    )
    return RateRow(rate.currency, rate.valid_from, rate.rate_e8) if rate else None


def letterhead(session: ReadSession, company: CompanyProfile) -> Letterhead:
    """The company as the sender of a paper."""
    logo = picture_of(session, company.logo_id)
    return Letterhead(
        name=company.name,
        tagline=company.tagline,
        address=tuple(company.address.splitlines()),
        contact=tuple(part for part in (company.phone, company.email) if part),
        footer=company.footer,
        colour=company.brand_colour,
        logo=logo,
        head=picture_of(session, company.head_id),
        head_everywhere=company.head_everywhere,
    )


def picture_of(session: ReadSession, file_id: int | None) -> bytes | None:
    """The bytes of a picture of the company's look."""
    kept = kept_paper(session, file_id) if file_id else None
    return kept.content if kept else None
