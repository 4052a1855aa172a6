"""Lots, what they were made of, and where everything made of them is."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from procurement.api.schemas.values import (
    Body,
    Code,
    ListQuery,
    Moment,
    Prose,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.kernel.quantity import Quantity, Unit
from procurement.planning.queries.origins import Delivery
from procurement.purchasing.operations.sending_back import SendBack
from procurement.purchasing.terms import ReturnReason
from procurement.stock.operations.holding import Promised
from procurement.stock.queries.lots import LotRow
from procurement.stock.queries.traces import Gone, MadeFrom, Standing
from procurement.stock.terms import LabelState, LocationKind, LotState, LotStatus, Reason


class LotQuery(ListQuery):
    product: str | None = Field(default=None, max_length=64)
    status: LotState | None = Field(
        default=None, description="expired: available, but past its use-by today"
    )
    label: LabelState | None = None


class LotShape(Shape):
    product: str
    number: str
    status: LotState
    label: LabelState
    supplier_lot: str | None
    received_on: date | None
    expires_on: date | None
    opened_at: Moment | None
    use_by: date | None
    container: str | None
    parent: str | None
    on_hand: QuantityOut
    held_because: str | None

    @classmethod
    def of(cls, row: LotRow) -> Self:
        return cls(
            product=row.product,
            number=row.number,
            status=row.state,
            label=row.label,
            supplier_lot=row.supplier_lot,
            received_on=row.received_on,
            expires_on=row.expires_on,
            opened_at=row.opened_at,
            use_by=row.use_by,
            container=row.container,
            parent=row.parent,
            on_hand=QuantityOut.of(row.on_hand),
            held_because=row.held_because,
        )


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("Say why.")
    return value


class WhyBody(Body):
    why: Annotated[Prose, AfterValidator(_said)]


class SendBackBody(WhyBody):
    """Without a quantity all goes that is there and promised to nobody."""

    location: Code
    quantity: QuantityIn | None = None
    supplier: Code | None = Field(
        default=None, description="Who delivered it, where it is left out"
    )
    reason: ReturnReason | None = Field(
        default=None, description="Without it: recalled or expired where it is, other where not"
    )
    claim: Code | None = Field(
        default=None, description="Without it: an unsettled claim that names as much of the lot"
    )

    def command(self, lot: str, key: str | None) -> SendBack:
        return SendBack(
            lot=lot,
            location=self.location,
            why=self.why,
            quantity=self.quantity.value() if self.quantity else None,
            supplier=self.supplier,
            reason=self.reason,
            claim=self.claim,
            idempotency_key=key,
        )


class LabelBody(Body):
    label: Literal["named", "old_label", "unknown"]

    @property
    def told(self) -> bool | None:
        return {"named": True, "old_label": False}.get(self.label)


class PromisedShape(Shape):
    demand: str
    location: str
    quantity: QuantityOut
    was_released: bool


class HeldShape(Shape):
    lot: LotShape
    promised: list[PromisedShape]

    @classmethod
    def of(cls, row: LotRow, promised: tuple[Promised, ...], unit: Unit) -> Self:
        return cls(
            lot=LotShape.of(row),
            promised=[
                PromisedShape(
                    demand=one.demand,
                    location=one.location,
                    quantity=QuantityOut.of(Quantity(one.steps, unit)),
                    was_released=one.was_released,
                )
                for one in promised
            ],
        )


class StandingShape(Shape):
    lot: str
    parent: str | None
    status: LotStatus
    use_by: date | None
    location: str
    on_hand: QuantityOut
    reserved: QuantityOut

    @classmethod
    def of(cls, row: Standing) -> Self:
        return cls(
            lot=row.lot,
            parent=row.parent,
            status=row.status,
            use_by=row.use_by,
            location=row.location,
            on_hand=QuantityOut.of(row.on_hand),
            reserved=QuantityOut.of(row.reserved),
        )


class GoneShape(Shape):
    posting: str
    occurred_at: Moment
    lot: str
    reason: Reason
    to: LocationKind
    location: str
    actor: str
    document: str | None
    quantity: QuantityOut

    @classmethod
    def of(cls, row: Gone) -> Self:
        return cls(
            posting=row.ref,
            occurred_at=row.occurred_at,
            lot=row.lot,
            reason=row.reason,
            to=row.kind,
            location=row.from_code,
            actor=row.actor,
            document=row.document,
            quantity=QuantityOut.of(row.quantity),
        )


class MadeFromShape(Shape):
    lot: str
    how: Literal["decanted", "opened", "received"]
    expires_on: date | None
    use_by: date | None
    posting: str | None

    @classmethod
    def of(cls, row: MadeFrom) -> Self:
        return cls.model_validate(
            {
                "lot": row.number,
                "how": row.how,
                "expires_on": row.expires_on,
                "use_by": row.use_by,
                "posting": row.posting,
            }
        )


class DeliveryShape(Shape):
    receipt: str
    order: str
    supplier: str
    supplier_name: str
    delivery_note: str
    received_at: Moment

    @classmethod
    def of(cls, row: Delivery) -> Self:
        return cls.model_validate(row, from_attributes=True)


class TraceShape(Shape):
    """Backward `made_from` (the lot itself first) and `deliveries`; forward `stands` and `went`."""

    made_from: list[MadeFromShape]
    deliveries: list[DeliveryShape]
    stands: list[StandingShape]
    went: list[GoneShape]
