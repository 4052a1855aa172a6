"""Claims against suppliers and returns to them."""

from typing import Any, Literal, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    MoneyIn,
    MoneyOut,
    Name,
    Prose,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.purchasing.operations.claiming import ClaimedLine, MakeClaim
from procurement.purchasing.operations.returning import ReturnedLot, ReturnGoods
from procurement.purchasing.terms import (
    ClaimLineRow,
    ClaimPage,
    ClaimRow,
    ClaimStatus,
    Fault,
    Remedy,
    ReturnLineRow,
    ReturnPage,
    ReturnReason,
    ReturnRow,
)


class ClaimedLineBody(Body):
    position: int = Field(ge=1, le=1000, description="The line of the receipt, counted from 1")
    fault: Fault
    packs: int = Field(ge=1, le=1_000_000)
    asked: MoneyIn | None = Field(default=None, description="Default: the ordered price of them")
    note: Line = ""


class ClaimBody(Body):
    goods_receipt: Code
    lines: list[ClaimedLineBody] = Field(
        default=[],
        max_length=1000,
        description="Default: all that was doubted, refused, missing or short-dated, not claimed yet",
    )
    note: Prose = Field(default="", description="To the supplier")

    def command(self, key: str | None) -> MakeClaim:
        lines = tuple(
            ClaimedLine(
                position=line.position,
                fault=line.fault,
                packs=line.packs,
                asked=line.asked.money() if line.asked else None,
                note=line.note,
            )
            for line in self.lines
        )
        return MakeClaim(
            receipt=self.goods_receipt, lines=lines, note=self.note, idempotency_key=key
        )


class ClaimChangeBody(Body):
    deadline: Day
    note: Prose = ""
    asked: dict[str, MoneyIn] = Field(
        default={}, max_length=1000, description="What is asked for a line, by its position"
    )


class ClaimAnswerBody(Body):
    answer: Literal["credit", "replacement", "return", "rejected"]
    amount: MoneyIn | None = Field(default=None, description="Default: all that was asked")
    text: Line = ""


class ClaimQuery(ListQuery):
    status: ClaimStatus | None = None
    supplier: str | None = Field(default=None, max_length=64)
    goods_receipt: str | None = Field(default=None, max_length=64)


class ClaimRowShape(Shape):
    number: str
    status: ClaimStatus
    supplier: str
    purchase_order: str
    goods_receipt: str
    made_at: Moment
    deadline: Day
    asked: MoneyOut
    agreed: MoneyOut | None
    remedy: Remedy | None

    @classmethod
    def of(cls, row: ClaimRow) -> Self:
        return cls(**_head(row))


class ClaimLineShape(Shape):
    position: int
    receipt_line: int
    product: str
    packs: int
    fault: Fault
    lot: str | None
    asked: MoneyOut
    note: str

    @classmethod
    def of(cls, row: ClaimLineRow) -> Self:
        return cls(
            position=row.position,
            receipt_line=row.receipt_position,
            product=row.product,
            packs=row.packs,
            fault=row.fault,
            lot=row.lot,
            asked=MoneyOut.of(row.asked),
            note=row.note,
        )


class ClaimShape(ClaimRowShape):
    note: str
    answer: str
    sent_at: Moment | None
    answered_at: Moment | None
    settled_at: Moment | None
    photos: list[str] = Field(description="SHA-256 of each")
    returns: list[str]
    lines: list[ClaimLineShape]

    @classmethod
    def whole(cls, page: ClaimPage) -> Self:
        return cls(
            **_head(page.head),
            note=page.note,
            answer=page.answer,
            sent_at=page.sent_at,
            answered_at=page.answered_at,
            settled_at=page.settled_at,
            photos=list(page.photos),
            returns=list(page.returns),
            lines=[ClaimLineShape.of(line) for line in page.lines],
        )


def _head(row: ClaimRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "status": row.status,
        "supplier": row.supplier,
        "purchase_order": row.order,
        "goods_receipt": row.receipt,
        "made_at": row.made_at,
        "deadline": row.deadline,
        "asked": MoneyOut.of(row.asked),
        "agreed": MoneyOut.of(row.agreed) if row.agreed else None,
        "remedy": row.remedy,
    }


class ReturnedLotBody(Body):
    lot: str = Field(min_length=3, max_length=129, description="SKU/NUMBER")
    quantity: QuantityIn | None = Field(
        default=None, description="Default: all that is there and promised to nobody"
    )


class ReturnBody(Body):
    supplier: Code
    location: Code
    reason: ReturnReason
    lines: list[ReturnedLotBody] = Field(min_length=1, max_length=500)
    credit: MoneyIn | None = Field(default=None, description="Default: what the goods cost us")
    claim: Code | None = None
    note: Prose = ""

    def command(self, key: str | None) -> ReturnGoods:
        return ReturnGoods(
            supplier=self.supplier,
            location=self.location,
            reason=self.reason,
            lines=tuple(
                ReturnedLot(line.lot, line.quantity.value() if line.quantity else None)
                for line in self.lines
            ),
            credit=self.credit.money() if self.credit else None,
            claim=self.claim,
            note=self.note,
            idempotency_key=key,
        )


class ReturnReversalBody(Body):
    why: Name


class ReturnQuery(ListQuery):
    supplier: str | None = Field(default=None, max_length=64)


class ReturnRowShape(Shape):
    number: str
    supplier: str
    location: str
    reason: ReturnReason
    sent_at: Moment
    credit: MoneyOut | None
    claim: str | None
    credit_note: str | None
    is_credit_due: bool = Field(description="The supplier still owes a credit note")
    is_reversed: bool

    @classmethod
    def of(cls, row: ReturnRow) -> Self:
        return cls(**_return_head(row))


class ReturnLineShape(Shape):
    position: int
    product: str
    lot: str
    quantity: QuantityOut
    value: MoneyOut | None

    @classmethod
    def of(cls, row: ReturnLineRow) -> Self:
        return cls(
            position=row.position,
            product=row.product,
            lot=row.lot,
            quantity=QuantityOut.of(row.quantity),
            value=MoneyOut.of(row.value) if row.value else None,
        )


class ReturnShape(ReturnRowShape):
    note: str
    reversed_at: Moment | None
    reversed_why: str
    lines: list[ReturnLineShape]

    @classmethod
    def whole(cls, page: ReturnPage) -> Self:
        return cls(
            **_return_head(page.head),
            note=page.note,
            reversed_at=page.reversed_at,
            reversed_why=page.reversed_why,
            lines=[ReturnLineShape.of(line) for line in page.lines],
        )


def _return_head(row: ReturnRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "supplier": row.supplier,
        "location": row.location,
        "reason": row.reason,
        "sent_at": row.sent_at,
        "credit": MoneyOut.of(row.credit) if row.credit else None,
        "claim": row.claim,
        "credit_note": row.credit_note,
        "is_credit_due": row.is_credit_due,
        "is_reversed": row.is_reversed,
    }
