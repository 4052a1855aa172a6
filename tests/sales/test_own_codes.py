"""What a customer calls our packs: read where they order, told on their papers, and nobody else's."""

import pytest
from sqlalchemy import select

from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.sales.models import Customer, SalesOrder
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.merging import merge_customers
from procurement.sales.operations.own_codes import OwnCodeInput, forget_own_code, keep_own_codes
from procurement.sales.operations.placing import PlaceOrder, place_order
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.queries.order_papers import confirmation_content
from procurement.sales.queries.own_codes import own_codes
from procurement.sales.queries.own_data import own_data
from procurement.sales.queries.quick_order import find_lines
from procurement.sales.queries.sales_orders import sales_order_page
from procurement.sales.rules.own_codes import WrittenCode, read_code
from procurement.sales.rules.written import read_line
from tests.builders import NOON
from tests.sales.fulfilling import SELLER, a_stocked_shop
from tests.sales.stories import a_customer
from tests.sales.test_placing import a_buyer


@pytest.fixture
def buyer(session):
    a_stocked_shop(session)
    a_customer(session, "BIRCH")
    return a_buyer(session)


def keep(session, buyer, *codes):
    keep_own_codes(session, [OwnCodeInput(*one) for one in codes], actor=buyer, at=NOON)


def kept(session, buyer):
    rows = own_codes(session, PageRequest(), actor=buyer).items
    return {one.code: (one.product, one.pack) for one in rows}


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("4711\tALM-500\tcase", WrittenCode("4711", "ALM-500", "case")),
        ("4711 ALM-500", WrittenCode("4711", "ALM-500")),
        ("our oil; ALM-500;", WrittenCode("our oil", "ALM-500")),
        ("4711 = ALM-500", WrittenCode("4711", "ALM-500")),
        ("4711", None),
        ("a b c d", None),
        ("; ALM-500", None),
    ],
)
def test_a_pasted_line(line, read):
    assert read_code(line) == read


def test_a_code_means_one_pack_and_a_pack_has_one_code(session, buyer):
    keep(session, buyer, ("AB 1", "ALM-500"), ("AB 2", "CRR-01"))
    was = kept(session, buyer)
    assert set(was) == {"AB 1", "AB 2"}
    keep(session, buyer, ("ab1", "CRR-01"))  # the same code, moved: neither old row is left
    assert {code: sku for code, (sku, _) in kept(session, buyer).items()} == {"ab1": "CRR-01"}
    for codes, field in (
        ([("X", "NONE")], "codes.0.product"),
        ([("X", "ALM-500", "barrel")], "codes.0.pack"),
        ([("X", "ALM-500"), ("x ", "CRR-01")], "codes.1.code"),
        ([("X", "ALM-500"), ("Y", "ALM-500")], "codes.1.code"),
        ([("", "ALM-500")], "codes.0.code"),
        ([], "codes"),
    ):
        with pytest.raises(Invalid) as refused:
            keep(session, buyer, *codes)
        assert refused.value.errors[0].field == field
    forget_own_code(session, "AB 1", actor=buyer, at=NOON)
    assert kept(session, buyer) == {}
    with pytest.raises(NotFound):
        forget_own_code(session, "AB 1", actor=buyer, at=NOON)


def test_quick_order_reads_it_for_its_own_customer_alone(session, buyer):
    keep(session, buyer, ("LR-1", "ALM-500"), ("CRR-01", "ALM-500", "case"))
    lines = [read_line(text, today=NOON.date()) for text in ("3 lr-1", "CRR-01 2")]
    mine = find_lines(session, lines, on=NOON.date(), customer=buyer.customer_id)
    assert (mine[0].product.sku, mine[0].packs) == ("ALM-500", 3)
    assert {one.product.sku for one in mine[1].choices} == {
        "ALM-500",
        "CRR-01",
    }  # asked, not guessed
    other = a_buyer(session, "BIRCH")
    theirs = find_lines(session, lines, on=NOON.date(), customer=other.customer_id)
    assert (theirs[0].product, theirs[1].product.sku) == (None, "CRR-01")
    assert kept(session, other) == {}


def test_it_stands_on_the_confirmation_and_in_the_data_taken_along(session, buyer):
    keep(session, buyer, ("LR-1", "ALM-500"))
    command = PlaceOrder(key="one", lines=(WantedLine("ALM-500", 2),))
    number = place_order(session, command, actor=buyer, at=NOON).number
    confirm_order(session, number, actor=SELLER, at=NOON)
    content = confirmation_content(session, sales_order_page(session, number, actor=SELLER))
    assert content.sections[0].lines[0].detail == "your code LR-1"
    assert [row["code"] for row in own_data(session, actor=buyer)["own codes"]] == ["LR-1"]
    assert session.scalar(select(SalesOrder.pdf_id).where(SalesOrder.number == number))


def test_of_two_customers_that_become_one_the_kept_ones_codes_stay(session, buyer):
    other = a_buyer(session, "BIRCH")
    keep(session, buyer, ("A", "ALM-500"))
    keep(session, other, ("B", "ALM-500"), ("A", "CRR-01"), ("C", "ALM-500", "case"))
    merge_customers(session, "LINDEN", "BIRCH", actor=SELLER, at=NOON)
    assert session.scalars(select(Customer.code)).all() == ["LINDEN"]
    assert set(kept(session, buyer)) == {"A", "C"}
