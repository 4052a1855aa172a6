"""Customers to show, to pick and to change."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session, selectinload

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money, Rate
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold
from procurement.sales.models import (
    Address,
    Contact,
    Customer,
    CustomerAlias,
    CustomerGroup,
    CustomerTaxNumber,
    PriceList,
)
from procurement.sales.terms import AddressKind, CustomerKind, DeliveryTerm


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer in a list."""

    code: str
    name: str
    kind: CustomerKind
    email: str
    phone: str
    currency: str
    price_list: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person at a customer."""

    id: int
    name: str
    role: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class AddressRow:
    """An address as it stands on a letter."""

    kind: AddressKind
    lines: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    label: str
    attention: str


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """A customer with everybody and everything kept about them."""

    id: int
    code: str
    name: str
    kind: CustomerKind
    email: str
    phone: str
    vat_id: str
    vat_checked_on: date | None
    vat_checked_by: str | None
    peppol_id: str
    currency: str
    locale: str
    price_list: str | None
    price_list_name: str | None
    group: str | None
    group_name: str | None
    payment_terms: str
    payment_days: int | None
    discount_days: int | None
    discount: Rate | None
    credit_limit: Money | None
    delivery_term: DeliveryTerm | None
    delivery_place: str
    tax_numbers: tuple[str, ...]
    note: str
    active: bool
    created_at: datetime
    version: int
    contacts: tuple[ContactRow, ...]
    addresses: tuple[AddressRow, ...]


@dataclass(frozen=True, slots=True)
class CustomerFilter:
    """What a list of customers is narrowed to."""

    text: str = ""
    kind: CustomerKind | None = None
    active: bool | None = None


def customers(
    session: ReadSession, wanted: CustomerFilter, page: PageRequest, *, actor: Actor
) -> Page[CustomerRow]:
    """Customers by name."""
    actor.require(Permission.SEE_SALES)
    query = (
        select(Customer, PriceList.code)
        .outerjoin(PriceList, PriceList.id == Customer.price_list_id)
        .where(*_narrowed(wanted))
        .order_by(Customer.name, Customer.code)
        .limit(page.limit + 1)
    )
    if after := page.key(str, str):
        query = query.where(tuple_(Customer.name, Customer.code) > tuple_(*after))
    rows = [_row(customer, code) for customer, code in session.execute(query)]
    return page.page(rows, lambda row: (row.name, row.code))


def _row(customer: Customer, price_list: str | None) -> CustomerRow:
    return CustomerRow(
        code=customer.code,
        name=customer.name,
        kind=customer.kind,
        email=customer.email,
        phone=customer.phone,
        currency=customer.currency,
        price_list=price_list,
        active=customer.active,
    )


def _narrowed(wanted: CustomerFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Customer.search_text.like(containing(word), escape="\\")
        for word in fold(wanted.text).split()
    ]
    if wanted.kind:
        conditions.append(Customer.kind == wanted.kind)
    if wanted.active is not None:
        conditions.append(Customer.active == wanted.active)
    return conditions


def _own_only(actor: Actor) -> list[ColumnElement[bool]]:
    """For who sees one customer only; another's is then no more work than one that is not there."""
    return [] if actor.may(Permission.SEE_SALES) else [Customer.id == actor.customer_id]


def customer_page(session: ReadSession, code: str, *, actor: Actor) -> CustomerPage:
    """Everything about one customer; a buyer sees their own."""
    found = session.execute(
        select(Customer, PriceList.code, PriceList.name, CustomerGroup.code, CustomerGroup.name)
        .outerjoin(PriceList, PriceList.id == Customer.price_list_id)
        .outerjoin(CustomerGroup, CustomerGroup.id == Customer.group_id)
        .where(Customer.code == code, *_own_only(actor))
        .options(selectinload(Customer.contacts), selectinload(Customer.addresses))
    ).one_or_none()
    if found is None:
        raise no_such_customer()
    customer, list_code, list_name, group_code, group_name = found
    actor.require_customer(customer.id)
    numbers = session.scalars(
        select(CustomerTaxNumber.number)
        .where(CustomerTaxNumber.customer_id == customer.id)
        .order_by(CustomerTaxNumber.position)
    )
    return CustomerPage(
        id=customer.id,
        code=customer.code,
        name=customer.name,
        kind=customer.kind,
        email=customer.email,
        phone=customer.phone,
        vat_id=customer.vat_id,
        vat_checked_on=customer.vat_checked_on,
        vat_checked_by=customer.vat_checked_by if actor.may(Permission.SEE_SALES) else None,
        peppol_id=customer.peppol_id,
        currency=customer.currency,
        locale=customer.locale,
        price_list=list_code,
        price_list_name=list_name,
        group=group_code if actor.may(Permission.SEE_SALES) else None,
        group_name=group_name if actor.may(Permission.SEE_SALES) else None,
        payment_terms=customer.payment_terms,
        payment_days=customer.payment_days,
        discount_days=customer.discount_days,
        discount=Rate(customer.discount_bp) if customer.discount_bp is not None else None,
        credit_limit=_credit_limit(customer) if actor.may(Permission.SEE_SALES) else None,
        delivery_term=customer.delivery_term,
        delivery_place=customer.delivery_place,
        tax_numbers=tuple(numbers),
        note=customer.note if actor.may(Permission.SEE_SALES) else "",
        active=customer.active,
        created_at=customer.created_at,
        version=customer.version,
        contacts=tuple(
            ContactRow(c.id, c.name, c.role, c.email, c.phone) for c in customer.contacts
        ),
        addresses=tuple(map(_address, customer.addresses)),
    )


def _address(a: Address) -> AddressRow:
    parts = (a.street, a.postal_code, a.city, a.region, a.country)
    return AddressRow(a.kind, a.lines, *parts, a.label, a.attention)


def _credit_limit(customer: Customer) -> Money | None:
    limit = customer.credit_limit_minor
    return Money(limit, customer.currency) if limit is not None else None


def code_today(session: ReadSession, code: str) -> str | None:
    """The code of the customer that a merged one's leads to; None for a code nobody had."""
    found: str | None = session.scalar(
        select(Customer.code)
        .join(CustomerAlias, CustomerAlias.customer_id == Customer.id)
        .where(CustomerAlias.code == code)
    )
    return found


def customer_code(session: ReadSession, customer_id: int) -> str | None:
    """The public code of a key, for a buyer's own account."""
    code: str | None = session.scalar(select(Customer.code).where(Customer.id == customer_id))
    return code


def customer_for_update(session: Session, code: str) -> Customer:
    customer = session.scalar(
        select(Customer)
        .where(Customer.code == code)
        .options(selectinload(Customer.contacts), selectinload(Customer.addresses))
        .with_for_update(of=Customer)
        .execution_options(populate_existing=True)
    )
    if customer is None:
        raise no_such_customer()
    found: Customer = customer
    return found


def customer_by_code(session: ReadSession, code: str) -> Customer | None:
    customer: Customer | None = session.scalar(
        select(Customer).where(Customer.code == code).options(selectinload(Customer.contacts))
    )
    return customer


def customer_by_email(session: ReadSession, email: str) -> Customer | None:
    """The customer who writes from this address, when it is exactly one."""
    folded = email.strip().lower()
    found = session.scalars(
        select(Customer)
        .outerjoin(Contact, Contact.customer_id == Customer.id)
        .where(
            Customer.active,
            (func.lower(Customer.email) == folded) | (func.lower(Contact.email) == folded),
        )
        .distinct()
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def no_such_customer(field: str = "") -> NotFound:
    return NotFound("There is no such customer.", field=field)
