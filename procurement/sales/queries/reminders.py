"""Quotes whose customers are to be reminded that they expire soon."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from procurement.kernel.clock import today_in
from procurement.kernel.db import AnySelect, ReadSession
from procurement.sales.models import Contact, Customer, Quote
from procurement.sales.terms import QuoteStatus
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile

SETTLED = timedelta(days=1)  # nobody is reminded of what came yesterday


def is_anybody_to_remind(session: ReadSession, at: datetime) -> bool:
    """Whether a look is worth a lock."""
    company = get_company(session)
    return session.execute(_due(company, at).limit(1)).first() is not None


def reminders_due(
    session: ReadSession, company: CompanyProfile, at: datetime, *, limit: int
) -> list[Row[Any]]:
    """With the customer, not answered, not reminded yet, within the days before the last one, the soonest first."""
    query = _due(company, at).order_by(Quote.valid_until, Quote.id).limit(limit)
    return list(session.execute(query).all())


def _due(company: CompanyProfile, at: datetime) -> AnySelect:
    today = today_in(company.time_zone, at)
    address = func.coalesce(func.nullif(Contact.email, ""), Customer.email)
    return (
        select(
            Quote.id,
            Quote.number,
            Quote.revision,
            Quote.valid_until,
            Quote.first_opened_at,
            Quote.link_token,
            Quote.drafted_by,
            func.coalesce(func.nullif(Quote.locale, ""), Customer.locale).label("locale"),
            func.coalesce(Contact.name, Customer.name).label("name"),
            address.label("email"),
        )
        .join(Customer, Customer.id == Quote.customer_id)
        .outerjoin(Contact, Contact.id == Quote.contact_id)
        .where(
            Quote.status == QuoteStatus.ISSUED,
            Quote.remind,
            Quote.reminded_at.is_(None),
            Quote.link_ended_at.is_(None),
            Quote.link_token.is_not(None),
            Quote.issued_at < at - SETTLED,
            Quote.valid_until >= today,
            Quote.valid_until < today + timedelta(days=company.quote_reminder_days),
            address != "",
        )
    )
