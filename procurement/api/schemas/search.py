"""A search as programs see it."""

from pydantic import Field

from procurement.api.schemas.values import ListQuery, MoneyOut, QuantityOut, Shape
from procurement.catalogue.queries.search import Found, ProductRow
from procurement.catalogue.terms import Kind
from procurement.kernel.money import UnitPrice


class SearchQuery(ListQuery):
    """`?q=` what somebody typed, in any of five languages; `?kind=` narrows."""

    q: str = Field(default="", max_length=50_000)
    kind: Kind | None = None


class HitShape(Shape):
    """A product that fits, with the pack its price means. The price is the asker's own; null for anybody else."""

    sku: str
    name: str
    kind: Kind
    brand: str
    family: str | None
    category: str | None
    pack: str | None
    size: QuantityOut | None
    price: MoneyOut | None

    @classmethod
    def of(cls, row: ProductRow, price: UnitPrice | None) -> "HitShape":
        return cls(
            sku=row.sku,
            name=row.name,
            kind=row.kind,
            brand=row.brand,
            family=row.family,
            category=row.category,
            pack=row.pack,
            size=QuantityOut.of(row.pack_size) if row.pack_size else None,
            price=MoneyOut.of(price) if price else None,
        )


class SearchShape(Shape):
    """The best first, and how the words were read.

    `meant`: the words taken for those typed; `left_out`: words that nothing has; `loose`: these have most of them.
    """

    items: list[HitShape]
    next: str | None
    total: int
    meant: str
    left_out: list[str]
    loose: bool

    @classmethod
    def of(cls, found: Found, prices: dict[int, UnitPrice]) -> "SearchShape":
        items = [HitShape.of(row, prices.get(row.pack_id or 0)) for row in found.page.items]
        return cls(
            items=items,
            next=found.page.next,
            total=found.total,
            meant=found.meant,
            left_out=list(found.left_out),
            loose=found.is_loose,
        )
