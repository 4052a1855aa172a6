"""Quotes."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.purchasing import TotalsShape
from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    MoneyOut,
    Packs,
    PercentIn,
    PriceIn,
    Prose,
    QuantityOut,
    Shape,
    TaxPercentIn,
    Whole,
)
from procurement.catalogue.terms import Wishes
from procurement.kernel.money import Rate, TaxRate
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.operations.lines import (
    MOST_LINES,
    MOST_OFFERS,
    OfferInput,
    QuoteLineInput,
)
from procurement.sales.operations.quoting import ChangeQuote, DraftQuote
from procurement.sales.queries.pipeline import QuoteRow
from procurement.sales.queries.quotes import QuoteLineRow, QuoteOfferRow, QuotePage
from procurement.sales.terms import LineChoice, LineKind, PaperLook, QuoteStatus

NOTHING = Rate(0)


class QuoteOfferBody(Body):
    """Another quantity of a line, which the customer may take instead."""

    packs: Packs
    unit_price: PriceIn | None = Field(
        default=None, description="Default: what the price list says for so many"
    )
    discount_percent: PercentIn | None = None

    def offer(self) -> OfferInput:
        return OfferInput(
            packs=self.packs,
            price=self.unit_price.price() if self.unit_price else None,
            discount=Rate.parse(self.discount_percent) if self.discount_percent else NOTHING,
        )


class QuoteLineBody(Body):
    kind: LineKind = LineKind.PRODUCT
    product: Code | None = Field(default=None, description="Left out for words only")
    packs: Packs = 1
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    unit_price: PriceIn | None = Field(
        default=None, description="Default: what the customer's price list says"
    )
    discount_percent: PercentIn | None = None
    tax_percent: TaxPercentIn | None = Field(default=None, description="Default: the company's tax")
    optional: bool = Field(default=False, description="The same as the choice `optional`")
    choice: LineChoice = LineChoice.INCLUDED
    choice_group: str = Field(
        default="", max_length=64, description="Alternatives of one group exclude each other"
    )
    chosen: bool = Field(default=False, description="The alternative that is in the totals")
    own_use: bool = Field(default=False, description="Used by the customer, not sold on")
    section: Line = ""
    text: Prose = Field(default="", description="Words below the name, or the words of the line")
    note: Line = ""
    offers: list[QuoteOfferBody] = Field(default_factory=list, max_length=MOST_OFFERS)

    def line(self) -> QuoteLineInput:
        return QuoteLineInput(
            product=self.product or "",
            packs=self.packs,
            pack=self.pack,
            price=self.unit_price.price() if self.unit_price else None,
            discount=Rate.parse(self.discount_percent) if self.discount_percent else NOTHING,
            tax=TaxRate.parse(self.tax_percent) if self.tax_percent else None,
            section=self.section,
            note=self.note,
            kind=self.kind,
            choice=LineChoice.OPTIONAL if self.optional else self.choice,
            choice_group=self.choice_group,
            chosen=self.chosen,
            own_use=self.own_use,
            text=self.text,
            offers=tuple(offer.offer() for offer in self.offers),
        )


class WishesBody(Body):
    """What the customer wants of the goods; staff are told where a line clashes with it."""

    nut_free: bool = False
    fragrance_free: bool = False
    vegan: bool = False
    avoid: Line = Field(default="", description="Words of ingredients, with commas between")

    def wishes(self) -> Wishes:
        return Wishes(self.nut_free, self.fragrance_free, self.vegan, self.avoid)


class PaperLookBody(Body):
    """How this quote's paper differs."""

    locale: str = Field(default="", max_length=16, description="de, fr_CH; empty: the customer's")
    cover: bool | None = Field(default=None, description="Null: as the company's settings have it")

    def look(self) -> PaperLook:
        return PaperLook(self.locale, self.cover)


