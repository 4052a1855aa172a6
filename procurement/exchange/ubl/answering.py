"""Taking an OrderResponse: what it says becomes the supplier's confirmation of the order."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.exchange.tabular import UnusableFile
from procurement.exchange.ubl.order_response import (
    LineCode,
    OrderResponse,
    ResponseCode,
    ResponseLine,
    read_order_response,
)
from procurement.kernel.actor import Actor
from procurement.kernel.errors import DomainError
from procurement.purchasing.models import OrderConfirmation
from procurement.purchasing.operations.confirming import SupplierSays, confirm_order
from procurement.purchasing.terms import AnsweredBy, LineAnswer

_REMARK = 200


def take_order_response(
    session: Session, number: str, data: bytes, *, actor: Actor, at: datetime
) -> OrderConfirmation:
    """Read the file and confirm the order it answers. UnusableFile where it answers another, or cannot be meant."""
    response = read_order_response(data)
    if response.order.split(" ")[0] != number:
        raise UnusableFile(f"This answers {response.order[:60]}, not {number}.", field="file")
    says = SupplierSays(
        said_by=response.seller or "Their program",
        lines=_answers(response),
        message=response.note,
        only_received=response.code is ResponseCode.ACKNOWLEDGED,
        refuses_all=response.code is ResponseCode.REJECTED,
        document=response.number[:_REMARK],
        supplier_order=response.supplier_order[:_REMARK],
        answered_by=AnsweredBy.ORDER_RESPONSE,
    )
    try:
        return confirm_order(session, number, says, actor=actor, at=at)
    except DomainError as error:
        if error.errors:  # the fields are ours; whoever sent the file sees only the file
            raise UnusableFile(error.message, field="file") from error
        raise


def _answers(response: OrderResponse) -> tuple[LineAnswer, ...]:
    """Their lines as answers to ours. With the whole order accepted, a day for all of it is still an answer."""
    if response.code in {ResponseCode.ACKNOWLEDGED, ResponseCode.REJECTED}:
        return ()
    for line in response.lines:
        if not (
            line.order_line.isascii() and line.order_line.isdigit() and len(line.order_line) < 6
        ):
            raise UnusableFile(
                f"Line {line.number} does not say which line of the order it answers."
            )
    return tuple(
        _answer(line, response)
        for line in response.lines
        if line.code not in {LineCode.ADDED, LineCode.ALREADY_DELIVERED}
    )


def _answer(line: ResponseLine, response: OrderResponse) -> LineAnswer:
    remark = ". ".join(
        part
        for part in (line.note, f"Offers {line.instead} instead" if line.instead else "")
        if part
    )
    position, due_on = int(line.order_line), line.due_on or response.due_on
    if line.code is LineCode.REFUSED:
        return LineAnswer(position, packs=0, remark=remark[:_REMARK])
    packs = None
    if line.quantity is not None and line.code is LineCode.CHANGED:
        if line.quantity != line.quantity.to_integral_value():
            raise UnusableFile(
                f"Line {line.number} confirms {line.quantity}, which is no whole pack."
            )
        packs = int(line.quantity)
    return LineAnswer(position, packs=packs, due_on=due_on, remark=remark[:_REMARK])
