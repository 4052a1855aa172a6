"""Opened containers to be worked on: found by their number, their shelves locked."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.errors import ContainerElsewhere, ContainerFinished
from procurement.stock.models import Balance, Lot, Movement, Posting
from procurement.stock.queries.places import places_by_id
from procurement.stock.rules.amounts import Vessel
from procurement.stock.terms import Place


@dataclass(frozen=True, slots=True)
class Held:
    """An opened container with something in it, where it stands; its balance is locked."""

    lot: Lot
    product: Product
    place: Place
    left: int  # steps, by the book
    tare: int | None

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.left, self.product.unit)

    def vessel(self) -> Vessel:
        return Vessel(
            self.product.unit,
            self.lot.filled or self.left,
            self.left,
            self.product.dose,
            self.product.pump_stroke,
            self.product.density,
            self.tare,
        )


def container_for_update(session: Session, number: str, *, also: Iterable[Place] = ()) -> Held:
    """The container, with the shelves of its product locked where it stands and at the other places named.

    Locked in the ledger's order, so that a posting that follows waits for nobody. Raises NotFound,
    ContainerFinished, ContainerElsewhere (it was carried away this very moment).
    """
    lot = _lot(session, number)
    place_id = _where(session, lot)
    if place_id is not None:
        session.execute(
            select(Balance.lot_id)
            .where(
                Balance.product_id == lot.product_id,
                Balance.location_id.in_({place_id, *(place.id for place in also)}),
            )
            .order_by(Balance.location_id, Balance.lot_id)
            .with_for_update()
        )
    left = session.scalar(
        select(Balance.on_hand).where(
            Balance.location_id == place_id, Balance.lot_id == lot.id, Balance.on_hand > 0
        )
    )
    if place_id is None or left is None:
        raise _gone(session, lot)
    session.refresh(lot)  # it may have waited for somebody who changed it
    product = session.get_one(Product, lot.product_id)
    tare = (
        session.scalar(select(Pack.tare).where(Pack.id == lot.container_pack_id))
        if lot.container_pack_id
        else None
    )
    return Held(lot, product, places_by_id(session, {place_id})[place_id], int(left), tare)


def _lot(session: Session, number: str) -> Lot:
    lot = session.scalar(select(Lot).where(Lot.number == number, Lot.parent_id.is_not(None)))
    if lot is None:
        raise NotFound(f"There is no opened container {number}.")
    return lot


def _where(session: Session, lot: Lot) -> int | None:
    place_id: int | None = session.scalar(
        select(Balance.location_id).where(Balance.lot_id == lot.id, Balance.on_hand > 0)
    )
    return place_id


def _gone(session: Session, lot: Lot) -> ContainerFinished | ContainerElsewhere:
    """Who was quicker."""
    if _where(session, lot) is not None:
        return ContainerElsewhere(f"{lot.number} was carried somewhere else just now.")
    last = session.execute(
        select(Posting.actor_name)
        .join(Movement, Movement.posting_id == Posting.id)
        .where(Movement.lot_id == lot.id)
        .order_by(Movement.id.desc())
        .limit(1)
    ).scalar_one()
    return ContainerFinished(f"{lot.number} is empty already; {last} finished it.")


@dataclass(frozen=True, slots=True)
class ContainerName:
    """What a container is called, open or finished."""

    number: str
    product: str
    product_name: str
    unit: Unit


def container_name(session: ReadSession, number: str) -> ContainerName:
    """Raises NotFound."""
    row = session.execute(
        select(Lot.number, Product.sku, Product.name, Product.unit)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.number == number, Lot.parent_id.is_not(None))
    ).first()
    if row is None:
        raise NotFound(f"There is no opened container {number}.")
    return ContainerName(*row)


def was_posted(session: ReadSession, key: str) -> bool:
    """Whether a request with this key went through: a second tap asks for what is done."""
    return session.scalar(select(Posting.id).where(Posting.idempotency_key == key)) is not None
