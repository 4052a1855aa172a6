"""Why a need is what it is, one sentence for each figure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from procurement.catalogue.terms import ProductStatus
from procurement.kernel.quantity import Quantity, Unit
from procurement.planning.rules.buying import Choice
from procurement.planning.rules.topping_up import Shortage


class Purchase(NamedTuple):
    """What is bought for a shortage: `most`, in steps, can be used before it expires; `sellers` offer it at all."""

    choice: Choice | None
    packs: int
    sellers: int
    most: int | None


def why_of(shortage: Shortage, purchase: Purchase, names: Mapping[str, str]) -> tuple[str, ...]:
    """`names` are those of the places in the plan, by code."""
    unit = shortage.position.unit
    return (
        *_standing(shortage, unit),
        *_supply(shortage, unit, names),
        *_purchase(shortage, unit, purchase),
    )


def _standing(shortage: Shortage, unit: Unit) -> Iterator[str]:
    position = shortage.position
    held_back = position.on_hand - position.available
    there = f"{Quantity(position.on_hand, unit)} on hand"
    if held_back:
        there += f", {Quantity(held_back, unit)} of it reserved, held back or past its use-by"
    yield f"{there}."
    if position.expiring:
        yield (
            f"{Quantity(position.expiring, unit)} of it will be past its use-by before it is used: it does not count."
        )
    if position.per_week:
        follow = "; the levels follow it" if position.follows_use else ""
        yield (
            f"{Quantity(position.per_week, unit)} a week is used, as measured over "
            f"{position.weeks} week{'' if position.weeks == 1 else 's'}{follow}."
        )
    if position.inbound:
        yield f"{Quantity(position.inbound, unit)} comes by transfers already drafted."
    if position.on_order:
        yield f"{Quantity(position.on_order, unit)} is on order to it."
    if position.backordered:
        yield f"{Quantity(position.backordered, unit)} is what customers' orders wait for."
    if shortage.given:
        yield f"{Quantity(shortage.given, unit)} goes to rooms in this plan."
    if shortage.claimed:
        yield f"{Quantity(shortage.claimed, unit)} of what is on order is for rooms."
    left = position.at_hand - shortage.given - shortage.claimed
    if position.asked:
        yield "Somebody in the room says it is running low."
    below = left < (position.reorder_point or 0)
    rest = (
        f"leaves {Quantity(left, unit)}" if left >= 0 else f"is {Quantity(-left, unit)} too little"
    )
    yield (
        f"That {rest}, {'below' if below else 'above'} the reorder point of "
        f"{Quantity(position.reorder_point or 0, unit)}; "
        f"up to the par level of {Quantity(position.par_level or 0, unit)} "
        f"it is short of {Quantity(shortage.short, unit)}."
    )


def _supply(shortage: Shortage, unit: Unit, names: Mapping[str, str]) -> Iterator[str]:
    for refill in shortage.refills:
        yield (
            f"{Quantity(refill.quantity, unit)} from {names[refill.source]}, "
            f"which has {Quantity(refill.left, unit)} to give."
        )
    taken = sum(refill.quantity for refill in shortage.refills)
    left_out = shortage.short - taken - shortage.covered - shortage.to_buy
    container = Quantity(shortage.position.container, unit)
    if left_out > 0:
        yield f"The last {Quantity(left_out, unit)} is less than a container of {container}."
    elif left_out < 0:
        yield f"Whole containers are carried, so it is {Quantity(-left_out, unit)} over par."
    if shortage.covered:
        yield f"{Quantity(shortage.covered, unit)} is on order for {names[shortage.deliver_to]} already."


def _purchase(shortage: Shortage, unit: Unit, purchase: Purchase) -> Iterator[str]:
    choice, packs, sellers, most = purchase
    if not shortage.to_buy:
        return
    if shortage.position.status is ProductStatus.DISCONTINUED:
        yield "The product is discontinued, so nothing is bought."
        return
    if choice is None:
        if sellers:
            yield (
                f"Only {Quantity(most or 0, unit)} more can be used before it expires, and no supplier sells so little."
            )
        else:
            yield f"No supplier is on file for the other {Quantity(shortage.to_buy, unit)}."
        return
    yield from choice.why
    if most is not None and choice.order.needed.steps < shortage.to_buy:
        yield f"Not more than {Quantity(most, unit)} can be used before it expires."
    if packs != choice.order.packs:
        yield f"{packs} of the {choice.order.packs} packs bought together are counted here."
