"""Stocking rules: what a room should hold, and below what it is topped up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock.models import StockingRule
from procurement.stock.queries.places import places_by_code


@dataclass(frozen=True, slots=True)
class SetStockingRule:
    """Codes and quantities; `line` is the caller's name for it, used in refusals ("rules.3")."""

    location: str
    product: str
    par_level: Quantity
    reorder_point: Quantity
    line: str = ""


@dataclass(frozen=True, slots=True)
class RulesSet:
    created: int
    updated: int
    unchanged: int


def set_stocking_rules(
    session: Session, commands: Sequence[SetStockingRule], *, actor: Actor
) -> RulesSet:
    """Create or change rules, all or none. Raises Invalid naming each field that is wrong."""
    actor.require(Permission.EDIT_LOCATIONS)
    places = places_by_code(session, {command.location for command in commands})
    found = session.scalars(
        select(Product).where(Product.sku.in_({command.product for command in commands}))
    )
    products = {product.sku: product for product in found}
    errors: list[FieldError] = []
    for command in commands:
        prefix = f"{command.line}." if command.line else ""
        place, product = places.get(command.location), products.get(command.product)
        if place is None or not place.is_physical:
            errors.append(FieldError(f"{prefix}location", f"There is no room {command.location}."))
        if product is None:
            errors.append(FieldError(f"{prefix}product", f"There is no product {command.product}."))
        else:
            errors += _wrong_quantities(prefix, command, product)
    if errors:
        raise Invalid.of(errors)
    return _save(
        session,
        commands,
        {k: p.id for k, p in places.items()},
        {k: p.id for k, p in products.items()},
    )


def _wrong_quantities(prefix: str, command: SetStockingRule, product: Product) -> list[FieldError]:
    errors = [
        FieldError(f"{prefix}{field}", f"{product.sku} is counted in {product.unit}.")
        for field, quantity in (
            ("par_level", command.par_level),
            ("reorder_point", command.reorder_point),
        )
        if quantity.unit is not product.unit
    ]
    if command.reorder_point.steps < 0:
        errors.append(FieldError(f"{prefix}reorder_point", "A reorder point is not negative."))
    if command.reorder_point.steps > command.par_level.steps:
        errors.append(
            FieldError(f"{prefix}reorder_point", "The reorder point lies above the par level.")
        )
    return errors


def _save(
    session: Session,
    commands: Sequence[SetStockingRule],
    location_ids: dict[str, int],
    product_ids: dict[str, int],
) -> RulesSet:
    keys = {(location_ids[c.location], product_ids[c.product]) for c in commands}
    found = session.scalars(
        select(StockingRule).where(
            tuple_(StockingRule.location_id, StockingRule.product_id).in_(keys)
        )
    )
    rules = {(rule.location_id, rule.product_id): rule for rule in found}
    created = updated = unchanged = 0
    for command in commands:
        key = (location_ids[command.location], product_ids[command.product])
        levels = (command.par_level.steps, command.reorder_point.steps)
        rule = rules.get(key)
        if rule is None:
            rule = StockingRule(
                location_id=key[0], product_id=key[1], par_level=levels[0], reorder_point=levels[1]
            )
            session.add(rule)
            rules[key] = rule
            created += 1
        elif (rule.par_level, rule.reorder_point) == levels:
            unchanged += 1
        else:
            rule.par_level, rule.reorder_point = levels
            updated += 1
    return RulesSet(created, updated, unchanged)


def renew_levels(
    session: Session, levels: Mapping[tuple[int, int], tuple[int, int]], *, actor: Actor
) -> None:
    """Par level and reorder point in steps, by location and product; only of rules that there are."""
    actor.require(Permission.EDIT_LOCATIONS)
    rows = [
        {"location_id": place, "product_id": product, "par_level": par, "reorder_point": reorder}
        for (place, product), (par, reorder) in sorted(levels.items())
    ]
    if rows:
        session.execute(update(StockingRule), rows)


def drop_stocking_rule(session: Session, location: str, product: str, *, actor: Actor) -> None:
    """From now on the room need not hold the product; a rule that is not there is no matter."""
    actor.require(Permission.EDIT_LOCATIONS)
    place = places_by_code(session, {location}).get(location)
    product_id = session.scalar(select(Product.id).where(Product.sku == product))
    if place is not None and product_id is not None:
        session.execute(
            delete(StockingRule).where(
                StockingRule.location_id == place.id, StockingRule.product_id == product_id
            )
        )
