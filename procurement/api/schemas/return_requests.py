"""Return requests: what a customer asks to send back, and what became of it."""

import base64
import binascii
from typing import Any, Self

from pydantic import Field

from procurement.api.schemas.shipments import ReturnedLineBody
from procurement.api.schemas.values import (
    Body,
    Code,
    ListQuery,
    Moment,
    Name,
    Prose,
    QuantityOut,
    Shape,
)
from procurement.kernel.errors import Invalid
from procurement.sales.operations.lines import MOST_LINES
from procurement.sales.operations.return_requests import MOST_PHOTOS, AskReturn
from procurement.sales.operations.taking_back import ReturnedLine
from procurement.sales.terms.orders import (
    CustomerReturnReason,
    ReturnRequestPage,
    ReturnRequestRow,
    ReturnRequestStatus,
)


class PhotoBody(Body):
    file_name: Name
    content_base64: str = Field(max_length=900_000, description="JPEG, PNG or WebP")

    def content(self, field: str) -> tuple[str, bytes]:
        try:
            return self.file_name, base64.b64decode(self.content_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Invalid("This is no base64.", field=f"{field}.content_base64") from error


class ReturnRequestBody(Body):
    sales_order: Code
    shipment: Code
    lines: list[ReturnedLineBody] = Field(min_length=1, max_length=MOST_LINES)
    reason: CustomerReturnReason
    note: Prose = ""
    photos: list[PhotoBody] = Field(
        default=[], max_length=MOST_PHOTOS, description="What is wrong with it"
    )

    def command(self, key: str) -> AskReturn:
        return AskReturn(
            order=self.sales_order,
            shipment=self.shipment,
            lines=tuple(
                ReturnedLine(line.position, line.quantity.value() if line.quantity else None)
                for line in self.lines
            ),
            reason=self.reason,
            note=self.note,
            photos=tuple(
                photo.content(f"photos.{place}") for place, photo in enumerate(self.photos)
            ),
            key=key,
        )


class TakeRequestedBody(Body):
    into: Code | None = Field(
        default=None, description="A storeroom or quarantine; left out: thrown away"
    )


class ReturnRequestQuery(ListQuery):
    status: ReturnRequestStatus | None = None


class ReturnRequestRowShape(Shape):
    number: str
    status: ReturnRequestStatus
    customer: str
    sales_order: str
    shipment: str
    reason: CustomerReturnReason
    asked_at: Moment
    asked_by: str
    answer: str = Field(description="Empty while nobody has answered")
    customer_return: str | None = Field(description="What it became")

    @classmethod
    def of(cls, row: ReturnRequestRow) -> Self:
        return cls(**_row(row))


class ReturnRequestLineShape(Shape):
    product: str
    lot: str
    quantity: QuantityOut


class ReturnRequestShape(ReturnRequestRowShape):
    note: str
    photos: int = Field(description="How many; each has an address of its own, from 1")
    decided_at: Moment | None
    lines: list[ReturnRequestLineShape]

    @classmethod
    def whole(cls, page: ReturnRequestPage) -> Self:
        return cls(
            **_row(page.head),
            note=page.note,
            photos=page.photos,
            decided_at=page.decided_at,
            lines=[
                ReturnRequestLineShape(
                    product=line.product, lot=line.lot, quantity=QuantityOut.of(line.quantity)
                )
                for line in page.lines
            ],
        )


def _row(row: ReturnRequestRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "status": row.status,
        "customer": row.customer,
        "sales_order": row.order,
        "shipment": row.shipment,
        "reason": row.reason,
        "asked_at": row.asked_at,
        "asked_by": row.asked_by,
        "answer": row.answer,
        "customer_return": row.took,
    }
