"""Keeping customers: a new one, or what changed about a known one."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.money import Money, Rate, is_currency
from procurement.kernel.peppol import participant
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.kernel.tax_numbers import tax_number
from procurement.sales.errors import StaleVersion
from procurement.sales.models import Address, Contact, Customer, CustomerAlias, CustomerTaxNumber
from procurement.sales.operations.groups import group_id_of
from procurement.sales.queries.buyers import has_order_limits
from procurement.sales.queries.customers import customer_for_update
from procurement.sales.queries.price_lists import price_list_by_code
from procurement.sales.rules.addresses import is_country, letter
from procurement.sales.terms import AddressKind, CustomerKind, DeliveryTerm
from procurement.settings.queries import get_company

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]*", re.ASCII)
MOST_DAYS = 365
OLDEST_CHECK = timedelta(days=5 * 366)
MOST_POSTAL_CODE = 20
MOST_ROWS = 50  # contacts or addresses of one customer


@dataclass(frozen=True, slots=True)
class ContactInput:
    """A person; one that is known is named by its `id` and keeps it."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class AddressInput:
    """An address in its parts, or as it stands on a letter."""

    kind: AddressKind
    lines: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""  # ISO 3166-1
    label: str = ""  # how they call it themselves
    attention: str = ""  # who takes it in, a telephone: the first line of the letter

    @property
    def has_parts(self) -> bool:
        return any((self.street, self.postal_code, self.city, self.region, self.country))


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCustomer:
    """The whole customer as it should be. Without a code one is given (C-2026-0001)."""

    name: str
    kind: CustomerKind
    code: str = ""
    email: str = ""
    phone: str = ""
    vat_id: str = ""
    peppol_id: str = ""  # where electronic invoices reach them
    currency: str = ""  # empty: the company's
    locale: str = "en"
    price_list: str | None = None
    group: str | None = None
    payment_terms: str = ""
    payment_days: int | None = None
    discount_days: int | None = None
    discount: Rate | None = None
    credit_limit: Money | None = None
    delivery_term: DeliveryTerm | None = None
    delivery_place: str = ""
    tax_numbers: tuple[str, ...] = ()  # beside `vat_id`
    note: str = ""
    active: bool = True
    contacts: tuple[ContactInput, ...] = ()
    addresses: tuple[AddressInput, ...] = ()
    version: int | None = None  # what was read before the change; None: whatever stands


def create_customer(
    session: Session, command: SaveCustomer, *, actor: Actor, at: datetime
) -> Customer:
    """Take a new customer in; a code that is taken is a Conflict."""
    actor.require(Permission.EDIT_CUSTOMERS)
    code = command.code.strip() or _next_code(session, at)
    if not _CODE.fullmatch(text.code(code, "code")):
        raise Invalid("A code is letters, digits, dots, dashes, slashes.", field="code")
    if session.get(CustomerAlias, code) is not None:
        raise Conflict("This code leads to a customer it was merged into.", field="code")
    customer = Customer(code=code, created_at=at, contacts=[], addresses=[])
    _fill(session, customer, command)
    session.add(customer)
    session.flush()  # its key is needed by what comes next, and a taken code is refused here
    _put_tax_numbers(session, customer, command.tax_numbers)
    record(session, "create customer", code, customer.name, actor=actor, at=at)
    return customer


def _next_code(session: Session, at: datetime) -> str:
    return next_number(session, Series.CUSTOMER, today_in(get_company(session).time_zone, at))


