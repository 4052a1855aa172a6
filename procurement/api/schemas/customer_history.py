"""What was sent and said, and customers made one."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Moment, Prose, Shape
from procurement.sales.queries.timeline import TimelineRow
from procurement.sales.rules.customers import NoteKind


class NoteBody(Body):
    kind: NoteKind = Field(strict=False)
    body: Prose


class MergeBody(Body):
    other: Code = Field(description="The customer that ends")


class TimelineShape(Shape):
    at: Moment
    what: str
    who: str
    said: str = Field(description="Its first 300 characters")
    reference: str

    @classmethod
    def of(cls, row: TimelineRow) -> Self:
        return cls.model_validate(row, from_attributes=True)
