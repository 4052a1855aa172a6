"""The notebook of what procurement systems sent and were told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.sales.models import CxmlMessage
from procurement.sales.terms.punchout import MessageKind, OrderChange, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One message and its answer. `reference` is their order's number, or who visits."""

    kind: MessageKind
    payload_id: str
    said: Said
    change: OrderChange | None = None
    reference: str = ""
    order_id: int | None = None
    file_id: int | None = None


def note_message(session: Session, connection_id: int, noted: Noted, *, at: datetime) -> None:
    """Write it down."""
    session.add(
        CxmlMessage(
            connection_id=connection_id,
            kind=noted.kind,
            change=noted.change,
            payload_id=noted.payload_id,
            reference=noted.reference[:200],
            received_at=at,
            code=noted.said.code,
            said=noted.said.text[:2_000],
            order_id=noted.order_id,
            file_id=noted.file_id,
        )
    )
