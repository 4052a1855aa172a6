"""Pictures of what was delivered."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.files.operations.pictures import store_picture
from procurement.kernel.actor import Actor
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.models import GoodsReceiptPhoto
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.receipts import (
    goods_receipt_for_update,
    order_number_of_receipt,
)


def attach_receipt_photo(
    session: Session,
    number: str,
    position: int,
    content: bytes,
    name: str,
    *,
    actor: Actor,
    at: datetime,
) -> str:
    """Keep a picture with a line of a receipt; its SHA-256. The same picture twice is one.

    Raises NotFound, Invalid (not a picture).
    """
    actor.require(Permission.RECEIVE_GOODS)
    purchase_order_for_update(session, order_number_of_receipt(session, number))
    receipt = goods_receipt_for_update(session, number)
    if all(line.position != position for line in receipt.lines):
        raise NotFound(f"{number} has no line {position}.")
    return keep_photo(session, (receipt.id, position), content, name, field="photo", at=at)


def keep_photo(
    session: Session,
    line: tuple[int, int],
    content: bytes,
    name: str,
    *,
    field: str,
    at: datetime,
) -> str:
    """Keep a picture with a line, by the key of its receipt and its position; the caller holds the receipt's lock."""
    picture = store_picture(session, content, name, at=at, field=field)
    if session.get(GoodsReceiptPhoto, (*line, picture.id)) is None:
        session.add(GoodsReceiptPhoto(receipt_id=line[0], position=line[1], file_id=picture.id))
        session.flush()  # the same picture may come again
    return picture.sha256
