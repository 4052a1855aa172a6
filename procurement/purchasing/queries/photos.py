"""Pictures of what was delivered."""

from collections import defaultdict

from sqlalchemy import select

from procurement.files.models import StoredFile
from procurement.files.queries import picture
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.purchasing.models import GoodsReceipt, GoodsReceiptPhoto


def receipt_photos(session: ReadSession, number: str) -> dict[int, tuple[str, ...]]:
    """SHA-256 of the pictures of each line, by its position in the receipt."""
    rows = session.execute(
        select(GoodsReceiptPhoto.position, StoredFile.sha256)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptPhoto.receipt_id)
        .join(StoredFile, StoredFile.id == GoodsReceiptPhoto.file_id)
        .where(GoodsReceipt.number == number)
        .order_by(GoodsReceiptPhoto.position, StoredFile.id)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for position, sha256 in rows:
        found[position].append(sha256)
    return {position: tuple(several) for position, several in found.items()}


def receipt_photo(session: ReadSession, number: str, sha256: str, width: int) -> bytes:
    """One of a delivery's pictures. Raises NotFound."""
    known = {one for several in receipt_photos(session, number).values() for one in several}
    found = picture(session, sha256, width) if sha256 in known else None
    if found is None:
        raise NotFound("There is no such picture.")
    return found.content
