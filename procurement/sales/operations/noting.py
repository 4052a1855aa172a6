"""Writing down what was said to a customer outside of any document."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.models import CustomerNote
from procurement.sales.queries.customers import customer_for_update
from procurement.sales.rules.customers import NoteKind


def log_note(
    session: Session, code: str, kind: NoteKind, body: str, *, actor: Actor, at: datetime
) -> CustomerNote:
    """A note, a call or a visit; never changed afterwards."""
    actor.require(Permission.SELL)
    customer = customer_for_update(session, code)
    said = text.prose(body, "body")
    if not said:
        raise Invalid("Please write something.", field="body")
    note = CustomerNote(
        customer_id=customer.id, kind=kind, at=at, author=actor.name[:200], body=said
    )
    session.add(note)
    session.flush()  # its key is answered
    return note
