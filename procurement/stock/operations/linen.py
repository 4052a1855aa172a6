"""Linen: how much should go round in a house, and sending what was used to the laundry.

It comes back as any transfer arrives (`operations/arrivals.py`): in part, with what is lost or worn out explained.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.stock.models import LinenRule, Site, Transfer
from procurement.stock.operations.arrivals import send_transfer
from procurement.stock.operations.transfers import DraftTransfer, TransferItem, draft_transfer

MOST = 1000


@dataclass(frozen=True, slots=True)
class SetLinenRule:
    site: str
    product: str
    turns_a_day: int
    pieces_a_turn: int
    days: int


def set_linen_rule(session: Session, command: SetLinenRule, *, actor: Actor) -> LinenRule:
    """Raises Invalid naming each field."""
    actor.require(Permission.EDIT_LOCATIONS)
    site_id, product_id = _named(session, command.site, command.product)
    figures = {
        "turns_a_day": command.turns_a_day,
        "pieces_a_turn": command.pieces_a_turn,
        "days": command.days,
    }
    wrong = [
        FieldError(field, f"Between 1 and {MOST}.")
        for field, figure in figures.items()
        if not 1 <= figure <= MOST
    ]
    if wrong:
        raise Invalid.of(wrong)
    rule = session.get(LinenRule, (site_id, product_id)) or LinenRule(
        site_id=site_id, product_id=product_id
    )
    rule.turns_a_day = command.turns_a_day
    rule.pieces_a_turn = command.pieces_a_turn
    rule.days = command.days
    session.add(rule)
    return rule


def drop_linen_rule(session: Session, site: str, product: str, *, actor: Actor) -> None:
    """It need not go round any more; a rule that is not there is no matter."""
    actor.require(Permission.EDIT_LOCATIONS)
    site_id, product_id = _named(session, site, product)
    session.execute(
        delete(LinenRule).where(LinenRule.site_id == site_id, LinenRule.product_id == product_id)
    )


@dataclass(frozen=True, slots=True)
class SendToLaundry:
    """What was used in a room goes by way of a laundry (codes) and comes back to a shelf."""

    source: str
    laundry: str
    back_to: str
    items: tuple[TransferItem, ...]
    note: str = ""
    idempotency_key: str | None = None


def send_to_laundry(
    session: Session, command: SendToLaundry, *, actor: Actor, at: datetime
) -> Transfer:
    """It is at the laundry until somebody takes it back in. Raises Invalid, InsufficientStock."""
    rows = session.execute(
        select(Product.sku, Product.kind).where(
            Product.sku.in_({item.product for item in command.items})
        )
    )
    kinds = {row[0]: row[1] for row in rows}
    wrong = [
        FieldError(f"lines.{index}.product", f"{item.product} is no linen.")
        for index, item in enumerate(command.items)
        if kinds.get(item.product, Kind.LINEN) is not Kind.LINEN
    ]
    if wrong:
        raise Invalid.of(wrong)
    draft = DraftTransfer(
        command.source, command.back_to, command.items, command.laundry, command.note
    )
    transfer = draft_transfer(session, draft, actor=actor, at=at)
    session.flush()  # it is sent by its number
    send_transfer(session, transfer.number, actor=actor, at=at, key=command.idempotency_key)
    return transfer


def _named(session: Session, site: str, product: str) -> tuple[int, int]:
    site_id = session.scalar(select(Site.id).where(Site.code == site))
    if site_id is None:
        raise Invalid(f"There is no site {site}.", field="site")
    product_id = session.scalar(
        select(Product.id).where(Product.sku == product, Product.kind == Kind.LINEN)
    )
    if product_id is None:
        raise Invalid(f"There is no linen {product}.", field="product")
    return site_id, product_id
