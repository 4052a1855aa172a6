"""Who sells the products that have to be bought, and what their currencies are worth to us."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import or_, select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.planning.rules.buying import Source
from procurement.purchasing.queries.call_offs import agreed_prices
from procurement.purchasing.terms import AgreedPrice
from procurement.settings.queries import exchange_rates, get_company
from procurement.sourcing.models import PriceBreak, Supplier, SupplierItem
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import BreakScheme, Standing
from procurement.sourcing.terms import PriceBreak as Break

_RATE_SCALE = Decimal(10**8)
# Both databases take at least 32,000 parameters in a statement; above this all items are read.
_MOST_KEYS = 10_000


def sources_of(
    session: ReadSession, product_ids: Collection[int], on: date
) -> dict[int, list[Source]]:
    """Every active item of active suppliers, by product; and again at the price of a blanket order in force."""
    if not product_ids:
        return {}
    statement = (
        select(
            SupplierItem.id,
            SupplierItem.product_id,
            SupplierItem.moq,
            SupplierItem.multiple,
            SupplierItem.lead_time_days,
            or_(SupplierItem.preferred, Supplier.standing == Standing.PREFERRED),
            Supplier.code,
            Supplier.name,
            Supplier.currency,
            Pack.code,
            Pack.name,
            Pack.size_steps,
            Product.unit,
            PriceBreak.from_packs,
            PriceBreak.price_e4,
            SupplierItem.scheme,
            SupplierItem.guaranteed_days,
        )
        .join(Supplier, Supplier.id == SupplierItem.supplier_id)
        .join(Pack, Pack.id == SupplierItem.pack_id)
        .join(Product, Product.id == SupplierItem.product_id)
        .outerjoin(PriceBreak, PriceBreak.supplier_item_id == SupplierItem.id)
        .where(SupplierItem.active, ~SupplierItem.blocked)
        .where(Supplier.active, Supplier.standing != Standing.BLOCKED)
    )
    if len(product_ids) <= _MOST_KEYS:
        statement = statement.where(SupplierItem.product_id.in_(product_ids))
    breaks: defaultdict[int, list[Break]] = defaultdict(list)
    items = {}
    for row in session.execute(statement):
        item_id, currency, from_packs, price_e4 = row[0], row[8], row[13], row[14]
        items[item_id] = row
        if from_packs is not None:
            breaks[item_id].append(Break(from_packs, UnitPrice(price_e4, currency)))
    found: defaultdict[int, list[Source]] = defaultdict(list)
    for item_id, row in items.items():
        _, product_id, moq, multiple, days, preferred, code, name, currency, *pack = row[:13]
        pack_code, pack_name, steps, unit = pack
        offer = Offer(
            PackValue(pack_name, Quantity(steps, unit)),
            currency,
            moq,
            multiple,
            tuple(breaks[item_id]),
            row[15],
        )
        found[product_id].append(Source(code, name, pack_code, days, preferred, offer, row[16]))
    _add_agreed(found, agreed_prices(session, on))
    return found


def _add_agreed(found: Mapping[int, list[Source]], agreed: Iterable[AgreedPrice]) -> None:
    """Each item with a blanket order once more, at that price; what the supplier accepts stays what it is."""
    for one in agreed:
        sources = found.get(one.product_id, [])
        for source in [s for s in sources if s.key == (one.supplier, one.pack, "")]:
            offer = replace(
                source.offer,
                price_breaks=(Break(1, one.price),),
                scheme=BreakScheme.ALL_UNITS,
            )
            sources.append(replace(source, offer=offer, blanket=one.blanket, left=one.left))


def worth_of(session: ReadSession, currencies: Iterable[str], on: date) -> dict[str, Decimal]:
    """What one unit of each currency is in the company's; one that has no rate on that day is left out.

    A single currency needs no rate to be compared with itself.
    """
    wanted = set(currencies)
    if len(wanted) < 2:
        return dict.fromkeys(wanted, Decimal(1))
    worth = {get_company(session).currency: Decimal(1)}
    for rate in exchange_rates(session):  # newest first within a currency
        if rate.valid_from <= on:
            worth.setdefault(rate.currency, rate.rate_e8 / _RATE_SCALE)
    return worth
