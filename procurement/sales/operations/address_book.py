"""Buyers keep the addresses of their company: add, change, remove, make one the usual one.

A change that would move the place taxes depend on is not the buyer's alone: it is sent to us as a message, and whoever
looks after the customer makes it. Orders and quotes keep the address they were written with.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.errors import OtherTaxPlace
from procurement.sales.models import Address, Customer
from procurement.sales.operations.buyers import managed_company
from procurement.sales.operations.customers import MOST_ROWS, AddressInput, address_of
from procurement.sales.operations.enquiries import ask_us
from procurement.sales.rules.address_book import Placed, tax_place
from procurement.sales.terms import AddressKind
from procurement.settings.queries import get_company


def add_address(
    session: Session, given: AddressInput, *, usual: bool, actor: Actor, at: datetime
) -> int:
    """Another address; answers its key. Raises OtherTaxPlace, Invalid, Forbidden."""
    customer, rows = _book(session, actor)
    if len(rows) >= MOST_ROWS:
        raise Invalid(f"At most {MOST_ROWS} addresses.", field="street")
    made = _checked(given, customer)
    after = [made, *rows] if usual else [*rows, made]
    session.add(made)
    _keep(session, customer, rows, after, "add address", made, actor=actor, at=at)
    return made.id


def change_address(
    session: Session,
    address_id: int,
    given: AddressInput,
    *,
    usual: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """As it should be from now on. Raises OtherTaxPlace, Invalid, Forbidden, NotFound."""
    customer, rows = _book(session, actor)
    row = _found(rows, address_id)
    before = [_placed(one) for one in rows]
    new = _checked(given, customer)
    for part in (
        "kind",
        "lines",
        "street",
        "postal_code",
        "city",
        "region",
        "country",
        "label",
        "attention",
    ):
        setattr(row, part, getattr(new, part))
    after = [row, *(one for one in rows if one is not row)] if usual else rows
    _require_same_place(before, after)
    _keep(session, customer, None, after, "change address", row, actor=actor, at=at)


def remove_address(session: Session, address_id: int, *, actor: Actor, at: datetime) -> None:
    """Take an address out of the book. Raises OtherTaxPlace, Forbidden, NotFound."""
    customer, rows = _book(session, actor)
    row = _found(rows, address_id)
    after = [one for one in rows if one is not row]
    _keep(session, customer, rows, after, "remove address", row, actor=actor, at=at)
    session.delete(row)
    session.flush()  # the book is read again


def make_usual(session: Session, address_id: int, *, actor: Actor, at: datetime) -> None:
    """The first of its kind from now on: it is proposed, and taxes look at it. Raises OtherTaxPlace."""
    customer, rows = _book(session, actor)
    row = _found(rows, address_id)
    after = [row, *(one for one in rows if one is not row)]
    _keep(session, customer, rows, after, "usual address", row, actor=actor, at=at)


def propose_address(session: Session, given: AddressInput, *, actor: Actor, at: datetime) -> str:
    """What a buyer may not change alone, sent to us; answers the number of the message."""
    customer, _ = _book(session, actor)
    wanted = _checked(given, customer)
    what = "for bills" if wanted.kind is AddressKind.BILLING else "for deliveries"
    called = f" ({wanted.label})" if wanted.label else ""
    words = f"Please make this our usual address {what}{called}:\n\n{wanted.lines}"
    return ask_us(session, words, actor=actor, at=at).number


def _book(session: Session, actor: Actor) -> tuple[Customer, list[Address]]:
    customer = managed_company(session, actor)
    rows = session.scalars(
        select(Address)
        .where(Address.customer_id == customer.id)
        .order_by(Address.position, Address.id)
        .execution_options(populate_existing=True)
    )
    return customer, list(rows)


def _found(rows: list[Address], address_id: int) -> Address:
    row = next((one for one in rows if one.id == address_id), None)
    if row is None:
        raise NotFound("There is no such address; somebody may have changed it meanwhile.")
    return row


def _checked(given: AddressInput, customer: Customer) -> Address:
    """The row with its letter; refusals name the field of the form."""
    missing = [
        FieldError(field, "Please fill this in.")
        for field in ("street", "city", "country")
        if not getattr(given, field).strip()
    ]
    if missing:
        raise Invalid.of(missing)
    try:
        row = address_of(given, 0)
    except Invalid as error:
        raise Invalid.of(
            [
                FieldError(one.field.removeprefix("addresses.0."), one.message)
                for one in error.errors
            ]
        ) from error
    row.customer_id = customer.id
    return row


def _placed(row: Address) -> Placed:
    return Placed(row.kind, row.country, row.region)


def _require_same_place(before: list[Placed], after: list[Address]) -> None:
    if tax_place(before) != tax_place(map(_placed, after)):
        raise OtherTaxPlace(
            "Taxes depend on the country and region of your usual address, so we look at this change first."
        )


def _keep(
    session: Session,
    customer: Customer,
    before: list[Address] | None,
    after: list[Address],
    what: str,
    row: Address,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """In the order they are in now; whoever looks after the customer finds who it was, and hears of bills by mail."""
    if before is not None:
        _require_same_place([_placed(one) for one in before], after)
    for position, one in enumerate(after):
        one.position = position
    flag_modified(customer, "name")  # who has the customer's form open is told
    session.flush()  # its key is answered
    said = ", ".join(row.lines.splitlines())
    record(session, what, customer.code, said, actor=actor, at=at)
    company = get_company(session)
    if row.kind is AddressKind.BILLING and company.email:
        subject = f"{customer.name}: {what} for bills"[:200]
        body = f"{actor.name} of {customer.name} ({customer.code}), {what}:\n\n{row.lines}\n"
        put_mail(session, NewMail(company.email, subject, body, customer.code), at=at)
