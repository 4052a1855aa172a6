"""What becomes of an order without goods moving: confirmed, cancelled, closed short."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.documents.languages import answering_for, words_for
from procurement.documents.quote import render_quote
from procurement.files.operations.papers import keep_paper
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import MailFile, NewMail
from procurement.sales.errors import CreditExceeded, StaleVersion, WrongStatus
from procurement.sales.models import SalesOrder
from procurement.sales.operations.mails import write_buyer
from procurement.sales.operations.promising import release_lines, top_up
from procurement.sales.queries.agreements import require_agreed
from procurement.sales.queries.credit import credit_with
from procurement.sales.queries.order_papers import confirmation_content
from procurement.sales.queries.papers import money_said
from procurement.sales.queries.sales_orders import order_for_update, sales_order_page
from procurement.sales.rules.orders import (
    ORDER_WORDS,
    LineProgress,
    require_order_transition,
    status_by_lines,
)
from procurement.sales.terms.mails import Topic
from procurement.sales.terms.orders import TO_SHIP, Payment, SalesOrderStatus
from procurement.settings.queries import get_company


def confirm_order(
    session: Session,
    number: str,
    *,
    actor: Actor,
    at: datetime,
    version: int | None = None,
    send: bool = True,
    beyond_credit: bool = False,
) -> SalesOrder:
    """We will ship it: what is free is reserved by FEFO, the rest is backordered; the paper is kept and mailed.

    Raises CreditExceeded unless that was said to be fine (`beyond_credit`), WrongStatus, StaleVersion.
    """
    actor.require(Permission.SELL)
    order = order_for_update(session, number)
    if version not in {None, order.version}:
        raise StaleVersion(f"Somebody changed {number} meanwhile; look at it again.")
    require_order_transition(number, order.status, SalesOrderStatus.CONFIRMED)
    require_agreed(session, order)
    credit = credit_with(session, order)
    is_over = credit.is_over and order.payment is Payment.ON_ACCOUNT
    if is_over and not beyond_credit:
        raise CreditExceeded(
            f"With {number} the customer's open orders come to {credit.used}; the limit is {credit.limit}."
        )
    order.status = SalesOrderStatus.CONFIRMED
    order.confirmed_at, order.confirmed_by = at, actor.name[:200]
    top_up(session, order, at=at)
    sent_to = _keep_confirmation(session, order, send=send, actor=actor, at=at)
    told = (
        f"sent to {sent_to}" if sent_to else "",
        f"beyond the credit limit of {credit.limit}" if is_over else "",
    )
    detail = ", ".join(filter(None, told))
    record(session, "confirm order", number, detail, actor=actor, at=at)
    return order


def _keep_confirmation(
    session: Session, order: SalesOrder, *, send: bool, actor: Actor, at: datetime
) -> str:
    """The paper as it stands today, kept byte for byte; gives the address it is mailed to."""
    session.flush()  # the paper is read from the tables
    page = sales_order_page(session, order.number, actor=actor)
    content = confirmation_content(session, page)
    paper = keep_paper(session, render_quote(content), f"{order.number}.pdf", at=at)
    order.pdf_id = paper.id
    if not (send and page.mail_to):
        return ""
    company = get_company(session).name
    words, say = words_for(content.locale), answering_for(content.locale)
    reference = say.your_order.format(reference=page.customer_ref) if page.customer_ref else ""
    total = money_said(page.gross, content.locale)
    body = "\n\n".join(
        (
            words.mail_greeting.format(name=page.contact_name or page.customer_name),
            say.order_thanks.format(
                reference=reference, number=order.number, total=total, tax=content.tax_word
            ),
            say.order_attached,
            company if actor is SYSTEM else f"{actor.name}\n{company}",
        )
    )
    mail = NewMail(
        recipient=page.mail_to,
        subject=f"{content.title} {order.number}, {company}",
        body=body,
        reference=order.number,
        files=(MailFile(paper.id),),
    )
    told = write_buyer(session, mail, Topic.ORDER_CONFIRMED, locale=content.locale, at=at)
    return page.mail_to if told else ""


def cancel_sales_order(session: Session, number: str, *, actor: Actor, at: datetime) -> SalesOrder:
    """Nothing was shipped and nothing will be; what was reserved is free again."""
    actor.require(Permission.SELL)
    order = order_for_update(session, number)
    require_order_transition(number, order.status, SalesOrderStatus.CANCELLED)
    order.status = SalesOrderStatus.CANCELLED
    release_lines(session, order, order.lines, at=at)
    record(session, "cancel order", number, actor=actor, at=at)
    return order


def close_order_short(
    session: Session, number: str, *, actor: Actor, at: datetime, position: int | None = None
) -> SalesOrder:
    """The rest of the order, or of one line, will not be shipped; what was reserved for it is free again."""
    actor.require(Permission.SELL)
    order = order_for_update(session, number)
    if order.status not in TO_SHIP:
        raise WrongStatus(f"{number} is {ORDER_WORDS[order.status]}; nothing of it is to ship.")
    lines = [line for line in order.lines if position in {None, line.position}]
    if not lines:
        raise Invalid(f"{number} has no line {position}.", field="position")
    lines = [line for line in lines if line.outstanding]
    if not lines:
        raise Conflict("Nothing of that is to ship.")
    for line in lines:
        line.closed = True
    release_lines(session, order, lines, at=at)
    refresh_status(order)
    what = "" if position is None else f"line {position}"
    record(session, "close short", number, what, actor=actor, at=at)
    return order


def refresh_status(order: SalesOrder) -> None:
    """Let the lines say how far a confirmed order has come."""
    after = status_by_lines(
        [LineProgress(line.packs, line.shipped, line.closed) for line in order.lines]
    )
    if after is not order.status:
        require_order_transition(order.number, order.status, after)
        order.status = after
