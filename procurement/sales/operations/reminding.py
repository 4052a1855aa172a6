"""A word before a quote expires, once, by mail: one way to who has opened it, another to who has not."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, update
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.documents.figures import figures
from procurement.documents.languages import words_for
from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail
from procurement.sales.models import Quote
from procurement.sales.operations.issuing import link_of
from procurement.sales.operations.mails import write_buyer
from procurement.sales.queries.reminders import reminders_due
from procurement.sales.rules.speaking import label_said, paper_locale
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.mails import Topic
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile

AT_ONCE = 50


def remind_customers(session: Session, *, public_url: str, actor: Actor, at: datetime) -> int:
    """Remind whom it is time to remind; of two that run at once each quote is taken by one. Says how many."""
    actor.require(Permission.SELL)
    company = get_company(session)
    due = reminders_due(session, company, at, limit=AT_ONCE)
    return sum(_remind(session, row, company, public_url, actor=actor, at=at) for row in due)


def _remind(
    session: Session,
    row: Row[Any],
    company: CompanyProfile,
    public_url: str,
    *,
    actor: Actor,
    at: datetime,
) -> bool:
    taken = session.execute(
        update(Quote)
        .where(
            Quote.id == row.id,
            Quote.status == QuoteStatus.ISSUED,
            Quote.reminded_at.is_(None),
        )
        .values(reminded_at=at)
        .returning(Quote.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if taken is None:
        return False
    locale = paper_locale(row.locale, company.locale)
    words = words_for(locale)
    label = label_said(row.number, row.revision, words)
    said = words.reminder_opened if row.first_opened_at else words.reminder_unopened
    told = {"label": label, "until": figures(locale).date(row.valid_until)}
    body = "\n\n".join(
        (
            words.mail_greeting.format(name=row.name),
            said.format(**told),
            f"{words.mail_link}\n{link_of(public_url, row.link_token)}",
            f"{row.drafted_by}\n{company.name}",
        )
    )
    subject = words.reminder_subject.format(**told)[:200]
    mail = NewMail(row.email, subject, body, row.number)
    if not write_buyer(session, mail, Topic.QUOTE_ENDS, locale=locale, at=at):
        return False
    english = row.number if row.revision == 1 else f"{row.number}, revision {row.revision}"
    how = "opened" if row.first_opened_at else "never opened"
    record(session, "remind of quote", english, f"{row.email}, {how}", actor=actor, at=at)
    return True
