"""Why a plan is as it is: each sentence compares it with another plan that was priced the same exact way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procurement.catalogue.rules.wording import pack_word, plural
from procurement.kernel.money import Money
from procurement.planning.rules.purchase.pricing import (
    OrderKey,
    PlannedLine,
    PlannedOrder,
    Priced,
    Pricing,
)
from procurement.planning.rules.purchase.problem import Way
from procurement.planning.rules.purchase.usual import right_packs
from procurement.planning.rules.purchase.ways import covers
from procurement.sourcing.rules.offers import accepted_from, price_at


@dataclass(frozen=True, slots=True)
class Freight:
    """How an order stands to free delivery: goods that the needs alone come to, and goods bought beyond them."""

    title: str
    note: str
    needed: Money
    added: Money
    is_free: bool


class Explaining:
    """Explains one plan: its lines and orders, by what they would cost otherwise."""

    def __init__(self, pricing: Pricing, priced: Priced) -> None:
        self.pricing, self.problem = pricing, pricing.problem
        self.orders = priced.by_key()
        self.ways = {
            (place, way.supply.key): way for place, ways in enumerate(pricing.ways) for way in ways
        }

    def line(self, line: PlannedLine) -> tuple[str, ...]:
        return tuple(
            sentence
            for part in (self._amount, self._agreed, self._quantity, self._supplier, self._date)
            for sentence in part(line)
        )

    def order(self, order: PlannedOrder) -> Freight | None:
        """None where the supplier takes no freight."""
        terms = self.problem.terms[order.supplier]
        if not terms.freight.minor:
            return None
        bare = self._needed(order)
        needed = min(bare.goods, order.goods, key=lambda money: money.minor)
        added = order.goods - needed
        if order.freight.minor:
            title, note = self._paid(order)
        else:
            title = "Free delivery"
            note = self._saved(order, bare)
        return Freight(title, note, needed, added, is_free=not order.freight.minor)

    def _amount(self, line: PlannedLine) -> Iterator[str]:
        pack = line.supply.offer.pack
        exact = -(-line.demand.steps // pack.size.steps)
        over = pack.of(line.packs) - line.demand.quantity
        if line.packs == exact:
            more = f", {over} over" if over.steps > 0 else ""
            yield f"{line.demand.quantity} is {counted(line, exact)} ({pack.name}){more}."

    def _agreed(self, line: PlannedLine) -> Iterator[str]:
        supply = line.supply
        if supply.left is not None:
            word = pack_word(supply.offer.pack.name)
            left = f"{supply.left} {word if supply.left == 1 else plural(word)}"
            price = supply.offer.price_breaks[0].price.amount
            yield f"{price} is the price of blanket order {supply.blanket}; {left} could be called off it."

    def _quantity(self, line: PlannedLine) -> Iterator[str]:
        """Why so many and not the least."""
        way = self.ways[line.place, line.supply.key]
        if way.pinned is not None:
            yield f"{counted(line, line.packs)} are pinned."
            return
        exact = -(-line.demand.steps // line.supply.offer.pack.size.steps)
        if line.packs < exact:
            yield "The rest comes in another pack or from another supplier."
            return
        if way.least > exact:
            yield from self._accepted(line, exact, way)
        if line.packs <= way.least:
            return
        key = self._key(line)
        other = self._with(key, line, way.least)
        terms = self.problem.terms[key[0]]
        asked = f"{counted(line, way.least)} would do"
        if other is not None and other.goods.minor < terms.minimum.minor:
            yield f"{asked}; with {line.packs} the order has its least value of {terms.minimum}."
            return
        saved = self._dearer(other, self.orders[key])
        more = line.packs - way.least
        if other is not None and other.freight.minor > self.orders[key].freight.minor:
            verb = "saves" if more == 1 else "save"
            yield f"{asked}; {counted(line, more, 'more ')} {verb} {saved}: the delivery is free then."
        elif saved.minor >= 0:
            yield f"{asked}; {line.packs} cost {saved} less, {self._because(line, way.least)}."

    def _accepted(self, line: PlannedLine, exact: int, way: Way) -> Iterator[str]:
        offer = line.supply.offer
        if exact < offer.moq:
            yield f"{counted(line, exact)} would do; {line.supply.supplier_name} sells at least {offer.moq}."
        if offer.multiple > 1 and way.least != max(exact, offer.moq):
            yield f"{line.supply.supplier_name} sells multiples of {offer.multiple}."

    def _because(self, line: PlannedLine, least: int) -> str:
        breaks = line.supply.offer.price_breaks
        before, after = price_at(breaks, least), price_at(breaks, line.packs)
        if before is None or after is None or before == after:
            return "all in all"
        start = max(step.from_packs for step in breaks if step.from_packs <= line.packs)
        return f"because from {start} a pack costs {after.amount} instead of {before.amount}"

    def _supplier(self, line: PlannedLine) -> Iterator[str]:
        """What the next best supplier would have cost, with the freight of both orders."""
        ways = self.pricing.ways[line.place]
        if len(self._parts(line)) > 1:
            yield from self._split(line, ways)
            return
        others = [
            way
            for way in ways
            if way.supply.supplier != line.supply.supplier
            and right_packs(self.pricing, way) <= way.most
        ]
        if not others:
            if len({way.supply.supplier for way in ways}) == 1 and ways[0].pinned is None:
                yield f"{line.supply.supplier_name} is the only one who can deliver it."
            return
        found = [(self._moved(line, way), way.supply.key, way) for way in others]
        possible = [one for one in found if one[0] is not None]
        if not possible:
            yield "Elsewhere the order would be below the supplier's least value."
            return
        difference, _, way = min(possible, key=lambda one: (one[0], one[1]))
        yield self._compared(line, way, difference or 0)

    def _parts(self, line: PlannedLine) -> list[tuple[PlannedOrder, PlannedLine]]:
        """Everything that is bought for the line's demand, with its orders."""
        return [
            (o, one) for o in self.orders.values() for one in o.lines if one.place == line.place
        ]

    def _split(self, line: PlannedLine, ways: Sequence[Way]) -> Iterator[str]:
        """What the demand would cost in one piece."""
        whole = [way for way in ways if right_packs(self.pricing, way) <= way.most]
        found = [
            (cost, way.supply.key, way)
            for way in whole
            if (cost := self._moved(line, way)) is not None
        ]
        if not found:
            yield "It comes in parts: no one pack of one supplier alone fits."
            return
        difference, _, way = min(found, key=lambda one: (one[0], one[1]))
        packs = right_packs(self.pricing, way)
        word = pack_word(way.supply.offer.pack.name)
        amount = self.pricing.money(difference)
        if difference > 0:
            yield (
                f"It comes in parts: {packs} {word if packs == 1 else plural(word)} from "
                f"{way.supply.supplier_name} would cost {amount} more."
            )

    def _compared(self, line: PlannedLine, way: Way, difference: int) -> str:
        packs = right_packs(self.pricing, way)
        here = f"{counted(line, line.packs)} for {line.goods}"
        goods = Money(self.pricing.goods_of(way.supply, packs), way.supply.offer.currency)
        word = pack_word(way.supply.offer.pack.name)
        there = f"{packs} {word if packs == 1 else plural(word)} for {goods}"
        names = f"{line.supply.supplier_name} instead of {way.supply.supplier_name}"
        amount = self.pricing.money(abs(difference))
        if difference > 0:
            return f"{names}: {here} rather than {there}; {amount} less in all."
        if difference == 0:
            return f"{names}: {here}, {there}; they cost the same."
        if line.supply.preferred:
            limit = self.problem.rules.preference.percent
            return f"{names}, though {amount} dearer: it is preferred up to {limit} % more."
        return f"{names}: {here}, {there}."

    def _moved(self, line: PlannedLine, way: Way) -> int | None:
        """How much dearer the plan is when another way meets this demand; None when an order would be too small."""
        old_key = self._key(line)
        new_key = (way.supply.supplier, line.demand.deliver_to)
        mine = [
            (o, one) for o in self.orders.values() for one in o.lines if one.place == line.place
        ]
        changed: dict[OrderKey, list[PlannedLine]] = {}
        for order, one in mine:
            key = (order.supplier, order.deliver_to)
            changed.setdefault(key, [*order.lines]).remove(one)
        if new_key not in changed:
            known = self.orders.get(new_key)
            changed[new_key] = [*known.lines] if known else []
        before = sum(self.orders[key].cost for key in changed if key in self.orders)
        after = 0
        for key, lines in changed.items():
            parts = [(one.place, one.supply, one.packs) for one in lines]
            if key == new_key:
                parts.append((line.place, way.supply, right_packs(self.pricing, way)))
            if parts:
                order = self.pricing.order(key, parts)
                if order.goods.minor < self.problem.terms[key[0]].minimum.minor:
                    return None
                after += order.cost
        assert old_key in changed
        return after - before

    def _date(self, line: PlannedLine) -> Iterator[str]:
        way = self.ways[line.place, line.supply.key]
        if way.days_late:
            days = "a day" if way.days_late == 1 else f"{way.days_late} days"
            yield f"It comes {days} late: nobody can deliver it sooner."

    def _paid(self, order: PlannedOrder) -> tuple[str, str]:
        """Whether filling the order up to free freight would have been cheaper: tried with each of its lines."""
        terms = self.problem.terms[order.supplier]
        title = f"Delivery {order.freight}"
        if terms.free_from is None:
            return title, "This supplier always charges it."
        missing = terms.free_from - order.goods
        fills = [filled for line in order.lines if (filled := self._filled(order, line))]
        if not fills:
            return title, f"{missing} below free delivery, and no more of it could be used."
        best = min(fills, key=lambda filled: filled.cost)
        extra = self._dearer(best, order)
        return title, f"{missing} below free delivery; filling it up would cost {extra} more."

    def _saved(self, order: PlannedOrder, bare: PlannedOrder) -> str:
        terms = self.problem.terms[order.supplier]
        if terms.free_from is None or not bare.freight.minor:
            return (
                f"What is needed comes to more than {terms.free_from}." if terms.free_from else ""
            )
        more = [
            f"{counted(line, added, 'more ')} of {line.demand.product_name}"
            for line in order.lines
            if (added := line.packs - self._bare(line)) > 0
        ]
        goods = order.goods - bare.goods
        cost = f" for {goods}" if goods.minor > 0 else ""
        verb = "saves" if more and more[0].startswith("1 ") and len(more) == 1 else "save"
        return f"{_joined(more)}{cost} {verb} {bare.freight} of freight."

    def _filled(self, order: PlannedOrder, line: PlannedLine) -> PlannedOrder | None:
        """The order with more of one line, just enough for free freight; None when so much could not be used."""
        way = self.ways[line.place, line.supply.key]
        goal = self.problem.terms[order.supplier].free_from
        if way.pinned is not None or goal is None:
            return None
        low, high = line.packs // way.step, way.most // way.step
        rest = order.goods.minor - line.goods.minor
        while low < high:  # goods grow with packs, but for the steps down at a break
            middle = (low + high) // 2
            if rest + self.pricing.goods_of(way.supply, middle * way.step) >= goal.minor:
                high = middle
            else:
                low = middle + 1
        packs = low * way.step
        if packs > way.most or not covers(line.demand, [(way, packs)]):
            return None
        filled = self._with(self._key(line), line, packs)
        return filled if filled and not filled.freight.minor else None

    def _needed(self, order: PlannedOrder) -> PlannedOrder:
        """The order as it would be with the least that covers each demand."""
        parts = [(line.place, line.supply, self._bare(line)) for line in order.lines]
        return self.pricing.order((order.supplier, order.deliver_to), parts)

    def _bare(self, line: PlannedLine) -> int:
        way = self.ways[line.place, line.supply.key]
        if way.pinned is not None:
            return line.packs
        offer = line.supply.offer
        return min(line.packs, accepted_from(offer, -(-line.demand.steps // offer.pack.size.steps)))

    def _with(self, key: OrderKey, line: PlannedLine, packs: int) -> PlannedOrder | None:
        """The line's order with another number of packs in it."""
        parts = [
            (one.place, one.supply, packs if one is line else one.packs)
            for one in self.orders[key].lines
        ]
        return self.pricing.order(key, parts)

    def _dearer(self, other: PlannedOrder | None, order: PlannedOrder) -> Money:
        return self.pricing.money((other.cost if other else 0) - order.cost)

    @staticmethod
    def _key(line: PlannedLine) -> OrderKey:
        return (line.supply.supplier, line.demand.deliver_to)


def counted(line: PlannedLine, packs: int, what: str = "") -> str:
    """So many packs of the line, by their word: 3 more cases."""
    word = pack_word(line.supply.offer.pack.name)
    return f"{packs} {what}{word if packs == 1 else plural(word)}"


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
