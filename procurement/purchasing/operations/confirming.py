"""What the supplier answers, whichever way it reached us: said to a clerk, by the private link, in a file.

An answer never takes anything off what is on order: fewer packs or a refusal are shown to those who buy, and they
close the line, amend the order or buy elsewhere. A later date moves `due_on`; the first one stays in `promised_on`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import WrongStatus
from procurement.purchasing.models import (
    OrderConfirmation,
    OrderConfirmationLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.operations.opening import note_opened
from procurement.purchasing.queries.links import link_for_update
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.rules.confirming import (
    AskedLine,
    Said,
    due_after,
    faults,
    what_is_said,
    whole,
)
from procurement.purchasing.rules.status import WORDS
from procurement.purchasing.terms import ON_THE_WAY, AnsweredBy, LineAnswer, SupplierAnswer
from procurement.settings.queries import get_company


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierSays:
    """An answer. Lines that are not named are accepted as ordered; `only_received` promises nothing yet."""

    said_by: str
    lines: tuple[LineAnswer, ...] = ()
    message: str = ""
    only_received: bool = False
    refuses_all: bool = False
    document: str = ""
    supplier_order: str = ""
    answered_by: AnsweredBy = AnsweredBy.CLERK


def confirm_order(
    session: Session, number: str, says: SupplierSays, *, actor: Actor, at: datetime
) -> OrderConfirmation:
    """Write down what the supplier answered to the order as it stands. Said again, it is the same answer."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    return _confirm(session, order, says, by=actor, actor=actor, at=at)


def confirm_by_link(
    session: Session, token: str, says: SupplierSays, *, at: datetime
) -> OrderConfirmation:
    """Whoever holds the private link may answer; the name they type is kept. Conflict when the link is over."""
    link, number = link_for_update(session, token)
    order = purchase_order_for_update(session, number)
    today = today_in(get_company(session).time_zone, at)
    if link.revoked_at is not None or link.expires_on < today:
        raise Conflict("This link is no longer good.")
    note_opened(session, token, at=at)
    holder = Actor(id=None, name=f"{says.said_by.strip()[:150]} (supplier)")
    return _confirm(session, order, says, by=None, actor=holder, at=at)


def note_difference(
    session: Session, number: str, confirmation_id: int, *, actor: Actor, at: datetime
) -> OrderConfirmation:
    """Somebody who buys has looked at what the supplier wants otherwise."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    confirmation = session.get(OrderConfirmation, confirmation_id, populate_existing=True)
    if confirmation is None or confirmation.order_id != order.id:
        raise NotFound(f"There is no such answer to {number}.")
    if confirmation.noted_at is None:
        confirmation.noted_at, confirmation.noted_by = at, actor.name
        record(session, "note difference", number, confirmation.answer, actor=actor, at=at)
    return confirmation


def _confirm(
    session: Session,
    order: PurchaseOrder,
    says: SupplierSays,
    *,
    by: Actor | None,
    actor: Actor,
    at: datetime,
) -> OrderConfirmation:
    if order.status not in ON_THE_WAY:
        raise WrongStatus(
            f"{order.number} is {WORDS[order.status]}; nothing of it is to be confirmed."
        )
    asked = [_asked(order, line) for line in order.lines if line.outstanding]
    said = _said(session, asked, says, at)
    answer = SupplierAnswer.ACKNOWLEDGED if says.only_received else whole(said)
    confirmation = OrderConfirmation(
        order_id=order.id,
        revision=order.revision,
        answer=answer,
        answered_by=says.answered_by,
        said_by=text.name(says.said_by, "said_by"),
        message=text.prose(says.message, "message"),
        document=text.optional_line(says.document, "document"),
        supplier_order=text.optional_line(says.supplier_order, "supplier_order"),
        recorded_at=at,
        recorded_by=by.name if by else "",
        recorded_by_id=by.id if by else None,
        noted_by="",
        lines=[] if says.only_received else _lines(asked, said),
    )
    if (same := _same(session, confirmation)) is not None:
        return same
    _keep(order, said, answer)
    session.add(confirmation)
    session.flush()  # its key is wanted, and the order is read again
    record(session, "confirm order", order.number, _detail(confirmation), actor=actor, at=at)
    return confirmation


def _said(
    session: Session, asked: list[AskedLine], says: SupplierSays, at: datetime
) -> tuple[Said, ...]:
    answers = says.lines
    if says.refuses_all:
        answers = tuple(LineAnswer(line.position, packs=0) for line in asked)
    today = today_in(get_company(session).time_zone, at)
    if errors := faults(asked, answers, today=today):
        raise Invalid.of(errors)
    for index, line in enumerate(answers):
        text.optional_line(line.remark, f"lines.{index}.remark")
    return what_is_said(asked, answers)


def _keep(order: PurchaseOrder, said: tuple[Said, ...], answer: SupplierAnswer) -> None:
    """On the order and its lines stands the latest word."""
    if answer is SupplierAnswer.ACKNOWLEDGED:
        order.answer = order.answer or answer
        return
    order.answer = answer
    by_position = {line.position: line for line in order.lines}
    for one in said:
        line = by_position[one.position]
        line.confirmed_packs, line.confirmed_on = one.packs, one.due_on
    order.due_on = due_after(said, order.due_on)


def _asked(order: PurchaseOrder, line: PurchaseOrderLine) -> AskedLine:
    return AskedLine(line.position, line.packs, line.wanted_by or order.promised_on)


def _lines(asked: list[AskedLine], said: tuple[Said, ...]) -> list[OrderConfirmationLine]:
    return [
        OrderConfirmationLine(
            position=one.position,
            answer=one.answer,
            packs_asked=line.packs,
            packs=one.packs,
            asked_for=line.asked_for,
            due_on=one.due_on,
            remark=one.remark.strip(),
        )
        for line, one in zip(asked, said, strict=True)
    ]


def _same(session: Session, new: OrderConfirmation) -> OrderConfirmation | None:
    """The last answer, where this one says nothing else: a second tap, a file taken twice."""
    last = session.scalar(
        select(OrderConfirmation)
        .where(OrderConfirmation.order_id == new.order_id)
        .order_by(OrderConfirmation.id.desc())
        .limit(1)
        .options(selectinload(OrderConfirmation.lines))
    )
    return last if last is not None and _content(last) == _content(new) else None


def _content(one: OrderConfirmation) -> tuple[object, ...]:
    lines = tuple((line.position, line.packs, line.due_on, line.remark) for line in one.lines)
    return (
        one.revision,
        one.answer,
        one.answered_by,
        one.said_by,
        one.message,
        one.document,
        lines,
    )


def _detail(one: OrderConfirmation) -> str:
    off = sum(line.answer is not SupplierAnswer.ACCEPTED for line in one.lines)
    lines = f", {off} of {len(one.lines)} lines otherwise" if off else ""
    return f"{one.answer} by {one.said_by}{lines}"
