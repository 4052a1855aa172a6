"""Sites, locations, lots, stock, postings, stocking rules."""

from datetime import date
from typing import Literal, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    ListQuery,
    Moment,
    Name,
    PriceIn,
    Prose,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.queries.history import PostingRow
from procurement.stock.queries.on_hand import StockRow
from procurement.stock.queries.stocking import StockingRuleRow
from procurement.stock.terms import Cause, LocationKind, Place, Posted, Reason


class SiteBody(Body):
    code: Code
    name: Name
    time_zone: str = Field(max_length=64, examples=["Europe/Dublin"])
    address: Prose = ""


class SiteShape(Shape):
    code: str
    name: str
    time_zone: str
    address: str


class LocationBody(Body):
    code: Code
    name: Name
    kind: Literal["storeroom", "treatment_room", "quarantine", "in_transit", "person", "laundry"]
    site: Code


class LocationShape(Shape):
    code: str
    name: str
    kind: LocationKind
    site: str | None

    @classmethod
    def of(cls, place: Place) -> Self:
        return cls(code=place.code, name=place.name, kind=place.kind, site=place.site)


class MoveBody(Body):
    product: Code
    source: Code = Field(alias="from")
    destination: Code = Field(alias="to")
    quantity: QuantityIn
    lot: Code | None = None
    expires_on: Day | None = None
    unit_cost: PriceIn | None = None


class PostingBody(Body):
    reason: Literal["opening", "transfer", "consumption", "write_off", "adjustment"]
    moves: list[MoveBody] = Field(min_length=1, max_length=500)
    occurred_at: Moment | None = None
    note: Prose = ""
    cause: Cause | None = None  # of a write_off


class ReversalBody(Body):
    why: Name


class MoveShape(Shape):
    product: str
    lot: str
    source: str = Field(serialization_alias="from")
    destination: str = Field(serialization_alias="to")
    quantity: QuantityOut


class PostingShape(Shape):
    ref: str
    reason: Reason
    occurred_at: Moment
    moves: list[MoveShape]

    @classmethod
    def of(cls, posted: Posted, products: dict[int, tuple[str, Unit]]) -> Self:
        """`products` names SKU and unit of each product id."""
        return cls(
            ref=posted.ref,
            reason=posted.reason,
            occurred_at=posted.occurred_at,
            moves=[
                MoveShape(
                    product=products[move.product_id][0],
                    lot=move.lot,
                    source=move.source,
                    destination=move.destination,
                    quantity=QuantityOut.of(Quantity(move.quantity, products[move.product_id][1])),
                )
                for move in posted.moves
            ],
        )


class PostingRowShape(PostingShape):
    note: str
    cause: Cause | None
    document: str | None
    is_reversed: bool

    @classmethod
    def row(cls, row: PostingRow) -> Self:
        return cls(
            ref=row.ref,
            reason=row.reason,
            occurred_at=row.occurred_at,
            moves=[
                MoveShape(
                    product=move.product,
                    lot=move.lot,
                    source=move.source,
                    destination=move.destination,
                    quantity=QuantityOut.of(move.quantity),
                )
                for move in row.movements
            ],
            note=row.note,
            cause=row.cause,
            document=row.document,
            is_reversed=row.is_reversed,
        )


class PostingQuery(ListQuery):
    reason: Reason | None = None
    document: str | None = Field(default=None, max_length=64, examples=["GR-2026-0001"])


class StockQuery(ListQuery):
    product: str | None = Field(default=None, max_length=64)
    location: str | None = Field(default=None, max_length=64)
    lot: str | None = Field(default=None, max_length=64)
    at: str | None = Field(default=None, max_length=40, description="A moment, or a date: its end")


class StockShape(Shape):
    product: str
    location: str
    lot: str
    use_by: date | None
    on_hand: QuantityOut
    reserved: QuantityOut
    available: QuantityOut

    @classmethod
    def of(cls, row: StockRow) -> Self:
        return cls(
            product=row.product,
            location=row.location,
            lot=row.lot,
            use_by=row.use_by,
            on_hand=QuantityOut.of(row.on_hand),
            reserved=QuantityOut.of(row.reserved),
            available=QuantityOut.of(row.available),
        )


class StockingRuleBody(Body):
    location: Code
    product: Code
    par_level: QuantityIn
    reorder_point: QuantityIn


class StockingRuleShape(Shape):
    location: str
    product: str
    par_level: QuantityOut
    reorder_point: QuantityOut

    @classmethod
    def of(cls, row: StockingRuleRow) -> Self:
        return cls(
            location=row.location,
            product=row.product,
            par_level=QuantityOut.of(row.par_level),
            reorder_point=QuantityOut.of(row.reorder_point),
        )


class StockingRuleQuery(ListQuery):
    location: str | None = Field(default=None, max_length=64)
    product: str | None = Field(default=None, max_length=64)
