"""Customers, the people there and their addresses."""

from datetime import datetime

from sqlalchemy import (
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
    Name,
    PrimaryKey,
    Prose,
)
from procurement.kernel.types import str_enum
from procurement.sales.terms import (
    AddressKind,
    CustomerKind,
)


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
    currency: Mapped[CurrencyCode]
    locale: Mapped[str] = mapped_column(String(16), default="en")
    price_list_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("price_list.id"))
    group_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer_group.id"), index=True)
    payment_terms: Mapped[Prose]
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
    __table_args__ = (Index(None, "name", "id"),)


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
    """Where to send the bill or the goods; `lines` as they stand on the letter, country included."""

    __tablename__ = "address"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), index=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    kind: Mapped[AddressKind] = mapped_column(str_enum(AddressKind, "kind"))
    lines: Mapped[Prose]

    customer: Mapped[Customer] = relationship(back_populates="addresses", lazy="raise")
