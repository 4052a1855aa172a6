"""Customers and their price lists."""

from dataclasses import replace
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    MoneyIn,
    MoneyOut,
    Name,
    Packs,
    PercentIn,
    PriceIn,
    Prose,
    Shape,
)
from procurement.kernel.money import Rate
from procurement.kernel.paging import Page
from procurement.sales.operations.customers import AddressInput, ContactInput, SaveCustomer
from procurement.sales.operations.price_lists import PriceInput, SavePriceList
from procurement.sales.queries.customers import CustomerPage, CustomerRow
from procurement.sales.queries.price_lists import PriceListPage, PriceListRow, PriceRow
from procurement.sales.terms import AddressKind, CustomerKind, DeliveryTerm


class ContactBody(Body):
    id: int | None = Field(default=None, description="One that is known keeps its own")
    name: Name
    role: Line = ""
    email: Line = ""
    phone: Line = ""


class AddressBody(Body):
    kind: AddressKind
    lines: Prose = Field(default="", description="As on a letter; or give the parts")
    street: Prose = ""
    postal_code: Line = Field(default="", max_length=20)
    city: Line = ""
    region: Line = Field(default="", description="A state by its letters, a county")
    country: str = Field(default="", max_length=2, description="ISO 3166-1, such as IE")
    label: Line = Field(default="", description="How the customer calls it: Spa Nord, back door")
    attention: Line = Field(default="", description="Who takes it in, a telephone")


class CustomerFields(Body):
    name: Name
    kind: CustomerKind
    email: Line = ""
    phone: Line = ""
    vat_id: Line = ""
    peppol_id: Line = Field(
        default="", description="Where electronic invoices reach them: 0088:7300010000001"
    )
    currency: str | None = Field(
        default=None, min_length=3, max_length=3, description="Default: the company's"
    )
    locale: str = Field(default="en", min_length=2, max_length=16, pattern="^[A-Za-z_-]+$")
    price_list: Code | None = None
    group: Code | None = Field(default=None, description="Their customer group")
    payment_terms: Prose = ""
    payment_days: int | None = Field(default=None, ge=0, le=365)
    discount_days: int | None = Field(default=None, ge=0, le=365)
    discount_percent: PercentIn | None = Field(default=None, description="If paid in discount_days")
    credit_limit: MoneyIn | None = None
    delivery_term: DeliveryTerm | None = Field(
        default=None, strict=False, description="Incoterms 2020"
    )
    delivery_place: Line = ""
    tax_numbers: list[Line] = Field(
        default_factory=list, max_length=50, description="Of other countries, beside vat_id"
    )
    note: Prose = ""
    contacts: list[ContactBody] = Field(default_factory=list, max_length=50)
    addresses: list[AddressBody] = Field(default_factory=list, max_length=50)

    def said(self) -> SaveCustomer:
        return SaveCustomer(
            name=self.name,
            kind=self.kind,
            email=self.email,
            phone=self.phone,
            vat_id=self.vat_id,
            peppol_id=self.peppol_id,
            currency=self.currency or "",
            locale=self.locale,
            price_list=self.price_list,
            group=self.group,
            payment_terms=self.payment_terms,
            payment_days=self.payment_days,
            discount_days=self.discount_days,
            discount=Rate.parse(self.discount_percent) if self.discount_percent else None,
            credit_limit=self.credit_limit.money() if self.credit_limit else None,
            delivery_term=self.delivery_term,
            delivery_place=self.delivery_place,
            tax_numbers=tuple(self.tax_numbers),
            note=self.note,
            contacts=tuple(ContactInput(**contact.model_dump()) for contact in self.contacts),
            addresses=tuple(AddressInput(**one.model_dump()) for one in self.addresses),
        )


class CustomerBody(CustomerFields):
    code: Code | None = Field(default=None, description="Default: the next of C-2026-0001 …")

    def command(self) -> SaveCustomer:
        return replace(self.said(), code=self.code or "")


class CustomerChangeBody(CustomerFields):
    """The whole customer as it should be: what is left out is emptied. The code stays."""

    version: int = Field(ge=1, description="As it was read; another one is refused")
    active: bool = True

    def command(self) -> SaveCustomer:
        return replace(self.said(), version=self.version, active=self.active)


