"""Suppliers and supplier items."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Line,
    ListQuery,
    MoneyOut,
    Name,
    Packs,
    PriceIn,
    Prose,
    Shape,
)
from procurement.sourcing.operations.suppliers import NewPriceBreak, SaveSupplierItem
from procurement.sourcing.terms import SupplierItemRow, SupplierPage, SupplierRow


class SupplierBody(Body):
    code: Code
    name: Name
    currency: str = Field(min_length=3, max_length=3, examples=["EUR"])
    email: Line = ""
    phone: Line = ""
    address: Prose = ""
    contact: Line = ""
    note: Prose = ""


class SupplierShape(Shape):
    code: str
    name: str
    currency: str
    email: str
    phone: str
    contact: str
    active: bool

    @classmethod
    def of(cls, row: SupplierRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class SupplierPageShape(SupplierShape):
    address: str
    note: str

    @classmethod
    def page(cls, page: SupplierPage) -> Self:
        return cls.model_validate(page, from_attributes=True)


class SupplierQuery(ListQuery):
    text: str = Field(default="", max_length=200, description="Part of a name or code")


class PriceBreakBody(Body):
    from_packs: Packs
    unit_price: PriceIn


class SupplierItemBody(Body):
    supplier: Code
    product: Code
    code: Code | None = Field(default=None, description="The supplier's; default: our SKU")
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    moq: Packs = 1
    multiple: Packs = 1
    lead_time_days: int = Field(default=7, ge=0, le=3650)
    price_breaks: list[PriceBreakBody] = Field(default_factory=list, max_length=50)
    preferred: bool = False

    def command(self) -> SaveSupplierItem:
        return SaveSupplierItem(
            supplier=self.supplier,
            product=self.product,
            code=self.code or "",
            pack=self.pack,
            moq=self.moq,
            multiple=self.multiple,
            lead_time_days=self.lead_time_days,
            price_breaks=tuple(
                NewPriceBreak(step.from_packs, step.unit_price.price())
                for step in self.price_breaks
            ),
            preferred=self.preferred,
        )


class PriceBreakShape(Shape):
    from_packs: int
    unit_price: MoneyOut


class SupplierItemShape(Shape):
    supplier: str
    product: str
    code: str
    pack: str
    moq: int
    multiple: int
    lead_time_days: int
    preferred: bool
    price_breaks: list[PriceBreakShape]

    @classmethod
    def of(cls, row: SupplierItemRow) -> Self:
        return cls(
            supplier=row.supplier,
            product=row.product,
            code=row.code,
            pack=row.pack,
            moq=row.moq,
            multiple=row.multiple,
            lead_time_days=row.lead_time_days,
            preferred=row.preferred,
            price_breaks=[
                PriceBreakShape(from_packs=step.from_packs, unit_price=MoneyOut.of(step.price))
                for step in row.price_breaks
            ],
        )


class SupplierItemQuery(ListQuery):
    supplier: str | None = Field(default=None, max_length=64)
    product: str | None = Field(default=None, max_length=64)
