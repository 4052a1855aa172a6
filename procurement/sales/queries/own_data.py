"""Everything kept about a buyer and their company, for themselves (Regulation (EU) 2016/679, art. 15 and 20).

Plain rows by name of what they are. No secrets, nothing of cost, nobody else's account.
"""

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import func, select

from procurement.accounts.models import ApiToken, OpenSession, Passkey, User
from procurement.audit.models import AuditEntry
from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.sales.models import (
    Address,
    BasketLine,
    Contact,
    Customer,
    Enquiry,
    OwnCode,
    PunchoutConnection,
    PunchoutVisit,
    Quote,
    ReturnRequest,
    SalesOrder,
    SalesOrderLine,
    SavedList,
    SavedListLine,
    SavedSearch,
    ThreadMessage,
    TradeApplication,
)
from procurement.sales.queries.buyers import powers_of
from procurement.sales.queries.mails import own_choices

Row = dict[str, str | int | bool | None]
Sections = dict[str, list[Row]]


def own_data(session: ReadSession, *, actor: Actor) -> Sections:
    """Each kind of thing with its rows; what there is none of is an empty list."""
    actor.require(Permission.BUY)
    user = session.scalars(select(User).where(User.id == actor.id)).one_or_none()
    if user is None:
        raise NotFound("There is no such account.")
    company = actor.customer_id or 0
    return {
        "account": [_account(session, user, actor)],
        **_signing_in(session, user),
        **_company(session, company, user),
        **_orders(session, company),
        **_said(session, company, user),
        **_kept(session, user),
        "what you did": _rows(
            session,
            select(AuditEntry.at, AuditEntry.action, AuditEntry.subject)
            .where(AuditEntry.actor_id == user.id)
            .order_by(AuditEntry.id),
        ),
    }


def _account(session: ReadSession, user: User, actor: Actor) -> Row:
    powers = powers_of(session, actor)
    return {
        "name": user.name,
        "email": user.email,
        "created_at": user.created_at.isoformat(),
        "may_manage": powers.may_manage,
        "may_approve": powers.may_approve,
        "order_limit": str(powers.order_limit) if powers.order_limit else None,
        "mails": " ".join(sorted(own_choices(session, actor=actor).wanted)),
    }


def _signing_in(session: ReadSession, user: User) -> Sections:
    return {
        "sign-ins": _rows(
            session,
            select(OpenSession.started_at, OpenSession.ends_at)
            .where(OpenSession.user_id == user.id)
            .order_by(OpenSession.started_at),
        ),
        "passkeys": _rows(
            session,
            select(Passkey.label, Passkey.created_at, Passkey.last_used_at)
            .where(Passkey.user_id == user.id)
            .order_by(Passkey.id),
        ),
        "tokens": _rows(
            session,
            select(
                ApiToken.label, ApiToken.prefix, ApiToken.created_at, ApiToken.expires_at,
                ApiToken.revoked_at, ApiToken.last_used_at,
            )
            .where(ApiToken.user_id == user.id)
            .order_by(ApiToken.id),
        ),
    }  # fmt: skip


def _company(session: ReadSession, company: int, user: User) -> Sections:
    return {
        "company": _rows(
            session,
            select(
                Customer.code, Customer.name, Customer.kind, Customer.email, Customer.phone,
                Customer.vat_id, Customer.currency, Customer.locale, Customer.payment_terms,
                Customer.created_at,
            ).where(Customer.id == company),
        ),
        "contact": _rows(
            session,
            select(Contact.name, Contact.role, Contact.email, Contact.phone).where(
                Contact.customer_id == company, func.lower(Contact.email) == user.email
            ),
        ),
        "addresses": _rows(
            session,
            select(Address.kind, Address.label, Address.attention, Address.lines)
            .where(Address.customer_id == company)
            .order_by(Address.position, Address.id),
        ),
        "own codes": _rows(
            session,
            select(OwnCode.code, Product.sku.label("product"), Pack.name.label("pack"))
            .join(Pack, Pack.id == OwnCode.pack_id)
            .join(Product, Product.id == OwnCode.product_id)
            .where(OwnCode.customer_id == company)
            .order_by(OwnCode.code_key),
        ),
    }  # fmt: skip


