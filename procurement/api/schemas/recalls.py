"""Recalls: started, every place dealt with, closed."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field

from procurement.api.schemas.lots import GoneShape
from procurement.api.schemas.values import (
    Body,
    Code,
    ListQuery,
    Moment,
    Prose,
    QuantityOut,
    Shape,
)
from procurement.stock.queries.recalls import RecallItemRow, RecallPage, RecallRow
from procurement.stock.terms import RecallOutcome


def _said(value: str) -> str:
    if not value.strip():
        raise ValueError("Say why.")
    return value


class RecallBody(Body):
    product: Code
    lots: list[Code] = Field(min_length=1, max_length=100, description="Ours or the supplier's")
    reason: Annotated[Prose, AfterValidator(_said)]
    drill: bool = False


class SettleBody(Body):
    outcome: Literal["quarantined", "returned", "destroyed", "not_found"]
    note: Prose = ""
    supplier: Code | None = Field(
        default=None, description="Whom goods go back to, where no delivery tells"
    )


class RecallQuery(ListQuery):
    status: Literal["open", "closed"] | None = None


class RecallItemShape(Shape):
    position: int
    lot: str
    opened_from: str | None
    location: str
    quantity: QuantityOut
    outcome: RecallOutcome | None
    settled_at: Moment | None
    settled_by: str | None
    note: str
    posting: str | None
    supplier_return: str | None = Field(description="By which it went back")

    @classmethod
    def of(cls, row: RecallItemRow, returns: Mapping[str, str]) -> Self:
        return cls(
            position=row.position,
            lot=row.lot,
            opened_from=row.opened_from,
            location=row.location,
            quantity=QuantityOut.of(row.quantity),
            outcome=row.outcome,
            settled_at=row.settled_at,
            settled_by=row.settled_by,
            note=row.note,
            posting=row.posting,
            supplier_return=returns.get(row.posting or ""),
        )


class RecallRowShape(Shape):
    number: str
    product: str
    reason: str
    drill: bool
    status: Literal["open", "closed"]
    started_at: Moment
    started_by: str
    closed_at: Moment | None
    closed_by: str | None
    places: int
    settled: int
    percent: int = Field(ge=0, le=100)
    seconds_to_complete: int | None = Field(
        description="From the start until the last place was dealt with; null before that"
    )

    @classmethod
    def of(cls, row: RecallRow) -> Self:
        return cls.model_validate(_head(row))


def _head(row: RecallRow) -> dict[str, object]:
    return {
        "number": row.number,
        "product": row.product,
        "reason": row.reason,
        "drill": row.is_drill,
        "status": row.status,
        "started_at": row.started_at,
        "started_by": row.started_by,
        "closed_at": row.closed_at,
        "closed_by": row.closed_by,
        "places": row.places,
        "settled": row.settled,
        "percent": row.percent,
        "seconds_to_complete": int(row.took.total_seconds()) if row.took is not None else None,
    }


class RecallShape(RecallRowShape):
    lots: list[str]
    items: list[RecallItemShape]
    treatments: list[GoneShape]
    customers: list[GoneShape]

    @classmethod
    def whole(cls, page: RecallPage, returns: Mapping[str, str]) -> Self:
        return cls.model_validate(
            {
                **_head(page.head),
                "lots": list(page.lots),
                "items": [RecallItemShape.of(item, returns) for item in page.items],
                "treatments": [GoneShape.of(one) for one in page.treatments],
                "customers": [GoneShape.of(one) for one in page.customers],
            }
        )
