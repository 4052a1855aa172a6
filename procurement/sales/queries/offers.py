"""Products as they can be offered: by SKU and pack, with what wording and pictures need."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.rules.order_rules import FREE, OrderRule
from procurement.catalogue.rules.wording import PackSize
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.text import is_storable


@dataclass(frozen=True, slots=True)
class OfferedPack:
    """One pack of an offered product."""

    id: int
    code: str
    name: str
    steps: int
    is_sales_pack: bool
    rule: OrderRule = FREE

    @property
    def size(self) -> PackSize:
        return PackSize(self.name, self.steps)


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    """A product with all its packs, in their order."""

    id: int
    sku: str
    name: str
    kind: Kind
    unit: Unit
    status: ProductStatus
    packs: tuple[OfferedPack, ...]

    def pack(self, code: str | None) -> OfferedPack | None:
        """The pack of that code; without a code the sales pack, else the only or first one."""
        if code is None or not code:
            return next((p for p in self.packs if p.is_sales_pack), next(iter(self.packs), None))
        return next((p for p in self.packs if p.code == code), None)

    def pack_by_id(self, pack_id: int) -> OfferedPack:
        return next(p for p in self.packs if p.id == pack_id)

    def size_of(self, pack: OfferedPack) -> Quantity:
        return Quantity(pack.steps, self.unit)

    def others(self, pack: OfferedPack) -> list[PackSize]:
        return [p.size for p in self.packs if p.id != pack.id]


def offered_products(
    session: ReadSession, *, skus: Collection[str] = (), ids: Collection[int] = ()
) -> dict[str, OfferedProduct]:
    """Products by SKU, with their packs: one query. SKUs that do not exist are not in the answer."""
    skus = {sku for sku in skus if is_storable(sku)}
    if not skus and not ids:
        return {}
    rows = session.execute(
        select(Product, Pack)
        .outerjoin(Pack, Pack.product_id == Product.id)
        .where(Product.sku.in_(skus) | Product.id.in_(set(ids)))
        .order_by(Product.id, Pack.position, Pack.id)
    )
    found: dict[int, tuple[Product, list[OfferedPack]]] = {}
    for product, pack in rows:
        _, packs = found.setdefault(product.id, (product, []))
        if pack is not None:
            packs.append(
                OfferedPack(
                    pack.id, pack.code, pack.name, pack.size_steps, pack.is_sales_pack, pack.rule
                )
            )
    return {product.sku: _offered(product, packs) for product, packs in found.values()}


def _offered(product: Product, packs: Iterable[OfferedPack]) -> OfferedProduct:
    return OfferedProduct(
        id=product.id,
        sku=product.sku,
        name=product.name,
        kind=product.kind,
        unit=product.unit,
        status=product.status,
        packs=tuple(packs),
    )
