"""A customer asks to send goods back; our people take them in, or say why not."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.files.operations.pictures import store_picture
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.errors import WrongStatus
from procurement.sales.models import (
    CustomerReturn,
    ReturnRequest,
    ReturnRequestLine,
    ReturnRequestPhoto,
)
from procurement.sales.operations.taking_back import ReturnedLine, TakeBack, backs_of, take_back
from procurement.sales.queries.own_orders import own_shipment_page
from procurement.sales.queries.return_requests import (
    asked_already,
    request_for_update,
    return_request_page,
)
from procurement.sales.queries.sales_orders import order_for_update
from procurement.sales.queries.shipments import shipment_for_update
from procurement.sales.terms.orders import CustomerReturnReason, ReturnRequestStatus
from procurement.settings.queries import get_company

MOST_PHOTOS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReturn:
    """Of a shipment of one's own order. `photos` are (name, bytes). The same key: the same request."""

    order: str
    shipment: str
    lines: tuple[ReturnedLine, ...]
    reason: CustomerReturnReason
    note: str = ""
    photos: tuple[tuple[str, bytes], ...] = ()
    key: str


def ask_return(
    session: Session, command: AskReturn, *, actor: Actor, at: datetime
) -> ReturnRequest:
    """Never more than is with the customer and not asked for already.

    Raises OrderUnknown (somebody else's too), Invalid, OverReturn.
    """
    own_shipment_page(session, command.order, command.shipment, actor=actor)
    order = order_for_update(session, command.order)
    key = hashlib.sha256(f"{actor.id}\n{command.key}".encode()).hexdigest()
    before = session.scalar(select(ReturnRequest).where(ReturnRequest.asked_key == key))
    if before is not None:
        return before
    shipment = shipment_for_update(session, command.shipment)
    backs = backs_of(session, shipment, command.lines)
    asked = asked_already(session, shipment.id)
    for back in backs:
        left = back.line.quantity - back.line.returned - asked.get(back.line.position, 0)
        if back.steps > left:
            raise Invalid("You have asked for that already.", field=f"{back.field}.quantity")
    if len(command.photos) > MOST_PHOTOS:
        raise Invalid(f"At most {MOST_PHOTOS} pictures, please.", field="photos")
    today = today_in(get_company(session).time_zone, at)
    made = ReturnRequest(
        number=next_number(session, Series.RETURN_REQUEST, today),
        shipment_id=shipment.id,
        status=ReturnRequestStatus.ASKED,
        reason=command.reason,
        note=text.prose(command.note, "note"),
        asked_at=at,
        asked_by=actor.name[:200],
        asked_by_id=actor.id,
        asked_key=key,
        answer="",
    )
    made.lines = [
        ReturnRequestLine(
            position=position,
            shipment_id=shipment.id,
            shipment_position=back.line.position,
            quantity=back.steps,
        )
        for position, back in enumerate(backs, start=1)
    ]
    made.photos = [
        ReturnRequestPhoto(
            position=position,
            file_id=store_picture(session, content, name, at=at, field="photos").id,
        )
        for position, (name, content) in enumerate(command.photos, start=1)
    ]
    session.add(made)
    session.flush()  # it is read again at once
    record(session, "ask for a return", order.number, made.number, actor=actor, at=at)
    return made


def take_requested(
    session: Session, number: str, into: str | None, *, actor: Actor, at: datetime
) -> CustomerReturn:
    """The goods are here: taken back as they were asked for. Raises WrongStatus and what `take_back` raises."""
    actor.require(Permission.SHIP_GOODS)
    page = return_request_page(session, number, actor=actor)
    order_for_update(session, page.head.order)  # locked before the request, as when it is asked
    request = request_for_update(session, number)
    _require_open(request)
    command = TakeBack(
        shipment=page.head.shipment,
        lines=tuple(
            ReturnedLine(line.shipment_position, row.quantity)
            for line, row in zip(request.lines, page.lines, strict=True)
        ),
        into=into,
        reason=request.reason,
        note=request.note,
        idempotency_key=f"request:{number}",
    )
    made = take_back(session, command, actor=actor, at=at)
    request.status, request.return_id = ReturnRequestStatus.TAKEN, made.id
    _decide(session, request, f"We have taken it back as {made.number}.", actor=actor, at=at)
    return made


def refuse_request(session: Session, number: str, why: str, *, actor: Actor, at: datetime) -> None:
    """The customer is told why. Raises WrongStatus, Invalid."""
    actor.require(Permission.SHIP_GOODS)
    page = return_request_page(session, number, actor=actor)
    why = text.name(why, "why")
    order_for_update(session, page.head.order)
    request = request_for_update(session, number)
    _require_open(request)
    request.status = ReturnRequestStatus.REFUSED
    _decide(session, request, why, actor=actor, at=at)
    record(session, "refuse a return", page.head.order, f"{number}: {why}", actor=actor, at=at)


def _require_open(request: ReturnRequest) -> None:
    if request.status is not ReturnRequestStatus.ASKED:
        raise WrongStatus(f"{request.number} was answered already.")


def _decide(
    session: Session, request: ReturnRequest, answer: str, *, actor: Actor, at: datetime
) -> None:
    request.answer, request.decided_at, request.decided_by = answer, at, actor.name[:200]
    session.flush()  # whoever decided reads it again
    user = session.get(User, request.asked_by_id)
    if user is None or not user.active:
        return
    company = get_company(session).name
    body = f"Dear {request.asked_by},\n\nabout your return {request.number}: {answer}\n\n{company}"
    mail = NewMail(
        user.email[:200], f"Your return {request.number}, {company}"[:200], body, request.number
    )
    put_mail(session, mail, at=at)
