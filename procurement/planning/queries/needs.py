"""What is needed: every place below its reorder point, what tops it up, and why.

Four statements whatever the number of rules: the sites' dates, the positions, the sources and what is agreed with
them; where something bought may expire one more, with offers in several currencies two more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from sqlalchemy import select

from procurement.catalogue.terms import ProductStatus
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.quantity import Quantity
from procurement.planning.models import PlanningRun
from procurement.planning.queries.positions import short_positions
from procurement.planning.queries.shelves import shelves_of
from procurement.planning.queries.sources import sources_of, worth_of
from procurement.planning.rules.buying import Choice, Shelf, Source, choose, share_packs
from procurement.planning.rules.topping_up import Position, Shortage, plan_site, runs_out_on
from procurement.planning.rules.wording import Purchase, why_of
from procurement.planning.terms import Figures, LastRun, Need, Needs, RefillRow, Snooze
from procurement.stock.models import Site


class _Missing(NamedTuple):
    """A shortage with the names of the places in the plan, by code, the site's day, and whether it is put aside."""

    shortage: Shortage
    names: Mapping[str, str]
    today: date
    snoozed: bool = False


class _Bought(NamedTuple):
    """What becomes of a shortage: from whom how many packs, out of how many offers."""

    missing: _Missing
    choice: Choice | None = None
    packs: int = 0
    sellers: int = 0
    most: int | None = None


def needs(session: ReadSession, *, at: datetime, site: str | None = None) -> Needs:
    """All needs, or a site's, in the order of location and product."""
    zones = session.execute(select(Site.id, Site.code, Site.time_zone)).all()
    if site is not None and site not in {code for _, code, _ in zones}:
        raise Invalid(f"There is no site {site}.", field="site")
    today = {key: today_in(zone, at) for key, _, zone in zones}
    days = {code: today[key] for key, code, _ in zones}
    missing = _missing(short_positions(session, today, site=site), days)
    choices = _choices(session, missing, max(today.values(), default=at.date()))
    found = sorted((_need(one) for one in choices), key=lambda need: (need.location, need.product))
    wanted = [need for need in found if site in {None, need.site}]
    awake = [need for need in wanted if need.snooze is None]
    return Needs(
        open=tuple(need for need in awake if not need.is_waiting),
        waiting=tuple(need for need in awake if need.is_waiting),
        snoozed=tuple(need for need in wanted if need.snooze is not None),
    )


def last_run(session: ReadSession) -> LastRun | None:
    """Who drafted from the needs last."""
    run = session.get(PlanningRun, 1)
    return LastRun(run.ran_at, run.ran_by) if run else None


def _missing(positions: Iterable[Position], days: Mapping[str, date]) -> list[_Missing]:
    """The shortages of each product at the sites that are bought for together."""
    together: defaultdict[tuple[str, int], list[Position]] = defaultdict(list)
    for position in positions:
        together[position.hub, position.product_id].append(position)
    missing: list[_Missing] = []
    for group in together.values():
        names = {position.location: position.location_name for position in group}
        asleep = [one for one in group if one.is_snoozed(days[one.site])]
        if asleep:
            missing += _put_aside(group, asleep, names, days)
            group = _without(group, asleep)  # noqa: PLW2901 (the rest of it)
        missing += [_Missing(found, names, days[found.position.site]) for found in plan_site(group)]
    return missing


def _without(group: Sequence[Position], asleep: Sequence[Position]) -> list[Position]:
    """A storeroom whose need is put aside still gives."""
    return [
        one.silent() if one in asleep else one
        for one in group
        if one.is_storeroom or one not in asleep
    ]


def _put_aside(
    group: Sequence[Position],
    asleep: Sequence[Position],
    names: Mapping[str, str],
    days: Mapping[str, date],
) -> Iterator[_Missing]:
    """Each as if it were the only one."""
    for one in asleep:
        others = [other for other in group if other.is_storeroom and other is not one]
        silent = [other.silent() for other in others]
        for found in plan_site([one, *silent]):
            yield _Missing(found, names, days[one.site], snoozed=True)


