"""Batches of what was shipped, for whoever writes the invoices."""

from typing import Literal, Self

from pydantic import Field

from procurement.api.schemas.purchasing import TotalsShape
from procurement.api.schemas.values import Moment, MoneyOut, Shape
from procurement.sales.terms.exports import ExportItemRow, ExportPage, ExportRow


class InvoiceExportRowShape(Shape):
    number: str
    made_at: Moment
    documents: int

    @classmethod
    def of(cls, row: ExportRow) -> Self:
        return cls(number=row.number, made_at=row.made_at, documents=row.items)


class InvoiceExportItemShape(Shape):
    number: str = Field(description="Of the shipment, or of the customer's return")
    type: Literal["invoice", "credit_note"]
    totals: TotalsShape
    has_ubl: bool
    why: str = Field(description="Why there is no UBL of it")

    @classmethod
    def of(cls, row: ExportItemRow) -> Self:
        return cls(
            number=row.number,
            type="credit_note" if row.is_credit else "invoice",
            totals=TotalsShape(
                net=MoneyOut.of(row.net), tax=MoneyOut.of(row.tax), gross=MoneyOut.of(row.gross)
            ),
            has_ubl=row.has_ubl,
            why=row.why,
        )


class InvoiceExportShape(InvoiceExportRowShape):
    items: list[InvoiceExportItemShape]

    @classmethod
    def whole(cls, page: ExportPage) -> Self:
        head = page.head
        return cls(
            number=head.number,
            made_at=head.made_at,
            documents=head.items,
            items=[InvoiceExportItemShape.of(one) for one in page.items],
        )
