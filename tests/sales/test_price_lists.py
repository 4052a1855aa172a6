"""Price lists: prices by pack and quantity, one default a currency, what a buyer pays."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Pack
from procurement.kernel.errors import Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.price_lists import (
    PriceInput,
    SavePriceList,
    change_price_list,
    create_price_list,
    set_prices,
)
from procurement.sales.queries.price_lists import price_list_page, price_lists, prices_of
from procurement.sales.queries.prices import price_book_of_buyer
from tests.builders import NOON
from tests.sales.stories import SELLER, a_buyer, a_customer, a_list, a_ready_shop, a_shop, euros


def prices(session, code):
    rows = prices_of(session, code, PageRequest(), actor=SELLER).items
    return [(row.pack, row.from_packs, row.price.amount) for row in rows]


def test_some_prices_are_set_changed_and_taken_away_and_the_others_stay(session):
    a_shop(session)
    a_list(session)
    wanted = [
        PriceInput("ALM-500", euros("12")),
        PriceInput("ALM-500", None, "case", 6),
        PriceInput("CRR-01", euros("21.5")),
    ]
    set_prices(session, "STD", wanted, actor=SELLER, at=NOON)
    assert prices(session, "STD") == [
        ("bottle", 1, "12.00"),
        ("case", 1, "142.80"),
        ("piece", 1, "21.50"),
    ]


def test_saving_with_prices_replaces_all_of_them(session):
    a_shop(session)
    a_list(session)
    command = SavePriceList(
        code="STD", currency="EUR", prices=(PriceInput("CRR-01", euros("1"), "box", 3),)
    )
    change_price_list(session, command, actor=SELLER, at=NOON)
    assert prices(session, "STD") == [("box", 3, "1.00")]


def test_the_first_list_of_a_currency_is_its_default_until_another_is_chosen(session):
    a_shop(session)
    a_list(session)
    a_list(session, "CLINICS")
    rows = price_lists(session, PageRequest(), actor=SELLER).items
    assert [(row.code, row.is_default, row.prices) for row in rows] == [
        ("CLINICS", False, 3),
        ("STD", True, 3),
    ]
    wanted = SavePriceList(code="CLINICS", currency="EUR", is_default=True)
    change_price_list(session, wanted, actor=SELLER, at=NOON)
    session.flush()
    assert price_list_page(session, "CLINICS", actor=SELLER).is_default
    assert not price_list_page(session, "STD", actor=SELLER).is_default


@pytest.mark.parametrize(
    ("price", "field"),
    [
        (PriceInput("NOPE", euros("1")), "product"),
        (PriceInput("ALM-500", euros("1"), "barrel"), "pack"),
        (PriceInput("ALM-500", euros("1"), None, 0), "from_packs"),
        (PriceInput("ALM-500", UnitPrice(1, "USD")), "unit_price"),
    ],
)
def test_a_bad_price_is_refused_at_its_place_and_nothing_is_kept(session, price, field):
    a_shop(session)
    a_list(session)
    before = prices(session, "STD")
    with pytest.raises(Invalid) as refusal:
        set_prices(
            session, "STD", [PriceInput("ALM-500", euros("9")), price], actor=SELLER, at=NOON
        )
    assert refusal.value.errors[0].field == f"prices.1.{field}"
    assert prices(session, "STD") == before


def test_the_same_pack_and_quantity_twice_is_refused(session):
    a_shop(session)
    twice = (PriceInput("ALM-500", euros("1")), PriceInput("ALM-500", euros("2"), "bottle"))
    command = SavePriceList(code="X", currency="EUR", prices=twice)
    with pytest.raises(Invalid, match="twice"):
        create_price_list(session, command, actor=SELLER, at=NOON)


def test_validity_does_not_end_before_it_begins(session):
    a_shop(session)
    command = SavePriceList(
        code="X", currency="EUR", valid_from=date(2026, 2, 2), valid_until=date(2026, 2, 1)
    )
    with pytest.raises(Invalid) as refusal:
        create_price_list(session, command, actor=SELLER, at=NOON)
    assert refusal.value.field == "valid_until"


def test_a_buyer_pays_their_own_list_and_the_default_for_the_rest(session):
    a_ready_shop(session)
    own = SavePriceList(code="OWN", currency="EUR", prices=(PriceInput("CRR-01", euros("7")),))
    create_price_list(session, own, actor=SELLER, at=NOON)
    buyer = a_buyer(a_customer(session, "OWNER", price_list="OWN"))
    packs = {pack.code: pack.id for pack in session.scalars(select(Pack))}
    book = price_book_of_buyer(session, packs.values(), actor=buyer)
    day = NOON.date()
    assert book.price(packs["piece"], 1, day).price.amount == "7.00"
    assert book.price(packs["bottle"], 1, day).reason == "List STD (not on OWN)"
    assert book.price(packs["box"], 1, day) is None
