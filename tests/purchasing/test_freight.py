"""The freight of an order: by the supplier's terms or as agreed, in its totals, and matched with the invoice."""

from dataclasses import replace
from datetime import date

import pytest

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, TaxRate
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import AmendOrder, amend_order
from procurement.purchasing.operations.invoicing import (
    NewInvoiceLine,
    RecordInvoice,
    record_invoice,
)
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import ChangeOrder, change_order
from procurement.purchasing.operations.settling import cancel_invoice
from procurement.purchasing.queries.invoices import invoice_page
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.papers import order_content
from procurement.purchasing.terms.invoices import DifferenceKind
from procurement.settings.operations.money import create_tax
from tests.builders import a_company, a_supplier
from tests.purchasing.builders import (
    ANA,
    MONDAY,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)

CASE = NewOrderLine(product="ALM-500", pack="case", packs=1)  # 84.00; from 10 on 79.50


@pytest.fixture
def spa(session):
    """CORRIB charges 18.40 below 250.00; goods and freight are taxed with 23 %."""
    a_spa_that_orders(session)
    a_supplier(
        session,
        email="orders@corrib.example",
        freight_charge=Money(1840, "EUR"),
        free_freight_from=Money(25_000, "EUR"),
    )
    tax = create_tax(session, "STD", "VAT", TaxRate(230_000), actor=ANA, at=MONDAY)
    session.flush()
    a_company(session).default_tax_id = tax.id
    session.flush()
    return session


def told(session, number: str) -> tuple[str | None, str, str, str]:
    page = order_page(session, number)
    freight = page.freight.amount if page.freight is not None else None
    return freight, page.goods.amount, page.totals.net.amount, page.totals.gross.amount


@pytest.mark.parametrize(
    ("packs", "freight", "expected"),
    [
        (2, None, ("18.40", "168.00", "186.40", "229.27")),
        (3, None, ("0.00", "252.00", "252.00", "309.96")),
        (3, Money(500, "EUR"), ("5.00", "252.00", "257.00", "316.11")),
        (2, Money(0, "EUR"), ("0.00", "168.00", "168.00", "206.64")),
    ],
)
def test_it_is_in_the_totals(spa, packs, freight, expected):
    order = a_draft(spa, replace(CASE, packs=packs), freight=freight)
    assert told(spa, order.number) == expected
    taxes = order_page(spa, order.number).taxes
    assert [(tax.net.amount, tax.rate.percent) for tax in taxes] == [(expected[2], "23")]
    content = order_content(spa, order.number)
    assert (f"{content.freight:.2f}", f"{content.totals.gross}") == (expected[0], expected[3])


def test_it_follows_the_goods_unless_it_was_agreed(spa):
    order = a_placed_order(spa, replace(CASE, packs=3))
    amend = AmendOrder(number=order.number, lines=(AmendedLine(position=1, packs=2),))
    amend_order(spa, amend, actor=ANA, at=MONDAY)
    spa.flush()
    assert told(spa, order.number)[:3] == ("18.40", "168.00", "186.40")
    other = a_placed_order(spa, replace(CASE, packs=3), freight=Money(700, "EUR"))
    amend = AmendOrder(number=other.number, lines=(AmendedLine(position=1, packs=2),))
    amend_order(spa, amend, actor=ANA, at=MONDAY)
    spa.flush()
    assert told(spa, other.number)[:3] == ("7.00", "168.00", "175.00")


def asked(session, order, number: str, freight: str, **more):
    """One pack of the order is invoiced, with freight."""
    line = NewInvoiceLine(order=order.number, position=1, packs=1)
    command = RecordInvoice(
        supplier="CORRIB",
        supplier_number=number,
        invoiced_on=date(2026, 11, 20),
        lines=(line,),
        freight=Money.parse(freight, "EUR"),
        **more,
    )
    made = record_invoice(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return made.number


def too_much(session, number: str) -> list[str]:
    differences = invoice_page(session, number).differences
    return [one.words for one in differences if one.kind is DifferenceKind.FREIGHT]


def test_an_invoice_may_ask_what_earlier_ones_left_of_it(spa):
    """18.40 is agreed for the order, whatever number of invoices ask for it."""
    order = a_placed_order(spa, replace(CASE, packs=5), freight=Money(1840, "EUR"))
    received(spa, order.number, delivered(5))
    first = asked(spa, order, "I-1", "10.00")
    second = asked(spa, order, "I-2", "8.40")
    third = asked(spa, order, "I-3", "2.00")
    assert too_much(spa, first) == too_much(spa, second) == []
    assert too_much(spa, third) == ["Freight of 2.00 instead of 0.00"]
    asked(spa, order, "C-1", "3.00", credits=first)  # what is credited may be asked again
    assert too_much(spa, third) == []
    cancel_invoice(spa, second, reason="Twice", actor=ANA, at=MONDAY)
    spa.flush()
    fourth = asked(spa, order, "I-4", "9.40")
    assert too_much(spa, fourth) == []
    assert too_much(spa, asked(spa, order, "I-5", "0.01")) == ["Freight of 0.01 instead of 0.00"]


def test_a_draft_that_is_changed_has_it_by_the_terms_again(spa):
    order = a_draft(spa, freight=Money(700, "EUR"))
    command = ChangeOrder(number=order.number, lines=(CASE,), deliver_to="STORE")
    change_order(spa, command, actor=ANA, at=MONDAY)
    spa.flush()
    assert told(spa, order.number)[0] == "18.40"
    with pytest.raises(Invalid) as refused:
        a_draft(spa, freight=Money(700, "USD"))
    assert [error.field for error in refused.value.errors] == ["freight"]
