"""How the demo's storerooms were supplied: ordered on Tuesdays, approved, placed, received days later.

The last weeks leave orders in every state for Today to show.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from procurement.demo import goods, house
from procurement.demo.days import moment
from procurement.demo.goods import DemoBuy
from procurement.demo.history import Event, History
from procurement.demo.house import DemoSite
from procurement.demo.levels import storeroom_levels
from procurement.purchasing.operations.deciding import (
    approve_order,
    cancel_order,
    close_short,
    place_order,
)
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.terms import Condition

_ORDER_DAY = 1  # Tuesday
_QUIET_DAYS = 13  # nothing was ordered in the last days, so that something is needed
_HOME = "IE"


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many packs of one supplier item."""

    buy: DemoBuy
    packs: int

    def store(self, site: DemoSite) -> str:
        """Where it is delivered; no supplier of the demo sells for two storerooms."""
        return site.store_of(goods.by_sku()[self.buy.product].kind)

    @property
    def steps(self) -> int:
        return goods.by_sku()[self.buy.product].pack(self.buy.pack).size.steps * self.packs


Part = tuple[int, Wanted, int, Condition]  # line, what, packs of it, how it arrived


class Ordering:
    """Purchase orders of the past, in step with the history of the shelves."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.on_order: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.deliveries: defaultdict[tuple[str, date], list[Event]] = defaultdict(list)
        self.orders = 0

    def mornings(self, site: DemoSite, day: date) -> list[Event]:
        """What happens in purchasing on a day: deliveries that are due, and on Tuesdays the orders."""
        events = self.deliveries.pop((site.code, day), [])
        quiet = day > self.history.today - timedelta(days=_QUIET_DAYS)
        if day.weekday() == _ORDER_DAY and not quiet:
            at = moment(site, day, 10)
            events.append((at, lambda at: self._order_what_is_low(site, day, at)))
        return events

    def low(self, site: DemoSite) -> dict[str, list[Wanted]]:
        """By supplier, what the storeroom needs to be back at par, in whole packs as the supplier sells them."""
        wanted: defaultdict[str, list[Wanted]] = defaultdict(list)
        for sku, level in storeroom_levels(site).items():
            store = site.store_of(goods.by_sku()[sku].kind)
            there = self.history.shelves.at(store, sku) + self.on_order[store, sku]
            if there > level.reorder:
                continue
            buy = goods.by_sku()[sku].buys[0]
            pack = goods.by_sku()[sku].pack(buy.pack).size.steps
            packs = max(buy.moq, -(-(level.par - there) // pack))
            packs = -(-packs // buy.multiple) * buy.multiple
            wanted[buy.supplier].append(Wanted(buy, packs))
        return wanted

    def draft(
        self,
        site: DemoSite,
        supplier: str,
        wanted: list[Wanted],
        at: datetime,
        *,
        note: str = "",
    ) -> str:
        store = wanted[0].store(site)
        tax = None if _country(supplier) == _HOME else "0"
        order = draft_order(
            self.history.session,
            DraftOrder(
                supplier=supplier,
                lines=tuple(
                    NewOrderLine(
                        product=one.buy.product,
                        pack=one.buy.pack,
                        packs=one.packs,
                        tax_percent=tax,
                    )
                    for one in wanted
                ),
                deliver_to=store,
                note_to_us=note,
            ),
            actor=self.history.cast.purchaser,
            at=at,
        )
        self.orders += 1
        for one in wanted:
            self.on_order[store, one.buy.product] += one.steps
        return order.number

    def approve(self, number: str, at: datetime) -> None:
        approve_order(self.history.session, number, actor=self.history.cast.manager, at=at)

    def place(self, number: str, at: datetime) -> None:
        place_order(self.history.session, number, actor=self.history.cast.purchaser, at=at)

    def cancel(self, number: str, at: datetime) -> None:
        cancel_order(self.history.session, number, actor=self.history.cast.purchaser, at=at)

    def close_short(self, number: str, at: datetime) -> None:
        close_short(self.history.session, number, actor=self.history.cast.purchaser, at=at)

    def receive(
        self,
        site: DemoSite,
        number: str,
        parts: list[Part],
        at: datetime,
    ) -> None:
        """Take packs of some positions in; what is doubtful waits in quarantine and counts for nothing."""
        store = parts[0][1].store(site)
        receive_goods(
            self.history.session,
            ReceiveGoods(
                order_number=number,
                into=store,
                delivery_note=f"DN {at:%y%m%d}-{number[-3:]}",
                lines=tuple(
                    self._delivered(site, part, at, index) for index, part in enumerate(parts)
                ),
            ),
            actor=self.history.cast.keeper,
            at=at,
        )
        for _, one, packs, condition in parts:
            steps = one.steps * packs // one.packs
            self.on_order[store, one.buy.product] -= steps
            if condition is Condition.GOOD:
                self.history.shelves.put(store, one.buy.product, steps)

    def _delivered(self, site: DemoSite, part: Part, at: datetime, index: int) -> DeliveredLine:
        position, one, packs, condition = part
        product = goods.by_sku()[one.buy.product]
        expires_on = None
        if product.shelf_life_days:
            left = product.shelf_life_days * self.history.random.randint(70, 95) // 100
            expires_on = at.date() + timedelta(days=max(left, 200))
        return DeliveredLine(
            position=position,
            packs=packs,
            supplier_lot=f"{one.buy.supplier[:2]}{at:%y%j}{site.code[0]}{index + 1:02d}",
            expires_on=expires_on,
            condition=condition,
        )

    def _order_what_is_low(self, site: DemoSite, day: date, at: datetime) -> None:
        for index, (supplier, wanted) in enumerate(sorted(self.low(site).items())):
            minute = timedelta(minutes=4 * index)
            number = self.draft(site, supplier, wanted, at + minute)
            self.approve(number, at + minute + timedelta(minutes=1))
            self.place(number, at + minute + timedelta(minutes=2))
            lead = max(one.buy.lead_time_days for one in wanted)
            arrives = day + timedelta(days=lead + self.history.random.choice((-1, 0, 0, 0, 1, 2)))
            self._expect(site, number, wanted, arrives)

    def _expect(self, site: DemoSite, number: str, wanted: list[Wanted], day: date) -> None:
        """Most deliveries are whole; one in six comes in two parts, a week apart."""
        whole = [
            (position, one, one.packs, Condition.GOOD)
            for position, one in enumerate(wanted, start=1)
        ]
        at = moment(site, day, 11, 10 + len(self.deliveries[site.code, day]) * 6)
        if self.history.random.randint(1, 6) > 1 or len(whole) == 1:
            event = (at, lambda at: self.receive(site, number, whole, at))
            self.deliveries[site.code, day].append(event)
            return
        first, rest = whole[: len(whole) // 2 + 1], whole[len(whole) // 2 + 1 :]
        self.deliveries[site.code, day].append(
            (at, lambda at: self.receive(site, number, first, at))
        )
        if rest:
            later = day + timedelta(days=7)
            again = moment(site, later, 11, 40)
            self.deliveries[site.code, later].append(
                (again, lambda at: self.receive(site, number, rest, at))
            )


def _country(supplier: str) -> str:
    return next(one.country for one in house.suppliers() if one.code == supplier)
