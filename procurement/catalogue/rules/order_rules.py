"""How many of a pack a customer may order at once: not fewer, not more, and in steps. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from procurement.catalogue.terms import OrderRuleDraft

_GROUPS = {
    2: "twos",
    3: "threes",
    4: "fours",
    5: "fives",
    6: "sixes",
    8: "eights",
    10: "tens",
    12: "twelves",
}


@dataclass(frozen=True, slots=True)
class OrderRule:
    """From `least` on, in steps of `step`, up to `most`; `least` is a multiple of `step`. The default allows any."""

    least: int = 1
    step: int = 1
    most: int | None = None

    @property
    def is_free(self) -> bool:
        return self == FREE

    @property
    def words(self) -> str:
        """What is said beside a pack: "sold in sixes, at least 12"; "" where any number will do."""
        said = []
        if self.step > 1:
            said.append(f"sold in {_GROUPS.get(self.step, f'steps of {self.step:,}')}")
        if self.least > self.step:
            said.append(f"at least {self.least:,}")
        if self.most is not None:
            said.append(f"at most {self.most:,}")
        return ", ".join(said)

    def allows(self, packs: int) -> bool:
        return (
            packs >= self.least
            and packs % self.step == 0
            and (self.most is None or packs <= self.most)
        )

    def nearest(self, packs: int) -> int:
        """The next allowed number up; where more is wanted than may be, the largest there is."""
        up = max(-(-packs // self.step) * self.step, self.least)
        if self.most is None or up <= self.most:
            return up
        return self.most // self.step * self.step

    def problem(self, packs: int) -> str:
        """Why so many cannot be ordered, and what can be: "Sold in sixes: make it 12."; "" where they can."""
        if self.allows(packs):
            return ""
        if self.most is not None and packs > self.most:
            why = f"At most {self.most:,} an order"
        elif packs < self.least:
            why = f"At least {self.least:,} an order"
        else:
            why = self.words.partition(",")[0].capitalize()
        return f"{why}: make it {self.nearest(packs):,}."


FREE = OrderRule()


def laid_over(there: OrderRule, said: OrderRuleDraft) -> OrderRule:
    """What a draft says of it, over what is there; a least not said follows the step."""
    step = there.step if said.step is None else said.step or 1
    least = said.least
    if not least:
        least = -(-(there.least if least is None else 1) // step) * step
    return OrderRule(least, step, there.most if said.most is None else said.most or None)


def faults(rule: OrderRule) -> Iterator[tuple[str, str]]:
    """What cannot be: the draft's field, and why."""
    if rule.least % rule.step:
        yield "order_least", f"is no multiple of the step, {rule.step:,}"
    if rule.most is not None and rule.most < rule.least:
        yield "order_most", f"is below the least, {rule.least:,}"
