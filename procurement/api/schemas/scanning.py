"""What a scanned code names."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field

from procurement.api.schemas.values import QuantityOut, Shape
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.queries.scanning import Found, Scanned
from procurement.stock.terms import LotStatus


class ScanQuery(BaseModel):
    """`?text=` as the scanner sent it; a separator is %1D."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=400)
    kept: bool = Field(
        default=False, description="The scanner is known to send separators where there are any"
    )


class ScanShape(Shape):
    what: Scanned
    message: str
    product: str | None
    product_name: str | None
    unit: Unit | None
    pack: str | None
    pack_name: str | None
    pack_size: QuantityOut | None
    packs: int | None = Field(description="So many of the pack, where the label says it")
    quantity: QuantityOut | None
    lot: str | None = Field(description="Our number of a lot that is here")
    supplier_lot: str | None = Field(description="The lot as the label says it")
    serial: str | None
    expires_on: date | None
    best_before: date | None
    expiry_disagrees: bool = Field(description="The lot is here with another expiry")
    status: LotStatus | None
    location: str | None
    location_name: str | None
    read: str = Field(description="The elements as people read them: (01)…(10)…")
    choices: list[Any] = Field(description="Where it is unclear: what it can be, in this shape")

    @classmethod
    def of(cls, found: Found) -> Self:
        return cls(
            what=found.what,
            message=found.message,
            product=found.product,
            product_name=found.product_name,
            unit=found.unit,
            pack=found.pack,
            pack_name=found.pack_name,
            pack_size=_quantity(found.pack_size),
            packs=found.packs,
            quantity=_quantity(found.quantity),
            lot=found.lot,
            supplier_lot=found.supplier_lot,
            serial=found.serial,
            expires_on=found.expires_on,
            best_before=found.best_before,
            expiry_disagrees=found.disagrees,
            status=found.status,
            location=found.location,
            location_name=found.location_name,
            read=found.read,
            choices=[cls.of(one) for one in found.choices],
        )


def _quantity(quantity: Quantity | None) -> QuantityOut | None:
    return QuantityOut.of(quantity) if quantity else None
