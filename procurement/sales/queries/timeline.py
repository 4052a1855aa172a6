"""Everything sent to a customer and said by them, newest first: one statement over all documents."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, cast, literal, select, tuple_, union_all

from procurement.audit.models import AuditEntry
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.outbox.models import Message
from procurement.sales.models import (
    Customer,
    CustomerAlias,
    CustomerNote,
    Enquiry,
    Quote,
    SalesOrder,
    ThreadMessage,
)
from procurement.sales.queries.customers import no_such_customer

EXCERPT = 300


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One thing that was sent or said; `what` names it, `reference` the document it belongs to."""

    at: datetime
    what: str
    who: str
    said: str
    reference: str
    place: int  # which kind of row, and its key: what the cursor goes on after
    key: int


def timeline(
    session: ReadSession, code: str, page: PageRequest, *, actor: Actor
) -> Page[TimelineRow]:
    """Enquiries, messages, quotes issued and answered, orders, mails, notes, and what was done to the customer."""
    actor.require(Permission.SEE_SALES)
    customer_id: int | None = session.scalar(select(Customer.id).where(Customer.code == code))
    if customer_id is None:
        raise no_such_customer()
    every = union_all(*_parts(customer_id, code)).subquery()
    columns = every.c
    query = (
        select(every)
        .order_by(columns.at.desc(), columns.place.desc(), columns.key.desc())
        .limit(page.limit + 1)
    )
    if after := page.key(str, int, int):
        at, place, key = after
        query = query.where(
            tuple_(columns.at, columns.place, columns.key) < tuple_(_moment(at), place, key)
        )
    rows = [
        TimelineRow(
            row.at, row.what, row.who, row.said[:EXCERPT], row.reference, row.place, row.key
        )
        for row in session.execute(query)
    ]
    return page.page(rows, lambda row: (row.at.isoformat(), row.place, row.key))


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise Invalid("The cursor is not one of ours.", field="cursor") from error
    if moment.tzinfo is None:
        raise Invalid("The cursor is not one of ours.", field="cursor")
    return moment


def _parts(customer_id: int, code: str) -> list[Select[Any]]:
    """Every kind of row with the same columns; its place is its number in this list."""
    numbers = union_all(
        select(Enquiry.number).where(Enquiry.customer_id == customer_id),
        select(Quote.number).where(Quote.customer_id == customer_id),
        select(SalesOrder.number).where(SalesOrder.customer_id == customer_id),
    )
    parts = [
        *_done(customer_id, code),
        *_said(customer_id),
        _part(
            Quote, Quote.issued_at, "issued", Quote.drafted_by, Quote.introduction, Quote.number
        ).where(Quote.customer_id == customer_id, Quote.issued_at.is_not(None)),
        _part(
            Quote,
            Quote.answered_at,
            cast(Quote.status, String),
            Quote.answered_by,
            Quote.decline_reason + Quote.answer_note,
            Quote.number,
        ).where(Quote.customer_id == customer_id, Quote.answered_at.is_not(None)),
        _part(
            SalesOrder,
            SalesOrder.drafted_at,
            "ordered",
            SalesOrder.drafted_by,
            SalesOrder.customer_ref,
            SalesOrder.number,
        ).where(SalesOrder.customer_id == customer_id),
        _part(
            Message,
            Message.created_at,
            "mailed",
            Message.recipient,
            Message.subject,
            Message.reference,
        ).where(Message.reference.in_(numbers)),
        _part(
            CustomerNote,
            CustomerNote.at,
            cast(CustomerNote.kind, String),
            CustomerNote.author,
            CustomerNote.body,
            literal(""),
        ).where(CustomerNote.customer_id == customer_id),
    ]
    return [part.add_columns(literal(place).label("place")) for place, part in enumerate(parts)]


def _done(customer_id: int, code: str) -> list[Select[Any]]:
    """What was done to the customer itself, and to those merged into it under the codes they had."""
    former = select(CustomerAlias.code).where(CustomerAlias.customer_id == customer_id)
    entry = (AuditEntry, AuditEntry.at, AuditEntry.action, AuditEntry.actor_name, AuditEntry.detail)
    return [
        _part(*entry, literal("")).where(AuditEntry.subject == code),
        _part(*entry, AuditEntry.subject).where(AuditEntry.subject.in_(former)),
    ]


def _said(customer_id: int) -> list[Select[Any]]:
    """What they asked, and what either side wrote in the threads of enquiries and quotes."""
    enquiries = select(Enquiry.id).where(Enquiry.customer_id == customer_id)
    quotes = select(Quote.id).where(Quote.customer_id == customer_id)
    return [
        _part(
            Enquiry, Enquiry.received_at, "asked", Enquiry.name, Enquiry.message, Enquiry.number
        ).where(Enquiry.customer_id == customer_id),
        _part(
            ThreadMessage,
            ThreadMessage.at,
            "wrote",
            ThreadMessage.author,
            ThreadMessage.body,
            Enquiry.number,
        )
        .join(Enquiry, Enquiry.id == ThreadMessage.enquiry_id)
        .where(ThreadMessage.enquiry_id.in_(enquiries)),
        _part(
            ThreadMessage,
            ThreadMessage.at,
            "wrote",
            ThreadMessage.author,
            ThreadMessage.body,
            Quote.number,
        )
        .join(Quote, Quote.id == ThreadMessage.quote_id)
        .where(ThreadMessage.quote_id.in_(quotes)),
    ]


def _part(table: Any, at: Any, what: Any, who: Any, said: Any, reference: Any) -> Select[Any]:
    named = literal(what) if isinstance(what, str) else what
    return select(
        at.label("at"),
        named.label("what"),
        who.label("who"),
        said.label("said"),
        reference.label("reference"),
        table.id.label("key"),
    )
