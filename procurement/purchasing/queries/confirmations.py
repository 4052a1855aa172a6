"""What suppliers have answered."""

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from procurement.kernel.db import ReadSession
from procurement.purchasing.models import (
    OrderConfirmation,
    OrderConfirmationLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.terms import (
    DIFFERENT,
    ON_THE_WAY,
    ConfirmationRow,
    ConfirmedLine,
    DifferentRow,
    SupplierAnswer,
)
from procurement.sourcing.models import Supplier


def confirmations_of(session: ReadSession, number: str) -> tuple[ConfirmationRow, ...]:
    """Every answer to an order, the latest first."""
    lines = session.execute(
        select(PurchaseOrderLine.position, PurchaseOrderLine.name)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(PurchaseOrder.number == number)
    )
    names = {position: name for position, name in lines}  # noqa: C416 (rows are not pairs to mypy)
    found = session.scalars(
        select(OrderConfirmation)
        .join(PurchaseOrder, PurchaseOrder.id == OrderConfirmation.order_id)
        .where(PurchaseOrder.number == number)
        .order_by(OrderConfirmation.id.desc())
        .options(selectinload(OrderConfirmation.lines))
    )
    return tuple(_row(one, number, names) for one in found)


def differences(session: ReadSession, *, limit: int) -> tuple[DifferentRow, ...]:
    """Orders on the way whose last answer wants another quantity or day, and nobody has looked; the oldest first."""
    last = (
        select(func.max(OrderConfirmation.id).label("id"))
        .where(OrderConfirmation.answer != SupplierAnswer.ACKNOWLEDGED)
        .group_by(OrderConfirmation.order_id)
        .subquery()
    )
    off = (
        select(func.count())
        .where(
            OrderConfirmationLine.confirmation_id == OrderConfirmation.id,
            OrderConfirmationLine.answer != SupplierAnswer.ACCEPTED,
        )
        .correlate(OrderConfirmation)
        .scalar_subquery()
    )
    rows = session.execute(
        select(OrderConfirmation, PurchaseOrder.number, PurchaseOrder.due_on, Supplier.name, off)
        .join(last, last.c.id == OrderConfirmation.id)
        .join(PurchaseOrder, PurchaseOrder.id == OrderConfirmation.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(
            PurchaseOrder.status.in_(ON_THE_WAY),
            PurchaseOrder.answer.in_(DIFFERENT),
            OrderConfirmation.noted_at.is_(None),
        )
        .order_by(OrderConfirmation.id)
        .limit(limit)
    )
    return tuple(
        DifferentRow(
            order=number,
            supplier_name=supplier,
            answer=one.answer,
            said_by=one.said_by,
            recorded_at=one.recorded_at,
            differences=int(count),
            due_on=due_on,
        )
        for one, number, due_on, supplier, count in rows
    )


def _row(one: OrderConfirmation, number: str, names: dict[int, str]) -> ConfirmationRow:
    return ConfirmationRow(
        id=one.id,
        order=number,
        revision=one.revision,
        answer=one.answer,
        answered_by=one.answered_by,
        said_by=one.said_by,
        recorded_at=one.recorded_at,
        recorded_by=one.recorded_by,
        message=one.message,
        document=one.document,
        supplier_order=one.supplier_order,
        noted_at=one.noted_at,
        noted_by=one.noted_by,
        lines=tuple(
            ConfirmedLine(
                position=line.position,
                name=names.get(line.position, ""),
                answer=line.answer,
                packs_asked=line.packs_asked,
                packs=line.packs,
                asked_for=line.asked_for,
                due_on=line.due_on,
                remark=line.remark,
            )
            for line in one.lines
        ),
    )
