"""An order's paper: frozen when it is placed, and sent to its supplier."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.documents.purchase_order import render_purchase_order
from procurement.files.operations.papers import keep_paper
from procurement.outbox.operations import NewMail, put_mail
from procurement.purchasing.models import OrderPaper, PurchaseOrder
from procurement.purchasing.queries.papers import order_content
from procurement.purchasing.queries.trade import frozen_json
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier


def freeze_order(session: Session, order: PurchaseOrder, *, at: datetime) -> None:
    """Keep the paper as it is placed; what changes later, at the supplier's or here, is not on it."""
    content = order_content(session, order.number)
    pdf = render_purchase_order(content)
    session.add(
        OrderPaper(
            order_id=order.id,
            revision=content.revision,
            issued_at=at,
            content=frozen_json(content),
        )
    )
    name = f"{order.number}-R{order.revision}" if order.revision else order.number
    order.pdf_id = keep_paper(session, pdf, f"{name}.pdf", at=at).id


def mail_order(session: Session, order: PurchaseOrder, *, on: date, at: datetime) -> str:
    """Put the order into the outbox with its frozen PDF; the address, or nothing where there is none."""
    supplier = session.get_one(Supplier, order.supplier_id)
    if not supplier.email:
        return ""
    company = get_company(session)
    put_mail(
        session,
        NewMail(
            recipient=supplier.email,
            subject=_subject(order, company.name),
            body=_body(order, company.name, on),
            reference=order.number,
            attachment_id=order.pdf_id,
        ),
        at=at,
    )
    return supplier.email


def _subject(order: PurchaseOrder, company: str) -> str:
    if order.revision:
        return f"Changed purchase order {order.number} R{order.revision} from {company}"
    return f"Purchase order {order.number} from {company}"


def _body(order: PurchaseOrder, company: str, on: date) -> str:
    due = f" We expect the goods by {order.due_on:%d %B %Y}." if order.due_on else ""
    note = f"\n\n{order.note_to_supplier}" if order.note_to_supplier else ""
    what = f"our purchase order {order.number} of {on:%d %B %Y}"
    if order.revision:
        what = f"revision R{order.revision} of our purchase order {order.number}"
        due = f" It replaces what we sent before; what changed is said at each line.{due}"
    return (
        f"Please find {what} attached.{due}{note}\n\n"
        f"Please confirm it, and name the lot and the use-by date of the goods on the delivery note."
        f"\n\n{order.drafted_by}\n{company}\n"
    )
