"""The demo company's letterhead and rules, and the people who work there."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.accounts.operations.users import create_first_administrator, create_user
from procurement.accounts.queries import account_by_email
from procurement.accounts.terms import NewUser
from procurement.demo import house
from procurement.demo.cast import Cast
from procurement.demo.house import DemoUser
from procurement.demo.pictures.logo import logo
from procurement.kernel.actor import Actor
from procurement.kernel.money import TaxRate
from procurement.kernel.permissions import Role
from procurement.settings.operations.company import ChangeCompany, change_company, change_logo
from procurement.settings.operations.money import create_tax, set_rate
from procurement.settings.queries import get_company
from procurement.settings.terms import RoundingRule

_RATE_DAYS = 120  # the rates have been in force since before the history begins
_EIGHT_PLACES = Decimal("0.00000001")


def found_company(session: Session, founder: Actor, *, at: datetime) -> None:
    """Taxes, currencies and rates; name, address, logo and colour."""
    said = house.company()
    for row in said.rows("tax"):
        rate = TaxRate.parse(row.text("percent"))
        create_tax(session, row.text("code"), row.text("name"), rate, actor=founder, at=at)
    since = at.date() - timedelta(days=_RATE_DAYS)
    for row in said.rows("rate"):
        worth = (1 / row.decimal("per_euro")).quantize(_EIGHT_PLACES)
        set_rate(session, row.text("currency"), since, worth, actor=founder, at=at)
    session.flush()  # the company's usual tax is looked up
    own = said.row("company")
    address = f"{own.text('street')}\n{own.text('city')} {own.text('postcode')}\nIreland"
    before = get_company(session)
    change_company(
        session,
        ChangeCompany(
            name=own.text("name"),
            tagline=own.text("strapline"),
            address=address,
            phone=own.text("phone"),
            email=own.text("email"),
            vat_id=own.text("vat_number"),
            footer=f"{own.text('legal_name')} · VAT {own.text('vat_number')}",
            brand_colour=own.text("brand_colour"),
            currency=own.text("currency"),
            time_zone=own.text("time_zone"),
            locale=before.locale,
            rounding_rule=RoundingRule.LINE,
            default_tax=next(said.rows("tax")).text("code"),
            quote_validity_days=before.quote_validity_days,
            quote_terms=own.text("quote_terms"),
            order_requests=own.text("order_requests").strip(),
            delivery_address=address,
            count_tolerance_bp=before.count_tolerance_bp,
            count_tolerance_minor=before.count_tolerance_minor,
            count_approval_minor=before.count_approval_minor,
            version=before.version,
        ),
        actor=founder,
        at=at,
    )
    mark = logo(own.text("brand_colour"))
    change_logo(session, mark, "fernhallow.png", actor=founder, at=at)


def hire(session: Session, *, at: datetime) -> Cast:
    """The staff's accounts. The administrator founds, and makes the others'."""
    people: dict[Role, Actor] = {}
    for user in house.users():
        if user.customer:
            continue
        role = Role(user.role)
        if role is Role.ADMINISTRATOR:
            create_first_administrator(session, user.email, user.name, house.password(), at=at)
        else:
            _create(session, user, None, actor=people[Role.ADMINISTRATOR], at=at)
        people[role] = actor_of(session, user.email)
    return Cast(people)


def admit_buyer(session: Session, cast: Cast, customers: dict[str, int], *, at: datetime) -> None:
    """The wholesale buyer belongs to a customer, who must be there first."""
    for user in house.users():
        if user.customer:
            _create(session, user, customers[user.customer], actor=cast.administrator, at=at)


def actor_of(session: Session, email: str) -> Actor:
    account = account_by_email(session, email)
    assert account is not None
    return account.actor


def _create(
    session: Session, user: DemoUser, customer_id: int | None, *, actor: Actor, at: datetime
) -> None:
    new = NewUser(user.email, user.name, frozenset({Role(user.role)}), customer_id)
    create_user(session, new, password=house.password(), actor=actor, at=at)
