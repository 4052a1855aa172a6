"""What lies on the desk today: orders in every state, finds of a count, a mistake taken back, a load to be carried."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from procurement.demo import goods, house
from procurement.demo.days import moment
from procurement.demo.history import Event, History
from procurement.demo.house import DemoSite
from procurement.demo.ordering import Ordering, Wanted
from procurement.demo.rows import Row, quantity, read
from procurement.kernel.quantity import Quantity
from procurement.purchasing.terms import Condition
from procurement.stock.operations.arrivals import send_transfer
from procurement.stock.operations.posting import StockMove, reverse_posting
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    complete_transfer,
    draft_transfer,
    request_transfer,
)
from procurement.stock.terms import Reason

_CARRYING_EVERY_DAYS = 23
# What the house by the harbour sends to the house among the olives.
_CARRIED = (("OIL-SUN", "2 l"), ("LOT-ARN", "1 l"), ("OIL-JOJ", "250 ml"))


class Desk:
    """The last touches to the history of both houses."""

    def __init__(self, history: History, ordering: Ordering) -> None:
        self.history = history
        self.ordering = ordering
        self.session = history.session
        self.cast = history.cast
        self.planned: defaultdict[tuple[str, date], list[Event]] = defaultdict(list)
        self._plan_orders()

    def mornings(self, site: DemoSite, day: date) -> list[Event]:
        """What the data file says happened in a house on a day, and the van."""
        return [*self.planned.pop((site.code, day), []), *self._carrying(site, day)]

    def _carrying(self, site: DemoSite, day: date) -> list[Event]:
        """Every few weeks the van takes some bottles to the other house."""
        home = house.sites()[0]
        passed = (self.history.today - day).days
        if site is not home or passed == 0 or passed % _CARRYING_EVERY_DAYS:
            return []

        def carry(at: datetime) -> None:
            items = self._spare()
            if not items:
                return
            number = self._draft_load(items, at)
            self.session.flush()  # it is looked up by its number
            complete_transfer(
                self.session, number, actor=self.cast.keeper, at=at + timedelta(minutes=40)
            )
            source, destination = self._route()
            for item in items:
                self.history.shelves.take(source, item.product, item.quantity.steps)
                self.history.shelves.put(destination, item.product, item.quantity.steps)

        return [(moment(site, day, 14), carry)]

    def lay(self) -> None:
        """Everything that waits for somebody this morning."""
        self._count_yesterday()
        self._take_back_a_mistake()
        for site in house.sites():
            for at, happens in self.planned.pop((site.code, self.history.today), []):
                happens(at)
        if items := self._spare():
            self._draft_load(items[:1], self.history.at)
            self._send_load(items[1:])
        self._ask_for_more()

    def _send_load(self, items: list[TransferItem]) -> None:
        """Yesterday's van has left and is not there yet."""
        if items:
            number = self._draft_load(items, self._yesterday(15, 10))
            self.session.flush()  # it is looked up by its number
            send_transfer(self.session, number, actor=self.cast.keeper, at=self._yesterday(15, 40))

    def _ask_for_more(self) -> None:
        """A therapist of the other house asks for something before the weekend."""
        source, destination = self._route()
        items = (TransferItem(_CARRIED[0][0], quantity(_CARRIED[0][1])),)
        command = DraftTransfer(source, destination, items, note="Two groups come on Saturday")
        request_transfer(
            self.session, command, actor=self.cast.therapist, at=self._yesterday(17, 5)
        )

    def _route(self) -> tuple[str, str]:
        home, away = house.sites()
        return home.store_of("oil"), away.store_of("oil")

    def _spare(self) -> list[TransferItem]:
        """What the storeroom has twice over of what the van takes."""
        source, _ = self._route()
        wanted = [TransferItem(sku, quantity(amount)) for sku, amount in _CARRIED]
        return [
            item
            for item in wanted
            if self.history.shelves.at(source, item.product) >= item.quantity.steps * 2
        ]

    def _draft_load(self, items: list[TransferItem], at: datetime) -> str:
        source, destination = self._route()
        load = DraftTransfer(source, destination, tuple(items))
        return draft_transfer(self.session, load, actor=self.cast.keeper, at=at).number

    def _yesterday(self, hour: int, minute: int) -> datetime:
        day = self.history.today - timedelta(days=1)
        return moment(house.sites()[0], day, hour, minute)

    def _count_yesterday(self) -> None:
        for index, row in enumerate(read("rooms.toml").rows("found")):
            found = StockMove(
                row.text("product"),
                "ADJUSTMENT",
                row.text("location"),
                row.quantity("quantity"),
                expires_on=self.history.today + timedelta(days=row.whole("expires_in_days")),
            )
            self.history.post(
                Reason.ADJUSTMENT,
                [found],
                at=self._yesterday(20, 40 + index),
                note="Found at the back of the shelf",
            )

    def _take_back_a_mistake(self) -> None:
        product = goods.by_sku()["OIL-GRA"]
        source, _ = self._route()
        room = house.sites()[0].rooms[0].code
        bottle = Quantity(product.packs[0].size.steps, product.unit)
        posted = self.history.post(
            Reason.TRANSFER,
            [StockMove(product.sku, source, room, bottle)],
            at=self._yesterday(20, 55),
            note="A bottle for the evening",
        )
        reverse_posting(
            self.session,
            posted.ref,
            "Wrong room, and it was not opened",
            actor=self.cast.keeper,
            at=self._yesterday(20, 58),
        )
        self.history.shelves.put(source, product.sku, bottle.steps)
        self.history.shelves.take(room, product.sku, bottle.steps)

    def _plan_orders(self) -> None:
        """Put each step of the data file's orders on its day; the steps of one order share its number."""
        for row in read("orders.toml").rows("order"):
            site = next(site for site in house.sites() if site.code == row.text("site"))
            wanted = [
                Wanted(goods.by_sku()[sku].buys[0], int(packs)) for sku, packs in row.lists("lines")
            ]
            story = _OrderStory(self.ordering, row, site, wanted)
            drafted = row.whole_or_none("drafted_days_ago")
            placed = row.whole_or_none("placed_days_ago")
            self._plan(site, placed if drafted is None else drafted, 9, story.draft)
            self._plan(site, row.whole_or_none("approved_days_ago"), 10, story.approve)
            self._plan(site, placed, 10, story.approve)
            self._plan(site, placed, 11, story.place)
            self._plan(site, row.whole_or_none("received_days_ago"), 12, story.receive)
            self._plan(site, row.whole_or_none("ending_days_ago"), 13, story.end)

    def _plan(
        self, site: DemoSite, days_ago: int | None, hour: int, happens: Callable[[datetime], None]
    ) -> None:
        if days_ago is not None:
            day = self.history.today - timedelta(days=days_ago)
            at = min(moment(site, day, hour, 25), self.history.at)
            self.planned[site.code, day].append((at, happens))


@dataclass
class _OrderStory:
    """One order of the data file, as far as it has come."""

    ordering: Ordering
    row: Row
    site: DemoSite
    wanted: list[Wanted]
    number: str = ""

    def draft(self, at: datetime) -> None:
        supplier, note = self.row.text("supplier"), self.row.text("note", "")
        self.number = self.ordering.draft(self.site, supplier, self.wanted, at, note=note)

    def approve(self, at: datetime) -> None:
        self.ordering.approve(self.number, at)

    def place(self, at: datetime) -> None:
        self.ordering.place(self.number, at)

    def receive(self, at: datetime) -> None:
        parts = [
            (int(position), self.wanted[int(position) - 1], int(packs), Condition(condition))
            for position, packs, condition in self.row.lists("received")
        ]
        self.ordering.receive(self.site, self.number, parts, at)

    def end(self, at: datetime) -> None:
        if self.row.text("ending") == "cancelled":
            self.ordering.cancel(self.number, at)
        else:
            self.ordering.close_short(self.number, at)
