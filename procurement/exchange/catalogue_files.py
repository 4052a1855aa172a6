"""The catalogue to take along as a table: a row for each pack and its prices. It goes back in as a quick order.

`SKU`, `Pack` and `Quantity` are what an order list is read by (`order_lists.py`); Quantity is left to the buyer.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from procurement.catalogue.rules.wording import PackSize, base_of
from procurement.exchange.export import Cell, to_csv, to_xlsx
from procurement.planning.queries.taking_away import Taken, TakenPack, TakenProduct
from procurement.planning.rules.badges import Badge, Stock

MOST_STEPS = 5  # columns for a ladder; what goes on is on the price list's paper and in the shop
_HEAD = (
    "SKU",
    "Pack",
    "Quantity",
    "GTIN",
    "Name",
    "Options",
    "Family",
    "Category",
    "Brand",
    "Kind",
)
_SIZES = ("Pack name", "Holds", "Unit", "Inner packs", "Order from", "In steps of", "Up to")
_TAIL = ("Tax %", "Stock", "Ingredients", "May contain", "Allergens", "Traits", "Picture")


def taken_csv(taken: Taken, picture: Callable[[str | None], str]) -> bytes:
    """`picture` makes the address of one from its SHA-256."""
    return to_csv(header_of(taken), rows_of(taken, picture))


def taken_xlsx(taken: Taken, picture: Callable[[str | None], str]) -> bytes:
    """The same rows as a workbook."""
    return to_xlsx("Catalogue", header_of(taken), rows_of(taken, picture))


def header_of(taken: Taken) -> tuple[str, ...]:
    """Prices have their columns only where the reader sees any."""
    prices: tuple[str, ...] = ()
    if taken.reader.currency:
        more = [
            name for step in range(2, MOST_STEPS + 1) for name in (f"From {step}", f"Price {step}")
        ]
        prices = ("Currency", "From", "Price", *more, "Retail price")
    return (*_HEAD, *_SIZES, *prices, *_TAIL)


def rows_of(taken: Taken, picture: Callable[[str | None], str]) -> Iterator[tuple[Cell, ...]]:
    for one in taken.products:
        shown = picture(one.picture) if one.picture else ""
        for pack in one.packs:
            yield (
                *_what(one, pack),
                *_size(one, pack),
                *(_prices(pack, taken.reader.currency) if taken.reader.currency else ()),
                *_facts(one, pack),
                shown,
            )


def _what(one: TakenProduct, pack: TakenPack) -> tuple[Cell, ...]:
    product = one.product
    return (
        product.sku,
        pack.pack.code,
        None,
        pack.pack.gtin,
        product.name,
        ", ".join(value for _, value in product.options),
        one.family_name,
        product.category,
        product.brand,
        product.kind.value.replace("_", " "),
    )


def _size(one: TakenProduct, pack: TakenPack) -> tuple[Cell, ...]:
    product = one.product
    others = [
        PackSize(other.name, other.size_steps)
        for other in product.packs.values()
        if other.id != pack.pack.id
    ]
    base = base_of(PackSize(pack.pack.name, pack.pack.size_steps), product.unit, others)
    inner = base.per_pack if base and base.word not in {"l", "kg"} else None
    amount = Decimal(pack.pack.size_steps) / product.unit.steps
    rule = pack.pack.rule
    return pack.pack.name, amount, product.unit.value, inner, rule.least, rule.step, rule.most


def _prices(pack: TakenPack, currency: str) -> tuple[Cell, ...]:
    cells: list[Cell] = [currency if pack.steps else None]
    for step in pack.steps[:MOST_STEPS]:
        cells += [step.from_packs, step.price.decimal]
    cells += [None] * (1 + 2 * MOST_STEPS - len(cells))
    return (*cells, pack.retail.decimal if pack.retail else None)


def _facts(one: TakenProduct, pack: TakenPack) -> tuple[Cell, ...]:
    product = one.product
    return (
        Decimal(one.tax.rate.percent) if one.tax else None,
        stock_said(pack.badge),
        ", ".join(product.ingredients),
        ", ".join(product.may_contain),
        ", ".join(one.allergens),
        ", ".join(trait.value.replace("_", "-") for trait in product.traits),
    )


def stock_said(badge: Badge | None) -> str:
    """In few words, for programs and people: in stock, low, due, to order; nothing of services."""
    if badge is None or badge.stock is Stock.NONE:
        return ""
    return {
        Stock.IN: "in stock",
        Stock.LOW: f"{badge.packs} left",
        Stock.DUE: f"due {badge.due_on.isoformat()}" if badge.due_on else "on order",
        Stock.TO_ORDER: "to order",
    }[badge.stock]
