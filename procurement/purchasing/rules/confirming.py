"""What a supplier's answer comes to, line by line and for the whole order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from procurement.kernel.errors import FieldError
from procurement.purchasing.terms import LineAnswer, SupplierAnswer

MOST_PACKS = 1_000_000
_LATEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A line that is still to come: what was ordered of it, and for when."""

    position: int
    packs: int
    asked_for: date | None


@dataclass(frozen=True, slots=True)
class Said:
    """What a line's answer comes to."""

    position: int
    answer: SupplierAnswer
    packs: int
    due_on: date | None
    remark: str


def faults(
    asked: Sequence[AskedLine], answers: Sequence[LineAnswer], *, today: date
) -> list[FieldError]:
    """Every value that cannot be meant."""
    known = {line.position for line in asked}
    found: list[FieldError] = []
    seen: set[int] = set()
    for index, answer in enumerate(answers):
        field = f"lines.{index}"
        if answer.position not in known:
            found.append(FieldError(f"{field}.position", f"No line {answer.position} is to come."))
        elif answer.position in seen:
            found.append(FieldError(f"{field}.position", "This line is answered twice."))
        seen.add(answer.position)
        if answer.packs is not None and not 0 <= answer.packs <= MOST_PACKS:
            found.append(
                FieldError(f"{field}.packs", f"The packs lie between 0 and {MOST_PACKS:,}.")
            )
        if answer.due_on is not None and not today <= answer.due_on <= today + _LATEST:
            found.append(
                FieldError(f"{field}.due_on", "The day of delivery lies in the next three years.")
            )
    return found


def what_is_said(asked: Iterable[AskedLine], answers: Sequence[LineAnswer]) -> tuple[Said, ...]:
    """Every line that is to come with its answer; one that is not named is accepted as it was ordered."""
    by_position = {answer.position: answer for answer in answers}
    return tuple(_said(line, by_position.get(line.position)) for line in asked)


def whole(said: Sequence[Said]) -> SupplierAnswer:
    """What the lines come to together."""
    answers = {line.answer for line in said}
    if answers == {SupplierAnswer.REFUSED}:
        return SupplierAnswer.REFUSED
    return (
        SupplierAnswer.ACCEPTED if answers <= {SupplierAnswer.ACCEPTED} else SupplierAnswer.CHANGED
    )


def due_after(said: Iterable[Said], otherwise: date | None) -> date | None:
    """When the last of what will come is there; what is refused waits for nobody."""
    days = [line.due_on for line in said if line.packs and line.due_on]
    return max(days, default=otherwise)


def _said(line: AskedLine, answer: LineAnswer | None) -> Said:
    if answer is None:
        answer = LineAnswer(line.position)
    packs = line.packs if answer.packs is None else answer.packs
    due_on = line.asked_for if answer.due_on is None else answer.due_on
    if packs == 0:
        return Said(line.position, SupplierAnswer.REFUSED, 0, None, answer.remark)
    same = packs == line.packs and due_on == line.asked_for
    kind = SupplierAnswer.ACCEPTED if same else SupplierAnswer.CHANGED
    return Said(line.position, kind, packs, due_on, answer.remark)
