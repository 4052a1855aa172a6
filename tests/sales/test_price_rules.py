"""Price rules on a database: what they are for, costs, groups, what a buyer is told."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Product
from procurement.kernel.errors import Forbidden, Invalid, NotFound
from procurement.kernel.money import Rate
from procurement.kernel.permissions import Role
from procurement.sales.models import PriceRuleRow
from procurement.sales.operations.customers import change_customer
from procurement.sales.operations.groups import SaveGroup, save_group
from procurement.sales.operations.price_lists import PriceInput, SavePriceList, create_price_list
from procurement.sales.operations.price_rules import (
    SavePriceRule,
    create_price_rule,
    remove_price_rule,
)
from procurement.sales.queries.price_lists import price_list_page
from procurement.sales.queries.price_rules import price_rules
from procurement.sales.queries.prices import price_book_of_buyer
from procurement.sales.queries.why import PriceAsked, price_answer
from procurement.sales.rules.price_rules import CostBasis, RuleKind
from procurement.sales.terms import CustomerKind
from procurement.stock.models import Lot
from procurement.stock.terms import LotStatus
from tests.builders import NOON, a_supplier, a_supplier_item, an_actor
from tests.queries import counted
from tests.sales.stories import (
    SELLER,
    SaveCustomer,
    a_buyer,
    a_customer,
    a_draft,
    a_list,
    a_ready_shop,
    euros,
)

TODAY = NOON.date()


def a_rule(session, percent="10", *, kind=RuleKind.DISCOUNT, **more) -> PriceRuleRow:
    rate = Rate.parse(percent, most=1000)
    command = SavePriceRule(name=f"{percent} %", kind=kind, percent=rate, **more)
    return create_price_rule(session, command, actor=SELLER, at=NOON)


def bought(session, on: date, cost: int, *, bottles: int = 1) -> None:
    product = session.scalars(select(Product).where(Product.sku == "ALM-500")).one()
    lot = Lot(
        product_id=product.id,
        number=f"L-{on}-{cost}",
        status=LotStatus.AVAILABLE,
        received_on=on,
        cost_minor=cost,
        cost_currency="EUR",
        cost_steps=500_000 * bottles,
    )
    session.add(lot)
    session.flush()


def price(session, *, customer="LINDEN", packs=1, pack="bottle", on=TODAY, actor=SELLER):
    asked = PriceAsked(product="ALM-500", packs=packs, pack=pack, customer=customer)
    return price_answer(session, asked, on, actor=actor)


def amount(session, **more):
    found = price(session, **more).found
    return found.price.amount if found else None


def in_a_group(session, code="LINDEN", group="SPAS") -> None:
    save_group(session, SaveGroup(group, "Day spas"), actor=SELLER, at=NOON)
    name = f"{code.title()} Rooms"
    command = SaveCustomer(name=name, kind=CustomerKind.SPA_OWNER, group=group)
    change_customer(session, code, command, actor=SELLER, at=NOON)


def test_rules_by_customer_group_product_and_currency_change_what_is_quoted(session):
    a_ready_shop(session)
    a_customer(session, "OTHER")
    in_a_group(session)
    a_rule(session, group="SPAS")
    a_rule(session, "50", product="CRR-01")
    a_rule(session, "60", currency="USD")
    assert (amount(session), amount(session, customer="OTHER")) == ("10.71", "11.90")
    assert amount(session, customer=None) == "11.90"
    line = a_draft(session).lines[0]  # two cases at 142.80
    assert (line.price_e4, line.list_price_e4) == (1_285_200, 1_285_200)
    assert line.price_reason == "10 % (List STD)"


def test_a_groups_own_list_comes_before_the_default_and_after_the_customers_own(session):
    customer = a_ready_shop(session)
    a_list(session, "OWN")
    in_a_group(session)
    for code, begins, cents in (("OLD", None, "9.00"), ("NEW", date(2026, 11, 1), "8.00")):
        prices = (PriceInput("ALM-500", euros(cents)),)
        command = SavePriceList(
            code=code, currency="EUR", valid_from=begins, group="SPAS", prices=prices
        )
        create_price_list(session, command, actor=SELLER, at=NOON)
    assert amount(session) == "8.00"
    assert amount(session, on=date(2026, 10, 31)) == "9.00"
    buyer = a_buyer(customer)
    assert price_list_page(session, "NEW", actor=buyer).group == "SPAS"
    with pytest.raises(NotFound):
        price_list_page(session, "OWN", actor=buyer)


def test_costs_come_from_purchases_and_the_first_supplier(session):
    a_ready_shop(session)
    bought(session, date(2025, 10, 1), 100)  # more than a year ago
    bought(session, date(2026, 9, 1), 600, bottles=3)
    bought(session, date(2026, 11, 1), 500)
    a_supplier(session)
    a_supplier_item(session, prices={1: "4.00", 10: "3.00"})
    for basis, expected in (
        (CostBasis.LAST_PURCHASE, "10.00"),
        (CostBasis.AVERAGE_PURCHASE, "5.50"),  # (6 + 5) / 4 bottles, twice
        (CostBasis.SUPPLIER_PRICE, "8.00"),
    ):
        rule = a_rule(session, "100", kind=RuleKind.COST_PLUS, basis=basis)
        assert amount(session) == expected
        remove_price_rule(session, rule.id, actor=SELLER, at=NOON)
    assert amount(session) == "11.90"


def test_a_buyer_is_told_the_price_and_no_step_and_no_cost(session):
    customer = a_ready_shop(session)
    bought(session, date(2026, 11, 1), 500)
    a_rule(session, "100", kind=RuleKind.COST_PLUS)
    answer = price(session, actor=a_buyer(customer), customer=None)
    assert (answer.found.price.amount, answer.why) == ("10.00", ())
    told = price(session).why
    assert [row.kind.value for row in told if row.staff_only] == ["cost", "rule"]
    with pytest.raises(NotFound):
        price(session, actor=a_buyer(customer), customer="STRANGER")
    with pytest.raises(Forbidden):
        price(session, actor=an_actor(Role.STOCK_KEEPER))
    with pytest.raises(Forbidden):
        price_rules(session, actor=a_buyer(customer))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer": "LINDEN", "group": "SPAS"}, "group"),
        ({"customer": "NOBODY"}, "customer"),
        ({"group": "NONE"}, "group"),
        ({"product": "NOPE"}, "product"),
        ({"family": "NOPE"}, "family"),
        ({"currency": "XYZ"}, "currency"),
        ({"percent": "0"}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"priority": 0}, "priority"),
        ({"from_packs": 0}, "from_packs"),
        ({"valid_from": TODAY, "valid_until": date(2026, 1, 1)}, "valid_until"),
        ({"least_margin": Rate(9_950)}, "least_margin"),
    ],
)
def test_a_bad_rule_is_refused_at_its_field(session, changes, field):
    a_ready_shop(session)
    with pytest.raises(Invalid) as refusal:
        a_rule(session, **changes)
    assert refusal.value.errors[0].field == field


def test_a_hundred_packs_take_as_many_statements_as_one(session):
    customer = a_ready_shop(session)
    bought(session, date(2026, 11, 1), 500)
    a_rule(session, "100", kind=RuleKind.COST_PLUS)
    with counted(session.connection()) as sent:
        book = price_book_of_buyer(session, range(1, 100), actor=a_buyer(customer))
        for _ in range(5):
            book.price(1, 3, TODAY)
    assert len(sent) <= 11
