"""How much more may come, how long goods must keep, until when a claim is made: the narrowest rule that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CLAIM_DAYS = 14
SHORT_LIFE_DAYS = 30  # asked for where a product's shelf life is not known
_WHOLE = 10_000

Scope = tuple[int | None, int | None]  # supplier, product


@dataclass(frozen=True, slots=True)
class Rule:
    """Basis points and days; None is left to the next wider rule."""

    over_bp: int | None = None
    least_days: int | None = None
    least_life_bp: int | None = None
    claim_days: int | None = None


class DeliveryRules:
    """The rules that may concern one supplier's goods."""

    def __init__(self, rules: Mapping[Scope, Rule], supplier_id: int) -> None:
        self._rules = rules
        self._supplier_id = supplier_id

    def tolerance(self, product_id: int, packs: int) -> int:
        """Whole packs that may come on top of those ordered; nothing unless a rule allows it."""
        for rule in self._of(product_id):
            if rule.over_bp is not None:
                return packs * rule.over_bp // _WHOLE
        return 0

    def least_days(
        self, product_id: int, shelf_life_days: int | None, promised_days: int | None
    ) -> int:
        """Days the goods must keep when they come.

        A rule for the very product of the supplier says more than what the supplier promises of it, and that more
        than wider rules. Where nobody says anything: a third of the shelf life, or 30 days where that is not known.
        """
        for rule in self._of(product_id):
            if rule is not self._rules.get((self._supplier_id, product_id)) and promised_days:
                return promised_days
            if rule.least_days is not None:
                return rule.least_days
            if rule.least_life_bp is not None and shelf_life_days is not None:
                return -(-shelf_life_days * rule.least_life_bp // _WHOLE)
        if promised_days:
            return promised_days
        return -(-shelf_life_days // 3) if shelf_life_days else SHORT_LIFE_DAYS

    @property
    def claim_days(self) -> int:
        """Days from the delivery in which a claim is made."""
        found = (rule.claim_days for rule in self._of(None))
        return next((days for days in found if days is not None), CLAIM_DAYS)

    def _of(self, product_id: int | None) -> Iterable[Rule]:
        """The narrowest first."""
        supplier = self._supplier_id
        scopes: tuple[Scope, ...] = ((supplier, None), (None, None))
        if product_id is not None:
            scopes = ((supplier, product_id), (None, product_id), *scopes)
        return [self._rules[scope] for scope in scopes if scope in self._rules]
