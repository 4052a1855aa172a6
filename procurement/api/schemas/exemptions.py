"""Resale and exemption certificates."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Day, Line, Moment, Shape
from procurement.sales.operations.exemptions import KeepExemption
from procurement.sales.queries.taxing import ExemptionRow
from procurement.sales.rules.taxing import ExemptionKind


class ExemptionBody(Body):
    kind: ExemptionKind = Field(strict=False)
    number: Code
    jurisdiction: Line = Field(default="", description="ISO 3166: DE, US-CA; empty: everywhere")
    reason: Line = ""
    valid_from: Day | None = None
    valid_until: Day | None = None
    verified: bool = Field(default=False, description="Somebody has looked at it: it counts")

    def command(self, customer: str) -> KeepExemption:
        return KeepExemption(customer=customer, **self.model_dump())


class ExemptionShape(Shape):
    id: int
    kind: ExemptionKind
    number: str
    jurisdiction: str
    reason: str
    valid_from: Day | None
    valid_until: Day | None
    recorded_by: str
    verified_at: Moment | None
    verified_by: str | None

    @classmethod
    def of(cls, row: ExemptionRow) -> Self:
        return cls.model_validate(row, from_attributes=True)
