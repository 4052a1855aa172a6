"""The tables of the ledger, and of the places and lots it speaks about.

Only `stock/ledger.py` writes Movement and Balance.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    MinorUnits,
    Name,
    PrimaryKey,
    Prose,
    Steps,
)
from procurement.kernel.types import str_enum
from procurement.stock.terms import PHYSICAL_KINDS, LocationKind, LotStatus, Reason, TransferStatus

_PHYSICAL = ", ".join(f"'{kind.value}'" for kind in sorted(PHYSICAL_KINDS))


class Site(Base):
    """A spa or warehouse, with the zone its dates are in."""

    __tablename__ = "site"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    time_zone: Mapped[Code]
    address: Mapped[Prose]


class Location(Base):
    """A place stock can be; a virtual one (supplier, consumed, ...) belongs to no site and may go below zero."""

    __tablename__ = "location"

    id: Mapped[PrimaryKey]
    site_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("site.id"), index=True)
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[LocationKind] = mapped_column(str_enum(LocationKind, "kind"))
    is_physical: Mapped[Flag]
    active: Mapped[Flag] = mapped_column(default=True)

    __table_args__ = (
        UniqueConstraint("id", "is_physical"),
        CheckConstraint(f"is_physical = (kind IN ({_PHYSICAL}))", name="physical_by_kind"),
        CheckConstraint("is_physical = (site_id IS NOT NULL)", name="physical_has_site"),
    )


class Lot(Base):
    """One batch of one product in one kind of container, with its own expiry, cost and status.

    An opened container is a child lot of exactly one container (`parent_id`, `opened_at`).
    """

    __tablename__ = "lot"

    id: Mapped[PrimaryKey]
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"))
    number: Mapped[Code]
    status: Mapped[LotStatus] = mapped_column(str_enum(LotStatus, "status"))
    parent_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("lot.id"))
    container_pack_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("pack.id"))
    supplier_lot: Mapped[Code | None]
    received_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    opened_at: Mapped[datetime | None]
    use_by: Mapped[date | None]  # min(expiry, opened + period after opening)
    # Cost is never stored rounded per unit: the total and the quantity it was paid for.
    cost_minor: Mapped[MinorUnits | None]
    cost_currency: Mapped[CurrencyCode | None]
    cost_steps: Mapped[Steps | None]

    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        UniqueConstraint("id", "product_id"),
        Index(None, "product_id", "supplier_lot"),
        CheckConstraint("cost_minor >= 0", name="cost_not_negative"),
        CheckConstraint("cost_steps > 0", name="cost_quantity_positive"),
    )


class Period(Base):
    """Up to and including this moment the books are closed."""

    __tablename__ = "period"

    id: Mapped[PrimaryKey]
    closed_until: Mapped[datetime]


class Posting(Base):
    """One business event in the ledger. Never changed: a mistake is reversed by another posting, once."""

    __tablename__ = "posting"

    id: Mapped[PrimaryKey]
    ref: Mapped[str] = mapped_column(String(36), unique=True)  # UUIDv7, public
    reason: Mapped[Reason] = mapped_column(str_enum(Reason, "reason"))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[Name]
    note: Mapped[Prose]
    # The document that made it ("GR-2026-0007"): only that document's operation reverses it.
    document: Mapped[Code | None]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    reverses_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)

    movements: Mapped[list["Movement"]] = relationship(
        back_populates="posting", lazy="raise", order_by="Movement.id"
    )

    __table_args__ = (
        CheckConstraint("occurred_at <= recorded_at", name="not_in_the_future"),
        CheckConstraint("(reason = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_names"),
        Index(None, "occurred_at"),
    )


class Movement(Base):
    """A quantity of a lot from one location to another. Never changed."""

    __tablename__ = "movement"

    id: Mapped[PrimaryKey]
    posting_id: Mapped[ForeignId] = mapped_column(ForeignKey("posting.id"), index=True)
    product_id: Mapped[ForeignId]
    lot_id: Mapped[ForeignId]
    from_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"))
    to_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"))
    quantity: Mapped[Steps]
    occurred_at: Mapped[datetime]  # the posting's, repeated for the as-at indexes

    posting: Mapped[Posting] = relationship(back_populates="movements", lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_id <> to_id", name="moves_somewhere"),
        Index(None, "to_id", "lot_id"),
        Index(None, "from_id", "lot_id"),
        Index(None, "to_id", "occurred_at"),
        Index(None, "from_id", "occurred_at"),
        Index(None, "product_id", "occurred_at"),
        Index(None, "lot_id", "product_id"),
    )


class Balance(Base):
    """On hand and reserved of a lot at a physical location: the sum of the movements, kept by the ledger.

    Virtual places keep no balance: their rows would be the hottest of all, and nobody may run out of "consumed".
    """

    __tablename__ = "balance"

    location_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    lot_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    product_id: Mapped[ForeignId]
    is_physical: Mapped[Flag] = mapped_column(default=True)  # for the foreign key: it cannot lie
    on_hand: Mapped[Steps]
    reserved: Mapped[Steps]

    __table_args__ = (
        ForeignKeyConstraint(
            ["location_id", "is_physical"], ["location.id", "location.is_physical"]
        ),
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        CheckConstraint("is_physical", name="physical_only"),
        CheckConstraint("on_hand >= 0", name="never_below_nothing"),
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved_is_there"),
        Index(None, "product_id", "location_id"),
        Index(None, "lot_id", "product_id"),
    )


class Reservation(Base):
    """A quantity on the shelf promised to a named demand; open until released."""

    __tablename__ = "reservation"

    id: Mapped[PrimaryKey]
    location_id: Mapped[ForeignId]
    lot_id: Mapped[ForeignId]
    quantity: Mapped[Steps]
    demand: Mapped[Code]  # the document it is promised to: "T-2026-0003"
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["location_id", "lot_id"], ["balance.location_id", "balance.lot_id"]),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index(None, "demand"),
        Index(None, "location_id", "lot_id"),
    )


class StockingRule(Base):
    """What a location should hold of a product, and below what it is topped up."""

    __tablename__ = "stocking_rule"

    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("product.id"), primary_key=True, index=True
    )
    par_level: Mapped[Steps]
    reorder_point: Mapped[Steps]

    __table_args__ = (
        CheckConstraint("reorder_point >= 0", name="reorder_point_not_negative"),
        CheckConstraint("reorder_point <= par_level", name="reorder_point_below_par"),
    )


class Transfer(Base):
    """Goods to be carried from one location to another: reserved when drafted, posted when done."""

    __tablename__ = "transfer"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[TransferStatus] = mapped_column(str_enum(TransferStatus, "status"))
    from_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    to_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[Name]
    done_at: Mapped[datetime | None]
    posting_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)

    lines: Mapped[list["TransferLine"]] = relationship(
        back_populates="transfer", lazy="raise", order_by="TransferLine.position"
    )

    __table_args__ = (CheckConstraint("from_id <> to_id", name="goes_somewhere"),)


class TransferLine(Base):
    """One lot of a transfer, picked by FEFO and reserved."""

    __tablename__ = "transfer_line"

    transfer_id: Mapped[ForeignId] = mapped_column(ForeignKey("transfer.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    lot_id: Mapped[ForeignId] = mapped_column(ForeignKey("lot.id"), index=True)
    quantity: Mapped[Steps]
    reservation_id: Mapped[ForeignId] = mapped_column(ForeignKey("reservation.id"), unique=True)

    transfer: Mapped[Transfer] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)
