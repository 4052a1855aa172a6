"""Price files: rows or a file in, the difference out."""

import base64
import binascii
from collections.abc import Iterator
from datetime import date
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    MoneyOut,
    Name,
    Packs,
    PriceIn,
    Shape,
    Whole,
)
from procurement.catalogue.rules.gtin import padded_gtin
from procurement.exchange.price_files import read_price_list
from procurement.kernel.errors import FieldError, Invalid
from procurement.planning.queries.price_effects import PriceEffect
from procurement.sourcing.operations.price_files import ApplyPrices, NewPriceFile
from procurement.sourcing.terms import (
    LineKind,
    PriceBreak,
    PriceFilePage,
    PriceFileRow,
    PriceFileStatus,
    PriceLine,
    PriceRow,
)


class PriceRowBody(Body):
    code: Line = Field(default="", description="The supplier's")
    gtin: str = Field(default="", max_length=14)
    product: Line = Field(default="", description="Our SKU")
    pack: Line = ""
    name: Line = ""
    from_packs: Packs = 1
    unit_price: PriceIn


class PriceFileBody(Body):
    """Either `rows`, or a CSV or XLSX file as `content` in Base64."""

    supplier: Code
    name: Name = "API"
    rows: list[PriceRowBody] = Field(default_factory=list, max_length=5_000)
    content: str | None = Field(default=None, max_length=1_000_000)

    def command(self, currency: str) -> NewPriceFile:
        if (self.content is None) == (not self.rows):
            raise Invalid("Send either rows or content.", field="rows")
        if self.content is None:
            return NewPriceFile(self.supplier, self.name, self._rows(currency))
        try:
            data = base64.b64decode(self.content, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid("This is not Base64.", field="content") from error
        try:
            found = read_price_list(data, currency=currency)
        except Invalid as error:
            raise Invalid(error.message, field="content") from error
        refused = "\n".join(
            f"Row {one.row}: {one.column} {one.reason}" for one in found.refused[:100]
        )
        return NewPriceFile(self.supplier, self.name, found.rows, found.read_as, refused[:10_000])

    def _rows(self, currency: str) -> tuple[PriceRow, ...]:
        errors: list[FieldError] = []
        rows = []
        for index, row in enumerate(self.rows):
            errors += _row_errors(f"rows.{index}", row, currency)
            if not errors:
                rows.append(
                    PriceRow(
                        row=index + 1,
                        price_e4=row.unit_price.price().e4,
                        from_packs=row.from_packs,
                        code=row.code,
                        gtin=padded_gtin(row.gtin) if row.gtin else "",
                        product=row.product,
                        pack=row.pack,
                        name=row.name,
                    )
                )
        if errors:
            raise Invalid.of(errors)
        return tuple(rows)


def _row_errors(field: str, row: PriceRowBody, currency: str) -> Iterator[FieldError]:
    if row.unit_price.currency != currency:
        yield FieldError(f"{field}.unit_price.currency", f"The supplier is paid in {currency}.")
    if not (row.code or row.gtin or row.product):
        yield FieldError(f"{field}.code", "Name it by code, gtin or product.")
    try:
        if row.gtin:
            padded_gtin(row.gtin)
    except ValueError as error:
        yield FieldError(f"{field}.gtin", str(error))


class ApplyPricesBody(Body):
    on: Day | None = Field(default=None, description="The day from which they hold; default: today")
    lines: list[Whole] | None = Field(
        default=None, max_length=20_000, description="Positions; default: all that changed"
    )

    def command(self, number: str) -> ApplyPrices:
        return ApplyPrices(number, self.on, self.lines)


class PriceFileQuery(ListQuery):
    supplier: str | None = Field(default=None, max_length=64)
    status: PriceFileStatus | None = None


class PriceFileRowShape(Shape):
    number: str
    supplier: str
    name: str
    status: PriceFileStatus
    received_at: Moment
    apply_on: date | None
    changed: int
    trouble: str

    @classmethod
    def of(cls, row: PriceFileRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class StepShape(Shape):
    from_packs: int
    unit_price: MoneyOut

    @classmethod
    def all_of(cls, breaks: tuple[PriceBreak, ...]) -> list[Self]:
        return [
            cls(from_packs=step.from_packs, unit_price=MoneyOut.of(step.price)) for step in breaks
        ]


class PriceLineShape(Shape):
    position: int
    kind: LineKind
    code: str
    product: str | None
    pack: str | None
    before: list[StepShape]
    after: list[StepShape]
    change_percent: str | None
    quotes: list[str] = Field(description="Open ones that have the product, for who sees sales")
    quotes_touched: int = Field(description="How many these are")
    applied: bool
    outcome: str

    @classmethod
    def of(cls, line: PriceLine, effect: PriceEffect | None) -> Self:
        change = effect.change if effect else None
        return cls(
            position=line.position,
            kind=line.kind,
            code=line.code,
            product=line.product,
            pack=line.pack,
            before=StepShape.all_of(line.before),
            after=StepShape.all_of(line.after),
            change_percent=None if change is None else str(change),
            quotes=list(effect.quotes) if effect else [],
            quotes_touched=effect.touched if effect else 0,
            applied=line.is_applied,
            outcome=line.outcome,
        )


class PriceFileShape(Shape):
    number: str
    supplier: str
    name: str
    read_as: str
    refused: list[str]
    status: PriceFileStatus
    received_at: Moment
    apply_on: date | None
    applied_at: Moment | None
    undone_at: Moment | None
    trouble: str
    lines: list[PriceLineShape]

    @classmethod
    def of(cls, page: PriceFilePage, effects: list[PriceEffect]) -> Self:
        by_position = {effect.line.position: effect for effect in effects}
        return cls(
            number=page.number,
            supplier=page.supplier,
            name=page.name,
            read_as=page.read_as,
            refused=list(page.refused),
            status=page.status,
            received_at=page.received_at,
            apply_on=page.apply_on,
            applied_at=page.applied_at,
            undone_at=page.undone_at,
            trouble=page.trouble,
            lines=[PriceLineShape.of(one, by_position.get(one.position)) for one in page.lines],
        )
