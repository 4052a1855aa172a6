"""A customer's own codes, as programs read and write them."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Shape
from procurement.sales.operations.own_codes import OwnCodeInput
from procurement.sales.queries.own_codes import OwnCodeRow
from procurement.sales.rules.own_codes import MOST_CODES


class OwnCodeBody(Body):
    code: Code = Field(description="As your own system has it")
    product: Code
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")


class OwnCodesBody(Body):
    codes: list[OwnCodeBody] = Field(min_length=1, max_length=MOST_CODES)

    def inputs(self) -> list[OwnCodeInput]:
        return [OwnCodeInput(one.code, one.product, one.pack) for one in self.codes]


class ForgetCodeBody(Body):
    code: Code


class OwnCodeShape(Shape):
    code: str
    product: str
    pack: str
    is_offered: bool

    @classmethod
    def of(cls, row: OwnCodeRow) -> Self:
        return cls(code=row.code, product=row.product, pack=row.pack, is_offered=row.is_offered)
