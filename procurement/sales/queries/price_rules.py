"""Price rules to show, in the order they are tried, and to change."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Family, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Rate
from procurement.kernel.permissions import Permission
from procurement.kernel.validity import Validity
from procurement.sales.models import Customer, CustomerGroup, PriceRuleRow
from procurement.sales.queries.prices import rule_of
from procurement.sales.rules.price_rules import CostBasis, RuleKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule with the names and codes of what it is for; None or empty where it is for everything."""

    id: int
    name: str
    kind: RuleKind
    percent: Rate
    basis: CostBasis
    priority: int
    customer: str | None
    customer_name: str | None
    group: str | None
    group_name: str | None
    product: str | None
    product_name: str | None
    family: str | None
    family_name: str | None
    brand: str
    currency: str | None
    from_packs: int
    validity: Validity
    least_margin: Rate | None
    active: bool
    version: int

    @property
    def valid_from(self) -> date | None:
        return self.validity.from_

    @property
    def valid_until(self) -> date | None:
        return self.validity.until

    @property
    def whom(self) -> str:
        return self.customer_name or self.group_name or "every customer"

    @property
    def what(self) -> str:
        parts = (self.product_name, self.family_name and f"the family {self.family_name}")
        return next(filter(None, (*parts, self.brand)), "every product")


def price_rules(session: ReadSession, *, actor: Actor) -> list[RuleRow]:
    """All rules, in the order in which they are tried; for staff who see margins, for costs show through them."""
    actor.require(Permission.SEE_SALES)
    actor.require(Permission.SEE_MARGIN)
    found = session.execute(_selected()).all()
    found = sorted(found, key=lambda one: rule_of(one[0]).order)
    return [_row(*one) for one in found]


def price_rule(session: ReadSession, rule_id: int, *, actor: Actor) -> RuleRow:
    actor.require(Permission.SEE_SALES)
    actor.require(Permission.SEE_MARGIN)
    found = session.execute(_selected().where(PriceRuleRow.id == rule_id)).one_or_none()
    if found is None:
        raise no_such_rule()
    return _row(*found)


def rule_for_update(session: Session, rule_id: int) -> PriceRuleRow:
    rule: PriceRuleRow | None = session.scalar(
        select(PriceRuleRow)
        .where(PriceRuleRow.id == rule_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if rule is None:
        raise no_such_rule()
    return rule


def no_such_rule() -> NotFound:
    return NotFound("There is no such price rule.")


def _selected() -> AnySelect:
    return (
        select(PriceRuleRow, Customer, CustomerGroup, Product, Family)
        .outerjoin(Customer, Customer.id == PriceRuleRow.customer_id)
        .outerjoin(CustomerGroup, CustomerGroup.id == PriceRuleRow.group_id)
        .outerjoin(Product, Product.id == PriceRuleRow.product_id)
        .outerjoin(Family, Family.id == PriceRuleRow.family_id)
    )


def _row(
    rule: PriceRuleRow,
    customer: Customer | None,
    group: CustomerGroup | None,
    product: Product | None,
    family: Family | None,
) -> RuleRow:
    return RuleRow(
        id=rule.id,
        name=rule.name,
        kind=rule.kind,
        percent=Rate(rule.percent_bp),
        basis=rule.basis,
        priority=rule.priority,
        customer=customer.code if customer else None,
        customer_name=customer.name if customer else None,
        group=group.code if group else None,
        group_name=group.name if group else None,
        product=product.sku if product else None,
        product_name=product.name if product else None,
        family=family.code if family else None,
        family_name=family.name if family else None,
        brand=rule.brand,
        currency=rule.currency,
        from_packs=rule.from_packs,
        validity=Validity(rule.valid_from, rule.valid_until),
        least_margin=None if rule.least_margin_bp is None else Rate(rule.least_margin_bp),
        active=rule.active,
        version=rule.version,
    )
