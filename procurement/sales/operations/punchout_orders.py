"""An order that a procurement system sends: placed like any other of that customer, once, or refused as a whole."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.files.operations.papers import keep_paper
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.errors import Conflict, FieldError, Invalid, NotFound
from procurement.sales.models import CxmlMessage, PunchoutConnection, PunchoutOrder, SalesOrder
from procurement.sales.operations.confirming import cancel_sales_order
from procurement.sales.operations.placing import PlaceOrder, place_order, preview_order
from procurement.sales.operations.punchout_messages import Noted, note_message
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.queries.buyers import own_currency
from procurement.sales.queries.punchout import buyer_of, no_such_connection
from procurement.sales.queries.sales_orders import order_for_update
from procurement.sales.rules.orders import ORDER_WORDS
from procurement.sales.terms.orders import SalesOrderStatus
from procurement.sales.terms.punchout import (
    DeploymentMode,
    MessageKind,
    OrderAsked,
    OrderChange,
    Said,
)

XML = "application/xml"
DONE = 200


def take_order(
    session: Session, connection_id: int, asked: OrderAsked, kept: bytes, *, at: datetime
) -> Said:
    """Place, change or withdraw an order; `kept` is the message as evidence. The same message gives the same answer.

    Where the message or the connection says test, all is checked and nothing ordered. What they believe a pack costs
    is not what it costs: our price stands, and our people look before such an order is confirmed.

    Raises Invalid at lines.N (by place, from 0), Conflict (that number is with us, or too late to change), NotFound.
    """
    connection = _locked(session, connection_id)
    before = _taken(session, connection_id, asked.payload_id)
    if before is not None:
        return before
    actor = buyer_of(session, connection)
    _require_currency(asked, own_currency(session, actor))
    if DeploymentMode.TEST in {asked.mode, connection.mode}:
        said = _tried(session, asked, actor, at)
        note_message(session, connection_id, _noted(asked, said), at=at)
        return said
    known = session.get(PunchoutOrder, (connection_id, asked.number))
    if asked.change is OrderChange.NEW and known is not None:
        number = session.get_one(SalesOrder, known.order_id).number
        raise Conflict(f"Order {asked.number} is with us already, as {number}.")
    if asked.change is not OrderChange.NEW:
        known = _withdraw(session, known, asked, at)
    if asked.change is OrderChange.DELETE and known is not None:
        number = session.get_one(SalesOrder, known.order_id).number
        said, order_id = Said(DONE, f"{number} is withdrawn.", number), known.order_id
    else:
        order = _place(session, asked, actor, connection_id, at)
        said, order_id = Said(DONE, f"{order.number} is with us.", order.number), order.id
        if known is None:
            known = PunchoutOrder(connection_id=connection_id, number=asked.number)
            session.add(known)
        known.order_id = order_id
    paper = keep_paper(session, kept, _file_name(asked), at=at, media_type=XML)
    noted = _noted(asked, said, order_id=order_id, file_id=paper.id)
    note_message(session, connection_id, noted, at=at)
    session.flush()  # a message that came twice is refused here
    return said


def _require_currency(asked: OrderAsked, ours: str) -> None:
    """Ours is not reckoned into another, nor another into ours."""
    others = [
        FieldError(
            f"lines.{index}.unit_price",
            f"The price is in {one.price.currency}; what we agreed on is in {ours}.",
        )
        for index, one in enumerate(asked.parts)
        if one.price and one.price.currency != ours
    ]
    if asked.currency and asked.currency != ours:
        said = f"The order is in {asked.currency}; what we agreed on is in {ours}."
        others = [FieldError("currency", said)]
    if others and asked.change is not OrderChange.DELETE:
        raise Invalid.of(others)


def _locked(session: Session, connection_id: int) -> PunchoutConnection:
    """Of two messages at once the second sees what the first one did."""
    found: PunchoutConnection | None = session.scalar(
        select(PunchoutConnection)
        .where(PunchoutConnection.id == connection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise no_such_connection()
    return found


def _taken(session: Session, connection_id: int, payload_id: str) -> Said | None:
    found = session.execute(
        select(CxmlMessage.code, CxmlMessage.said, SalesOrder.number)
        .join(SalesOrder, SalesOrder.id == CxmlMessage.order_id)
        .where(CxmlMessage.connection_id == connection_id, CxmlMessage.payload_id == payload_id)
    ).one_or_none()
    return Said(*found) if found else None


def _tried(session: Session, asked: OrderAsked, actor: Actor, at: datetime) -> Said:
    if asked.change is not OrderChange.DELETE:
        preview = preview_order(session, actor=actor, at=at, lines=_lines(asked))
        if preview.problems:
            raise Invalid.of(preview.problems)
    return Said(DONE, "A test: checked, and not ordered.")


def _withdraw(
    session: Session, known: PunchoutOrder | None, asked: OrderAsked, at: datetime
) -> PunchoutOrder:
    """Until we confirm it; afterwards people talk to each other."""
    if known is None:
        raise NotFound(f"There is no order {asked.number} of yours here.")
    number = session.get_one(SalesOrder, known.order_id).number
    order = order_for_update(session, number)  # locked: nobody confirms it meanwhile
    if order.status is not SalesOrderStatus.DRAFT:
        raise Conflict(
            f"{order.number} is {ORDER_WORDS[order.status]} and is not changed by a message any "
            "more. Please call us."
        )
    cancel_sales_order(session, order.number, actor=SYSTEM, at=at)
    return known


def _place(
    session: Session, asked: OrderAsked, actor: Actor, connection_id: int, at: datetime
) -> SalesOrder:
    command = PlaceOrder(
        key=f"cxml {connection_id} {asked.payload_id}",
        lines=_lines(asked),
        deliver_to=asked.ship_to,
        wanted_on=asked.wanted_on,
        customer_ref=asked.number,
        note=asked.note,
    )
    return place_order(session, command, actor=actor, at=at)


def _lines(asked: OrderAsked) -> tuple[WantedLine, ...]:
    return tuple(
        WantedLine(
            one.part,
            one.packs,
            one.auxiliary or None,
            wanted_on=one.wanted_on,
            believed=one.price,
        )
        for one in asked.parts
    )


def _noted(
    asked: OrderAsked, said: Said, *, order_id: int | None = None, file_id: int | None = None
) -> Noted:
    return Noted(
        kind=MessageKind.ORDER,
        payload_id=asked.payload_id,
        said=said,
        change=asked.change,
        reference=asked.number,
        order_id=order_id,
        file_id=file_id,
    )


def _file_name(asked: OrderAsked) -> str:
    plain = "".join(letter if letter.isalnum() else "-" for letter in asked.number)
    return f"order-{plain[:60]}.xml"
