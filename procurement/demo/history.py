"""Three months in two houses, day by day: opening stock, top-ups, use in treatments, small mishaps.

Everything goes through the operations people use, at the moment it happened. What stands where is counted along here as
well, so that nobody in the demo reaches for a bottle that is not there.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from random import Random

from sqlalchemy.orm import Session

from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.demo.days import HISTORY_DAYS, busy, moment
from procurement.demo.goods import DemoProduct
from procurement.demo.house import DemoLocation, DemoSite
from procurement.demo.levels import Level, storeroom_levels, used_in
from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.terms import Posted, Reason

Rooms = tuple[DemoLocation, ...]
Event = tuple[datetime, Callable[[datetime], None]]

_TOP_UP_DAYS = frozenset({0, 2, 4, 5})  # Monday, Wednesday, Friday and Saturday
_ROOM_BY_ROOM_DAYS = 14
_LEFT_ALONE_DAYS = 2  # nobody has topped the rooms up in the last days, so that Today has work


@dataclass
class Shelves:
    """What stands where, in steps, as the demo believes."""

    stock: Counter[tuple[str, str]] = field(default_factory=Counter)

    def at(self, place: str, sku: str) -> int:
        return self.stock[place, sku]

    def put(self, place: str, sku: str, steps: int) -> None:
        self.stock[place, sku] += steps

    def take(self, place: str, sku: str, steps: int) -> None:
        self.stock[place, sku] -= steps


class History:
    """The seeded past of both houses up to the moment of loading."""

    def __init__(self, session: Session, cast: Cast, *, at: datetime, random: Random) -> None:
        self.session = session
        self.cast = cast
        self.at = at
        self.random = random
        self.shelves = Shelves()
        self.today = at.date()
        self.first_day = self.first_day_before(at)

    @staticmethod
    def first_day_before(at: datetime) -> date:
        return at.date() - timedelta(days=HISTORY_DAYS)

    def days(self) -> list[date]:
        """Every day after the opening up to yesterday."""
        return [self.first_day + timedelta(days=n) for n in range(1, HISTORY_DAYS)]

    def open(self) -> None:
        """Count what is there on the first day into the ledger."""
        for site in house.sites():
            at = moment(site, self.first_day, 8)
            for place, moves in self._opening(site).items():
                self.post(Reason.OPENING, moves, at=at, note=f"First count of {place}")

    def live(self, mornings: Callable[[DemoSite, date], list[Event]]) -> None:
        """Let the days pass; `mornings` says what else arrives at a house on a day."""
        for day in self.days():
            events: list[Event] = []
            for site in house.sites():
                events += mornings(site, day)
                events += self._day(site, day)
            for at, happens in sorted(events, key=itemgetter(0)):
                happens(at)

    def post(
        self, reason: Reason, moves: list[StockMove], *, at: datetime, note: str = ""
    ) -> Posted:
        """Post, and keep count of it."""
        actor = self.cast.therapist if reason is Reason.CONSUMPTION else self.cast.keeper
        command = PostStock(reason, tuple(moves), note=note)
        posted = post_stock(self.session, command, actor=actor, at=at)
        for move in moves:
            self.shelves.take(move.source, move.product, move.quantity.steps)
            self.shelves.put(move.destination, move.product, move.quantity.steps)
        return posted

    def _opening(self, site: DemoSite) -> dict[str, list[StockMove]]:
        opening: dict[str, list[StockMove]] = {store.name: [] for store in site.storerooms}
        names = {store.code: store.name for store in site.storerooms}
        for sku, level in storeroom_levels(site).items():
            product = goods.by_sku()[sku]
            store = site.store_of(product.kind)
            moves = self._opening_lots(store, product, self._part_full(level))
            opening[names[store]] += moves
        for room in site.rooms:
            shelf = house.shelf(room.shelf)
            held = [(sku, par) for sku, par, _ in shelf.rules] + list(shelf.tools)
            opening[room.name] = [
                move
                for sku, amount in held
                for move in self._opening_lots(room.code, goods.by_sku()[sku], amount.steps, lots=1)
            ]
        return opening

    def _part_full(self, level: Level) -> int:
        """Somewhere between the reorder point and par: no storeroom is full on the day one begins to count."""
        return level.reorder + (level.par - level.reorder) * self.random.randint(8, 70) // 100

    def _opening_lots(
        self, place: str, product: DemoProduct, steps: int, lots: int = 2
    ) -> list[StockMove]:
        pack = product.packs[0].size.steps
        packs = max(1, steps // pack)
        parts = [packs - packs // 3, packs // 3] if lots == 2 and packs > 2 else [packs]
        return [
            StockMove(
                product.sku,
                "OPENING",
                place,
                Quantity(part * pack, product.unit),
                expires_on=self._expiry(product, share),
                unit_cost=_unit_cost(product),
            )
            for part, share in zip(parts, (55, 90), strict=False)
        ]

    def _expiry(self, product: DemoProduct, percent_left: int) -> date | None:
        """So much of the shelf life is left on the first day; never so little that it runs out unnoticed."""
        if product.shelf_life_days is None:
            return None
        left = product.shelf_life_days * percent_left // 100 + self.random.randint(-20, 20)
        return self.first_day + timedelta(days=max(left, HISTORY_DAYS + 60))

    def _day(self, site: DemoSite, day: date) -> list[Event]:
        """What happens in a house on a day. Weeks ago the keeper wrote one posting for all rooms; now one for each."""
        events: list[Event] = []
        is_recent = day > self.today - timedelta(days=_ROOM_BY_ROOM_DAYS)
        groups = [(room,) for room in site.rooms] if is_recent else [site.rooms]
        for index, rooms in enumerate(groups):
            if day.weekday() in _TOP_UP_DAYS and day <= self.today - timedelta(_LEFT_ALONE_DAYS):
                events.append((moment(site, day, 8, 5 + 3 * index), self._topping_up(site, rooms)))
            events.append((moment(site, day, 19, 2 + 3 * index), self._using(rooms, day)))
        if (day.toordinal() + len(site.rooms)) % 9 == 0:
            events.append((moment(site, day, 20, 30), self._mishap(site)))
        return events

    def _topping_up(self, site: DemoSite, rooms: Rooms) -> Callable[[datetime], None]:
        """Carry whole packs from the storeroom to bring rooms back towards par."""

        def top_up(at: datetime) -> None:
            moves: list[StockMove] = []
            left: Counter[str] = Counter()
            for room in rooms:
                for sku, par, reorder in house.shelf(room.shelf).rules:
                    product = goods.by_sku()[sku]
                    pack = product.packs[0].size.steps
                    held = self.shelves.at(room.code, sku)
                    wanted = max((par.steps - held) // pack, int(held < reorder.steps))
                    store = site.store_of(product.kind)
                    there = self.shelves.at(store, sku) - left[sku]
                    packs = min(wanted, there // pack)
                    if packs > 0:
                        left[sku] += packs * pack
                        amount = Quantity(packs * pack, product.unit)
                        moves.append(StockMove(sku, store, room.code, amount))
            if moves:
                self.post(Reason.TRANSFER, moves, at=at, note=f"Topping up {_named(rooms)}")

        return top_up

    def _using(self, rooms: Rooms, day: date) -> Callable[[datetime], None]:
        """Post what a day's appointments used."""

        def use(at: datetime) -> None:
            moves: list[StockMove] = []
            appointments = 0
            for room in rooms:
                percent = busy(day) * self.random.randint(75, 115)
                count = room.appointments * percent // 10_000
                appointments += count
                moves += self._used(room, count)
            if moves:
                self.post(Reason.CONSUMPTION, moves, at=at, note=f"{appointments} appointments")

        return use

    def _used(self, room: DemoLocation, appointments: int) -> list[StockMove]:
        kept = Counter(self.random.choice(room.treatments) for _ in range(appointments))
        used: Counter[str] = Counter()
        for treatment, times in kept.items():
            for sku, amount in used_in(room, treatment):
                used[sku] += amount.steps * times
        moves = []
        for sku, exact in sorted(used.items()):
            unit = goods.by_sku()[sku].unit
            # Nobody pours to the millilitre.
            poured = exact if unit is Unit.PIECE else exact * self.random.randint(88, 114) // 100
            steps = min(poured, self.shelves.at(room.code, sku))
            if steps > 0:
                moves.append(StockMove(sku, room.code, "CONSUMED", Quantity(steps, unit)))
        return moves

    def _mishap(self, site: DemoSite) -> Callable[[datetime], None]:
        """Now and then something is spilt, or counted differently from what was believed."""

        def happen(at: datetime) -> None:
            room = self.random.choice(site.rooms)
            sku, par, _ = self.random.choice(house.shelf(room.shelf).rules)
            product = goods.by_sku()[sku]
            there = self.shelves.at(room.code, sku)
            steps = min(par.steps // 20, there // 2)
            if steps <= 0:
                return
            amount = Quantity(steps, product.unit)
            reason, note = self.random.choice(
                (
                    (Reason.WRITE_OFF, "Spilt while refilling"),
                    (Reason.WRITE_OFF, "Fell on the floor"),
                    (Reason.ADJUSTMENT, "Counted, there was less than expected"),
                )
            )
            self.post(reason, [StockMove(sku, room.code, "ADJUSTMENT", amount)], at=at, note=note)

        return happen


def _named(rooms: Rooms) -> str:
    return f"the {rooms[0].name}" if len(rooms) == 1 else "all rooms"


def _unit_cost(product: DemoProduct) -> UnitPrice:
    """What one base unit cost, roughly: the supplier's price for the pack, per millilitre, gram or piece."""
    buy = product.buys[0]
    size = product.pack(buy.pack).size
    each = house.in_euro(buy.cost, buy.supplier) * size.unit.steps / size.steps
    return UnitPrice(int((each * 10_000).to_integral_value()) or 1, "EUR")
