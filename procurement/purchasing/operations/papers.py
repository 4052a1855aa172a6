"""An order's paper: frozen each time it is issued, with the private link by which its supplier answers, and sent."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.documents.content import AnswerBox, PurchaseOrderContent, from_json
from procurement.documents.purchase_order import render_purchase_order
from procurement.documents.ubl_order import order_to_ubl
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_link
from procurement.outbox.operations import MailFile, NewMail, put_mail
from procurement.purchasing.errors import WrongStatus
from procurement.purchasing.models import OrderLink, OrderPaper, PurchaseOrder
from procurement.purchasing.queries.attachments import files_for_supplier
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.papers import order_content
from procurement.purchasing.queries.trade import ANSWER_DAYS, frozen_json
from procurement.purchasing.rules.links import last_day, link_of
from procurement.purchasing.rules.status import WORDS
from procurement.purchasing.rules.wording import paper_name
from procurement.purchasing.terms import ON_THE_WAY
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier

_XML = "application/xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOrder:
    """Send an order's paper once more. Without `recipient` it goes to the supplier's address."""

    number: str
    public_url: str
    recipient: str = ""
    message: str = ""


def issue_order(
    session: Session, order: PurchaseOrder, *, on: date, at: datetime, public_url: str
) -> str:
    """Freeze the order as it stands and mail it; gives the address, or nothing where there is none.

    What was sent before leads nowhere any more, and what was answered to it no longer counts.
    `public_url` is how links begin ("https://spa.example"); without it there is none.
    """
    order.answer = None
    for line in order.lines:
        line.confirmed_packs = line.confirmed_on = None
    revoke_links(session, order, at=at)
    link = _new_link(session, order, on, at, public_url)
    _freeze(session, order, link, on, at)
    supplier = session.get_one(Supplier, order.supplier_id)
    if supplier.email:
        _mail(session, order, supplier.email, link, on=on, at=at)
    return supplier.email


def send_order_again(
    session: Session, command: SendOrder, *, actor: Actor, at: datetime
) -> PurchaseOrder:
    """Mail the paper as it was issued once more, perhaps to somebody else, with a link of its own."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, command.number)
    if order.status not in ON_THE_WAY:
        raise WrongStatus(f"{order.number} is {WORDS[order.status]}; there is nothing to send.")
    if order.pdf_id is None:
        raise Conflict(f"{order.number} was placed before papers were kept.")
    supplier = session.get_one(Supplier, order.supplier_id)
    to = text.optional_line(command.recipient, "recipient") or supplier.email
    if to.count("@") != 1:
        raise Invalid("This is not a mail address.", field="recipient")
    on = today_in(get_company(session).time_zone, at)
    message = text.prose(command.message, "message")
    link = _new_link(session, order, on, at, command.public_url)
    issued_on = today_in(get_company(session).time_zone, _issued_at(session, order, at))
    _mail(session, order, to, link, on=issued_on, at=at, message=message)
    record(session, "send order again", order.number, f"to {to}", actor=actor, at=at)
    return order


def _issued_at(session: Session, order: PurchaseOrder, at: datetime) -> datetime:
    """When the paper that goes once more was made."""
    issued = session.scalar(
        select(OrderPaper.issued_at).where(
            OrderPaper.order_id == order.id, OrderPaper.revision == order.revision
        )
    )
    return issued or order.placed_at or at


def revoke_links(session: Session, order: PurchaseOrder, *, at: datetime) -> int:
    """What was sent before leads nowhere any more; says how many links that were."""
    links = session.scalars(
        select(OrderLink).where(OrderLink.order_id == order.id, OrderLink.revoked_at.is_(None))
    ).all()
    for link in links:
        link.revoked_at = at
    return len(links)


