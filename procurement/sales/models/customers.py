"""Customers, the people there and their addresses."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
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
)
from procurement.kernel.types import str_enum
from procurement.sales.terms import AddressKind, CustomerKind, DeliveryTerm


class CustomerGroup(Base):
    """Customers who pay by the same lists and rules: day spas, hotels, colleges."""

    __tablename__ = "customer_group"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]


class Customer(Base):
    """A spa owner, wellness centre or individual who buys from us."""

    __tablename__ = "customer"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[CustomerKind] = mapped_column(str_enum(CustomerKind, "kind"))
    email: Mapped[Prose]
    phone: Mapped[Prose]
    vat_id: Mapped[Prose]
    # Whether the number is in force only its country knows: when somebody asked there, and who.
    vat_checked_on: Mapped[date | None]
    vat_checked_by: Mapped[str | None] = mapped_column(String(200))
    peppol_id: Mapped[Prose]  # "0088:7300010000001"
    currency: Mapped[CurrencyCode]
    locale: Mapped[str] = mapped_column(String(16), default="en")
    price_list_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("price_list.id"))
    group_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer_group.id"), index=True)
    payment_terms: Mapped[Prose]  # in words; the days below are for reckoning
    payment_days: Mapped[int | None] = mapped_column(Integer)
    discount_days: Mapped[int | None] = mapped_column(Integer)  # paid within so many days ...
    discount_bp: Mapped[int | None] = mapped_column(Integer)  # ... so much less
    credit_limit_minor: Mapped[MinorUnits | None]
    delivery_term: Mapped[DeliveryTerm | None] = mapped_column(
        str_enum(DeliveryTerm, "delivery_term")
    )
    delivery_place: Mapped[str] = mapped_column(String(200), default="")  # that the term names
    note: Mapped[Prose]
    active: Mapped[Flag] = mapped_column(default=True)
    search_text: Mapped[str] = mapped_column(Text, default="")  # folded: code, name, mail, contacts
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer)

    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="customer",
        lazy="raise",
        order_by="Contact.position",
        cascade="all, delete-orphan",
    )
    addresses: Mapped[list["Address"]] = relationship(
        back_populates="customer",
        lazy="raise",
        order_by="Address.position",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        Index(None, "name", "id"),
        CheckConstraint("payment_days BETWEEN 0 AND 365", name="payment_days"),
        CheckConstraint("discount_days BETWEEN 0 AND 365", name="discount_days"),
        CheckConstraint("discount_bp BETWEEN 1 AND 10000", name="discount"),
        CheckConstraint(
            "(discount_days IS NULL) = (discount_bp IS NULL)", name="discount_has_both"
        ),
        CheckConstraint("credit_limit_minor >= 0", name="credit_limit"),
        CheckConstraint(
            "(vat_checked_on IS NULL) = (vat_checked_by IS NULL)", name="vat_checked_by_somebody"
        ),
        CheckConstraint("vat_checked_on IS NULL OR vat_id <> ''", name="vat_checked_number"),
    )


class Contact(Base):
    """A person at a customer."""

    __tablename__ = "contact"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    name: Mapped[Name]
    role: Mapped[Prose]
    email: Mapped[Prose]
    phone: Mapped[Prose]

    customer: Mapped[Customer] = relationship(back_populates="contacts", lazy="raise")


class Address(Base):
    """Where to send the bill or the goods; `lines` as they stand on the letter, country included.

    They are put together from the parts wherever these are known; an address written freely has lines only.
    """

    __tablename__ = "address"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    kind: Mapped[AddressKind] = mapped_column(str_enum(AddressKind, "kind"))
    lines: Mapped[Prose]
    street: Mapped[Prose]
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(200), default="")  # a state by its code, a county
    country: Mapped[str] = mapped_column(String(2), default="")  # ISO 3166-1
    label: Mapped[str] = mapped_column(String(200), default="")  # how they call it themselves
    attention: Mapped[str] = mapped_column(String(200), default="")  # who takes it in, a telephone

    customer: Mapped[Customer] = relationship(back_populates="addresses", lazy="raise")
