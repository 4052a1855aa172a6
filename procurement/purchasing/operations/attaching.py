"""Files beside an order: for ourselves, or sent to the supplier with it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.files.operations.attachments import keep_attachment
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import WrongStatus
from procurement.purchasing.models import OrderAttachment, PurchaseOrder
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.rules.status import WORDS
from procurement.purchasing.terms import OrderStatus

MOST_FILES = 20


def attach_file(
    session: Session,
    number: str,
    content: bytes,
    name: str,
    *,
    for_supplier: bool,
    actor: Actor,
    at: datetime,
) -> OrderAttachment:
    """Keep a file beside an order; one for the supplier goes with the next paper that is sent."""
    actor.require_any(Permission.DRAFT_ORDERS, Permission.RECEIVE_GOODS)
    order = purchase_order_for_update(session, number)
    if order.status is OrderStatus.CANCELLED:
        raise WrongStatus(f"{number} is {WORDS[order.status]}.")
    position, files = _next(session, order)
    if files >= MOST_FILES:
        raise Conflict(f"An order has at most {MOST_FILES} files.", field="file")
    kept = keep_attachment(session, content, name, at=at)
    twice = select(OrderAttachment.position).where(
        OrderAttachment.order_id == order.id, OrderAttachment.file_id == kept.file_id
    )
    if session.scalar(twice) is not None:
        raise Invalid("This file is attached already.", field="file")
    attachment = OrderAttachment(
        order_id=order.id,
        position=position,
        file_id=kept.file_id,
        name=kept.name,
        for_supplier=for_supplier,
        added_at=at,
        added_by=actor.name,
    )
    session.add(attachment)
    whom = "for the supplier" if for_supplier else "for ourselves"
    record(session, "attach file", number, f"{kept.name}, {whom}", actor=actor, at=at)
    return attachment


def remove_attachment(
    session: Session, number: str, position: int, *, actor: Actor, at: datetime
) -> None:
    """Only from a draft: what was sent or filed stays."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    if order.status is not OrderStatus.DRAFT:
        raise WrongStatus(f"{number} is {WORDS[order.status]}; its files stay.")
    attachment = session.get(OrderAttachment, (order.id, position))
    if attachment is None:
        raise NotFound(f"{number} has no file {position}.")
    session.delete(attachment)
    record(session, "remove file", number, attachment.name, actor=actor, at=at)


def _next(session: Session, order: PurchaseOrder) -> tuple[int, int]:
    last, files = session.execute(
        select(func.max(OrderAttachment.position), func.count()).where(
            OrderAttachment.order_id == order.id
        )
    ).one()
    return int(last or 0) + 1, int(files)
