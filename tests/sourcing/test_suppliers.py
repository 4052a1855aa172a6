"""Suppliers and what they sell: created, changed, refused by the field."""

import pytest

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission, Role, permissions_of
from procurement.sourcing.operations.suppliers import (
    NewPriceBreak,
    SaveSupplier,
    SaveSupplierItem,
    save_supplier,
    save_supplier_item,
)
from procurement.sourcing.queries import supplier_items, supplier_page, suppliers
from tests.builders import NOON, a_product

PURCHASER = Actor(None, "Maeve", permissions_of(frozenset({Role.PURCHASER})))


def a_supplier(session, code="CORRIB", **changes):
    command = SaveSupplier(
        code=code, **{"name": f"{code.title()} Botanicals", "currency": "EUR", **changes}
    )
    return save_supplier(session, command, actor=PURCHASER, at=NOON)


def an_item(session, **changes):
    command = SaveSupplierItem(
        **{
            "supplier": "CORRIB",
            "product": "ALM-500",
            "code": "20-4471",
            "pack": "bottle",
            "price_breaks": (NewPriceBreak(1, "8.60"), NewPriceBreak(24, "7.85")),
            **changes,
        }
    )
    return save_supplier_item(session, command, actor=PURCHASER, at=NOON)


def fields_of(refusal) -> set[str]:
    return {error.field for error in refusal.value.errors}


def test_a_supplier_is_created_and_changed_by_its_code(session):
    a_supplier(session)
    a_supplier(session, name="Corrib Oils", email="orders@corrib.example", active=False)
    page = supplier_page(session, "CORRIB")
    assert (page.name, page.email, page.active) == ("Corrib Oils", "orders@corrib.example", False)


def test_a_new_supplier_does_not_take_a_code_that_is_taken(session):
    a_supplier(session)
    with pytest.raises(Conflict) as refusal:
        a_supplier(session, is_new=True)
    assert fields_of(refusal) == {"code"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"currency": "EURO"}, "currency"),
        ({"email": "nobody"}, "email"),
        ({"code": "a\nb"}, "code"),
    ],
)
def test_a_bad_value_is_named_by_its_field(session, changes, field):
    with pytest.raises(Invalid) as refusal:
        a_supplier(session, **changes)
    assert fields_of(refusal) == {field}


def test_the_currency_stays_while_prices_are_kept_in_it(session):
    a_product(session)
    a_supplier(session)
    a_supplier(session, currency="GBP")
    an_item(session)
    with pytest.raises(Conflict) as refusal:
        a_supplier(session, currency="EUR")
    assert fields_of(refusal) == {"currency"}


def test_an_item_keeps_its_pack_breaks_minimum_and_multiple(session):
    a_product(session, packs={"bottle": "500", "case": "6000"})
    a_supplier(session)
    an_item(session, pack="case", moq=2, multiple=2, lead_time_days=3)
    (item,) = supplier_page(session, "CORRIB").items
    assert (item.product, item.pack, item.code) == ("ALM-500", "case", "20-4471")
    assert (item.moq, item.multiple, item.lead_time_days) == (2, 2, 3)
    assert [(b.from_packs, str(b.price.amount)) for b in item.price_breaks] == [
        (1, "8.60"),
        (24, "7.85"),
    ]


def test_an_item_saved_again_is_changed_not_doubled(session):
    a_product(session)
    a_supplier(session)
    an_item(session)
    an_item(session, moq=6, price_breaks=(NewPriceBreak(24, "7.5"), NewPriceBreak(48, "7.0525")))
    session.flush()
    (item,) = supplier_page(session, "CORRIB").items
    assert item.moq == 6
    assert [(b.from_packs, b.price.amount) for b in item.price_breaks] == [
        (24, "7.50"),
        (48, "7.0525"),
    ]


def test_an_item_without_a_pack_is_of_the_sales_pack(session):
    a_product(session, packs={"bottle": "500", "case": "6000"})
    a_supplier(session)
    an_item(session, pack=None)
    assert supplier_page(session, "CORRIB").items[0].pack == "bottle"


def test_one_item_of_a_product_is_preferred(session):
    a_product(session)
    a_supplier(session)
    a_supplier(session, "ALDER")
    an_item(session, preferred=True)
    an_item(session, supplier="ALDER", preferred=True)
    rows = supplier_items(session, PageRequest(), product="ALM-500").items
    assert [(row.supplier, row.preferred) for row in rows] == [("ALDER", True), ("CORRIB", False)]


def test_everything_unknown_or_out_of_bounds_is_named_at_once(session):
    with pytest.raises(Invalid) as refusal:
        an_item(session, moq=0, multiple=0, lead_time_days=-1)
    assert fields_of(refusal) == {"supplier", "product", "moq", "multiple", "lead_time_days"}


@pytest.mark.parametrize("price", ["-1", "NaN", "1e3", "0.00001", "1_0", ""])
def test_a_price_that_is_none_is_named_by_its_line(session, price):
    a_product(session)
    a_supplier(session)
    with pytest.raises(Invalid) as refusal:
        an_item(session, price_breaks=(NewPriceBreak(1, "1"), NewPriceBreak(2, price)))
    assert fields_of(refusal) == {"price_breaks.1.unit_price"}


def test_a_break_stands_once(session):
    a_product(session)
    a_supplier(session)
    with pytest.raises(Invalid) as refusal:
        an_item(session, price_breaks=(NewPriceBreak(2, "1"), NewPriceBreak(2, "2")))
    assert fields_of(refusal) == {"price_breaks.1.from_packs"}


def test_who_may_not_edit_suppliers_may_not(session):
    therapist = Actor(None, "Tomás", frozenset({Permission.SEE_PURCHASING}))
    with pytest.raises(Forbidden):
        save_supplier(
            session, SaveSupplier(code="X", name="X", currency="EUR"), actor=therapist, at=NOON
        )


def test_the_list_goes_on_where_it_stopped_and_finds_parts_of_names(session):
    for code in ("ALDER", "CORRIB", "KESTREL"):
        a_supplier(session, code)
    first = suppliers(session, PageRequest(limit=2))
    rest = suppliers(session, PageRequest.parse(2, first.next))
    assert [row.code for row in (*first.items, *rest.items)] == ["ALDER", "CORRIB", "KESTREL"]
    assert rest.next is None
    assert [row.code for row in suppliers(session, PageRequest(), text="rrib").items] == ["CORRIB"]
    assert suppliers(session, PageRequest(), text="%").items == ()


def test_a_supplier_nobody_has_is_not_found(session):
    with pytest.raises(NotFound):
        supplier_page(session, "NOBODY")
