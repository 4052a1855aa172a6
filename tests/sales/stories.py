"""What stories of sales begin with, as plain functions."""

from datetime import date

from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.accounts.operations.users import create_user
from procurement.accounts.terms import NewUser
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.money import Rate, UnitPrice
from procurement.kernel.permissions import GRANTS, Permission, Role
from procurement.kernel.quantity import Unit
from procurement.sales.models import Customer, PriceList, Quote
from procurement.sales.operations.customers import ContactInput, SaveCustomer, create_customer
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.price_lists import PriceInput, SavePriceList, create_price_list
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.terms import CustomerKind
from procurement.settings.models import Tax
from tests.builders import NOON, a_company, a_product

URL = "https://spa.example"
SELLER = Actor(id=None, name="Tomás Reilly", permissions=GRANTS[Role.SALES])


def a_buyer(customer: Customer) -> Actor:
    return Actor(
        id=None,
        name="Aoife",
        permissions=frozenset({Permission.BUY}),
        customer_id=customer.id,
    )


def euros(amount: str) -> UnitPrice:
    return UnitPrice.parse(amount, "EUR")


def a_shop(session: Session, *, currency: str = "EUR") -> None:
    """A company with VAT at 23 %, an oil in bottles and cases, a tool by the piece."""
    company = a_company(session, currency=currency)
    company.email = "sales@spa.example"
    company.phone = "+353 91 000 000"
    tax = Tax(code="A", name="VAT", rate_ppm=230_000)
    session.add(tax)
    session.flush()
    company.default_tax_id = tax.id
    a_product(session, "ALM-500", packs={"bottle": "500", "case": "6000"})
    tool = {"piece": "1", "box": "10"}
    a_product(session, "CRR-01", kind=Kind.TOOL, unit=Unit.PIECE, packs=tool)


def a_customer(
    session: Session, code: str = "LINDEN", *, price_list: str | None = None
) -> Customer:
    address = f"{code.lower()}@rooms.example"
    return create_customer(
        session,
        SaveCustomer(
            code=code,
            name=f"{code.title()} Rooms",
            kind=CustomerKind.SPA_OWNER,
            price_list=price_list,
            contacts=(ContactInput("Aoife Ní Dhomhnaill", "director", address),),
        ),
        actor=SYSTEM,
        at=NOON,
    )


def a_list(
    session: Session,
    code: str = "STD",
    *,
    valid_until: date | None = None,
    is_default: bool | None = None,
) -> PriceList:
    """Bottles at 11.90, cases at 142.80, from six cases at 135.60."""
    return create_price_list(
        session,
        SavePriceList(
            code=code,
            name=f"List {code}",
            currency="EUR",
            valid_until=valid_until,
            is_default=is_default,
            prices=(
                PriceInput("ALM-500", euros("11.90")),
                PriceInput("ALM-500", euros("142.80"), "case"),
                PriceInput("ALM-500", euros("135.60"), "case", 6),
            ),
        ),
        actor=SYSTEM,
        at=NOON,
    )


def a_line(
    product: str = "ALM-500", packs: int = 2, *, price: str | None = None, off: str = "0", **more
) -> QuoteLineInput:
    return QuoteLineInput(
        product=product,
        packs=packs,
        price=euros(price) if price else None,
        discount=Rate.parse(off),
        **more,
    )


def a_draft(session: Session, *lines: QuoteLineInput, customer: str = "LINDEN", **more) -> Quote:
    command = DraftQuote(customer=customer, lines=lines or (a_line(pack="case"),), **more)
    return draft_quote(session, command, actor=SELLER, at=NOON)


def issue(session: Session, number: str, *, at=NOON, **more) -> Quote:
    return issue_quote(
        session, IssueQuote(number=number, public_url=URL, **more), actor=SELLER, at=at
    )


def a_ready_shop(session: Session) -> Customer:
    """A shop with its standard list and one customer."""
    a_shop(session)
    a_list(session)
    return a_customer(session)


def a_person(session: Session, name: str, role: Role) -> User:
    """Somebody who may sign in, with a mail address of the house."""
    new = NewUser(f"{name}@spa.example", name.title(), frozenset({role}))
    user = create_user(session, new, actor=SYSTEM, at=NOON)
    session.flush()
    return user
