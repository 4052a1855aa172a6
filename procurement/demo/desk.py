"""What lies on the desk today: orders in every state, finds of a count, a mistake taken back, a load to be carried."""

from datetime import date, datetime, timedelta

from procurement.demo import goods, house
from procurement.demo.days import moment
from procurement.demo.history import Event, History
from procurement.demo.house import DemoSite
from procurement.demo.ordering import Ordering, Wanted
from procurement.demo.rows import Row, quantity, read
from procurement.kernel.quantity import Quantity
from procurement.purchasing.terms import Condition
from procurement.stock.operations.posting import StockMove, reverse_posting
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    complete_transfer,
    draft_transfer,
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

    def carrying(self, site: DemoSite, day: date) -> list[Event]:
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
        for row in read("orders.toml").rows("order"):
            self._order(row)
        if items := self._spare():
            self._draft_load(items, self.history.at)

    def _route(self) -> tuple[str, str]:
        home, away = house.sites()
        return home.storeroom.code, away.storeroom.code

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

    def _when(self, row: Row, key: str, hour: int) -> datetime | None:
        ago = row.whole_or_none(key)
        if ago is None:
            return None
        day = self.history.today - timedelta(days=ago)
        return min(moment(house.sites()[0], day, hour, 25), self.history.at)

    def _order(self, row: Row) -> None:
        """One order of the data file, as far as its story goes."""
        site = next(site for site in house.sites() if site.code == row.text("site"))
        wanted = [
            Wanted(goods.by_sku()[sku].buys[0], int(packs)) for sku, packs in row.lists("lines")
        ]
        placed = self._when(row, "placed_days_ago", 9)
        drafted = placed or self._when(row, "drafted_days_ago", 9)
        assert drafted is not None
        note = row.text("note", "")
        number = self.ordering.draft(site, row.text("supplier"), wanted, drafted, note=note)
        if approved := placed or self._when(row, "approved_days_ago", 10):
            self.ordering.approve(number, approved)
        if placed:
            self.ordering.place(number, placed)
        if received := self._when(row, "received_days_ago", 11):
            self._receive(row, site, number, wanted, received)
        if ended := self._when(row, "ending_days_ago", 12):
            end = {
                "cancelled": self.ordering.cancel,
                "closed_short": self.ordering.close_short,
            }[row.text("ending")]
            end(number, ended)

    def _receive(
        self, row: Row, site: DemoSite, number: str, wanted: list[Wanted], at: datetime
    ) -> None:
        parts = [
            (int(position), wanted[int(position) - 1], int(packs), Condition(condition))
            for position, packs, condition in row.lists("received")
        ]
        self.ordering.receive(site, number, parts, at)