class QuoteBody(Body):
    customer: Code
    lines: list[QuoteLineBody] = Field(min_length=1, max_length=MOST_LINES)
    currency: str | None = Field(
        default=None, min_length=3, max_length=3, description="Default: the customer's"
    )
    valid_until: Day | None = Field(default=None, description="The last day it can be accepted")
    price_list: Code | None = None
    introduction: Prose = ""
    terms: Prose | None = None
    wishes: WishesBody | None = Field(
        default=None, description="Default: those of the customer's last quote"
    )
    paper: PaperLookBody = PaperLookBody()

    def command(self) -> DraftQuote:
        return DraftQuote(
            customer=self.customer,
            lines=tuple(line.line() for line in self.lines),
            currency=self.currency,
            valid_until=self.valid_until,
            price_list=self.price_list,
            introduction=self.introduction,
            terms=self.terms,
            wishes=self.wishes.wishes() if self.wishes else None,
            look=self.paper.look(),
        )


class QuoteChangeBody(Body):
    """A draft as it should be: all its lines; of the rest, what is left out stays."""

    version: Whole = Field(
        ge=1, le=10**9, description="As it was read; 409 where somebody saved since"
    )
    lines: list[QuoteLineBody] = Field(max_length=MOST_LINES)
    valid_until: Day | None = None
    price_list: Code | None = None
    introduction: Prose | None = None
    terms: Prose | None = None
    wishes: WishesBody | None = None
    paper: PaperLookBody | None = None

    def command(self, page: QuotePage) -> ChangeQuote:
        return ChangeQuote(
            number=page.number,
            version=self.version,
            valid_until=self.valid_until or page.valid_until,
            lines=tuple(line.line() for line in self.lines),
            contact_id=page.contact_id,
            price_list=self.price_list or page.price_list,
            introduction=page.introduction if self.introduction is None else self.introduction,
            terms=page.terms if self.terms is None else self.terms,
            ask_prices=False,
            wishes=self.wishes.wishes() if self.wishes else None,
            look=self.paper.look() if self.paper else None,
        )


class CopyBody(Body):
    customer: Code | None = Field(
        default=None, description="Default: the same, who keeps the prices agreed"
    )
    revision: Whole | None = Field(
        default=None, ge=1, le=100_000, description="Default: the newest"
    )


class WishesShape(Shape):
    nut_free: bool
    fragrance_free: bool
    vegan: bool
    avoid: str

    @classmethod
    def of(cls, wishes: Wishes) -> Self:
        return cls(
            nut_free=wishes.nut_free,
            fragrance_free=wishes.fragrance_free,
            vegan=wishes.vegan,
            avoid=wishes.avoid,
        )


class IssueBody(Body):
    send: bool = Field(default=True, description="Mail it, where the customer has an address")
    message: Prose = ""


class QuoteOfferShape(Shape):
    packs: int
    unit_price: MoneyOut
    discount_percent: str
    net: MoneyOut

    @classmethod
    def of(cls, row: QuoteOfferRow) -> Self:
        return cls(
            packs=row.packs,
            unit_price=MoneyOut.of(row.price),
            discount_percent=row.discount.percent,
            net=MoneyOut.of(row.net),
        )


CATEGORY = "UNCL5305: S standard, Z zero rated, E exempt, AE reverse charge, K intra-Community, G export, O outside"
DETAIL = "What an untaxed line rests on: a certificate, a VAT number"