def end_links(session: Session, number: str, *, actor: Actor, at: datetime) -> PurchaseOrder:
    """Take the supplier's links back, because one of them went astray; sending again makes a new one."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    if not revoke_links(session, order, at=at):
        raise Conflict(f"No link leads to {number}.")
    record(session, "end links", number, actor=actor, at=at)
    return order


def _new_link(
    session: Session, order: PurchaseOrder, on: date, at: datetime, public_url: str
) -> str:
    if not public_url:
        return ""
    token, digest = new_link()
    session.add(
        OrderLink(
            order_id=order.id,
            revision=order.revision,
            token_sha256=digest,
            made_at=at,
            expires_on=last_day(on, order.due_on),
        )
    )
    return link_of(public_url, token)


def _freeze(session: Session, order: PurchaseOrder, link: str, on: date, at: datetime) -> None:
    """Keep paper and content as they are issued; what changes later, at the supplier's or here, is not on them."""
    content = order_content(session, order.number)
    pdf = render_purchase_order(replace(content, confirmation=_please_confirm(link, on)))
    session.add(
        OrderPaper(
            order_id=order.id,
            revision=order.revision,
            issued_at=at,
            content=frozen_json(content),
        )
    )
    name = paper_name(order.number, order.revision)
    order.pdf_id = keep_paper(session, pdf, f"{name}.pdf", at=at).id


def _please_confirm(link: str, on: date) -> AnswerBox:
    by = on + timedelta(days=ANSWER_DAYS)
    return AnswerBox(
        title=f"Please confirm by {by:%A} {by.day} {by:%B}",
        text="Quantities and dates as ordered, or tell us what will be different.",
        link=link,
        link_title="Confirm online",
        link_text=f"No sign-in is needed: scan the code, or open {link}",
        fields=("Name and role", "Place and date", "Signature", "Your order number"),
    )


def _mail(
    session: Session,
    order: PurchaseOrder,
    recipient: str,
    link: str,
    *,
    on: date,
    at: datetime,
    message: str = "",
) -> None:
    company = get_company(session).name
    put_mail(
        session,
        NewMail(
            recipient=recipient,
            subject=_subject(order, company),
            body=_body(order, company, on, link, message),
            reference=order.number,
            files=_files(session, order, at=at),
        ),
        at=at,
    )


def _files(session: Session, order: PurchaseOrder, *, at: datetime) -> tuple[MailFile, ...]:
    """The paper, the order as UBL where the supplier wants it and Peppol can say it, and the files meant for them."""
    assert order.pdf_id is not None
    files = [MailFile(order.pdf_id)]
    if session.get_one(Supplier, order.supplier_id).wants_ubl:
        files += _ubl(session, order, at=at)
    files += (MailFile(*file) for file in files_for_supplier(session, order.id))
    return tuple(files)


def _ubl(session: Session, order: PurchaseOrder, *, at: datetime) -> list[MailFile]:
    """From what was frozen, so that the same issue gives the same file; nothing in a currency of three decimals."""
    frozen = session.scalar(
        select(OrderPaper.content).where(
            OrderPaper.order_id == order.id, OrderPaper.revision == order.revision
        )
    )
    if frozen is None:
        return []
    try:
        document = order_to_ubl(from_json(PurchaseOrderContent, frozen))
    except Conflict:
        return []
    name = f"{paper_name(order.number, order.revision)}-ubl.xml"
    return [MailFile(keep_paper(session, document, name, at=at, media_type=_XML).id, name)]


def _subject(order: PurchaseOrder, company: str) -> str:
    if order.revision:
        return f"Changed purchase order {order.number} R{order.revision} from {company}"
    return f"Purchase order {order.number} from {company}"


def _body(order: PurchaseOrder, company: str, on: date, link: str, message: str) -> str:
    due = f" We expect the goods by {order.due_on:%d %B %Y}." if order.due_on else ""
    notes = "".join(f"\n\n{note}" for note in (message, order.note_to_supplier) if note)
    what = f"our purchase order {order.number} of {on:%d %B %Y}"
    if order.revision:
        what = f"revision R{order.revision} of our purchase order {order.number}"
        due = f" It replaces what we sent before; what changed is said at each line.{due}"
    here = (
        f"\n\nConfirm it, or tell us what will be different, here; no sign-in is needed:\n{link}"
        if link
        else ""
    )
    return (
        f"Please find {what} attached.{due}{notes}{here}\n\n"
        f"Please confirm it, and name the lot and the use-by date of the goods on the delivery note."
        f"\n\n{order.drafted_by}\n{company}\n"
    )
