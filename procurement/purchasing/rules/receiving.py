"""What a delivery means for the lines of its order: accepted, or refused by the line and field that is wrong."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.purchasing.errors import OverReceipt, ShortDated
from procurement.purchasing.terms import Condition, Fault

MAX_LINES = 1000
MAX_NOTED = 1_000_000


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line of the order as the rule sees it; packs."""

    position: int
    name: str
    packs: int
    received: int
    tolerance: int
    closed: bool
    least_days: int = 0  # it must keep when it comes


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
    fault: Fault | None = None  # of what is doubtful or refused
    why: str = ""  # why it is taken although it is short-dated, doubted or refused
    noted_packs: int | None = None  # what the delivery note says of this line
    noted_price: str | UnitPrice | None = None  # of a pack; text is in the order's currency


def check_delivery(
    ordered: Sequence[OrderedLine],
    delivered: Sequence[DeliveredLine],
    *,
    on: date,
    may_take_short: bool = True,
) -> None:
    """Raise Invalid, OverReceipt or ShortDated where the delivery cannot be taken as it is told.

    Who `may_take_short` takes goods that keep too short, and says why.
    """
    lines = {line.position: line for line in ordered}
    if errors := list(_bad_values(lines, delivered)):
        raise Invalid.of(errors)
    taken: defaultdict[int, int] = defaultdict(int)
    for index, arrived in enumerate(delivered):
        line = lines[arrived.position]
        _require_life(line, arrived, on, f"lines.{index}", may_take_short=may_take_short)
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
        if arrived.packs == 0 and not arrived.close_short and not arrived.noted_packs:
            yield FieldError(f"{field}.packs", "Nothing arrived and nothing is closed short.")
        if arrived.fault is not None and arrived.condition is Condition.GOOD:
            yield FieldError(f"{field}.fault", "What is good has no fault.")
        if arrived.noted_packs is not None and not 0 <= arrived.noted_packs <= MAX_NOTED:
            yield FieldError(f"{field}.noted_packs", f"This lies between 0 and {MAX_NOTED:,}.")


def _require_life(
    line: OrderedLine, arrived: DeliveredLine, on: date, field: str, *, may_take_short: bool
) -> None:
    if arrived.condition is not Condition.GOOD or arrived.expires_on is None or not arrived.packs:
        return
    if arrived.expires_on < on:
        raise ShortDated(
            f"{line.name} expired on {arrived.expires_on:%d %b %Y}. "
            "Take it as doubtful, so that it goes to quarantine, or refuse it.",
            field=f"{field}.expires_on",
        )
    left = (arrived.expires_on - on).days
    if left >= line.least_days or (arrived.why.strip() and may_take_short):
        return
    instead = "say why it is taken" if may_take_short else "ask somebody who may hold lots"
    raise ShortDated(
        f"{line.name} keeps {left} more days; {line.least_days} are asked for. "
        f"Refuse it, or {instead}.",
        field=f"{field}.why" if may_take_short else f"{field}.expires_on",
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


def date_remark(expires_on: date | None, on: date, least_days: int) -> str:
    """What to say of goods that came with less life than was asked for; empty when there is nothing to say."""
    if expires_on is None:
        return ""
    if expires_on < on:
        return f"Past its date since {expires_on:%d %b %Y}"
    left = (expires_on - on).days
    return f"Short-dated: {left} days left" if left < least_days else ""
