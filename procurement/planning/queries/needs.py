"""What is needed: every place below its reorder point, what tops it up, and why.

Three statements whatever the number of rules: the sites' dates, the positions, the sources; with offers in several
currencies two more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from procurement.catalogue.terms import ProductStatus
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.quantity import Quantity, Unit
from procurement.planning.models import PlanningRun
from procurement.planning.queries.positions import PositionRow, short_positions
from procurement.planning.queries.sources import sources_of, worth_of
from procurement.planning.rules.buying import Choice, Source, choose, share_packs
from procurement.planning.rules.topping_up import Position, Shortage, plan_site
from procurement.planning.rules.wording import why_of
from procurement.planning.terms import LastRun, Need, Needs, RefillRow
from procurement.stock.models import Site


@dataclass(frozen=True, slots=True)
class _Missing:
    """A shortage with the row it was found in."""

    row: PositionRow
    shortage: Shortage
    names: Mapping[str, str]  # of the site's places in the plan, by code


def needs(session: ReadSession, *, at: datetime, site: str | None = None) -> Needs:
    """All needs, or a site's, in the order of location and product."""
    zones = session.execute(select(Site.id, Site.code, Site.time_zone)).all()
    if site is not None and site not in {code for _, code, _ in zones}:
        raise Invalid(f"There is no site {site}.", field="site")
    today = {key: today_in(zone, at) for key, _, zone in zones}
    missing = _missing(short_positions(session, today, site=site))
    choices = _choices(session, missing, max(today.values(), default=at.date()))
    found = sorted(
        (_need(*found) for found in choices), key=lambda need: (need.location, need.product)
    )
    return Needs(
        open=tuple(need for need in found if not need.is_waiting),
        waiting=tuple(need for need in found if need.is_waiting),
    )


def last_run(session: ReadSession) -> LastRun | None:
    """Who drafted from the needs last."""
    run = session.get(PlanningRun, 1)
    return LastRun(run.ran_at, run.ran_by) if run else None


def _missing(rows: Iterable[PositionRow]) -> list[_Missing]:
    """The shortages of each product at each site."""
    together: defaultdict[tuple[str, int], list[PositionRow]] = defaultdict(list)
    for row in rows:
        together[row.site, row.product_id].append(row)
    missing = []
    for group in together.values():
        by_location = {row.location: row for row in group}
        names = {row.location: row.location_name for row in group}
        missing += [
            _Missing(by_location[shortage.position.location], shortage, names)
            for shortage in plan_site([_position(row) for row in group])
        ]
    return missing


def _position(row: PositionRow) -> Position:
    return Position(
        location=row.location,
        is_storeroom=row.is_storeroom,
        on_hand=int(row.on_hand),
        available=int(row.available),
        inbound=int(row.inbound),
        on_order=int(row.on_order),
        par_level=row.par_level,
        reorder_point=row.reorder_point,
    )


_Found = tuple[_Missing, Choice | None, int]  # what is missing, from whom to buy, how many packs


def _choices(session: ReadSession, missing: Sequence[_Missing], on: date) -> Iterable[_Found]:
    """One order for each product and place of delivery, its packs shared out to those who miss them."""
    together: defaultdict[tuple[str, int], list[_Missing]] = defaultdict(list)
    for found in missing:
        if found.shortage.to_buy:
            together[found.shortage.deliver_to, found.row.product_id].append(found)
        else:
            yield found, None, 0
    bought = {
        group[0].row.product_id
        for group in together.values()
        if group[0].row.status is not ProductStatus.DISCONTINUED
    }
    sources = sources_of(session, bought)
    worth = worth_of(session, {s.offer.currency for found in sources.values() for s in found}, on)
    for (_, product_id), group in together.items():
        amounts = [found.shortage.to_buy for found in group]
        offered: Sequence[Source] = sources.get(product_id, ())
        choice = choose(offered, Quantity(sum(amounts), group[0].row.unit), worth)
        if choice is None:
            yield from ((found, None, 0) for found in group)
            continue
        steps = choice.source.offer.pack.size.steps
        shares = share_packs(choice.order.packs, steps, amounts)
        yield from ((found, choice, packs) for found, packs in zip(group, shares, strict=True))


def _need(missing: _Missing, choice: Choice | None, packs: int) -> Need:
    row, shortage = missing.row, missing.shortage
    position, unit = shortage.position, row.unit
    source = choice.source if choice else None
    return Need(
        site=row.site,
        location=row.location,
        location_name=row.location_name,
        is_storeroom=row.is_storeroom,
        product=row.sku,
        product_name=row.product_name,
        on_hand=Quantity(position.on_hand, unit),
        available=Quantity(position.available, unit),
        on_order=Quantity(position.coming, unit),
        for_rooms=Quantity(shortage.given + shortage.claimed, unit),
        par_level=Quantity(position.par_level or 0, unit),
        reorder_point=Quantity(position.reorder_point or 0, unit),
        short=Quantity(shortage.short, unit),
        transfer_from=shortage.refills[0].source if shortage.refills else None,
        transfer=Quantity(sum(refill.quantity for refill in shortage.refills), unit),
        refills=tuple(
            RefillRow(refill.source, missing.names[refill.source], Quantity(refill.quantity, unit))
            for refill in shortage.refills
        ),
        covered=Quantity(shortage.covered, unit),
        to_buy=Quantity(shortage.to_buy, unit),
        deliver_to=shortage.deliver_to,
        deliver_to_name=missing.names[shortage.deliver_to],
        supplier=source.supplier if source else None,
        supplier_name=source.supplier_name if source else "",
        pack=source.pack if source else None,
        pack_value=source.offer.pack if source else None,
        packs=packs,
        price=choice.order.price if choice else None,
        lead_time_days=source.lead_time_days if source else 0,
        why=why_of(
            shortage,
            Unit(unit),
            choice,
            packs,
            names=missing.names,
            is_discontinued=row.status is ProductStatus.DISCONTINUED,
        ),
    )
