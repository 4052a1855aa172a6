"""Applications for a trade account."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Line, ListQuery, Moment, Name, Prose, Shape
from procurement.sales.operations.applications import CONSENT, ApplyForAccount, ApproveApplication
from procurement.sales.terms import CustomerKind
from procurement.sales.terms.applications import (
    ApplicationPage,
    ApplicationPaperRow,
    ApplicationRow,
    ApplicationStatus,
)


class ApplicationBody(Body):
    company: Name
    kind: CustomerKind
    name: Name
    email: Name
    country: str = Field(min_length=2, max_length=2, description="ISO 3166-1")
    phone: Line = ""
    vat_id: Line = ""
    homepage: Line = ""
    street: Prose = ""
    postal_code: Line = ""
    city: Line = ""
    region: Line = ""
    message: Prose = ""
    consent: bool = Field(default=False, description=f"The sender agreed to: “{CONSENT}”")

    def command(self) -> ApplyForAccount:
        return ApplyForAccount(
            company=self.company,
            kind=self.kind,
            name=self.name,
            email=self.email,
            country=self.country,
            phone=self.phone,
            vat_id=self.vat_id,
            homepage=self.homepage,
            street=self.street,
            postal_code=self.postal_code,
            city=self.city,
            region=self.region,
            message=self.message,
            consent=CONSENT if self.consent else "",
        )


class ApproveBody(Body):
    customer: Code | None = Field(default=None, description="One that is known; else a new one")
    group: Code | None = None
    price_list: Code | None = None

    def command(self, number: str) -> ApproveApplication:
        return ApproveApplication(
            number=number,
            customer=self.customer,
            group=self.group,
            price_list=self.price_list,
        )


class RefuseBody(Body):
    reason: Prose = Field(description="The applicant reads it in a mail")


class ApplicationQuery(ListQuery):
    status: ApplicationStatus | None = None


class ApplicationReceivedShape(Shape):
    number: str
    status: ApplicationStatus
    received_at: Moment


class ApplicationRowShape(ApplicationReceivedShape):
    company: str
    name: str
    email: str
    decided_at: Moment | None
    decided_by: str | None

    @classmethod
    def of(cls, row: ApplicationRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class ApplicationPaperShape(Shape):
    position: int
    file_name: str
    media_type: str
    size: int = Field(description="Bytes")

    @classmethod
    def of(cls, row: ApplicationPaperRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


class ApplicationShape(ApplicationRowShape):
    kind: CustomerKind
    phone: str
    vat_id: str
    homepage: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    message: str
    reason: str = Field(description="Why it was refused")
    customer: str | None = Field(description="What it became, or was joined to")
    papers: list[ApplicationPaperShape]

    @classmethod
    def page(cls, page: ApplicationPage) -> Self:
        row = ApplicationRowShape.of(page.row).model_dump()
        names = (
            "kind", "phone", "vat_id", "homepage", "street", "postal_code", "city", "region", "country",
            "message", "reason", "customer",
        )  # fmt: skip
        return cls(
            **row,
            **{name: getattr(page, name) for name in names},
            papers=[ApplicationPaperShape.of(paper) for paper in page.papers],
        )