def _choices(session: ReadSession, missing: Sequence[_Missing], on: date) -> Iterable[_Bought]:
    """One order for each product and place of delivery, its packs shared out to those who miss them."""
    together: defaultdict[tuple[str, int, bool], list[_Missing]] = defaultdict(list)
    for found in missing:
        if found.shortage.to_buy:
            key = found.shortage.deliver_to, found.shortage.position.product_id, found.snoozed
            together[key].append(found)
        else:
            yield _Bought(found)
    bought = {
        product_id: group[0].shortage.position.shelf_life_days
        for (_, product_id, _), group in together.items()
        if group[0].shortage.position.status is not ProductStatus.DISCONTINUED
    }
    sources = sources_of(session, bought, on)
    worth = worth_of(session, {s.offer.currency for found in sources.values() for s in found}, on)
    perishing = {
        product_id: life
        for product_id, life in bought.items()
        if life or any(source.guaranteed_days for source in sources.get(product_id, ()))
    }
    shelves = shelves_of(session, perishing, on)
    waiting = _needed(together)
    # What is put aside takes nothing from the others.
    for key in sorted(together, key=lambda one: (one[2], one[0], one[1])):
        _, product_id, snoozed = key
        group = together[key]
        shared_by = group[0].shortage.position.hub, product_id
        offered, shelf = sources.get(product_id, []), shelves.get(shared_by)
        needed = sum(found.shortage.to_buy for found in group)
        part = None
        if shelf:
            part = shelf if snoozed else shelf.part_for(needed, waiting[shared_by])
        shared = _shared(group, offered, worth, part)
        choice = shared[0].choice
        if not snoozed:
            waiting[shared_by] -= needed
            if choice:
                _draw(offered, choice)
                if shelf:
                    taken = choice.order.packs * choice.source.offer.pack.size.steps
                    shelves[shared_by] = shelf.less(taken)
        yield from shared


def _needed(
    together: Mapping[tuple[str, int, bool], Sequence[_Missing]],
) -> defaultdict[tuple[str, int], int]:
    """What all places of a buying site have to buy of a product."""
    needed: defaultdict[tuple[str, int], int] = defaultdict(int)
    for (_, product_id, snoozed), group in together.items():
        if not snoozed:
            hub = group[0].shortage.position.hub
            needed[hub, product_id] += sum(found.shortage.to_buy for found in group)
    return needed


def _draw(offered: list[Source], choice: Choice) -> None:
    """What one place calls off of a blanket order is not there for the next."""
    source = choice.source
    if source.left is not None:
        left = source.left - choice.order.packs
        offered[offered.index(source)] = replace(source, left=left)


def _shared(
    group: Sequence[_Missing],
    offered: Sequence[Source],
    worth: Mapping[str, Decimal],
    shelf: Shelf | None,
) -> list[_Bought]:
    amounts = [found.shortage.to_buy for found in group]
    needed = Quantity(sum(amounts), group[0].shortage.position.unit)
    choice = choose(offered, needed, worth, shelf)
    if choice is None:
        most = None
        if shelf:
            grain = needed.unit.steps
            most = max((shelf.most(source, grain) or 0 for source in offered), default=None)
        return [_Bought(found, sellers=len(offered), most=most) for found in group]
    shares = share_packs(choice.order.packs, choice.source.offer.pack.size.steps, amounts)
    return [
        _Bought(found, choice, packs, len(offered), choice.most)
        for found, packs in zip(group, shares, strict=True)
    ]


def _need(bought: _Bought) -> Need:
    missing, choice, packs, sellers, most = bought
    shortage, names, today, snoozed = missing
    position = shortage.position
    source = choice.source if choice else None
    return Need(
        site=position.site,
        location=position.location,
        location_name=position.location_name,
        is_storeroom=position.is_storeroom,
        product=position.sku,
        product_name=position.product_name,
        unit=position.unit,
        steps=_figures(shortage),
        refills=tuple(
            RefillRow(refill.source, names[refill.source], Quantity(refill.quantity, position.unit))
            for refill in shortage.refills
        ),
        deliver_to=shortage.deliver_to,
        deliver_to_name=names[shortage.deliver_to],
        supplier=source.supplier if source else None,
        supplier_name=source.supplier_name if source else "",
        pack=source.pack if source else None,
        blanket=source.blanket if source else "",
        pack_value=source.offer.pack if source else None,
        packs=packs,
        price=choice.order.price if choice else None,
        lead_time_days=source.lead_time_days if source else 0,
        wanted_by=runs_out_on(position, today),
        most=None if most is None else Quantity(most, position.unit),
        weeks=position.weeks,
        follows_use=position.follows_use,
        sellers=sellers,
        snooze=_snooze(position) if snoozed else None,
        explain=partial(why_of, shortage, Purchase(choice, packs, sellers, most), names),
    )


def _snooze(position: Position) -> Snooze | None:
    if position.snoozed_until is None or position.snoozed_at is None:
        return None
    return Snooze(
        position.snoozed_until,
        position.comes_back_below is not None,
        position.snoozed_because,
        position.snoozed_by,
        position.snoozed_at,
    )


def _figures(shortage: Shortage) -> Figures:
    position = shortage.position
    return Figures(
        on_hand=position.on_hand,
        available=position.available,
        on_order=position.inbound + position.on_order,
        for_rooms=shortage.given + shortage.claimed,
        par_level=position.par_level or 0,
        reorder_point=position.reorder_point or 0,
        short=shortage.short,
        covered=shortage.covered,
        to_buy=shortage.to_buy,
        expiring=position.expiring,
        per_week=position.per_week,
        backordered=position.backordered,
    )
