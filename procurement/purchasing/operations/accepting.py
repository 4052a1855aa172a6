"""Saying what deliveries must keep to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.kernel.money import Rate
from procurement.kernel.permissions import Permission
from procurement.purchasing.models import DeliveryRule
from procurement.sourcing.models import Supplier

MAX_DAYS = 36_500
MAX_CLAIM_DAYS = 3650
_WHOLE = Rate.parse("100")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveDeliveryRule:
    """For a supplier, a product, both, or (neither) everything; a second time changes it."""

    supplier: str | None = None
    product: str | None = None
    over: Rate | None = None
    least_days: int | None = None
    least_life: Rate | None = None
    claim_days: int | None = None


def save_delivery_rule(
    session: Session, command: SaveDeliveryRule, *, actor: Actor, at: datetime
) -> DeliveryRule:
    """Create the rule of this scope or change it. Raises Invalid naming every bad field."""
    actor.require(Permission.EDIT_SUPPLIERS)
    errors = _errors(command)
    supplier = product = None
    if command.supplier:
        supplier = session.scalar(select(Supplier).where(Supplier.code == command.supplier))
        if supplier is None:
            errors.append(FieldError("supplier", f"There is no supplier {command.supplier}."))
    if command.product:
        product = session.scalar(select(Product).where(Product.sku == command.product))
        if product is None:
            errors.append(FieldError("product", f"There is no product {command.product}."))
    if errors:
        raise Invalid.of(errors)
    scope = f"{supplier.id if supplier else 0}:{product.id if product else 0}"
    rule = session.scalar(select(DeliveryRule).where(DeliveryRule.scope == scope).with_for_update())
    if rule is None:
        rule = DeliveryRule(
            scope=scope,
            supplier_id=supplier.id if supplier else None,
            product_id=product.id if product else None,
        )
        session.add(rule)
    rule.over_bp = command.over.basis_points if command.over else None
    rule.least_days = command.least_days
    rule.least_life_bp = command.least_life.basis_points if command.least_life else None
    rule.claim_days = command.claim_days
    named = " from ".join(name for name in (command.product, command.supplier) if name)
    record(session, "save delivery rule", named or "everything", actor=actor, at=at)
    return rule


def remove_delivery_rule(session: Session, key: int, *, actor: Actor, at: datetime) -> None:
    """Let the next wider rule speak again. Raises NotFound."""
    actor.require(Permission.EDIT_SUPPLIERS)
    rule = session.get(DeliveryRule, key)
    if rule is None:
        raise NotFound("There is no such rule.")
    session.delete(rule)
    record(session, "remove delivery rule", rule.scope, actor=actor, at=at)


def _errors(command: SaveDeliveryRule) -> list[FieldError]:
    errors: list[FieldError] = []
    for field, rate in (("over", command.over), ("least_life", command.least_life)):
        if rate is not None and not 0 <= rate.basis_points <= _WHOLE.basis_points:
            errors.append(FieldError(field, "This lies between 0 and 100 %."))
    for field, days, most in (
        ("least_days", command.least_days, MAX_DAYS),
        ("claim_days", command.claim_days, MAX_CLAIM_DAYS),
    ):
        if days is not None and not (field == "claim_days") <= days <= most:
            errors.append(FieldError(field, f"At most {most:,} days."))
    if command.product and command.claim_days is not None:
        errors.append(FieldError("claim_days", "Claims are made of suppliers, not of a product."))
    said = (command.over, command.least_days, command.least_life, command.claim_days)
    if all(value is None for value in said):
        errors.append(FieldError("over", "Say at least one of these."))
    return errors
