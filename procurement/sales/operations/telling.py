"""What a customer hears of an order by mail, in its language: it is here, it is on its way, a quote was accepted."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.documents.figures import figures
from procurement.documents.languages import answering_for, words_for
from procurement.documents.languages.tax_names import taxed_words
from procurement.documents.languages.writing import writing_for
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.money import Money
from procurement.outbox.operations import MailFile, NewMail
from procurement.sales.models import Contact, Customer, Quote, SalesOrder, Shipment
from procurement.sales.operations.mails import write_buyer
from procurement.sales.queries.order_papers import order_locale
from procurement.sales.queries.papers import money_said
from procurement.sales.rules.speaking import label_said, paper_locale
from procurement.sales.terms.mails import Topic
from procurement.sales.terms.orders import Payment, SalesOrderStatus
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile


def tell_received(
    session: Session, order: SalesOrder, customer: Customer, *, placed_by: Actor, at: datetime
) -> None:
    """Whoever placed it hears at once that it is with us; the confirmation follows when somebody gives it."""
    user = session.get(User, placed_by.id) if placed_by.id is not None else None
    recipient = user.email[:200] if user and user.active else customer.email
    if not recipient:
        return
    company = get_company(session)
    locale = order_locale(session, order.number, company)
    words, say = taxed_words(words_for(locale), company.country), writing_for(locale)
    body = _joined(
        words.mail_greeting.format(name=placed_by.name),
        say.received.format(
            reference=_reference(order, locale),
            number=order.number,
            total=money_said(Money(order.gross_minor, order.currency), locale),
            tax=words.vat,
        ),
        say.pay_first if order.payment is Payment.PREPAID else "",
        company.name,
    )
    subject = say.received_subject.format(number=order.number, company=company.name)[:200]
    mail = NewMail(recipient, subject, body, order.number)
    write_buyer(session, mail, Topic.ORDER_RECEIVED, locale=locale, at=at)


def tell_shipped(session: Session, order: SalesOrder, shipment: Shipment, *, at: datetime) -> None:
    """The customer's first contact, and whoever ordered: what left us, with the delivery note."""
    company = get_company(session)
    locale = order_locale(session, order.number, company)
    words, say = words_for(locale), writing_for(locale)
    sent_with = ", ".join(filter(None, (shipment.carrier, shipment.tracking)))
    told = {
        "number": order.number,
        "shipment": shipment.number,
        "reference": _reference(order, locale),
        "company": company.name,
    }
    is_part = order.status is SalesOrderStatus.PARTIALLY_SHIPPED
    for recipient, name in _readers(session, order):
        body = _joined(
            words.mail_greeting.format(name=name),
            say.shipped.format(**told),
            say.sent_with.format(carrier=sent_with) if sent_with else "",
            say.more_to_come if is_part else "",
            say.note_attached if shipment.pdf_id else "",
            company.name,
        )
        files = (MailFile(shipment.pdf_id),) if shipment.pdf_id else ()
        subject = say.shipped_subject.format(**told)[:200]
        mail = NewMail(recipient, subject, body, order.number, files)
        write_buyer(session, mail, Topic.ORDER_SHIPPED, locale=locale, at=at)


def tell_accepted(
    session: Session, quote: Quote, company: CompanyProfile, total: Money, *, at: datetime
) -> None:
    """Who the quote was sent to hears that their acceptance is in: also when a colleague gave it."""
    customer = session.get_one(Customer, quote.customer_id)
    contact = session.get(Contact, quote.contact_id) if quote.contact_id else None
    recipient = (contact.email if contact else "") or customer.email
    if not recipient:
        return
    locale = paper_locale(quote.locale or customer.locale, company.locale)
    words, say = taxed_words(words_for(locale), company.country), writing_for(locale)
    label = label_said(quote.number, quote.revision, words)
    body = _joined(
        words.mail_greeting.format(name=contact.name if contact else customer.name),
        say.accepted.format(
            label=label,
            name=quote.answered_by,
            date=figures(locale).date(today_in(company.time_zone, at)),
            total=money_said(total, locale),
            tax=words.vat,
        ),
        company.name,
    )
    subject = say.accepted_subject.format(label=label, company=company.name)[:200]
    mail = NewMail(recipient, subject, body, quote.number)
    write_buyer(session, mail, Topic.ORDER_RECEIVED, locale=locale, at=at)


def _readers(session: Session, order: SalesOrder) -> list[tuple[str, str]]:
    """Address and name: who gets the papers, and the buyer who ordered, each once."""
    customer = session.get_one(Customer, order.customer_id)
    contact = session.execute(
        select(Contact.email, Contact.name)
        .where(Contact.customer_id == customer.id)
        .order_by(Contact.position)
        .limit(1)
    ).one_or_none()
    email = (contact.email if contact else "") or customer.email
    found = {email.lower(): (email, contact.name if contact else customer.name)} if email else {}
    is_theirs = order.placed_at is not None and order.drafted_by_id is not None
    buyer = session.get(User, order.drafted_by_id) if is_theirs else None
    if buyer and buyer.active and buyer.email not in found:
        found[buyer.email] = (buyer.email, buyer.name)
    return list(found.values())


def _reference(order: SalesOrder, locale: str) -> str:
    said = answering_for(locale).your_order
    return said.format(reference=order.customer_ref) if order.customer_ref else ""


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))
