"""Which of our lines a supplier's document means, and how many of its packs that is."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity

MOST_PACKS = 1_000_000
# UN/ECE Recommendation 20: what is measured, in our units; every other code counts packs.
_MEASURES = {"MLT": "ml", "LTR": "l", "GRM": "g", "KGM": "kg"}


class GoodsNamed(Protocol):
    """What a document says of the goods of one line."""

    @property
    def order_line(self) -> str: ...
    @property
    def code(self) -> str: ...  # the supplier's
    @property
    def sku(self) -> str: ...  # ours
    @property
    def gtin(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_code(self) -> str: ...


class OrderedGoods(Protocol):
    """A line of one of our orders."""

    @property
    def position(self) -> int: ...
    @property
    def product(self) -> str: ...
    @property
    def product_name(self) -> str: ...
    @property
    def supplier_code(self) -> str: ...
    @property
    def pack_value(self) -> PackValue: ...


L = TypeVar("L", bound=OrderedGoods)
Packs = Mapping[str, tuple[str, int]]


def packs_by_gtin(session: ReadSession, gtins: Iterable[str]) -> Packs:
    """GTIN as it is written -> SKU and size of its pack in steps."""
    wanted = {gtin: gtin.zfill(14) for gtin in gtins if gtin.isascii() and gtin.isdigit()}
    if not wanted:
        return {}
    rows = session.execute(
        select(Pack.gtin, Product.sku, Pack.size_steps)
        .join(Product, Product.id == Pack.product_id)
        .where(Pack.gtin.in_(set(wanted.values())))
    )
    known = {gtin: (sku, steps) for gtin, sku, steps in rows}
    return {written: known[gtin] for written, gtin in wanted.items() if gtin in known}


def line_meant(named: GoodsNamed, lines: Sequence[L], packs_of: Packs, *, missing: str) -> L:
    """By what the document says most exactly; of several lines of a product the first of `lines`.

    ValueError(`missing`) where there is none.
    """
    if named.order_line.isascii() and named.order_line.isdigit() and len(named.order_line) < 6:
        for one in lines:
            if one.position == int(named.order_line):
                return one
    sku = packs_of.get(named.gtin, (named.sku, 0))[0]
    for name, wanted in (
        ("supplier_code", named.code),
        ("product", named.sku),
        ("product", sku),
        ("product", named.code),
    ):
        for one in lines:
            if wanted and getattr(one, name) == wanted:
                return one
    raise ValueError(missing)


def packs_meant(named: GoodsNamed, ordered: OrderedGoods, packs_of: Packs) -> int:
    """Whole packs as they were ordered. ValueError where it is no whole number of them."""
    size = ordered.pack_value.size
    unit = _MEASURES.get(named.unit_code)
    if unit is not None:
        measured = Quantity.parse(f"{named.quantity:f}", unit)
        if measured.unit is not size.unit:
            raise ValueError(f"{ordered.product_name} is counted in {size.unit}")
        steps = Decimal(measured.steps)
    elif named.gtin in packs_of and packs_of[named.gtin][0] == ordered.product:
        steps = named.quantity * packs_of[named.gtin][1]
    else:
        steps = named.quantity * size.steps
    packs, rest = divmod(steps, size.steps)
    if rest or packs > MOST_PACKS:
        raise ValueError(f"no whole packs of {ordered.pack_value.name}")
    return int(packs)
