"""The demo company: who it is, who works there, its houses, suppliers and customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.core import Locale

from procurement.demo.rows import Row, quantity, read
from procurement.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True)
class DemoUser:
    role: str
    name: str
    email: str
    customer: str


@dataclass(frozen=True, slots=True)
class DemoLocation:
    """A place in a house; rooms have a shelf and so many appointments on a busy day."""

    site: str
    code: str
    name: str
    kind: str
    shelf: str
    appointments: int
    treatments: tuple[str, ...]
    holds: tuple[str, ...]  # a storeroom for these kinds of product alone


@dataclass(frozen=True, slots=True)
class DemoSite:
    code: str
    name: str
    time_zone: str
    address: str
    locations: tuple[DemoLocation, ...]

    @property
    def rooms(self) -> tuple[DemoLocation, ...]:
        return tuple(place for place in self.locations if place.kind == "treatment_room")

    @property
    def storerooms(self) -> tuple[DemoLocation, ...]:
        return tuple(place for place in self.locations if place.kind == "storeroom")

    def store_of(self, kind: str) -> str:
        """The code of the storeroom where products of a kind stand."""
        own = (place for place in self.storerooms if kind in place.holds)
        common = (place for place in self.storerooms if not place.holds)
        return next(own, next(common)).code


@dataclass(frozen=True, slots=True)
class DemoShelf:
    """What a kind of room holds: (product, par level, reorder point) and (tool, how many)."""

    rules: tuple[tuple[str, Quantity, Quantity], ...]
    tools: tuple[tuple[str, Quantity], ...]


@dataclass(frozen=True, slots=True)
class DemoContact:
    """A supplier or a customer, with the one person and address the demo knows."""

    code: str
    name: str
    contact: str
    contact_role: str
    email: str
    phone: str
    street: str
    postcode: str
    city: str
    country: str
    currency: str
    kind: str
    price_list: str
    brand: str
    vat_number: str

    @property
    def letter(self) -> str:
        """The address as it stands on a letter."""
        town = f"{self.postcode} {self.city}".strip()
        country = Locale("en").territories[self.country]
        return f"{self.street}\n{town}\n{country}"


@dataclass(frozen=True, slots=True)
class DemoPriceList:
    """So many percent of the catalogue price, and less from so many packs on."""

    code: str
    name: str
    currency: str
    percent: Decimal
    breaks: tuple[tuple[int, Decimal], ...]
    is_default: bool  # for whoever has no list of their own


@dataclass(frozen=True, slots=True)
class DemoEnquiry:
    hours_ago: int
    name: str
    email: str
    kind: str
    message: str
    products: tuple[str, ...]
    ending: str
    answer: str


def company() -> Row:
    return read("company.toml")


@cache
def users() -> tuple[DemoUser, ...]:
    rows = company().row("people").rows("user")
    return tuple(
        DemoUser(row.text("role"), row.text("name"), row.text("email"), row.text("customer", ""))
        for row in rows
    )


def password() -> str:
    """The one the README names; a demo has nothing to hide."""
    return company().row("people").text("password")


@cache
def sites() -> tuple[DemoSite, ...]:
    return tuple(
        DemoSite(
            row.text("code"),
            row.text("name"),
            row.text("time_zone"),
            row.text("address"),
            tuple(_location(row.text("code"), place) for place in row.rows("location")),
        )
        for row in read("rooms.toml").rows("site")
    )


def _location(site: str, row: Row) -> DemoLocation:
    is_room = row.text("kind") == "treatment_room"
    return DemoLocation(
        site=site,
        code=row.text("code"),
        name=row.text("name"),
        kind=row.text("kind"),
        shelf=row.text("shelf") if is_room else "",
        appointments=row.whole("appointments") if is_room else 0,
        treatments=row.texts("treatments"),
        holds=row.texts("holds"),
    )


@cache
def shelf(name: str) -> DemoShelf:
    row = read("rooms.toml").row("shelf").row(name)
    return DemoShelf(
        rules=tuple(
            (sku, quantity(par), quantity(reorder)) for sku, par, reorder in row.lists("rules")
        ),
        tools=tuple((sku, quantity(count)) for sku, count in row.lists("tools")),
    )


@cache
def uses(treatment: str) -> tuple[tuple[str, Quantity], ...]:
    """What one appointment takes from the shelf."""
    row = read("rooms.toml").row("treatment").row(treatment)
    return tuple((sku, quantity(amount)) for sku, amount in row.lists("uses"))


@cache
def all_uses() -> tuple[tuple[str, Quantity], ...]:
    """What any treatment takes of anything."""
    names = {name for site in sites() for room in site.rooms for name in room.treatments}
    return tuple(found for name in sorted(names) for found in uses(name))


def suppliers() -> Iterator[DemoContact]:
    return (_contact(row) for row in read("suppliers.toml").rows("supplier"))


@cache
def brand_of(supplier: str) -> str:
    return next(contact.brand for contact in suppliers() if contact.code == supplier)


@cache
def currency_of(supplier: str) -> str:
    return next(contact.currency for contact in suppliers() if contact.code == supplier)


@cache
def per_euro(currency: str) -> Decimal:
    """How many units of a currency one euro buys."""
    rates = {row.text("currency"): row.decimal("per_euro") for row in company().rows("rate")}
    return rates.get(currency, Decimal(1))


def in_euro(amount: Decimal, supplier: str) -> Decimal:
    """A supplier's amount in the company's currency."""
    return amount / per_euro(currency_of(supplier))


def customers() -> Iterator[DemoContact]:
    return (_contact(row) for row in read("customers.toml").rows("customer"))


def _contact(row: Row) -> DemoContact:
    return DemoContact(
        code=row.text("code"),
        name=row.text("name"),
        contact=row.text("contact", ""),
        contact_role=row.text("role", ""),
        email=row.text("email"),
        phone=row.text("phone"),
        street=row.text("street"),
        postcode=row.text("postcode"),
        city=row.text("city"),
        country=row.text("country"),
        currency=row.text("currency", "EUR"),
        kind=row.text("kind", ""),
        price_list=row.text("price_list", ""),
        brand=row.text("brand", ""),
        vat_number=row.text("vat_number", ""),
    )


def price_lists() -> Iterator[DemoPriceList]:
    for row in read("customers.toml").rows("price_list"):
        breaks = tuple((b.whole("from"), b.decimal("percent")) for b in row.rows("breaks"))
        yield DemoPriceList(
            row.text("code"),
            row.text("name"),
            row.text("currency"),
            row.decimal("percent"),
            breaks,
            row.has("default"),
        )


def enquiries() -> Iterator[DemoEnquiry]:
    for row in read("customers.toml").rows("enquiry"):
        yield DemoEnquiry(
            row.whole("hours_ago"),
            row.text("name"),
            row.text("email"),
            row.text("kind"),
            row.text("message"),
            row.texts("products"),
            row.text("ending", "new"),
            row.text("answer", ""),
        )
