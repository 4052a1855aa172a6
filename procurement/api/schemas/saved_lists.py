"""A buyer's basket and lists, as programs read and write them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Line, Moment, MoneyOut, Packs, Shape
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import Money
from procurement.sales.operations.baskets import MOST_LINES
from procurement.sales.operations.placing import Preview
from procurement.sales.operations.saved_lists import ListLineInput
from procurement.sales.queries.baskets import BasketRow
from procurement.sales.queries.offers import OfferedPack, OfferedProduct
from procurement.sales.queries.prices import PriceBook
from procurement.sales.queries.saved_lists import SavedListPage, SavedListRow
from procurement.web.filters import today


class PackWantedBody(Body):
    product: Code
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    packs: Packs


class BasketBody(Body):
    """The whole basket from now on; without lines it is empty."""

    lines: list[PackWantedBody] = Field(default=[], max_length=MOST_LINES)


class ListLineBody(PackWantedBody):
    note: Line = ""


class SavedListBody(Body):
    name: Line
    shared: bool = Field(default=False, description="Your colleagues see it, too")
    lines: list[ListLineBody] = Field(default=[], max_length=MOST_LINES)

    def inputs(self, packs: Iterable[int]) -> list[ListLineInput]:
        return [
            ListLineInput(key, line.packs, line.note)
            for key, line in zip(packs, self.lines, strict=True)
        ]


class HowInBasket(StrEnum):
    ADD = "add"
    REPLACE = "replace"


class ToBasketBody(Body):
    how: HowInBasket = Field(
        default=HowInBasket.ADD,
        strict=False,
        description="Beside what the basket holds of a pack, or instead of it",
    )


def pack_keys(lines: Iterable[PackWantedBody], products: Mapping[str, OfferedProduct]) -> list[int]:
    """The packs by key, in order. Raises Invalid naming each line that names none."""
    found: list[OfferedPack | None] = []
    errors = []
    for at, line in enumerate(lines):
        product = products.get(line.product)
        pack = product.pack(line.pack) if product else None
        if product is None:
            errors.append(FieldError(f"lines.{at}.product", f"There is no {line.product}."))
        elif pack is None:
            said = f"{line.product} has no such pack."
            errors.append(FieldError(f"lines.{at}.pack", said))
        found.append(pack)
    if errors:
        raise Invalid.of(errors)
    return [pack.id for pack in found if pack]


class BasketLineShape(Shape):
    product: str
    product_name: str
    pack: str
    packs: int
    is_offered: bool
    unit_price: MoneyOut | None = Field(description="Yours of today; null: ask for a quote")
    net: MoneyOut | None
    problem: str = Field(description="What keeps so many from being ordered; empty: nothing")

    @classmethod
    def of(cls, row: BasketRow, book: PriceBook | None) -> Self:
        found = book.price(row.pack_id, row.packs, today()) if book and row.is_offered else None
        return cls(
            product=row.product,
            product_name=row.product_name,
            pack=row.pack,
            packs=row.packs,
            is_offered=row.is_offered,
            unit_price=MoneyOut.of(found.price) if found else None,
            net=MoneyOut.of(found.price.total(row.packs)) if found else None,
            problem=row.rule.problem(row.packs) if row.is_offered else "No longer offered.",
        )


class BasketProblemShape(Shape):
    field: str
    message: str


class BasketTotalsShape(Shape):
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut


class BasketShape(Shape):
    """The basket at today's prices; with problems it cannot be ordered as it is."""

    lines: list[BasketLineShape]
    totals: BasketTotalsShape | None = Field(
        description="As an order; null where there is a problem"
    )
    problems: list[BasketProblemShape]

    @classmethod
    def of(cls, rows: Iterable[BasketRow], book: PriceBook | None, preview: Preview) -> Self:
        def out(amount: Money) -> MoneyOut:
            return MoneyOut.of(amount)

        totals = BasketTotalsShape(
            net=out(preview.net), tax=out(preview.tax), gross=out(preview.gross)
        )
        return cls(
            lines=[BasketLineShape.of(row, book) for row in rows],
            totals=None if preview.problems else totals,
            problems=[
                BasketProblemShape(field=one.field, message=one.message) for one in preview.problems
            ],
        )


class SavedListRowShape(Shape):
    ref: str
    name: str
    shared: bool
    is_own: bool
    lines: int
    changed_at: Moment

    @classmethod
    def of(cls, row: SavedListRow) -> Self:
        return cls(
            ref=row.ref,
            name=row.name,
            shared=row.shared,
            is_own=row.is_own,
            lines=row.lines,
            changed_at=row.changed_at,
        )


class SavedListLineShape(BasketLineShape):
    note: str


class SavedListShape(Shape):
    ref: str
    name: str
    shared: bool
    is_own: bool
    changed_at: Moment
    lines: list[SavedListLineShape]

    @classmethod
    def of(cls, page: SavedListPage, book: PriceBook | None) -> Self:
        return cls(
            ref=page.head.ref,
            name=page.head.name,
            shared=page.head.shared,
            is_own=page.head.is_own,
            changed_at=page.head.changed_at,
            lines=[
                SavedListLineShape(**BasketLineShape.of(one.row, book).model_dump(), note=one.note)
                for one in page.lines
            ],
        )
