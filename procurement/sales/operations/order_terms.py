"""The terms of orders are set: the least they come to, and what bringing them costs."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.terms import EACH, Kind, PackDraft, ProductDraft, ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.kernel.money import Money, is_currency
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.sales.models import OrderTermsRow
from procurement.sales.operations.groups import group_id_of
from procurement.sales.queries.offers import offered_products
from procurement.sales.terms.order_terms import FREIGHT_SKU


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOrderTerms:
    """In one currency, for a group (its code) or everybody. None: nothing is said; nothing: none."""

    currency: str
    group: str | None = None
    opening: Money | None = None
    reorder: Money | None = None
    freight: Money | None = None
    free_from: Money | None = None


def set_order_terms(
    session: Session, command: SetOrderTerms, *, actor: Actor, at: datetime
) -> OrderTermsRow:
    """Take the place of what was set for the same currency and group. Raises Invalid naming the field."""
    actor.require(Permission.EDIT_SETTINGS)
    _check(command)
    group_id = group_id_of(session, command.group)
    row = session.scalars(
        select(OrderTermsRow)
        .where(
            OrderTermsRow.currency == command.currency,
            OrderTermsRow.group_id.is_not_distinct_from(group_id),
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        row = OrderTermsRow(currency=command.currency, group_id=group_id)
        session.add(row)
    row.opening_minor, row.reorder_minor = _minor(command.opening), _minor(command.reorder)
    row.freight_minor, row.free_from_minor = _minor(command.freight), _minor(command.free_from)
    if command.freight and command.freight.minor:
        _offer_freight(session, actor, at)
    session.flush()  # two people who set the same for the first time: one is refused here
    record(session, "set order terms", _name(command.currency, command.group), actor=actor, at=at)
    return row


def drop_order_terms(session: Session, terms_id: int, *, actor: Actor, at: datetime) -> None:
    """They hold no longer. Raises NotFound."""
    actor.require(Permission.EDIT_SETTINGS)
    row = session.get(OrderTermsRow, terms_id, with_for_update=True)
    if row is None:
        raise NotFound("These terms are gone already.")
    session.delete(row)
    record(session, "drop order terms", row.currency, actor=actor, at=at)


def _check(command: SetOrderTerms) -> None:
    if not is_currency(command.currency):
        raise Invalid("The currency must be an ISO 4217 code such as EUR.", field="currency")
    said = {name: getattr(command, name) for name in ("opening", "reorder", "freight", "free_from")}
    errors = [
        FieldError(name, f"Not below nothing, in {command.currency}.")
        for name, money in said.items()
        if money and (money.currency != command.currency or money.minor < 0)
    ]
    if command.free_from and command.freight is None and command.group is None:
        errors.append(FieldError("freight", "Say what is charged below that."))
    if all(money is None for money in said.values()):
        errors.append(FieldError("opening", "Say at least one of them."))
    if errors:
        raise Invalid.of(errors)


def _offer_freight(session: Session, actor: Actor, at: datetime) -> None:
    """The service that will stand on orders; nobody finds it in the shop or orders it alone."""
    there = offered_products(session, skus={FREIGHT_SKU}).get(FREIGHT_SKU)
    if there is None:
        draft = ProductDraft(
            FREIGHT_SKU, "Delivery", Kind.SERVICE, Unit.PIECE, ProductStatus.DISCONTINUED
        )
        pack = PackDraft(FREIGHT_SKU, EACH, "Each", Unit.PIECE.steps, is_sales_pack=True)
        drafts = Drafts({FREIGHT_SKU: draft}, {(FREIGHT_SKU, EACH): pack})
        save_products(session, {}, drafts, actor=actor, at=at)
    elif there.kind is not Kind.SERVICE or not there.packs:
        said = f"{FREIGHT_SKU} is a product of yours and no service with a pack."
        raise Invalid(said, field="freight")


def _minor(money: Money | None) -> int | None:
    return None if money is None else money.minor


def _name(currency: str, group: str | None) -> str:
    return f"{currency} {group}" if group else currency
