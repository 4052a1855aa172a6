"""Labels to print."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from procurement.api.schemas.values import Body, Code
from procurement.documents.label_content import FORMATS, MOST_LABELS
from procurement.planning.queries.labels import LabelKind, LabelWanted

FormatCode = Literal[
    "sheet-24", "sheet-14", "sheet-48", "cards-a6", "roll-62x29", "roll-57x32", "roll-102x51"
]


class LabelBody(Body):
    """A product by SKU, a lot by product and number, an opened container by number, a location by code."""

    kind: Annotated[LabelKind, Field(strict=False)]
    name: Code
    product: Code | None = Field(default=None, description="Whose lot it is")
    pack: Code | None = Field(
        default=None, description="Of a product; the sales pack when not said"
    )
    copies: int = Field(default=1, ge=1, le=500)

    def wanted(self) -> LabelWanted:
        return LabelWanted(self.kind, self.name, self.product, self.pack, self.copies)


class LabelsBody(Body):
    format: FormatCode = "sheet-24"
    start: int = Field(
        default=1, ge=1, le=48, description="The first free label of a sheet used before"
    )
    labels: list[LabelBody] = Field(min_length=1, max_length=200)

    @model_validator(mode="after")
    def _reasonable(self) -> Self:
        shape = FORMATS[self.format]
        if shape.is_sheet and self.start > shape.on_page:
            raise ValueError(f"This sheet has {shape.on_page} labels.")
        if sum(one.copies for one in self.labels) > MOST_LABELS:
            raise ValueError(f"At most {MOST_LABELS:,} labels in one go.")
        return self
