"""What a delivery means for the lines of its order: accepted, or refused by the line and field that is wrong."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from procurement.kernel.errors import FieldError, Invalid
from procurement.purchasing.errors import OverReceipt, ShortDated
from procurement.purchasing.terms import Condition

MAX_LINES = 1000
# Where a product's shelf life is not known, less than this is short.
SHORT_LIFE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line of the order as the rule sees it; packs."""

    position: int
    name: str
    packs: int
    received: int
    tolerance: int
    closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredLine:
    """What arrived of one order line in one lot. `into` overrides the delivery's place; one line may come twice."""

    position: int
    packs: int
    supplier_lot: str | None = None
    expires_on: date | None = None
    condition: Condition = Condition.GOOD
    into: str | None = None
    close_short: bool = False
    names_allergens: bool | None = None  # what somebody read on the label; None: nobody looked


def check_delivery(
    ordered: Sequence[OrderedLine], delivered: Sequence[DeliveredLine], *, on: date
) -> None:
    """Raise Invalid, OverReceipt or ShortDated where the delivery cannot be taken as it is told."""
    lines = {line.position: line for line in ordered}
    if errors := list(_bad_values(lines, delivered)):
        raise Invalid.of(errors)
    taken: defaultdict[int, int] = defaultdict(int)
    for index, arrived in enumerate(delivered):
        line = lines[arrived.position]
        _require_not_past(line, arrived, on, f"lines.{index}")
        if arrived.condition is not Condition.REFUSED:
            taken[line.position] += arrived.packs
            _require_ordered(line, taken[line.position], f"lines.{index}")


def _bad_values(
    lines: Mapping[int, OrderedLine], delivered: Sequence[DeliveredLine]
) -> Iterator[FieldError]:
    if not delivered:
        yield FieldError("lines", "A delivery has at least one line.")
    if len(delivered) > MAX_LINES:
        yield FieldError("lines", f"A delivery has at most {MAX_LINES:,} lines.")
    for index, arrived in enumerate(delivered):
        field = f"lines.{index}"
        if arrived.position not in lines:
            yield FieldError(f"{field}.position", f"The order has no line {arrived.position}.")
        if arrived.packs < 0:
            yield FieldError(f"{field}.packs", "Packs are counted from 0.")
        if arrived.packs == 0 and not arrived.close_short:
            yield FieldError(f"{field}.packs", "Nothing arrived and nothing is closed short.")


def _require_not_past(line: OrderedLine, arrived: DeliveredLine, on: date, field: str) -> None:
    if arrived.condition is not Condition.GOOD or arrived.expires_on is None:
        return
    if arrived.expires_on < on:
        raise ShortDated(
            f"{line.name} expired on {arrived.expires_on:%d %b %Y}. "
            "Take it as doubtful, so that it goes to quarantine, or refuse it.",
            field=f"{field}.expires_on",
        )


def _require_ordered(line: OrderedLine, taken: int, field: str) -> None:
    if line.closed:
        raise OverReceipt(
            f"The rest of {line.name} was closed short; nothing more is expected.",
            field=f"{field}.packs",
        )
    left = line.packs + line.tolerance - line.received
    if taken > left:
        allowed = f" and {line.tolerance} more are allowed" if line.tolerance else ""
        raise OverReceipt(
            f"{taken} packs of {line.name} are more than is still expected: "
            f"{line.packs} ordered{allowed}, {line.received} received before.",
            field=f"{field}.packs",
        )


def date_remark(expires_on: date | None, on: date, shelf_life_days: int | None) -> str:
    """What to say of goods that came with little life left; empty when there is nothing to say.

    Short is less than a third of the product's shelf life, or less than 30 days where that is not known.
    """
    if expires_on is None:
        return ""
    if expires_on < on:
        return f"Past its date since {expires_on:%d %b %Y}"
    least = timedelta(days=-(-shelf_life_days // 3)) if shelf_life_days else SHORT_LIFE
    left = expires_on - on
    return f"Short-dated: {left.days} days left" if left < least else ""
