"""Connections to customers' procurement systems: who knocks, who visits, what was sent."""

import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from procurement.accounts.models import User
from procurement.accounts.queries import account_by_id
from procurement.catalogue.models import Category, Pack, Product
from procurement.files.queries import Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import Forbidden, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import digest_of
from procurement.kernel.text import is_storable
from procurement.sales.models import (
    Customer,
    CxmlMessage,
    PunchoutConnection,
    PunchoutVisit,
    SalesOrder,
)
from procurement.sales.rules.punchout import KEPT
from procurement.sales.terms.punchout import (
    ConnectionRow,
    Credential,
    Knock,
    MessageRow,
    Visit,
    VisitEnd,
)

SHOWN = 50
AGAIN = timedelta(minutes=10)  # in which a basket that was sent may be sent once more


def connection_for(session: ReadSession, knock: Knock) -> int | None:
    """The key of the connection that knocks; None for a stranger, a wrong secret, one that is closed: all the same."""
    sender = knock.sender
    said = (sender.domain, sender.identity, knock.secret)
    found: Sequence[PunchoutConnection] = ()
    if all(map(is_storable, said)):
        found = session.scalars(
            select(PunchoutConnection).where(
                PunchoutConnection.sender_identity == sender.identity,
                PunchoutConnection.active,
            )
        ).all()
    shown, known = digest_of(knock.secret), None
    for one in found:
        is_theirs = one.sender_domain.lower() == sender.domain and (
            Credential(one.origin_domain.lower(), one.origin_identity) in knock.origins
        )
        is_ours = Credential(one.own_domain.lower(), one.own_identity) in knock.addressed
        if hmac.compare_digest(shown, one.secret_digest) and is_theirs and is_ours:
            known = one.id
    return known


def buyer_of(session: ReadSession, connection: PunchoutConnection) -> Actor:
    """Whoever the connection acts for, with their permissions of today. Forbidden when they may not buy any more."""
    account = account_by_id(session, connection.buyer_id)
    if account is None or not account.active or account.customer_id != connection.customer_id:
        raise Forbidden("The account that this connection orders for is closed.")
    actor: Actor = account.actor
    actor.require(Permission.BUY)
    return actor


def connections_of(session: ReadSession, customer: str, *, actor: Actor) -> list[ConnectionRow]:
    """Those of a customer (by code), the oldest first."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        _connections().where(Customer.code == customer).order_by(PunchoutConnection.id)
    )
    return [_row(row) for row in rows]


def connection_row(session: ReadSession, customer: str, key: int, *, actor: Actor) -> ConnectionRow:
    """Raises NotFound."""
    actor.require(Permission.SEE_SALES)
    found = session.execute(
        _connections().where(Customer.code == customer, PunchoutConnection.id == key)
    ).one_or_none()
    if found is None:
        raise no_such_connection()
    return _row(found)


def no_such_connection() -> NotFound:
    return NotFound("There is no such connection.")


def messages_of(session: ReadSession, key: int, *, actor: Actor) -> list[MessageRow]:
    """The latest of a connection, the newest first."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(CxmlMessage, SalesOrder.number)
        .outerjoin(SalesOrder, SalesOrder.id == CxmlMessage.order_id)
        .where(CxmlMessage.connection_id == key)
        .order_by(CxmlMessage.id.desc())
        .limit(SHOWN)
    )
    return [_message(one, number) for one, number in rows]


def message_file(
    session: ReadSession, customer: str, key: int, message: int, *, actor: Actor
) -> Paper:
    """A message as it was kept. Raises NotFound."""
    connection_row(session, customer, key, actor=actor)
    file_id = session.scalar(
        select(CxmlMessage.file_id).where(
            CxmlMessage.id == message, CxmlMessage.connection_id == key
        )
    )
    paper = kept_paper(session, file_id) if file_id else None
    if paper is None:
        raise NotFound("There is no such message.")
    return paper


def messages_of_order(session: ReadSession, number: str, *, actor: Actor) -> list[MessageRow]:
    """The messages that made an order, where it came from a procurement system."""
    actor.require(Permission.SEE_SALES)
    rows = session.scalars(
        select(CxmlMessage)
        .join(SalesOrder, SalesOrder.id == CxmlMessage.order_id)
        .where(SalesOrder.number == number)
        .order_by(CxmlMessage.id)
    )
    return [_message(one, number) for one in rows]


