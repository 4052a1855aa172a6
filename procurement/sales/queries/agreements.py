"""Orders that wait for a colleague of their buyer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.sales.errors import WrongStatus
from procurement.sales.models import OrderAgreement, SalesOrder
from procurement.sales.queries.buyers import powers_of
from procurement.sales.terms.orders import SalesOrderStatus


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An order that waits for a colleague; `may_decide` says whether the asking person is one."""

    number: str
    gross: Money
    asked_by: str
    asked_at: datetime
    may_decide: bool


def waits_for_colleague() -> ColumnElement[bool]:
    """Whether an order of the statement around waits for somebody of the customer's own company."""
    return exists().where(
        OrderAgreement.order_id == SalesOrder.id, OrderAgreement.decided_at.is_(None)
    )


def is_waiting(session: ReadSession, order_id: int) -> bool:
    found = session.scalar(
        select(OrderAgreement.order_id).where(
            OrderAgreement.order_id == order_id, OrderAgreement.decided_at.is_(None)
        )
    )
    return found is not None


def require_agreed(session: ReadSession, order: SalesOrder) -> None:
    """Nobody of ours confirms or changes what the customer's own people have not agreed to. Raises WrongStatus."""
    if is_waiting(session, order.id):
        raise WrongStatus(f"{order.number} waits for a colleague of whoever placed it.")


def open_agreements(session: ReadSession, *, actor: Actor) -> tuple[AgreementRow, ...]:
    """Of the acting buyer's company, the oldest first."""
    actor.require(Permission.BUY)
    rows = session.execute(
        select(
            SalesOrder.number,
            SalesOrder.gross_minor,
            SalesOrder.currency,
            User.name,
            OrderAgreement.asked_at,
            OrderAgreement.asked_by_id,
        )
        .join(SalesOrder, SalesOrder.id == OrderAgreement.order_id)
        .join(User, User.id == OrderAgreement.asked_by_id)
        .where(
            SalesOrder.customer_id == actor.customer_id,
            SalesOrder.status == SalesOrderStatus.DRAFT,
            OrderAgreement.decided_at.is_(None),
        )
        .order_by(OrderAgreement.asked_at, SalesOrder.id)
    ).all()
    if not rows:
        return ()
    powers = powers_of(session, actor)

    def row(
        number: str, minor: int, currency: str, name: str, at: datetime, by: int
    ) -> AgreementRow:
        amount = Money(minor, currency)
        may = powers.may_approve and powers.covers(amount) and by != actor.id
        return AgreementRow(number, amount, name, at, may)

    return tuple(row(*one) for one in rows)
