"""Counts in the demo's past, a few figures off and most of them explained; one to be decided, and one at work today."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from procurement.demo import house
from procurement.demo.days import moment
from procurement.demo.history import Event, History
from procurement.demo.house import DemoLocation, DemoSite
from procurement.kernel.actor import Actor
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.operations.counting.closing import PostCount, post_count, submit_count
from procurement.stock.operations.counting.deciding import say_causes
from procurement.stock.operations.counting.entering import EnterCounted, Entry, enter_counted
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import count_of
from procurement.stock.queries.counting.review import CountLine, count_lines
from procurement.stock.terms import CountCause, How

_SEED = 83
# So many days ago a room of each house was counted, one after the other.
_DAYS_AGO = (76, 62, 47, 33, 20, 9)
_CAUSES = (
    CountCause.TAKEN, CountCause.TAKEN, CountCause.DAMAGED, CountCause.LOST, CountCause.MISCOUNTED, None,
)  # fmt: skip
_OFF_IN_A_HUNDRED = 14


class Counting:
    """Rooms counted by the people who work in them, posted by the stock keeper."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.session = history.session
        self.cast = history.cast
        self.random = Random(_SEED)

    def mornings(self, site: DemoSite, day: date) -> list[Event]:
        ago = (self.history.today - day).days
        if ago not in _DAYS_AGO or not site.rooms:
            return []
        room = site.rooms[_DAYS_AGO.index(ago) % len(site.rooms)]

        def count(at: datetime) -> None:
            self._count(room, at)

        return [(moment(site, day, 7, 5), count)]

    def lay(self) -> None:
        """Since last night: one count waits for a decision, another goes on."""
        site = house.sites()[0]
        night = moment(site, self.history.today - timedelta(days=1), 21, 10)
        self._undecided(site.rooms[0], night)
        if len(site.rooms) > 1:
            number = self._start(site.rooms[1], night, blind=True)
            lines = self._lines(number)
            self._enter(number, [(line, 0) for line in lines[: len(lines) // 2]], night)

    def _count(self, room: DemoLocation, at: datetime) -> None:
        number = self._start(room, at)
        lines = self._lines(number)
        off = {line.position: self._off_by(line) for line in lines}
        self._enter(number, [(line, off[line.position]) for line in lines], at, again=True)
        keeper, later = self.cast.keeper, at + timedelta(minutes=25)
        submit_count(self.session, number, actor=self.cast.therapist, at=later)
        differing = [line for line in lines if off[line.position]]
        causes = {line.position: self.random.choice(_CAUSES) for line in differing}
        say_causes(self.session, number, causes, actor=keeper, at=later)
        self.session.flush()  # what follows reads the count
        post_count(self.session, PostCount(number), actor=keeper, at=later)
        for line in differing:
            self.history.shelves.put(room.code, line.product, off[line.position])

    def _undecided(self, room: DemoLocation, at: datetime) -> None:
        """Two counted the first bottle differently, and one line is far off."""
        number = self._start(room, at)
        lines = self._lines(number)
        full = [line for line in lines if line.at_start.steps]
        self._enter(number, [(line, 0) for line in lines if line not in full[1:3]], at)
        later = at + timedelta(minutes=4)
        self._enter(
            number,
            [(line, -line.at_start.steps // 10) for line in full[:1]],
            later,
            self.cast.keeper,
        )
        self._enter(number, [(line, -line.at_start.steps // 2) for line in full[1:2]], later)
        submit_count(self.session, number, actor=self.cast.therapist, at=later)

    def _start(self, room: DemoLocation, at: datetime, *, blind: bool = False) -> str:
        command = StartCount(room.code, blind=blind)
        return start_count(self.session, command, actor=self.cast.therapist, at=at).number

    def _lines(self, number: str) -> list[CountLine]:
        return count_lines(self.session, count_of(self.session, number))

    def _off_by(self, line: CountLine) -> int:
        """Mostly nothing; of liquids a twentieth or a tenth, of pieces one."""
        there = line.at_start.steps
        if not there or line.is_opened or self.random.randrange(100) >= _OFF_IN_A_HUNDRED:
            return 0
        step = 1 if line.unit is Unit.PIECE else 1_000
        part = max(there // self.random.choice((10, 20)) // step, 1) * step
        return part if self.random.randrange(4) == 0 else -min(part, there)

    def _enter(
        self,
        number: str,
        figures: list[tuple[CountLine, int]],
        at: datetime,
        actor: Actor | None = None,
        *,
        again: bool = False,
    ) -> None:
        entries = tuple(
            Entry(
                uid=str(UUID(int=self.random.getrandbits(128), version=4)),
                product=line.product,
                quantity=Quantity(line.at_start.steps + off, line.unit),
                counted_at=at + timedelta(seconds=8 * index),
                lot=line.lot,
                how=How.TAPPED,
                again=again,
            )
            for index, (line, off) in enumerate(figures)
        )
        now = at + timedelta(minutes=20)
        command = EnterCounted(number, entries, now)
        enter_counted(self.session, command, actor=actor or self.cast.therapist, at=now)