def _orders(session: ReadSession, company: int) -> Sections:
    theirs = (
        SalesOrder.customer_id == company,
        (SalesOrder.status != "draft") | SalesOrder.placed_at.is_not(None),
    )
    orders = session.execute(select(SalesOrder).where(*theirs).order_by(SalesOrder.id)).scalars()
    lines = session.execute(
        select(SalesOrder.number, SalesOrder.currency, SalesOrderLine)
        .join(SalesOrderLine, SalesOrderLine.order_id == SalesOrder.id)
        .where(*theirs)
        .order_by(SalesOrder.id, SalesOrderLine.position)
    )
    quotes = session.execute(
        select(Quote)
        .where(Quote.customer_id == company, Quote.issued_at.is_not(None))
        .order_by(Quote.number, Quote.revision)
    ).scalars()
    return {
        "orders": [
            {
                "number": one.number,
                "status": one.status.value,
                "placed_at": _plain(one.placed_at),
                "placed_by": one.placed_by,
                "your_number": one.customer_ref,
                "deliver_to": one.deliver_to,
                "note": one.note_to_us if one.placed_at else "",
                "before_tax": str(Money(one.net_minor, one.currency)),
                "with_tax": str(Money(one.gross_minor, one.currency)),
            }
            for one in orders
        ],
        "order lines": [
            {
                "order": number,
                "position": line.position,
                "product": line.name,
                "packs": line.packs,
                "before_tax": str(Money(line.net_minor, currency)),
                "shipped": line.shipped,
            }
            for number, currency, line in lines
        ],
        "quotes": [
            {
                "number": one.number,
                "revision": one.revision,
                "status": one.status.value,
                "issued_at": _plain(one.issued_at),
                "valid_until": _plain(one.valid_until),
                "with_tax": str(Money(one.gross_minor, one.currency)),
                "answered_at": _plain(one.answered_at),
                "answered_by": one.answered_by,
            }
            for one in quotes
        ],
    }


def _said(session: ReadSession, company: int, user: User) -> Sections:
    own = func.lower(Enquiry.email) == user.email
    return {
        "enquiries": _rows(
            session,
            select(
                Enquiry.number, Enquiry.received_at, Enquiry.name, Enquiry.email, Enquiry.phone,
                Enquiry.message, Enquiry.consent, Enquiry.consented_at,
            )
            .where(own)
            .order_by(Enquiry.id),
        ),
        "messages": _rows(
            session,
            select(
                ThreadMessage.at, ThreadMessage.writer, ThreadMessage.author, ThreadMessage.body,
                func.coalesce(Enquiry.number, Quote.number).label("about"),
            )
            .outerjoin(Enquiry, Enquiry.id == ThreadMessage.enquiry_id)
            .outerjoin(Quote, Quote.id == ThreadMessage.quote_id)
            .where(own | (Quote.customer_id == company))
            .order_by(ThreadMessage.id),
        ),
        "applications": _rows(
            session,
            select(
                TradeApplication.number, TradeApplication.received_at, TradeApplication.company,
                TradeApplication.name, TradeApplication.email, TradeApplication.phone,
                TradeApplication.message, TradeApplication.consent, TradeApplication.consented_at,
            )
            .where(func.lower(TradeApplication.email) == user.email)
            .order_by(TradeApplication.id),
        ),
        "returns asked for": _rows(
            session,
            select(
                ReturnRequest.number, ReturnRequest.asked_at, ReturnRequest.reason,
                ReturnRequest.note, ReturnRequest.status, ReturnRequest.answer,
            )
            .where(ReturnRequest.asked_by_id == user.id)
            .order_by(ReturnRequest.id),
        ),
    }  # fmt: skip


def _kept(session: ReadSession, user: User) -> Sections:
    return {
        "searches": _rows(
            session,
            select(SavedSearch.name, SavedSearch.query, SavedSearch.created_at)
            .where(SavedSearch.user_id == user.id)
            .order_by(SavedSearch.id),
        ),
        "lists": _rows(
            session,
            select(
                SavedList.name.label("list"),
                SavedList.shared,
                SavedList.created_at,
                Product.sku,
                Pack.name.label("pack"),
                SavedListLine.packs,
                SavedListLine.note,
            )
            .join(SavedListLine, SavedListLine.list_id == SavedList.id)
            .join(Pack, Pack.id == SavedListLine.pack_id)
            .join(Product, Product.id == SavedListLine.product_id)
            .where(SavedList.user_id == user.id)
            .order_by(SavedList.id, SavedListLine.position),
        ),
        "visits": _rows(
            session,
            select(
                PunchoutVisit.asked_at, PunchoutVisit.who, PunchoutVisit.email,
                PunchoutConnection.name.label("system"), PunchoutVisit.end.label("ended"),
            )
            .join(PunchoutConnection, PunchoutConnection.id == PunchoutVisit.connection_id)
            .where(
                PunchoutConnection.customer_id == user.customer_id,
                func.lower(PunchoutVisit.email) == user.email,
            )
            .order_by(PunchoutVisit.id),
        ),
        "basket": _rows(
            session,
            select(Product.sku, Pack.name.label("pack"), BasketLine.packs, BasketLine.changed_at)
            .join(Pack, Pack.id == BasketLine.pack_id)
            .join(Product, Product.id == BasketLine.product_id)
            .where(BasketLine.user_id == user.id)
            .order_by(Product.sku, Pack.id),
        ),
    }  # fmt: skip


def _rows(session: ReadSession, query: AnySelect) -> list[Row]:
    return [
        {name: _plain(value) for name, value in zip(row._fields, row, strict=True)}
        for row in session.execute(query)
    ]


def _plain(value: Any) -> str | int | bool | None:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    return value if isinstance(value, int | bool | None) else str(value)