def change_customer(
    session: Session, code: str, command: SaveCustomer, *, actor: Actor, at: datetime
) -> Customer:
    """Replace what is kept about a customer; the code stays. Raises StaleVersion, Invalid naming the field."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = customer_for_update(session, code)
    if command.version is not None and command.version != customer.version:
        raise StaleVersion(f"{customer.name} was changed by somebody else; look again.")
    currency = customer.currency
    _fill(session, customer, command)
    if customer.currency != currency and has_order_limits(session, customer.id):
        raise Invalid(
            f"Their buyers have order limits in {currency}: take those away first.",
            field="currency",
        )
    _put_tax_numbers(session, customer, command.tax_numbers)
    flag_modified(customer, "name")  # the version moves even when only a contact changed
    record(session, "change customer", code, customer.name, actor=actor, at=at)
    return customer


def note_vat_check(
    session: Session, code: str, on: date, *, actor: Actor, at: datetime
) -> Customer:
    """Somebody asked whether the VAT number is in force, as VIES tells it, and it was."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = customer_for_update(session, code)
    if not customer.vat_id:
        raise Conflict(f"{customer.name} has no VAT number.")
    if not at.date() - OLDEST_CHECK <= on <= today_in(get_company(session).time_zone, at):
        raise Invalid("A day of the last five years, please, not one to come.", field="on")
    customer.vat_checked_on, customer.vat_checked_by = on, actor.name[:200]
    session.flush()  # it is read back at once
    record(session, "check tax number", code, f"{customer.vat_id} on {on}", actor=actor, at=at)
    return customer


def _fill(session: Session, customer: Customer, command: SaveCustomer) -> None:
    customer.name = text.name(command.name, "name")
    customer.kind = command.kind
    customer.email = email_address(command.email, "email")
    customer.phone = text.optional_line(command.phone, "phone")
    number = tax_number(command.vat_id, "vat_id", kept=customer.vat_id or "")
    if number != customer.vat_id:  # what was asked was asked of the other number
        customer.vat_checked_on = customer.vat_checked_by = None
    customer.vat_id = number
    customer.peppol_id = participant(command.peppol_id, "peppol_id")
    customer.currency = _currency(session, command.currency)
    customer.locale = text.code(command.locale, "locale")[:16]
    customer.price_list_id = _price_list(session, command.price_list, customer.currency)
    customer.group_id = group_id_of(session, command.group)
    customer.payment_terms = text.prose(command.payment_terms, "payment_terms")
    _fill_terms(customer, command)
    customer.note = text.prose(command.note, "note")
    customer.active = command.active
    for field, rows in (("contacts", command.contacts), ("addresses", command.addresses)):
        if len(rows) > MOST_ROWS:
            raise Invalid(f"At most {MOST_ROWS} of these.", field=field)
    _fill_contacts(customer, command.contacts)
    customer.addresses = [address_of(a, i) for i, a in enumerate(command.addresses)]
    words = [customer.code, customer.name, customer.email, customer.phone]
    words += [word for c in customer.contacts for word in (c.name, c.email)]
    customer.search_text = text.fold(" ".join(words), 5000)


def _fill_terms(customer: Customer, command: SaveCustomer) -> None:
    for field in ("payment_days", "discount_days"):
        days = getattr(command, field)
        if days is not None and not 0 <= days <= MOST_DAYS:
            raise Invalid(f"From 0 to {MOST_DAYS} days.", field=field)
    if (command.discount_days is None) != (command.discount is None):
        raise Invalid("Days and percent go together.", field="discount_days")
    if command.discount is not None and not 1 <= command.discount.basis_points <= 10_000:
        raise Invalid("A discount lies between 0 and 100 %.", field="discount")
    limit = command.credit_limit
    if limit is not None and limit.currency != customer.currency:
        raise Invalid(f"They pay in {customer.currency}.", field="credit_limit")
    if limit is not None and limit.minor < 0:
        raise Invalid("From nothing on, please.", field="credit_limit")
    customer.payment_days = command.payment_days
    customer.discount_days = command.discount_days
    customer.discount_bp = command.discount.basis_points if command.discount else None
    customer.credit_limit_minor = limit.minor if limit is not None else None
    customer.delivery_term = command.delivery_term
    customer.delivery_place = text.optional_line(command.delivery_place, "delivery_place")


