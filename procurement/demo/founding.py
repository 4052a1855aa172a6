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
from procurement.files.operations.pictures import store_picture
from procurement.kernel.actor import Actor
from procurement.kernel.money import Rate
from procurement.kernel.permissions import Role
from procurement.settings.models import EnabledCurrency, ExchangeRate, Tax
from procurement.settings.queries import company_for_update
from procurement.settings.terms import RoundingRule

APPROVAL_LIMIT_MINOR = 50_000  # up to 500.00 a purchaser's order needs no second person
_RATE_DAYS = 120  # the rates have been in force since before the history begins
_RATE_SCALE = 10**8


def found_company(session: Session, *, at: datetime) -> None:
    """Name, address, logo and colour; taxes, currencies and rates."""
    said = house.company()
    own = said.row("company")
    company = company_for_update(session)
    company.name = own.text("name")
    company.tagline = own.text("strapline")
    company.address = f"{own.text('street')}\n{own.text('city')} {own.text('postcode')}\nIreland"
    company.phone = own.text("phone")
    company.email = own.text("email")
    company.vat_id = own.text("vat_number")
    company.footer = f"{own.text('legal_name')} · VAT {own.text('vat_number')}"
    company.brand_colour = own.text("brand_colour")
    company.currency = own.text("currency")
    company.time_zone = own.text("time_zone")
    company.rounding_rule = RoundingRule.LINE
    company.quote_terms = own.text("quote_terms")
    company.order_requests = own.text("order_requests")
    company.delivery_address = company.address
    company.approval_limit_minor = APPROVAL_LIMIT_MINOR
    company.logo_id = store_picture(session, logo(company.brand_colour), "fernhallow.png", at=at).id
    taxes = [
        Tax(
            code=row.text("code"),
            name=row.text("name"),
            rate_bp=Rate.parse(row.text("percent")).basis_points,
        )
        for row in said.rows("tax")
    ]
    session.add_all(taxes)
    session.flush()  # the company points at its usual tax
    company.default_tax_id = taxes[0].id
    since = at.date() - timedelta(days=_RATE_DAYS)
    for row in said.rows("rate"):
        session.add(EnabledCurrency(currency=row.text("currency")))
        session.flush()  # a rate belongs to an enabled currency
        worth = Decimal(_RATE_SCALE) / row.decimal("per_euro")
        session.add(
            ExchangeRate(
                currency=row.text("currency"),
                valid_from=since,
                rate_e8=int(worth.to_integral_value()),
            )
        )


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