def visit_of(
    session: ReadSession, secret: str, at: datetime, *, returned_lately: bool = False
) -> Visit | None:
    """Who is shopping with this secret in their cookie; `returned_lately`: also whose basket has just gone back."""
    found = session.execute(
        select(PunchoutVisit, PunchoutConnection, Customer)
        .join(PunchoutConnection, PunchoutConnection.id == PunchoutVisit.connection_id)
        .join(Customer, Customer.id == PunchoutConnection.customer_id)
        .where(
            PunchoutVisit.session_digest == digest_of(secret),
            PunchoutVisit.ends_at > at,
            PunchoutConnection.active,
            Customer.active,
        )
    ).one_or_none()
    if found is None:
        return None
    visit, connection, customer = found
    if visit.ended_at is not None and not (
        returned_lately and visit.end is VisitEnd.RETURNED and visit.ended_at > at - AGAIN
    ):
        return None
    return Visit(
        key=visit.id,
        connection_id=connection.id,
        # Nobody's account: a visitor sees the customer's prices, has the visit's basket, no quotes and no orders.
        actor=Actor(
            None,
            visit.who or customer.name,
            frozenset({Permission.BUY}),
            customer_id=customer.id,
            visit=visit.id,
        ),
        customer_name=customer.name,
        operation=visit.operation,
        mode=visit.mode,
        buyer_cookie=visit.buyer_cookie,
        return_url=visit.return_url,
        own=Credential(connection.own_domain, connection.own_identity),
        origin=Credential(connection.origin_domain, connection.origin_identity),
        unspsc=connection.unspsc,
        ends_at=visit.ends_at,
    )


def is_any_visit_old(session: ReadSession, at: datetime) -> bool:
    """Whether a visit, or a message that made no order, has been kept long enough."""
    visits = select(PunchoutVisit.id).where(PunchoutVisit.ends_at < at - KEPT).limit(1)
    messages = (
        select(CxmlMessage.id)
        .where(CxmlMessage.order_id.is_(None), CxmlMessage.received_at < at - KEPT)
        .limit(1)
    )
    return any(session.scalar(one) is not None for one in (visits, messages))


def _message(one: CxmlMessage, order: str | None) -> MessageRow:
    return MessageRow(
        key=one.id,
        connection=one.connection_id,
        kind=one.kind,
        received_at=one.received_at,
        payload_id=one.payload_id,
        reference=one.reference,
        code=one.code,
        said=one.said,
        order=order,
        has_file=one.file_id is not None,
    )


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What a procurement system likes to know of a pack beside its price."""

    product_id: int
    gtin: str
    brand: str
    category: str


def part_facts(session: ReadSession, packs: Collection[int]) -> dict[int, PartFacts]:
    """By pack."""
    rows = session.execute(
        select(Pack.id, Product.id, Pack.gtin, Product.brand, Category.name)
        .join(Product, Product.id == Pack.product_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(Pack.id.in_(sorted(packs)))
    )
    return {
        pack: PartFacts(product, gtin or "", brand, category or "")
        for pack, product, gtin, brand, category in rows
    }


def _connections() -> AnySelect:
    return (
        select(PunchoutConnection, Customer, User)
        .join(Customer, Customer.id == PunchoutConnection.customer_id)
        .join(User, User.id == PunchoutConnection.buyer_id)
    )


def _row(found: Any) -> ConnectionRow:
    one, customer, buyer = found
    return ConnectionRow(
        key=one.id,
        name=one.name,
        customer=customer.code,
        customer_name=customer.name,
        buyer=buyer.name,
        buyer_email=buyer.email,
        buyer_active=buyer.active and buyer.customer_id == customer.id,
        own=Credential(one.own_domain, one.own_identity),
        origin=Credential(one.origin_domain, one.origin_identity),
        sender=Credential(one.sender_domain, one.sender_identity),
        secret_made_at=one.secret_made_at,
        return_hosts=tuple(one.return_hosts.splitlines()),
        mode=one.mode,
        unspsc=one.unspsc,
        framed=one.framed,
        active=one.active,
        version=one.version,
    )