class QuoteLineShape(Shape):
    position: int
    kind: LineKind
    product: str
    name: str
    pack: str
    packs: int
    quantity: QuantityOut
    unit_price: MoneyOut | None
    discount_percent: str
    tax_percent: str
    net: MoneyOut
    optional: bool
    choice: LineChoice
    choice_group: str
    chosen: bool
    own_use: bool
    tax_reason: str = Field(description="Why this tax; empty where somebody chose it")
    tax_category: TaxCategory = Field(description=CATEGORY)
    tax_detail: str = Field(description=DETAIL)
    section: str
    text: str
    note: str
    offers: list[QuoteOfferShape]

    @classmethod
    def of(cls, row: QuoteLineRow) -> Self:
        return cls(
            position=row.position,
            kind=row.kind,
            product=row.product,
            name=row.product_name,
            pack=row.pack,
            packs=row.packs,
            quantity=QuantityOut.of(row.quantity),
            unit_price=MoneyOut.of(row.price) if row.price else None,
            discount_percent=row.discount.percent,
            tax_percent=row.tax.percent,
            net=MoneyOut.of(row.net),
            optional=row.optional,
            choice=row.choice,
            choice_group=row.choice_group,
            chosen=row.chosen,
            own_use=row.own_use,
            tax_reason=row.tax_reason,
            tax_category=row.tax_category,
            tax_detail=row.tax_detail,
            section=row.section,
            text=row.text,
            note=row.note,
            offers=[QuoteOfferShape.of(one) for one in row.offers],
        )


class RevisionShape(Shape):
    revision: int
    status: QuoteStatus
    gross: MoneyOut


class PaperLookShape(Shape):
    locale: str
    cover: bool | None


class QuoteShape(Shape):
    number: str
    revision: int
    status: QuoteStatus
    customer: str
    currency: str
    valid_until: Day
    introduction: str
    terms: str
    drafted_at: Moment
    issued_at: Moment | None
    answered_at: Moment | None
    answered_by: str
    decline_reason: str
    wishes: WishesShape | None = Field(description="For staff")
    paper: PaperLookShape
    version: int = Field(description="What a change names, so that nothing is overwritten")
    link: str | None = Field(description="The customer's private page; for staff, once issued")
    lines: list[QuoteLineShape]
    totals: TotalsShape
    revisions: list[RevisionShape]

    @classmethod
    def page(cls, page: QuotePage, link: str | None, *, staff: bool) -> Self:
        return cls(
            number=page.number,
            revision=page.revision,
            status=page.status,
            customer=page.customer,
            currency=page.currency,
            valid_until=page.valid_until,
            introduction=page.introduction,
            terms=page.terms,
            drafted_at=page.drafted_at,
            issued_at=page.issued_at,
            answered_at=page.answered_at,
            answered_by=page.answered_by,
            decline_reason=page.decline_reason,
            wishes=WishesShape.of(page.wishes) if staff else None,
            paper=PaperLookShape(locale=page.look.locale, cover=page.look.cover),
            version=page.version,
            link=link,
            lines=[QuoteLineShape.of(line) for line in page.lines],
            totals=_totals(page),
            revisions=[
                RevisionShape(
                    revision=one.revision, status=one.status, gross=MoneyOut.of(one.gross)
                )
                for one in page.revisions
            ],
        )


class QuoteRowShape(Shape):
    number: str
    revision: int
    status: QuoteStatus
    customer: str
    valid_until: Day
    issued_at: Moment | None
    answered_at: Moment | None
    totals: TotalsShape

    @classmethod
    def of(cls, row: QuoteRow) -> Self:
        return cls(
            number=row.number,
            revision=row.revision,
            status=row.status,
            customer=row.customer,
            valid_until=row.valid_until,
            issued_at=row.issued_at,
            answered_at=row.answered_at,
            totals=_totals(row),
        )


def _totals(one: QuotePage | QuoteRow) -> TotalsShape:
    return TotalsShape(
        net=MoneyOut.of(one.net), tax=MoneyOut.of(one.tax), gross=MoneyOut.of(one.gross)
    )


class QuoteQuery(ListQuery):
    status: QuoteStatus | None = None
    customer: str | None = Field(default=None, max_length=64)
    text: str = Field(default="", max_length=200, description="Part of a number or customer")


class RevisionQuery(Body):
    revision: Whole | None = Field(
        default=None, ge=1, le=100_000, description="Default: the newest"
    )
