"""An invoice inside a PDF (Factur-X, ZUGFeRD 2): the file is taken out, then read as a UN/CEFACT CII document.

factur-x finds such a file, too, but reads it with a parser that expands entities; here its names are used, and the
bytes go through the one parser.
"""

import io
import re
from datetime import date
from decimal import Decimal

from facturx.facturx import FACTURX_FILENAME, ZUGFERD_FILENAME
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from procurement.exchange.invoice_terms import InvoiceOnFile, InvoiceOnFileLine, is_freight
from procurement.exchange.tabular import UnusableFile
from procurement.exchange.xml import Taking, parse_xml

_DATA = "urn:un:unece:uncefact:data:standard:"
SPACE = f"{_DATA}CrossIndustryInvoice:100"
PREFIXES = {
    "rsm": SPACE,
    "ram": f"{_DATA}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_DATA}UnqualifiedDataType:100",
}
ROOT = "CrossIndustryInvoice"
_FILES = frozenset({FACTURX_FILENAME, ZUGFERD_FILENAME, "xrechnung.xml"})
_DAY = "102"  # UNTDID 2379: CCYYMMDD
_CREDIT = frozenset({"381", "261", "262"})  # UNTDID 1001: credit notes
_MOST_ATTACHED = 20


def invoice_in_pdf(data: bytes) -> bytes:
    """The invoice attached to a PDF. UnusableFile where there is none or the PDF cannot be read."""
    try:
        attached = PdfReader(io.BytesIO(data)).attachment_list
        for number, one in enumerate(attached):
            if number >= _MOST_ATTACHED:
                break
            if one.name.lower() in _FILES and one.content:
                return bytes(one.content)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnusableFile("This PDF cannot be read.", field="file") from error
    raise UnusableFile(
        "There is no invoice for programs inside this PDF; type what it says.", field="file"
    )


def read_cii_invoice(data: bytes) -> InvoiceOnFile:
    """UnusableFile names what is missing or unreadable."""
    root = Taking(parse_xml(data), PREFIXES)
    if (root.name, root.space) != (ROOT, SPACE):
        raise UnusableFile(f'This file is "{root.name[:60]}", not an invoice.')
    head, deal = "rsm:ExchangedDocument/", "rsm:SupplyChainTradeTransaction/"
    agreed = f"{deal}ram:ApplicableHeaderTradeAgreement/"
    settled = f"{deal}ram:ApplicableHeaderTradeSettlement/"
    totals = f"{settled}ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
    order = root.text(f"{agreed}ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID")
    lines = root.each(f"{deal}ram:IncludedSupplyChainTradeLineItem")
    freight, other, words, taken_off = _charges(root, settled)
    return InvoiceOnFile(
        number=root.required(f"{head}ram:ID"),
        invoiced_on=_day(root, f"{head}ram:IssueDateTime"),
        due_on=_day(root, f"{settled}ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime"),
        currency=root.required(f"{settled}ram:InvoiceCurrencyCode"),
        seller=root.text(f"{agreed}ram:SellerTradeParty/ram:Name"),
        order=order,
        lines=tuple(_line(line, order) for line in lines),
        freight=freight,
        other=other,
        other_words=words,
        taken_off=taken_off,
        net=root.number(f"{totals}TaxBasisTotalAmount"),
        tax=root.number(f"{totals}TaxTotalAmount"),
        gross=root.number(f"{totals}GrandTotalAmount"),
        is_credit=root.text(f"{head}ram:TypeCode") in _CREDIT,
        credits=root.text(f"{settled}ram:InvoiceReferencedDocument/ram:IssuerAssignedID"),
        says=root.text(f"{head}ram:IncludedNote/ram:Content"),
    )


def _charges(root: Taking, settled: str) -> tuple[Decimal, Decimal, str, Decimal]:
    freight = other = taken_off = Decimal(0)
    words: list[str] = []
    for one in root.each(f"{settled}ram:SpecifiedLogisticsServiceCharge"):
        freight += one.number("ram:AppliedAmount") or Decimal(0)
    for one in root.each(f"{settled}ram:SpecifiedTradeAllowanceCharge"):
        amount, reason = one.number("ram:ActualAmount") or Decimal(0), one.text("ram:Reason")
        if one.text("ram:ChargeIndicator/udt:Indicator") != "true":
            taken_off += amount
        elif is_freight(one.text("ram:ReasonCode"), reason):
            freight += amount
        else:
            other += amount
            words.append(reason)
    return freight, other, ", ".join(filter(None, words)), taken_off


def _line(line: Taking, order: str) -> InvoiceOnFileLine:
    product, agreed = "ram:SpecifiedTradeProduct/ram:", "ram:SpecifiedLineTradeAgreement/ram:"
    settled = "ram:SpecifiedLineTradeSettlement/ram:"
    price = f"{agreed}NetPriceProductTradePrice/ram:"
    billed = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    return InvoiceOnFileLine(
        number=line.required("ram:AssociatedDocumentLineDocument/ram:LineID"),
        order=line.text(f"{agreed}BuyerOrderReferencedDocument/ram:IssuerAssignedID") or order,
        order_line=line.text(f"{agreed}BuyerOrderReferencedDocument/ram:LineID"),
        code=line.text(f"{product}SellerAssignedID"),
        sku=line.text(f"{product}BuyerAssignedID"),
        gtin=line.text(f"{product}GlobalID"),
        name=line.text(f"{product}Name"),
        quantity=line.number(billed) or Decimal(0),
        unit_code=line.attribute(billed, "unitCode"),
        price=line.number(f"{price}ChargeAmount"),
        price_for=line.number(f"{price}BasisQuantity") or Decimal(1),
        net=line.number(
            f"{settled}SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
        ),
        tax_percent=line.number(f"{settled}ApplicableTradeTax/ram:RateApplicablePercent"),
    )


def _day(root: Taking, path: str) -> date | None:
    path = f"{path}/udt:DateTimeString"
    written = root.text(path)
    if not written:
        return None
    is_day = root.attribute(path, "format") == _DAY and re.fullmatch(r"[0-9]{8}", written)
    try:
        return date.fromisoformat(written if is_day else "")
    except ValueError:
        raise UnusableFile(f"{written[:20]} is no date as CCYYMMDD.") from None
