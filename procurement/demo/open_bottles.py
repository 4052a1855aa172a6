"""What stands open in the demo's rooms: bottles half full, some to be used first, two whose date went by unnoticed."""

from datetime import date, datetime, timedelta
from random import Random

from procurement.demo import goods, house
from procurement.demo.days import moment
from procurement.demo.goods import DemoProduct
from procurement.demo.history import Event, History
from procurement.demo.house import DemoLocation, DemoSite
from procurement.kernel.errors import Invalid
from procurement.kernel.quantity import Quantity
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.operations.containers.moving import MoveContainer, move_container
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.using import ReadContainer, read_container
from procurement.stock.operations.requests import AskForTopUp, ask_for_top_up
from procurement.stock.rules.amounts import Reading
from procurement.stock.terms import Done, Told

_SEED = 41
_OPENED = frozenset({"oil", "lotion", "cream", "gel", "balm"})
_EACH_ROOM = 3
_DECANTED_DAYS_AGO = 12
# From a gallon bottles were filled, and dated by hand: so many days from today.
_GALLONS, _BOTTLE = ("OIL-ALM", "OIL-SUN", "OIL-COC"), 500_000
_DATED = (-3, -1, 2, 5)


class OpenBottles:
    """Opened through the same operations as in a real room, each with what is left in it today."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.session = history.session
        self.cast = history.cast
        self.random = Random(_SEED)
        self.decanted: list[str] = []

    def mornings(self, site: DemoSite, day: date) -> list[Event]:
        """The day a gallon was filled into bottles in the storeroom."""
        is_the_day = day == self.history.today - timedelta(days=_DECANTED_DAYS_AGO)
        if not is_the_day or site is not house.sites()[0]:
            return []
        return [(moment(site, day, 7, 30), self._fill_bottles)]

    def lay(self) -> None:
        """What stands open this morning."""
        site = house.sites()[0]
        for room, number in zip(site.rooms, self.decanted, strict=False):
            move_container(
                self.session,
                MoveContainer(number, room.code),
                actor=self.cast.keeper,
                at=self._at(site, 0),
            )
        for house_of in house.sites():
            for index, room in enumerate(house_of.rooms):
                self._open_in(house_of, room, self._at(house_of, 2 + index))
        self._ask()

    def _at(self, site: DemoSite, minutes: int) -> datetime:
        return moment(site, self.history.today - timedelta(days=1), 20, 10) + timedelta(
            minutes=minutes
        )

    def _fill_bottles(self, at: datetime) -> None:
        store = house.sites()[0].store_of("oil")
        shelves = self.history.shelves
        sku = max(_GALLONS, key=lambda sku: shelves.at(store, sku))
        gallon = goods.by_sku()[sku].pack("GALLON").size
        if shelves.at(store, sku) < gallon.steps:
            return
        keeper = self.cast.keeper
        opened = open_container(
            self.session, OpenContainer(store, sku, pack="GALLON"), actor=keeper, at=at
        )
        # The storeroom gives sealed stock only; what is open there is no longer counted on.
        filled = opened.postings[0].moves[0].quantity
        shelves.take(store, sku, filled)
        fill = Fill(1, Quantity(min(_BOTTLE, filled // 5), gallon.unit))
        for days in _DATED:
            label = Decant(
                opened.containers[0], (fill,), expires_on=self.history.today + timedelta(days=days)
            )
            self.decanted += decant(self.session, label, actor=keeper, at=at).containers

    def _open_in(self, site: DemoSite, room: DemoLocation, at: datetime) -> None:
        """A few of what the room holds, opened days or weeks ago."""
        held = [goods.by_sku()[sku] for sku, _, _ in house.shelf(room.shelf).rules]
        openable = [product for product in held if product.kind in _OPENED]
        for product in self.random.sample(openable, min(_EACH_ROOM, len(openable))):
            if self.history.shelves.at(room.code, product.sku) >= product.packs[0].size.steps // 2:
                self._open(room, product, at)

    def _open(self, room: DemoLocation, product: DemoProduct, at: datetime) -> None:
        done = self._opened(room, product, at)
        filled = done.postings[0].moves[0].quantity
        left = filled * self.random.choice((12, 25, 40, 55, 70, 85, 95)) // 100
        left = max(left // 5_000 * 5_000, min(left, 5_000))  # nobody reads finer than 5 ml
        reading = ReadContainer(done.containers[0], Reading(Told.LEFT, left))
        read_container(self.session, reading, actor=self.cast.therapist, at=at)

    def _opened(self, room: DemoLocation, product: DemoProduct, at: datetime) -> Done:
        """As long ago as the lot allows: nobody opens what has not come yet."""
        for days in (self.random.randint(20, 85), self.random.randint(2, 12)):
            command = OpenContainer(
                room.code, product.sku, opened_on=self.history.today - timedelta(days=days)
            )
            try:
                return self._done(command, at)
            except Invalid:  # the lot came after that day
                continue
        return self._done(OpenContainer(room.code, product.sku), at)

    def _done(self, command: OpenContainer, at: datetime) -> Done:
        return open_container(self.session, command, actor=self.cast.therapist, at=at)

    def _ask(self) -> None:
        """Somebody noticed this morning."""
        room = house.sites()[0].rooms[1]
        ask_for_top_up(
            self.session,
            AskForTopUp(room.code, "OIL-BLD-LAV", "Two couples on Saturday"),
            actor=self.cast.therapist,
            at=self.history.at - timedelta(minutes=35),
        )
