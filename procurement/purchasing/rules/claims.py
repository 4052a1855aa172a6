"""What of a delivery is claimed: what was doubted or refused, and what the note says but nobody found."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procurement.kernel.money import Money, UnitPrice
from procurement.purchasing.errors import ClaimState
from procurement.purchasing.terms import (
    CLAIM_TRANSITIONS,
    ClaimStatus,
    Condition,
    Fault,
    ReceiptLineRow,
)

CLAIM_WORDS = {
    ClaimStatus.OPEN: "open",
    ClaimStatus.SENT: "sent",
    ClaimStatus.AGREED: "agreed",
    ClaimStatus.REJECTED: "rejected",
    ClaimStatus.SETTLED: "settled",
    ClaimStatus.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A line of a receipt as the rule sees it."""

    position: int
    order_position: int
    packs: int
    condition: Condition
    fault: Fault | None
    noted_packs: int | None
    price: UnitPrice
    remark: str  # what is to be said of its date
    why: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """So many packs of a receipt's line, what is wrong with them, and what is asked for them."""

    position: int
    fault: Fault
    packs: int
    asked: Money
    note: str = ""


def claims_of(lines: Sequence[Delivered]) -> list[Claimed]:
    """What a tap claims.

    Doubtful and refused packs by their fault at the ordered price; missing ones as the note says more of an order's
    line than came of it; good ones taken with too little life, for nothing until somebody names a sum.
    """
    found = [claimed for line in lines if (claimed := _fault_of(line)) is not None]
    return found + list(_missing(lines))


def delivered_line(line: ReceiptLineRow) -> Delivered:
    return Delivered(
        position=line.position,
        order_position=line.order_position,
        packs=line.packs,
        condition=line.condition,
        fault=line.fault,
        noted_packs=line.noted_packs,
        price=line.ordered_price,
        remark=line.remark,
        why=line.why,
    )


def require_claim_transition(number: str, before: ClaimStatus, after: ClaimStatus) -> None:
    if after not in CLAIM_TRANSITIONS[before]:
        raise ClaimState(
            f"{number} is {CLAIM_WORDS[before]}; it cannot become {CLAIM_WORDS[after]}."
        )


def _fault_of(line: Delivered) -> Claimed | None:
    if line.packs == 0:
        return None
    if line.condition is not Condition.GOOD:
        fault = line.fault or (Fault.SHORT_DATED if line.remark else Fault.OTHER)
        return Claimed(line.position, fault, line.packs, line.price.total(line.packs), line.why)
    if line.remark:
        nothing = Money(0, line.price.currency)
        return Claimed(line.position, Fault.SHORT_DATED, line.packs, nothing, line.remark)
    return None


def _missing(lines: Sequence[Delivered]) -> Iterator[Claimed]:
    """The note may say a line's packs at each of its lots, or once for all of them."""
    by_line: defaultdict[int, list[Delivered]] = defaultdict(list)
    for line in lines:
        by_line[line.order_position].append(line)
    for several in by_line.values():
        noted = sum(line.noted_packs or 0 for line in several)
        missing = noted - sum(line.packs for line in several)
        if missing > 0:
            first = next(line for line in several if line.noted_packs)
            yield Claimed(
                first.position,
                Fault.MISSING,
                missing,
                first.price.total(missing),
                f"{noted} on the delivery note",
            )
