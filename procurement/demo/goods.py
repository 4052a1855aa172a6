"""The demo catalogue: families, products, packs, and how suppliers sell them."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from procurement.demo.pictures import Look, draw
from procurement.demo.rows import DATA, Row, read
from procurement.kernel.quantity import Quantity, Unit


@dataclass(frozen=True, slots=True)
class DemoPack:
    """A pack with its own GTIN and its catalogue price in EUR, before VAT."""

    code: str
    name: str
    size: Quantity
    gtin: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class DemoBuy:
    """How one supplier sells one pack of a product; breaks are (from packs, cost per pack)."""

    supplier: str
    product: str
    pack: str
    code: str
    cost: Decimal
    moq: int
    multiple: int
    lead_time_days: int
    breaks: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """One thing in the catalogue; the first pack is the one it is sold by."""

    sku: str
    name: str
    family: str
    kind: str
    category: str
    supplier: str
    description: str
    options: dict[str, str]
    ingredients: tuple[str, ...]
    traits: tuple[str, ...]
    material: str
    shelf_life_days: int | None
    period_after_opening_months: int | None
    body_areas: tuple[str, ...]
    techniques: tuple[str, ...]
    skin_feels: tuple[str, ...]
    scents: tuple[str, ...]
    packs: tuple[DemoPack, ...]
    buys: tuple[DemoBuy, ...]
    look: Look

    @property
    def unit(self) -> Unit:
        return self.packs[0].size.unit

    @property
    def is_stocked(self) -> bool:
        """Services are sold but never stand on a shelf."""
        return self.kind != "service"

    def pack(self, code: str) -> DemoPack:
        return next(pack for pack in self.packs if pack.code == code)

    def picture(self) -> bytes:
        return _picture(self.sku)


@cache
def products() -> tuple[DemoProduct, ...]:
    """Every product, in the order of the files."""
    found: list[DemoProduct] = []
    for path in sorted(DATA.glob("catalogue_*.toml")):
        for family in read(path.name).rows("family"):
            found.extend(_product(family, row) for row in family.rows("product"))
    return tuple(found)


@cache
def by_sku() -> dict[str, DemoProduct]:
    return {product.sku: product for product in products()}


@cache
def _picture(sku: str) -> bytes:
    """Drawn once per process: drawing them all takes some seconds."""
    return draw(by_sku()[sku].look)


def all_buys() -> Iterator[DemoBuy]:
    """First sources beside their products, then the second sources."""
    for product in products():
        yield from product.buys
    for row in read("suppliers.toml").rows("second_source"):
        yield buy(row, row.text("supplier"), row.text("product"))


def _product(family: Row, row: Row) -> DemoProduct:
    options = {key: str(value) for key, value in row.words("options").items()}
    sku, supplier = row.text("sku"), family.text("supplier")
    packs = tuple(
        DemoPack(
            code=pack.text("code"),
            name=pack.text("name"),
            size=pack.quantity("size"),
            gtin=pack.text("gtin"),
            price=pack.decimal("price"),
        )
        for pack in row.rows("packs")
    )
    own = family.text("name")
    name = row.text("name", f"{own}, {', '.join(options.values())}" if options else own)
    return DemoProduct(
        sku=sku,
        name=name,
        family=own,
        kind=family.text("kind"),
        category=family.text("category"),
        supplier=supplier,
        description=row.text("description", family.text("description")),
        options=options,
        ingredients=row.texts("ingredients") or family.texts("ingredients"),
        traits=row.texts("traits") or family.texts("traits"),
        material=row.text("material", family.text("material", "")),
        shelf_life_days=family.whole_or_none("shelf_life_days"),
        period_after_opening_months=family.whole_or_none("period_after_opening_months"),
        body_areas=family.texts("body_areas"),
        techniques=family.texts("techniques"),
        skin_feels=family.texts("skin_feels"),
        scents=row.texts("scents") or family.texts("scents"),
        packs=packs,
        buys=tuple(buy(inner, supplier, sku) for inner in row.rows("buy")),
        look=_look(family, row, packs[0].size),
    )


def _look(family: Row, row: Row, size: Quantity) -> Look:
    words = family.words("picture") | row.words("picture")
    if size.unit is not Unit.PIECE:
        words["size"] = printed(size)
    return Look(str(words["shape"]), words)


def printed(size: Quantity) -> str:
    """As a label says it: litres from one litre up."""
    amount, unit = Decimal(size.amount), str(size.unit)
    if size.unit is Unit.ML and amount >= 1000:
        amount, unit = amount / 1000, "l"
    return f"{amount.normalize():f} {unit}"


def buy(row: Row, supplier: str, product: str) -> DemoBuy:
    return DemoBuy(
        supplier=supplier,
        product=product,
        pack=row.text("pack"),
        code=row.text("code"),
        cost=row.decimal("cost"),
        moq=row.whole("moq"),
        multiple=row.whole("multiple"),
        lead_time_days=row.whole("lead_time_days"),
        breaks=tuple((inner.whole("from"), inner.decimal("cost")) for inner in row.rows("breaks")),
    )


def share_of(price: Decimal, percent: Decimal) -> Decimal:
    """A price list's share of a catalogue price, as people would print it: to 5 cents, from 50 on to 50."""
    share = price * percent / 100
    step = Decimal("0.5") if share >= 50 else Decimal("0.05")
    return (share / step).quantize(Decimal(1), ROUND_HALF_UP) * step
