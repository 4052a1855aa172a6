"""Suppliers and supplier items."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Line,
    ListQuery,
    MoneyIn,
    MoneyOut,
    Name,
    Packs,
    PriceIn,
    Prose,
    Shape,
)
from procurement.sourcing.operations.suppliers import (
    NewPriceBreak,
    SaveSupplier,
    SaveSupplierItem,
)
from procurement.sourcing.terms import (
    BreakScheme,
    Standing,
    SupplierItemRow,
    SupplierPage,
    SupplierRow,
)


class SupplierBody(Body):
    code: Code
    name: Name
    currency: str = Field(min_length=3, max_length=3, examples=["EUR"])
    email: Line = ""
    phone: Line = ""
    address: Prose = ""
    contact: Line = ""
    note: Prose = ""
    peppol_id: Line | None = Field(
        default=None, description="As in 0088:7300010000001; default: as it is"
    )
    wants_ubl: bool | None = Field(
        default=None, description="Orders go as UBL beside their PDF; default: as it is"
    )
    standing: Standing = Standing.NORMAL
    minimum_order: MoneyIn | None = Field(
        default=None, description="Of one order, before tax, in the supplier's currency"
    )
    freight_charge: MoneyIn | None = None
    free_freight_from: MoneyIn | None = None

    def command(self) -> SaveSupplier:
        return SaveSupplier(
            code=self.code,
            name=self.name,
            currency=self.currency,
            email=self.email,
            phone=self.phone,
            address=self.address,
            contact=self.contact,
            note=self.note,
            peppol_id=self.peppol_id,
            wants_ubl=self.wants_ubl,
            standing=self.standing,
            minimum_order=self.minimum_order.money() if self.minimum_order else None,
            freight_charge=self.freight_charge.money() if self.freight_charge else None,
            free_freight_from=self.free_freight_from.money() if self.free_freight_from else None,
            is_new=True,
        )


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
    peppol_id: str
    wants_ubl: bool
    standing: Standing
    minimum_order: MoneyOut
    freight_charge: MoneyOut
    free_freight_from: MoneyOut | None

    @classmethod
    def page(cls, page: SupplierPage) -> Self:
        terms = page.terms
        return cls(
            code=page.code,
            name=page.name,
            currency=page.currency,
            email=page.email,
            phone=page.phone,
            contact=page.contact,
            active=page.active,
            address=page.address,
            note=page.note,
            peppol_id=page.peppol_id,
            wants_ubl=page.wants_ubl,
            standing=terms.standing,
            minimum_order=MoneyOut.of(terms.minimum),
            freight_charge=MoneyOut.of(terms.freight),
            free_freight_from=MoneyOut.of(terms.free_from) if terms.free_from else None,
        )


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
    scheme: BreakScheme = Field(
        default=BreakScheme.ALL_UNITS,
        description="Whether a break's price is for every pack, or for those from there on",
    )
    guaranteed_days: int | None = Field(
        default=None, ge=1, le=36_500, description="Shelf life left at delivery, as promised"
    )
    preferred: bool = False
    blocked: bool = Field(default=False, description="Sold, but never proposed")

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
            scheme=self.scheme,
            guaranteed_days=self.guaranteed_days,
            preferred=self.preferred,
            blocked=self.blocked,
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
    scheme: BreakScheme
    guaranteed_days: int | None
    preferred: bool
    blocked: bool
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
            scheme=row.scheme,
            guaranteed_days=row.guaranteed_days,
            preferred=row.preferred,
            blocked=row.blocked,
            price_breaks=[
                PriceBreakShape(from_packs=step.from_packs, unit_price=MoneyOut.of(step.price))
                for step in row.price_breaks
            ],
        )


class SupplierItemQuery(ListQuery):
    supplier: str | None = Field(default=None, max_length=64)
    product: str | None = Field(default=None, max_length=64)
