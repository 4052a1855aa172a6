"""What is needed: every place below its reorder point, what tops it up, and why.

Three statements whatever the number of rules: the sites' dates, the positions, the sources; with offers in several
currencies two more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
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
from procurement.planning.queries.sources import sources_of, worth_of
from procurement.planning.rules.buying import Choice, Source, choose, share_packs
from procurement.planning.rules.topping_up import Position, Shortage, plan_site
from procurement.planning.rules.wording import why_of
from procurement.planning.terms import Figures, LastRun, Need, Needs, RefillRow
from procurement.stock.models import Site


class _Missing(NamedTuple):
    """A shortage with the names of the site's places in the plan, by code, and the site's day."""

    shortage: Shortage
    names: Mapping[str, str]
    today: date


def needs(session: ReadSession, *, at: datetime, site: str | None = None) -> Needs:
    """All needs, or a site's, in the order of location and product."""
    zones = session.execute(select(Site.id, Site.code, Site.time_zone)).all()
    if site is not None and site not in {code for _, code, _ in zones}:
        raise Invalid(f"There is no site {site}.", field="site")
    today = {key: today_in(zone, at) for key, _, zone in zones}
    days = {code: today[key] for key, code, _ in zones}
    missing = _missing(short_positions(session, today, site=site), days)
    choices = _choices(session, missing, max(today.values(), default=at.date()))
    found = sorted((_need(*one) for one in choices), key=lambda need: (need.location, need.product))
    return Needs(
        open=tuple(need for need in found if not need.is_waiting),
        waiting=tuple(need for need in found if need.is_waiting),
    )


def last_run(session: ReadSession) -> LastRun | None:
    """Who drafted from the needs last."""
    run = session.get(PlanningRun, 1)
    return LastRun(run.ran_at, run.ran_by) if run else None


def _missing(positions: Iterable[Position], days: Mapping[str, date]) -> list[_Missing]:
    """The shortages of each product at each site."""
    together: defaultdict[tuple[str, int], list[Position]] = defaultdict(list)
    for position in positions:
        together[position.site, position.product_id].append(position)
    missing = []
    for (site, _), group in together.items():
        names = {position.location: position.location_name for position in group}
        missing += [_Missing(shortage, names, days[site]) for shortage in plan_site(group)]
    return missing


_Found = tuple[_Missing, Choice | None, int]  # what is missing, from whom to buy, how many packs


def _choices(session: ReadSession, missing: Sequence[_Missing], on: date) -> Iterable[_Found]:
    """One order for each product and place of delivery, its packs shared out to those who miss them."""
    together: defaultdict[tuple[str, int], list[_Missing]] = defaultdict(list)
    for found in missing:
        if found.shortage.to_buy:
            key = found.shortage.deliver_to, found.shortage.position.product_id
            together[key].append(found)
        else:
            yield found, None, 0
    bought = {
        product_id
        for (_, product_id), group in together.items()
        if group[0].shortage.position.status is not ProductStatus.DISCONTINUED
    }
    sources = sources_of(session, bought)
    worth = worth_of(session, {s.offer.currency for found in sources.values() for s in found}, on)
    for (_, product_id), group in together.items():
        amounts = [found.shortage.to_buy for found in group]
        offered: Sequence[Source] = sources.get(product_id, ())
        choice = choose(offered, Quantity(sum(amounts), group[0].shortage.position.unit), worth)
        if choice is None:
            yield from ((found, None, 0) for found in group)
            continue
        steps = choice.source.offer.pack.size.steps
        shares = share_packs(choice.order.packs, steps, amounts)
        yield from ((found, choice, packs) for found, packs in zip(group, shares, strict=True))


def _need(missing: _Missing, choice: Choice | None, packs: int) -> Need:
    shortage, names, today = missing
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
        pack_value=source.offer.pack if source else None,
        packs=packs,
        price=choice.order.price if choice else None,
        lead_time_days=source.lead_time_days if source else 0,
        wanted_by=today,
        most=None,
        explain=partial(why_of, shortage, choice, packs, names),
    )


def _figures(shortage: Shortage) -> Figures:
    position = shortage.position
    return Figures(
        position.on_hand,
        position.available,
        position.inbound + position.on_order,
        shortage.given + shortage.claimed,
        position.par_level or 0,
        position.reorder_point or 0,
        shortage.short,
        shortage.covered,
        shortage.to_buy,
    )