class VatCheckBody(Body):
    on: Day = Field(description="The day somebody asked whether the number is in force, and it was")


class ContactShape(Shape):
    id: int
    name: str
    role: str
    email: str
    phone: str


class AddressShape(Shape):
    kind: AddressKind
    lines: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    label: str
    attention: str


class CustomerRowShape(Shape):
    code: str
    name: str
    kind: CustomerKind
    email: str
    phone: str
    currency: str
    price_list: str | None
    active: bool

    @classmethod
    def of(cls, row: CustomerRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class CustomerShape(CustomerRowShape):
    group: str | None = Field(description="Null for the customer's own buyers")
    version: int
    vat_id: str
    vat_checked_on: Day | None = Field(description="When somebody asked whether it is in force")
    vat_checked_by: str | None
    peppol_id: str
    locale: str
    payment_terms: str
    payment_days: int | None
    discount_days: int | None
    discount_percent: str | None
    credit_limit: MoneyOut | None = Field(description="Null for the customer's own buyers")
    delivery_term: DeliveryTerm | None
    delivery_place: str
    tax_numbers: list[str]
    note: str = Field(description="Empty for the customer's own buyers")
    contacts: list[ContactShape]
    addresses: list[AddressShape]

    @classmethod
    def page(cls, page: CustomerPage) -> Self:
        said = {name: getattr(page, name, None) for name in cls.model_fields}
        said["discount_percent"] = page.discount.percent if page.discount else None
        said["credit_limit"] = MoneyOut.of(page.credit_limit) if page.credit_limit else None
        return cls.model_validate(said, from_attributes=True)


class CustomerQuery(ListQuery):
    text: str = Field(default="", max_length=200, description="Words of name, code, mail address")
    kind: CustomerKind | None = None


class PriceBody(Body):
    product: Code
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    from_packs: Packs = 1
    unit_price: PriceIn


class PriceListBody(Body):
    code: Code
    currency: str = Field(min_length=3, max_length=3, examples=["EUR"])
    name: Line = ""
    valid_from: Day | None = None
    valid_until: Day | None = None
    is_default: bool | None = Field(
        default=None, description="For customers without a list; default: the first of its currency"
    )
    group: Code | None = Field(default=None, description="The customer group it is for")
    prices: list[PriceBody] = Field(default_factory=list, max_length=20_000)

    def command(self) -> SavePriceList:
        return SavePriceList(
            code=self.code,
            currency=self.currency,
            name=self.name,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            is_default=self.is_default,
            group=self.group,
            prices=tuple(
                PriceInput(one.product, one.unit_price.price(), one.pack, one.from_packs)
                for one in self.prices
            ),
        )


class PriceShape(Shape):
    product: str
    pack: str
    from_packs: int
    unit_price: MoneyOut

    @classmethod
    def of(cls, row: PriceRow) -> Self:
        return cls(
            product=row.sku,
            pack=row.pack,
            from_packs=row.from_packs,
            unit_price=MoneyOut.of(row.price),
        )


class PriceListRowShape(Shape):
    code: str
    name: str
    currency: str
    valid_from: Day | None
    valid_until: Day | None
    is_default: bool

    @classmethod
    def of(cls, row: PriceListRow) -> Self:
        return cls(
            code=row.code,
            name=row.name,
            currency=row.currency,
            valid_from=row.validity.from_,
            valid_until=row.validity.until,
            is_default=row.is_default,
        )


class PriceListShape(PriceListRowShape):
    prices: list[PriceShape]
    next: str | None = Field(description="`?cursor=` of the next prices, null on the last page")

    @classmethod
    def page(cls, page: PriceListPage, prices: Page[PriceRow]) -> Self:
        return cls(
            code=page.code,
            name=page.name,
            currency=page.currency,
            valid_from=page.valid_from,
            valid_until=page.valid_until,
            is_default=page.is_default,
            prices=[PriceShape.of(row) for row in prices.items],
            next=prices.next,
        )


class PriceListQuery(ListQuery):
    text: str = Field(default="", max_length=200, description="Words of code and name")


class PricesQuery(ListQuery):
    text: str = Field(default="", max_length=200, description="Words of a product")
