"""Invoices as files: UBL, or CII inside a PDF, laid against the orders of a supplier; reading records nothing."""

import re
from datetime import date

import pytest
from facturx import generate_from_binary
from reportlab.pdfgen.canvas import Canvas

from procurement.exchange.invoices import prefill_credit_note, prefill_invoice, read_invoice
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.quantity import Quantity, Unit
from procurement.purchasing.operations.invoicing import (
    NewInvoiceLine,
    RecordInvoice,
    record_invoice,
)
from procurement.purchasing.operations.returning import ReturnedLot, ReturnGoods, return_goods
from procurement.purchasing.queries.invoices import invoice_called, invoice_page
from procurement.purchasing.terms import ReturnReason
from procurement.purchasing.terms.invoices import InvoicedFor
from procurement.sourcing.queries import supplier_page
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)

UBL = """<?xml version="1.0"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>R-77</cbc:ID><cbc:IssueDate>2026-11-20</cbc:IssueDate><cbc:DueDate>2026-12-20</cbc:DueDate>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Corrib Botanicals</cbc:Name></cac:PartyName>
</cac:Party>
</cac:AccountingSupplierParty>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
<cbc:AllowanceChargeReasonCode>FC</cbc:AllowanceChargeReasonCode><cbc:Amount currencyID="EUR">12.00</cbc:Amount>
</cac:AllowanceCharge>
<cac:AllowanceCharge><cbc:ChargeIndicator>true</cbc:ChargeIndicator>
<cbc:AllowanceChargeReason>Pallet</cbc:AllowanceChargeReason><cbc:Amount currencyID="EUR">3.00</cbc:Amount>
</cac:AllowanceCharge>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">0.00</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxExclusiveAmount currencyID="EUR">967.80</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">967.80</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>
{lines}</Invoice>"""
LINE = (
    '<cac:InvoiceLine><cbc:ID>{n}</cbc:ID><cbc:InvoicedQuantity unitCode="{unit}">{quantity}'
    '</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>'
    "<cac:Item><cbc:Name>Goods {n}</cbc:Name>{item}<cac:ClassifiedTaxCategory><cbc:Percent>0</cbc:Percent>"
    '</cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">{price}'
    "</cbc:PriceAmount>{base}</cac:Price></cac:InvoiceLine>"
)
SELLERS = "<cac:SellersItemIdentification><cbc:ID>{}</cbc:ID></cac:SellersItemIdentification>"
CII = """<?xml version="1.0"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>urn:cen.eu:en16931:2017</ram:ID>
</ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>R-78</ram:ID><ram:TypeCode>{kind}</ram:TypeCode><ram:IssueDateTime>
<udt:DateTimeString format="102">20261120</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction><ram:IncludedSupplyChainTradeLineItem>
<ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:SellerAssignedID>CORRIB-ALM-500</ram:SellerAssignedID><ram:Name>Oil</ram:Name>
</ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice>
<ram:ChargeAmount>80.00</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
<ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="XCS">8</ram:BilledQuantity>
</ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement>
<ram:ApplicableTradeTax><ram:RateApplicablePercent>23.00</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>640.00</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>CORRIB BOTANICALS</ram:Name></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:Name>The Linden Rooms</ram:Name></ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement><ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20261230</udt:DateTimeString>
</ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>640.00</ram:TaxBasisTotalAmount>
<ram:TaxTotalAmount currencyID="EUR">147.20</ram:TaxTotalAmount><ram:GrandTotalAmount>787.20</ram:GrandTotalAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'


def a_line(
    n=1, unit="XCS", quantity="8", price="79.50", net="636.00", code="CORRIB-ALM-500", base=""
):
    item = SELLERS.format(code)
    return LINE.format(
        n=n, unit=unit, quantity=quantity, price=price, net=net, item=item, base=base
    )


def a_pdf(xml: str) -> bytes:
    """A page with the document inside, as the library of its makers writes it."""
    canvas = Canvas("unused")
    canvas.drawString(50, 800, "Invoice")
    return generate_from_binary(
        canvas.getpdfdata(), xml.encode(), check_xsd=False, flavor="factur-x", level="en16931"
    )


@pytest.fixture
def order(session):
    a_spa_that_orders(session)
    number = a_placed_order(session, CASES, COVERS).number
    received(session, number, delivered(8), delivered(8, position=2, expires_on=None))
    return number


def laid(session, data: bytes, order=None):
    supplier = supplier_page(session, "CORRIB")
    return prefill_invoice(session, read_invoice(data), supplier, order=order)


def told(found):
    return [(one.position, one.packs, one.price.amount) for one in found.lines]


def test_a_ubl_invoice_fills_the_form(session, order):
    covers = a_line(2, quantity="8", price="39.60", net="316.80", code="COV-020")
    found = laid(session, UBL.format(order=order, lines=a_line() + covers).encode())
    assert told(found) == [(1, 8, "79.50"), (2, 8, "39.60")]
    assert (found.number, found.invoiced_on, found.due_on) == (
        "R-77",
        date(2026, 11, 20),
        date(2026, 12, 20),
    )
    sums = [str(one) for one in (found.freight, found.other, found.net, found.tax, found.gross)]
    assert sums == ["12.00 EUR", "3.00 EUR", "967.80 EUR", "0.00 EUR", "967.80 EUR"]
    assert (found.other_words, found.unknown) == ("Pallet", ())


@pytest.mark.parametrize(
    ("line", "row", "says"),
    [
        (a_line(unit="LTR", quantity="48", price="13.25"), (1, 8, "79.50"), ""),
        (
            a_line(price="7950", base="<cbc:BaseQuantity>100</cbc:BaseQuantity>"),
            (1, 8, "79.50"),
            "",
        ),
        (a_line(price="84.00", net="604.80"), (1, 8, "75.60"), ""),  # a discount of the line
        (a_line(quantity="7", net="550.01", price="79.50"), (1, 7, "78.5729"), ""),
        (a_line(quantity="30000", price="0", net="1.00"), (1, 30000, "0.00"), "the file says 1.00"),
        (a_line(quantity="0.5"), None, "no whole packs"),
        (a_line(code="X-9"), None, "on none of their orders"),
    ],
    ids=range(7),
)
def test_quantities_and_prices_become_those_of_our_packs(session, order, line, row, says):
    found = laid(session, UBL.format(order=order, lines=line).encode())
    assert told(found) == ([row] if row else [])
    assert says in " ".join(found.unknown + found.remarks)


def test_an_invoice_inside_a_pdf_fills_the_form(session, order):
    found = laid(session, a_pdf(CII.format(kind="380")))
    (line,) = found.lines
    assert (line.order, line.packs, line.price.amount, line.tax.percent) == (
        order,
        8,
        "80.00",
        "23",
    )
    assert (str(found.gross), found.due_on) == ("787.20 EUR", date(2026, 12, 30))
    assert (found.remarks, found.unknown) == ((), ())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7\n%%EOF", "cannot be read"),
        (b"no file at all", "XML"),
        (b"<Order/>", "not an invoice"),
        ((BOMB + UBL.format(order="", lines="")[21:]).encode(), "entities"),
        (UBL.format(order="", lines="").replace("EUR", "USD").encode(), "paid in EUR"),
        (UBL.format(order="", lines="").replace("2026-11-20", "20 Nov").encode(), "no date"),
    ],
    ids=range(6),
)
def test_what_cannot_be_taken_is_said(session, order, data, says):
    with pytest.raises(UnusableFile, match=says):
        laid(session, data)


def test_entities_are_refused_inside_a_pdf_too(session, order):
    xml = CII.format(kind="380").replace('<?xml version="1.0"?>', '<?xml version="1.0"?>' + BOMB)
    with pytest.raises(UnusableFile, match="entities"):
        laid(session, a_pdf(xml))


def a_note(order, *lines, about="R-77", net="159.00", note="") -> bytes:
    """The same document as a credit note for an invoice."""
    named = (
        f"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>{about}</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference><cac:AccountingSupplierParty>"
    )
    xml = UBL.format(order=order, lines="".join(lines)).replace("967.80", net)
    xml = re.sub("<cac:AllowanceCharge>.*</cac:AllowanceCharge>", "", xml, flags=re.DOTALL)
    for old, new in (
        ("Invoice-2", "CreditNote-2"),
        ("<Invoice ", "<CreditNote "),
        ("</Invoice>", "</CreditNote>"),
        ("InvoiceLine", "CreditNoteLine"),
        ("InvoicedQuantity", "CreditedQuantity"),
        ("R-77", "C-5"),
        ("<cac:AccountingSupplierParty>", named),
        ("<cbc:IssueDate>", f"<cbc:Note>{note}</cbc:Note><cbc:IssueDate>"),
    ):
        xml = xml.replace(old, new, 1 if new == named else -1)
    return xml.encode()


@pytest.fixture
def invoice(session, order):
    """Their R-77 for the eight cases at 79.50; its number here."""
    command = RecordInvoice(
        supplier="CORRIB",
        supplier_number="R-77",
        invoiced_on=date(2026, 11, 20),
        lines=(NewInvoiceLine(order=order, position=1, packs=8),),
    )
    made = record_invoice(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return made.number


def credited(session, data: bytes, invoice: str):
    supplier = supplier_page(session, "CORRIB")
    return prefill_credit_note(
        session, read_invoice(data), supplier, invoice_page(session, invoice)
    )


def sent_back(session, millilitres: int) -> str:
    lot = ReturnedLot("ALM-500/L1", Quantity.parse(str(millilitres), Unit.ML))
    command = ReturnGoods(
        supplier="CORRIB", location="STORE", reason=ReturnReason.DAMAGED, lines=(lot,)
    )
    made = return_goods(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return made.number


@pytest.mark.parametrize("names_it", [True, False])
def test_a_credit_note_for_goods_finds_its_return(session, order, invoice, names_it):
    back = sent_back(session, 12_000)
    said = f"Goods of {back.lower().upper()}" if names_it else ""
    line = a_line(quantity="2", net="159.00")
    found = credited(session, a_note(order, line, about="r 77", note=said), invoice)
    assert [(*one, line.about) for one, line in zip(told(found), found.lines, strict=True)] == [
        (1, 2, "79.50", InvoicedFor.GOODS)
    ]
    assert (found.number, found.answers_return, found.remarks) == ("C-5", back, ())
    assert invoice_called(session, "CORRIB", "r 77") == invoice


def test_a_credit_note_at_another_price_is_about_the_price(session, order, invoice):
    line = a_line(quantity="8", price="4.50", net="36.00")
    strange = a_line(2, code="COV-020", quantity="1", price="1", net="1.00")
    found = credited(session, a_note(order, line, strange, about="R-76", net="36.00"), invoice)
    assert [(line.packs, line.about) for line in found.lines] == [(8, InvoicedFor.PRICE)]
    said = " ".join(found.remarks)
    assert "invoiced at 79.50: taken as a credit of the price alone" in said
    assert "The file credits R-76; this form is for R-77" in said
    assert "not on R-77" in found.unknown[0]
    assert found.answers_return is None


def test_a_credit_note_inside_a_pdf_and_what_is_none(session, order, invoice):
    found = credited(session, a_pdf(CII.format(kind="381")), invoice)
    assert [(line.packs, line.about) for line in found.lines] == [(8, InvoicedFor.PRICE)]
    with pytest.raises(UnusableFile, match="This is an invoice"):
        credited(session, UBL.format(order=order, lines=a_line()).encode(), invoice)
    bomb = a_note(order).replace(b'<?xml version="1.0"?>', f'<?xml version="1.0"?>{BOMB}'.encode())
    with pytest.raises(UnusableFile, match="entities"):
        credited(session, bomb, invoice)
