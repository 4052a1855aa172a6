"""How much linen a house needs, so that clean is never out while the rest is at the laundry."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinenPar:
    """Rooms, turns a day in each, pieces for one turn, and the days until what was used is back."""

    rooms: int
    turns_a_day: int
    pieces_a_turn: int
    days: int

    @property
    def pieces(self) -> int:
        return self.rooms * self.turns_a_day * self.pieces_a_turn * self.days

    @property
    def why(self) -> str:
        """The sum in words."""
        return (
            f"{_count(self.rooms, 'room')} × {_count(self.turns_a_day, 'turn')} a day × "  # noqa: RUF001 (so it is read)
            f"{_count(self.pieces_a_turn, 'piece')} × {_count(self.days, 'day')} = {self.pieces}"  # noqa: RUF001 (so it is read)
        )


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