def _put_tax_numbers(session: Session, customer: Customer, numbers: tuple[str, ...]) -> None:
    """The further numbers, each checked by its country's rule; one that was kept before may stay."""
    if len(numbers) > MOST_ROWS:
        raise Invalid(f"At most {MOST_ROWS} of these.", field="tax_numbers")
    known = session.scalars(
        select(CustomerTaxNumber.number).where(CustomerTaxNumber.customer_id == customer.id)
    ).all()
    rows: list[str] = []
    for i, written in enumerate(numbers):
        kept = written if written in known else ""
        number = tax_number(written, f"tax_numbers.{i}", kept=kept)
        if number in {*rows, customer.vat_id}:
            raise Invalid("This number stands here twice.", field=f"tax_numbers.{i}")
        if number:
            rows.append(number)
    session.execute(delete(CustomerTaxNumber).where(CustomerTaxNumber.customer_id == customer.id))
    session.add_all(
        CustomerTaxNumber(customer_id=customer.id, position=i, number=number)
        for i, number in enumerate(rows)
    )
    session.flush()  # the page that follows reads them


def address_of(given: AddressInput, position: int) -> Address:
    """The row of an address; its letter is put together from the parts where there are any."""
    field = f"addresses.{position}"
    country = text.optional_line(given.country, f"{field}.country").upper()
    if country and not is_country(country):
        raise Invalid("Two letters of ISO 3166, such as IE.", field=f"{field}.country")
    parts = {
        "street": text.prose(given.street, f"{field}.street"),
        "postal_code": text.optional_line(given.postal_code, f"{field}.postal_code"),
        "city": text.optional_line(given.city, f"{field}.city"),
        "region": text.optional_line(given.region, f"{field}.region"),
        "country": country,
    }
    if len(parts["postal_code"]) > MOST_POSTAL_CODE:
        raise Invalid("That is too long.", field=f"{field}.postal_code")
    attention = text.optional_line(given.attention, f"{field}.attention")
    lines = letter(**parts) if given.has_parts else given.lines
    place = "street" if given.has_parts else "lines"
    written = _letter(lines, f"{field}.{place}")
    return Address(
        position=position,
        kind=given.kind,
        lines=f"{attention}\n{written}" if attention and given.has_parts else written,
        label=text.optional_line(given.label, f"{field}.label"),
        attention=attention,
        **parts,
    )


def _fill_contacts(customer: Customer, wanted: tuple[ContactInput, ...]) -> None:
    """Known contacts keep their rows, because quotes are addressed to them."""
    known = {contact.id: contact for contact in customer.contacts}
    kept = []
    for i, given in enumerate(wanted):
        contact = Contact() if given.id is None else known.get(given.id)
        if contact is None:
            raise Invalid("There is no such contact.", field=f"contacts.{i}.id")
        contact.position = i
        contact.name = text.name(given.name, f"contacts.{i}.name")
        contact.role = text.optional_line(given.role, f"contacts.{i}.role")
        contact.email = email_address(given.email, f"contacts.{i}.email")
        contact.phone = text.optional_line(given.phone, f"contacts.{i}.phone")
        kept.append(contact)
    customer.contacts = kept


def email_address(value: str, field: str, *, required: bool = False) -> str:
    """An address mail can be sent to, by its form; empty where it may be."""
    written = text.optional_line(value, field)
    if not written and not required:
        return ""
    try:
        return validate_email(written, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Invalid(
            "Please give a mail address such as name@example.org.", field=field
        ) from error


def _letter(lines: str, field: str) -> str:
    written = text.prose(lines, field)
    if not written:
        raise Invalid("Please write the address, or take it away.", field=field)
    if len(written) > 1000 or len(written.splitlines()) > 10:
        raise Invalid("An address has at most 10 lines.", field=field)
    return written


def _currency(session: Session, written: str) -> str:
    currency = written.strip() or get_company(session).currency
    if not is_currency(currency):
        raise Invalid("The currency must be an ISO 4217 code such as EUR.", field="currency")
    return currency


def _price_list(session: Session, code: str | None, currency: str) -> int | None:
    if not code:
        return None
    price_list = price_list_by_code(session, code)
    if price_list is None:
        raise Invalid("There is no such price list.", field="price_list")
    if price_list.currency != currency:
        raise Invalid(
            f"That price list is in {price_list.currency}, the customer pays in {currency}.",
            field="price_list",
        )
    return price_list.id
