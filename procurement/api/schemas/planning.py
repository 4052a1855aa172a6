"""Needs, and what is drafted from them."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    ListQuery,
    QuantityOut,
    Shape,
)
from procurement.planning.terms import Drafted, Need


class NeedQuery(ListQuery):
    site: str | None = Field(default=None, max_length=64)


class NeedShape(Shape):
    location: str
    product: str
    on_hand: QuantityOut
    on_order: QuantityOut
    par_level: QuantityOut
    reorder_point: QuantityOut
    short: QuantityOut
    transfer_from: str | None
    transfer: QuantityOut
    supplier: str | None
    pack: str | None
    packs: int
    why: list[str]

    @classmethod
    def of(cls, need: Need) -> Self:
        return cls(
            location=need.location,
            product=need.product,
            on_hand=QuantityOut.of(need.on_hand),
            on_order=QuantityOut.of(need.on_order),
            par_level=QuantityOut.of(need.par_level),
            reorder_point=QuantityOut.of(need.reorder_point),
            short=QuantityOut.of(need.short),
            transfer_from=need.transfer_from,
            transfer=QuantityOut.of(need.transfer),
            supplier=need.supplier,
            pack=need.pack,
            packs=need.packs,
            why=list(need.why),
        )


class DraftOrdersBody(Body):
    site: Code | None = None


class DraftedShape(Shape):
    purchase_orders: list[str]
    transfers: list[str]

    @classmethod
    def of(cls, drafted: Drafted) -> Self:
        return cls(purchase_orders=list(drafted.purchase_orders), transfers=list(drafted.transfers))
