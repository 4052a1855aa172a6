"""One product, or one family, with all that a page shows of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import func, select

from procurement.catalogue.errors import ProductUnknown
from procurement.catalogue.models import Family, Product, ProductOption, ProductPicture
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import KnownPack, KnownProduct
from procurement.catalogue.terms import ProductStatus
from procurement.files.models import StoredFile
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity
from procurement.kernel.text import CODE_LENGTH, NAME_LENGTH, fold, is_storable


@dataclass(frozen=True, slots=True)
class PictureRow:
    """A picture by its address, in the order shown."""

    position: int
    sha256: str
    alternative_text: str


@dataclass(frozen=True, slots=True)
class VariantRow:
    """A product among its siblings."""

    sku: str
    name: str
    status: ProductStatus
    options: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """How it differs: "500 ml, lavender"; its name where nothing says so."""
        return ", ".join(value for _, value in self.options) or self.name


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product with its pictures and siblings."""

    product: KnownProduct
    version: int
    created_at: datetime
    family_name: str
    pictures: tuple[PictureRow, ...]
    variants: tuple[VariantRow, ...]  # of the same family, itself among them

    @property
    def packs(self) -> list[KnownPack]:
        return list(self.product.packs.values())

    @property
    def is_offered(self) -> bool:
        return self.product.status is ProductStatus.ACTIVE

    @property
    def dose(self) -> Quantity | None:
        """What one treatment takes."""
        return Quantity(self.product.dose, self.product.unit) if self.product.dose else None

    def size(self, pack: KnownPack) -> Quantity:
        return Quantity(pack.size_steps, self.product.unit)


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in a list."""

    code: str
    name: str
    products: int


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """A family with its variants."""

    code: str
    name: str
    description: str
    variants: tuple[VariantRow, ...]


def product_page(session: ReadSession, sku: str, *, offered: bool = False) -> ProductPage:
    """A product by its SKU; with `offered` only one that may be bought. Raises ProductUnknown."""
    found = known(session, [sku]) if is_storable(sku) else None
    product = found.products.get(sku) if found else None
    if found is None or product is None or (offered and product.status is not ProductStatus.ACTIVE):
        raise ProductUnknown(f"There is no product {sku}.")
    version, created_at, family_id = session.execute(
        select(Product.version, Product.created_at, Product.family_id).where(
            Product.id == product.id
        )
    ).one()
    family = found.families.get(product.family)
    return ProductPage(
        product=product,
        version=version,
        created_at=created_at,
        family_name=family.name if family else "",
        pictures=_pictures(session, product.id),
        variants=_variants(session, family_id) if family_id is not None else (),
    )


def _pictures(session: ReadSession, product_id: int) -> tuple[PictureRow, ...]:
    rows = session.execute(
        select(ProductPicture.position, StoredFile.sha256, ProductPicture.alternative_text)
        .join(StoredFile, StoredFile.id == ProductPicture.file_id)
        .where(ProductPicture.product_id == product_id)
        .order_by(ProductPicture.position)
    )
    return tuple(PictureRow(*row) for row in rows)


def _variants(session: ReadSession, family_id: int) -> tuple[VariantRow, ...]:
    rows = session.execute(
        select(Product.sku, Product.name, Product.status, ProductOption.name, ProductOption.value)
        .outerjoin(ProductOption, ProductOption.product_id == Product.id)
        .where(Product.family_id == family_id)
        .order_by(Product.name, Product.id, ProductOption.position)
    )
    heads: dict[str, tuple[str, ProductStatus]] = {}
    options: dict[str, list[tuple[str, str]]] = {}
    for sku, name, status, option, value in rows:
        heads[sku] = (name, status)
        options.setdefault(sku, []).extend([(option, value)] if option is not None else [])
    return tuple(VariantRow(sku, *head, tuple(options[sku])) for sku, head in heads.items())


def families(session: ReadSession, paging: PageRequest, *, text: str = "") -> Page[FamilyRow]:
    """Families by name, with how many variants they have. "cafe" finds "Café", as among products."""
    counted = (
        select(func.count())
        .select_from(Product)
        .where(Product.family_id == Family.id)
        .scalar_subquery()
    )
    query = select(Family.code, Family.name, counted).order_by(Family.name, Family.code)
    if after := paging.key(str, str):
        name, code = after
        query = query.where((Family.name > name) | ((Family.name == name) & (Family.code > code)))
    words = fold(text).split()
    # Folded here: neither database takes accents off without an extension, and families are few.
    found = session.execute(query if words else query.limit(paging.limit + 1))
    rows = (FamilyRow(*row) for row in found if _has_all(words, f"{row[0]} {row[1]}"))
    return paging.page(list(islice(rows, paging.limit + 1)), lambda row: (row.name, row.code))


def _has_all(words: Sequence[str], text: str) -> bool:
    folded = fold(text, CODE_LENGTH + 1 + NAME_LENGTH) if words else ""
    return all(word in folded for word in words)


def family_page(session: ReadSession, code: str) -> FamilyPage:
    """A family by its code. Raises NotFound."""
    family = None
    if is_storable(code):
        family = session.scalars(select(Family).where(Family.code == code)).one_or_none()
    if family is None:
        raise NotFound(f"There is no family {code}.")
    return FamilyPage(family.code, family.name, family.description, _variants(session, family.id))


def family_choices(session: ReadSession) -> list[tuple[str, str]]:
    """Code and name of every family, to choose from."""
    rows: Iterable[tuple[str, str]] = session.execute(
        select(Family.code, Family.name).order_by(Family.name)
    ).all()
    return [(code, name) for code, name in rows]
