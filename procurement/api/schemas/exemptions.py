"""Resale and exemption certificates."""

import base64
import binascii
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Day, Line, Moment, Name, Shape
from procurement.kernel.errors import Invalid
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


class PaperBody(Body):
    file_name: Name = "certificate.pdf"
    content_base64: str = Field(max_length=900_000, description="A PDF")

    def content(self) -> bytes:
        try:
            return base64.b64decode(self.content_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid("This is no base64.", field="content_base64") from error


class ExemptionShape(Shape):
    id: int
    kind: ExemptionKind
    number: str
    jurisdiction: str
    reason: str
    valid_from: Day | None
    valid_until: Day | None
    has_file: bool
    recorded_by: str
    verified_at: Moment | None
    verified_by: str | None

    @classmethod
    def of(cls, row: ExemptionRow) -> Self:
        return cls.model_validate(row, from_attributes=True)
