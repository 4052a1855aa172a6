"""Batches of quotes, quote templates, what one more choice would change, and how papers look."""

import base64
import binascii
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Line, Moment, MoneyOut, Name, Prose, Shape
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money
from procurement.sales.operations.batching import BeginBatch
from procurement.sales.queries.batches import BatchFault, BatchRow
from procurement.sales.queries.pipeline import QuoteFilter
from procurement.sales.queries.templates import TemplateRow
from procurement.sales.rules.totals import Added
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.batches import BatchStatus
from procurement.settings.operations.look import ChangeLook, NewPicture
from procurement.settings.terms import CompanyProfile


class BatchBody(Body):
    """Which quotes, as the list of quotes is narrowed; all but superseded ones where nothing is said."""

    status: QuoteStatus | None = Field(default=None, strict=False)
    customer: Code | None = None
    text: Line = ""
    issues: bool = Field(default=False, description="Issue the drafts among them")
    mails: bool = Field(default=False, description="Mail what is issued")

    def command(self, public_url: str) -> BeginBatch:
        return BeginBatch(
            wanted=QuoteFilter(self.status, self.customer, self.text),
            public_url=public_url,
            issues=self.issues,
            mails=self.mails,
        )


class BatchRowShape(Shape):
    number: str
    status: BatchStatus
    issues: bool
    mails: bool
    made_at: Moment
    made_by: str
    finished_at: Moment | None
    total: int
    drawn: int
    failed: int

    @classmethod
    def of(cls, row: BatchRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class FaultShape(Shape):
    quote: str
    revision: int
    fault: str


class BatchShape(BatchRowShape):
    faults: list[FaultShape] = Field(description="Quotes that could not be drawn, and why")

    @classmethod
    def page(cls, row: BatchRow, faults: list[BatchFault]) -> Self:
        said = [FaultShape.model_validate(one, from_attributes=True) for one in faults]
        return cls(**BatchRowShape.of(row).model_dump(), faults=said)


class TemplateBody(Body):
    quote: Code = Field(description="Whose lines and words are kept, without prices")
    name: Name


class FromTemplateBody(Body):
    customer: Code


class TemplateShape(Shape):
    id: int
    name: str
    lines: int
    made_at: Moment
    made_by: str

    @classmethod
    def of(cls, row: TemplateRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class AddedShape(Shape):
    """What the totals change by; no packs: the line's own quantity."""

    line: int
    packs: int | None
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut

    @classmethod
    def of(cls, added: Added, currency: str) -> Self:
        net, tax, gross = (
            MoneyOut.of(Money(minor, currency)) for minor in (added.net, added.tax, added.gross)
        )
        return cls(line=added.position, packs=added.packs, net=net, tax=tax, gross=gross)


class LookBody(Body):
    """The whole look as it should be; the pictures stay."""

    version: int = Field(ge=1, description="As it was read; another one is refused")
    brand_colour: str = Field(max_length=7, examples=["#0B5A52"])
    tagline: Line = ""
    footer: Prose = Field(default="", max_length=1000)
    head_everywhere: bool = Field(default=False, description="The letterhead on later pages, too")
    quote_cover: bool = Field(default=False, description="A cover before every quote")

    def command(self) -> ChangeLook:
        said = self.model_dump() | {"brand_colour": self.brand_colour.upper()}
        return ChangeLook(**said)


class PictureBody(Body):
    """A picture, or nothing to take it away."""

    version: int = Field(ge=1)
    content_base64: str | None = Field(
        default=None, max_length=900_000, description="PNG, JPEG or WebP"
    )
    file_name: Name = "picture.png"

    def picture(self) -> NewPicture | None:
        if self.content_base64 is None:
            return None
        try:
            content = base64.b64decode(self.content_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid("This is no base64.", field="content_base64") from error
        return NewPicture(content, self.file_name)


class LookShape(Shape):
    brand_colour: str
    tagline: str
    footer: str
    head_everywhere: bool
    quote_cover: bool
    logo: str | None = Field(description="SHA-256 of the picture")
    head: str | None = Field(description="SHA-256 of the letterhead as a picture")
    cover: str | None = Field(description="SHA-256 of the picture of the cover")
    version: int

    @classmethod
    def of(cls, company: CompanyProfile) -> Self:
        return cls(
            brand_colour=company.brand_colour,
            tagline=company.tagline,
            footer=company.footer,
            head_everywhere=company.head_everywhere,
            quote_cover=company.quote_cover,
            logo=company.logo_sha256,
            head=company.head_sha256,
            cover=company.cover_sha256,
            version=company.version,
        )
