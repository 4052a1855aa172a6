"""What stands behind an order's private link: the order as it was issued, its paper, and whether it can be answered."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from procurement.documents.content import PurchaseOrderContent, from_json
from procurement.files.queries import Paper, kept_paper
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.secrets import digest_of
from procurement.purchasing.errors import OrderUnknown
from procurement.purchasing.models import OrderLink, OrderPaper, PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.confirmations import confirmations_of
from procurement.purchasing.terms import ON_THE_WAY, ConfirmationRow, LinkRow, OrderStatus
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class LineToAnswer:
    """A line that is still to come, as the supplier may answer it."""

    position: int
    packs: int
    due_on: date | None
    is_asked: bool  # False: all of it has come, or it is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedOrder:
    """An issued order as its supplier sees it."""

    number: str
    revision: int
    status: OrderStatus
    content: PurchaseOrderContent
    lines: tuple[LineToAnswer, ...]
    answers: tuple[ConfirmationRow, ...]  # the latest first, to this revision
    is_replaced: bool
    is_over: bool  # revoked or past its last day
    sent_to: str  # where a newer one went, so much of it that its owner knows it

    @property
    def can_be_answered(self) -> bool:
        return not self.is_gone and self.status in ON_THE_WAY

    @property
    def is_gone(self) -> bool:
        return self.is_over or self.is_replaced or self.status is OrderStatus.CANCELLED

    @property
    def label(self) -> str:
        return f"{self.number} R{self.revision}" if self.revision else self.number


def link_for_update(session: Session, token: str) -> tuple[OrderLink, str]:
    """A link and its order's number; the order is to be locked next."""
    row = session.execute(
        select(OrderLink, PurchaseOrder.number)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLink.order_id)
        .where(OrderLink.token_sha256 == digest_of(token))
    ).one_or_none()
    if row is None:
        raise _no_such_order()
    return row[0], row[1]


def linked_order(session: ReadSession, token: str, *, at: datetime) -> LinkedOrder:
    """The order behind a link; a link nobody made leads nowhere."""
    row = session.execute(
        select(OrderLink, PurchaseOrder, Supplier.email, OrderPaper)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLink.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .join(
            OrderPaper,
            (OrderPaper.order_id == OrderLink.order_id)
            & (OrderPaper.revision == OrderLink.revision),
        )
        .where(OrderLink.token_sha256 == digest_of(token))
        .options(undefer(OrderPaper.content))
    ).one_or_none()
    if row is None:
        raise _no_such_order()
    link, order, email, paper = row
    today = today_in(get_company(session).time_zone, at)
    answers = confirmations_of(session, order.number)
    return LinkedOrder(
        number=order.number,
        revision=link.revision,
        status=order.status,
        content=from_json(PurchaseOrderContent, paper.content),
        lines=_lines(session, order),
        answers=tuple(one for one in answers if one.revision == link.revision),
        is_replaced=order.revision != link.revision,
        is_over=link.revoked_at is not None or link.expires_on < today,
        sent_to=_hinted(email),
    )


def linked_order_paper(session: ReadSession, token: str, *, at: datetime) -> Paper:
    """The PDF behind a link, byte for byte as it was issued; a link that is over has none."""
    order = linked_order(session, token, at=at)
    pdf_id = session.scalar(
        select(PurchaseOrder.pdf_id).where(PurchaseOrder.number == order.number)
    )
    paper = kept_paper(session, pdf_id) if pdf_id and not order.is_gone else None
    if paper is None:
        raise _no_such_order()
    return paper


def links_of(session: ReadSession, number: str) -> tuple[LinkRow, ...]:
    """The links of an order, the latest first."""
    found = session.scalars(
        select(OrderLink)
        .join(PurchaseOrder, PurchaseOrder.id == OrderLink.order_id)
        .where(PurchaseOrder.number == number)
        .order_by(OrderLink.id.desc())
    )
    return tuple(
        LinkRow(
            link.made_at,
            link.expires_on,
            link.revoked_at,
            link.revision,
            link.first_opened_at,
            link.last_opened_at,
        )
        for link in found
    )


def lines_to_answer(session: ReadSession, number: str) -> tuple[LineToAnswer, ...]:
    """The lines of an order as its supplier may answer them."""
    order = session.scalar(select(PurchaseOrder).where(PurchaseOrder.number == number))
    if order is None:
        raise OrderUnknown(f"There is no purchase order {number}.")
    return _lines(session, order)


def _lines(session: ReadSession, order: PurchaseOrder) -> tuple[LineToAnswer, ...]:
    lines = session.scalars(
        select(PurchaseOrderLine)
        .where(PurchaseOrderLine.order_id == order.id)
        .order_by(PurchaseOrderLine.position)
    )
    return tuple(
        LineToAnswer(
            position=line.position,
            packs=line.packs if line.confirmed_packs is None else line.confirmed_packs,
            due_on=line.confirmed_on or line.wanted_by or order.promised_on,
            is_asked=line.outstanding > 0,
        )
        for line in lines
    )


def _hinted(email: str) -> str:
    """o...@corrib.example: enough for who has the mailbox, too little for anybody else."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}...{at}{domain}" if at else ""


def _no_such_order() -> NotFound:
    return NotFound("There is nothing at this address.")
