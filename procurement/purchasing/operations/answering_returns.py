"""A credit note that answers a return to the supplier."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from procurement.kernel.errors import Conflict, Invalid
from procurement.purchasing.errors import ReturnUnknown
from procurement.purchasing.models import SupplierInvoice, SupplierReturn
from procurement.purchasing.queries.returns import return_for_update
from procurement.purchasing.terms.invoices import InvoiceKind

_FIELD = "answers_return"


def answer_return(session: Session, note: SupplierInvoice, number: str) -> None:
    """The credit note answers this return of the same supplier; each return is answered once."""
    if note.kind is not InvoiceKind.CREDIT_NOTE:
        raise Invalid("Only a credit note answers a return.", field=_FIELD)
    try:
        made = return_for_update(session, number)
    except ReturnUnknown as error:
        raise Invalid(error.message, field=_FIELD) from error
    if made.supplier_id != note.supplier_id:
        raise Invalid(f"{number} went to another supplier.", field=_FIELD)
    if made.reversed_at is not None or made.credit_note_id is not None:
        raise Conflict(f"{number} was taken back or is credited already.", field=_FIELD)
    session.flush()  # the note's key is needed
    made.credit_note_id = note.id


def leave_unanswered(session: Session, note: SupplierInvoice) -> None:
    """A credit note was cancelled: what it answered waits again."""
    session.execute(
        update(SupplierReturn)
        .where(SupplierReturn.credit_note_id == note.id)
        .values(credit_note_id=None)
        .execution_options(synchronize_session="fetch")
    )
