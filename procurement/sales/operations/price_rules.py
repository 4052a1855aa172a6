"""Keeping price rules: discounts and cost-plus, with whom and what they are for."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Family, Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Rate, is_currency
from procurement.kernel.permissions import Permission
from procurement.sales.errors import StaleVersion
from procurement.sales.models import PriceRuleRow
from procurement.sales.operations.groups import group_id_of
from procurement.sales.operations.price_lists import MOST_PACKS
from procurement.sales.queries.customers import customer_by_code
from procurement.sales.queries.price_rules import rule_for_update
from procurement.sales.rules.price_rules import CostBasis, RuleKind

MOST_PERCENT = Rate(100_000)  # a cost-plus rule asks for eleven times the cost at most
HIGHEST_FLOOR = Rate(9_900)


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePriceRule:
    """A rule as it should be. What is None or empty does not narrow it."""

    name: str
    kind: RuleKind
    percent: Rate
    priority: int = 100
    basis: CostBasis = CostBasis.LAST_PURCHASE
    customer: str | None = None
    group: str | None = None
    product: str | None = None
    family: str | None = None
    brand: str = ""
    currency: str | None = None
    from_packs: int = 1
    valid_from: date | None = None
    valid_until: date | None = None
    least_margin: Rate | None = None
    active: bool = True
    version: int | None = None


def create_price_rule(
    session: Session, command: SavePriceRule, *, actor: Actor, at: datetime
) -> PriceRuleRow:
    """One more rule; it holds for prices asked from now on."""
    actor.require(Permission.EDIT_PRICES)
    rule = PriceRuleRow()
    _fill(session, rule, command)
    session.add(rule)
    session.flush()  # its key is needed by what comes next
    record(session, "create price rule", rule.name, _words(command), actor=actor, at=at)
    return rule


def change_price_rule(
    session: Session, rule_id: int, command: SavePriceRule, *, actor: Actor, at: datetime
) -> PriceRuleRow:
    """Replace a rule; what was quoted by it stays as it was quoted."""
    actor.require(Permission.EDIT_PRICES)
    rule = rule_for_update(session, rule_id)
    if command.version is not None and command.version != rule.version:
        raise StaleVersion("Somebody else changed this rule; look again.")
    _fill(session, rule, command)
    session.flush()  # it is read back at once
    record(session, "change price rule", rule.name, _words(command), actor=actor, at=at)
    return rule


def remove_price_rule(session: Session, rule_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a rule away; the trail keeps that it was there."""
    actor.require(Permission.EDIT_PRICES)
    rule = rule_for_update(session, rule_id)
    session.delete(rule)
    record(session, "remove price rule", rule.name, actor=actor, at=at)


def _fill(session: Session, rule: PriceRuleRow, command: SavePriceRule) -> None:
    _require_figures(command)
    if command.customer and command.group:
        raise Invalid("Name a customer or a group, not both.", field="group")
    if command.valid_from and command.valid_until and command.valid_until < command.valid_from:
        raise Invalid("The last valid day comes before the first.", field="valid_until")
    if command.currency and not is_currency(command.currency):
        raise Invalid("The currency must be an ISO 4217 code such as EUR.", field="currency")
    rule.name = text.name(command.name, "name")
    rule.kind = command.kind
    rule.percent_bp = command.percent.basis_points
    rule.basis = command.basis
    rule.priority = command.priority
    rule.customer_id = _customer(session, command.customer)
    rule.group_id = group_id_of(session, command.group)
    rule.product_id = _named(session, Product, Product.sku, command.product, "product")
    rule.family_id = _named(session, Family, Family.code, command.family, "family")
    rule.brand = text.optional_line(command.brand, "brand")
    rule.currency = command.currency or None
    rule.from_packs = command.from_packs
    rule.valid_from, rule.valid_until = command.valid_from, command.valid_until
    rule.least_margin_bp = command.least_margin.basis_points if command.least_margin else None
    rule.active = command.active


def _require_figures(command: SavePriceRule) -> None:
    most = Rate(10_000) if command.kind is RuleKind.DISCOUNT else MOST_PERCENT
    least = Rate(1) if command.kind is RuleKind.DISCOUNT else Rate(0)
    if not least <= command.percent <= most:
        raise Invalid(f"A percentage from {least.percent} to {most.percent} here.", field="percent")
    if not 1 <= command.priority <= 999:
        raise Invalid("A number from 1 to 999, please.", field="priority")
    if not 1 <= command.from_packs <= MOST_PACKS:
        raise Invalid(f"From 1 to {MOST_PACKS:,} packs.", field="from_packs")
    floor = command.least_margin
    if floor is not None and not Rate(0) <= floor <= HIGHEST_FLOOR:
        raise Invalid("A margin from 0 to 99 %.", field="least_margin")


def _customer(session: Session, code: str | None) -> int | None:
    if not code:
        return None
    customer = customer_by_code(session, code) if text.is_storable(code) else None
    if customer is None:
        raise Invalid("There is no such customer.", field="customer")
    return customer.id


def _named(
    session: Session, table: type[Product | Family], column: object, code: str | None, field: str
) -> int | None:
    if not code:
        return None
    found: int | None = None
    if text.is_storable(code):
        found = session.scalar(select(table.id).where(column == code))  # type: ignore[arg-type]
    if found is None:
        raise Invalid(f"There is no such {field}.", field=field)
    return found


def _words(command: SavePriceRule) -> str:
    what = "off" if command.kind is RuleKind.DISCOUNT else "on top of the cost"
    return f"{command.percent.percent} % {what}"
