"""What is to be bought, as a problem: the needs, everybody who sells them, and what the suppliers ask.

Beside the statements of the needs: the products, their offers and what was agreed, the suppliers, the company; with
several currencies the rates.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from procurement.catalogue.models import Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import minor_digits
from procurement.planning.queries.needs import needs
from procurement.planning.queries.shelves import shelves_of
from procurement.planning.queries.sources import sources_of, worth_of
from procurement.planning.rules.buying import Shelf, Source
from procurement.planning.rules.purchase.problem import SCALE, Demand, Problem, Rules, Supply
from procurement.planning.terms import Need
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier
from procurement.sourcing.queries.calendars import calendars_of
from procurement.sourcing.rules.calendar import delivery_on
from procurement.sourcing.terms.calendars import OrderCalendar
from procurement.stock.models import Location, Site


def purchase_problem(
    session: ReadSession, *, at: datetime, site: str | None, patience_days: int, rules: Rules
) -> Problem:
    """What all sites or one need to buy now. A delivery up to `patience_days` late counts as in time."""
    wanted = [need for need in needs(session, at=at, site=site).open if need.steps.to_buy]
    bought = _bought(session, {need.product for need in wanted})
    company = get_company(session)
    today = today_in(company.time_zone, at)
    sources = sources_of(session, {key for key, _ in bought.values()}, today)
    offered = {sku: sources.get(key, ()) for sku, (key, _) in bought.items()}
    currency, worth = _worth(session, company.currency, offered.values(), today)
    shelves = shelves_of(session, dict(bought.values()), today)
    sites = _sites(session, {need.deliver_to for need in wanted})
    together = {key: group for key, group in sorted(_together(wanted).items()) if key[1] in bought}
    shared = _parts(together, sites, bought, offered, shelves)
    demands = [
        _demand(group, patience_days, offered[key[1]], shared.get(key))
        for key, group in together.items()
    ]
    suppliers = _suppliers(
        session, {source.supplier for found in offered.values() for source in found}
    )
    calendars = calendars_of(session, {supplier.id for supplier in suppliers.values()})
    supplies = [
        _supply(sku, source, today, at, calendars.get(suppliers[source.supplier].id))
        for sku, found in offered.items()
        for source in found
    ]
    terms = {code: supplier.terms for code, supplier in suppliers.items()}
    return Problem.of(currency, demands, supplies, terms, worth, rules)


def _bought(session: ReadSession, skus: Collection[str]) -> dict[str, tuple[int, int | None]]:
    """The products among them that are still bought, by SKU: their key and shelf life."""
    rows = session.execute(
        select(Product.sku, Product.id, Product.shelf_life_days).where(
            Product.sku.in_(skus), Product.status != ProductStatus.DISCONTINUED
        )
    )
    return {sku: (key, life) for sku, key, life in rows}


def _sites(session: ReadSession, places: Collection[str]) -> dict[str, str]:
    """The sites that places of delivery belong to."""
    rows = session.execute(
        select(Location.code, Site.code)
        .join(Site, Site.id == Location.site_id)
        .where(Location.code.in_(places))
    )
    return {place: site for place, site in rows}  # noqa: C416 (rows are no pairs to mypy)


def _together(wanted: Sequence[Need]) -> dict[tuple[str, str], list[Need]]:
    found: defaultdict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in wanted:
        found[need.deliver_to, need.product].append(need)
    return found


def _parts(
    together: Mapping[tuple[str, str], Sequence[Need]],
    sites: Mapping[str, str],
    bought: Mapping[str, tuple[int, int | None]],
    offered: Mapping[str, Sequence[Source]],
    shelves: Mapping[tuple[str, int], Shelf],
) -> dict[tuple[str, str], Shelf]:
    """What each place may buy for of what its site can use: in proportion to what it needs, and never more in all.

    Of its part a place can buy whole packs only; the rest is there for the next.
    """
    waiting: defaultdict[tuple[str, int], int] = defaultdict(int)
    keys = {key: (sites[key[0]], bought[key[1]][0]) for key in together}
    needed = {key: sum(need.steps.to_buy for need in group) for key, group in together.items()}
    for key, steps in needed.items():
        waiting[keys[key]] += steps
    left = dict(shelves)
    parts: dict[tuple[str, str], Shelf] = {}
    for key, shared_by in keys.items():
        if (shelf := left.get(shared_by)) is None:
            continue
        part = shelf.part_for(needed[key], waiting[shared_by])
        whole = [_whole(part, source) for source in offered[key[1]]]
        left[shared_by] = shelf.less(max(whole, default=0))
        waiting[shared_by] -= needed[key]
        parts[key] = part
    return parts


def _whole(shelf: Shelf, source: Source) -> int:
    """The most that whole packs of an offer may come to; nothing where it has no limit to share."""
    size = source.offer.pack.size.steps
    return (shelf.most(source) or 0) // size * size


def _demand(
    group: Sequence[Need], patience_days: int, offered: Sequence[Source], shelf: Shelf | None
) -> Demand:
    """Everything one place is to receive of a product, by the soonest day on which one of its rooms runs out.

    Where less can be used than is short, that much is wanted, to the smallest pack: never one more than can be used.
    """
    first = group[0]
    steps = sum(need.steps.to_buy for need in group)
    found = {(one.supplier, one.pack): shelf.most(one) if shelf else None for one in offered}
    caps = tuple((*key, most) for key, most in found.items() if most is not None)
    most = max(cap for *_, cap in caps) if caps and len(caps) == len(found) else None
    if most is not None:
        smallest = min(source.offer.pack.size.steps for source in offered)
        if (
            most >= smallest
        ):  # else not one pack can be used, and the plan says so of all that is short
            steps = min(steps, most - smallest + 1)
    # Where no use was measured nobody knows when it runs out; then any day will do.
    days = [need.wanted_by for need in group if need.steps.per_week]
    return Demand(
        product=first.product,
        product_name=first.product_name,
        deliver_to=first.deliver_to,
        deliver_to_name=first.deliver_to_name,
        unit=first.unit,
        steps=steps,
        wanted_by=min(days) + timedelta(days=patience_days) if days else None,
        most=most,
        caps=caps,
    )


def _supply(
    sku: str, source: Source, today: date, at: datetime, calendar: OrderCalendar | None
) -> Supply:
    """Its goods come by the supplier's calendar where it is known, else so many days after today."""
    days = source.lead_time_days
    return Supply(
        product=sku,
        supplier=source.supplier,
        supplier_name=source.supplier_name,
        pack=source.pack,
        offer=source.offer,
        arrives_on=delivery_on(calendar, at, days) if calendar else today + timedelta(days=days),
        preferred=source.preferred,
        blanket=source.blanket,
        left=source.left,
    )


def _worth(
    session: ReadSession, home: str, offered: Collection[Sequence[Source]], on: date
) -> tuple[str, dict[str, int]]:
    """The plan's currency and what others are in it: the company's, or the only one there is to be paid in."""
    currencies = {source.offer.currency for found in offered for source in found}
    if len(currencies) == 1:
        (only,) = currencies
        if only != home:
            return only, {only: SCALE}
    worth = worth_of(session, currencies | {home}, on)
    scaled = {
        code: int(value * SCALE * Decimal(10) ** (minor_digits(home) - minor_digits(code)))
        for code, value in worth.items()
        if code in currencies
    }
    return home, scaled


def _suppliers(session: ReadSession, codes: Collection[str]) -> dict[str, Supplier]:
    found = session.scalars(select(Supplier).where(Supplier.code.in_(codes)))
    return {supplier.code: supplier for supplier in found}
