"""A supplier's Invoice or CreditNote (UBL 2.1, EN 16931, Peppol BIS Billing 3), as they wrote it."""

from decimal import Decimal

from procurement.documents.ubl import GTIN_SCHEME
from procurement.exchange.invoice_terms import InvoiceOnFile, InvoiceOnFileLine, is_freight
from procurement.exchange.ubl.names import read_document
from procurement.exchange.xml import Taking

_ITEM = "cac:Item/"
_CHARGE = "true"
NOTE = "CreditNote"
# Where our own number of a return may stand, beside the notes.
_REFERENCES = ("Despatch", "Receipt", "Originator", "Additional", "Contract")


def read_ubl_invoice(data: bytes, *, is_credit: bool = False) -> InvoiceOnFile:
    """UnusableFile names what is missing or unreadable."""
    if is_credit:
        root, line, counted = read_document(data, NOTE, "a credit note"), NOTE, "Credited"
    else:
        root, line, counted = read_document(data, "Invoice", "an invoice"), "Invoice", "Invoiced"
    order = root.text("cac:OrderReference/cbc:ID")
    totals = "cac:LegalMonetaryTotal/cbc:"
    freight, other, words, taken_off = _charges(root)
    return InvoiceOnFile(
        number=root.required("cbc:ID"),
        invoiced_on=root.day("cbc:IssueDate"),
        due_on=root.day("cbc:DueDate") or root.day("cac:PaymentMeans/cbc:PaymentDueDate"),
        currency=root.required("cbc:DocumentCurrencyCode"),
        seller=_seller(root),
        order=order,
        lines=tuple(
            _line(one, order, f"cbc:{counted}Quantity") for one in root.each(f"cac:{line}Line")
        ),
        freight=freight,
        other=other,
        other_words=words,
        taken_off=taken_off,
        net=root.number(f"{totals}TaxExclusiveAmount"),
        tax=root.number("cac:TaxTotal/cbc:TaxAmount"),
        gross=root.number(f"{totals}TaxInclusiveAmount") or root.number(f"{totals}PayableAmount"),
        is_credit=is_credit,
        credits=root.text("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"),
        says=_said(root),
    )


def _said(root: Taking) -> str:
    names = [f"cac:{name}DocumentReference/cbc:ID" for name in _REFERENCES]
    return " ".join(root.text(name) for name in ("cbc:Note", "cbc:BuyerReference", *names))


def _seller(root: Taking) -> str:
    party = "cac:AccountingSupplierParty/cac:Party/"
    return root.text(f"{party}cac:PartyName/cbc:Name") or root.text(
        f"{party}cac:PartyLegalEntity/cbc:RegistrationName"
    )


def _charges(root: Taking) -> tuple[Decimal, Decimal, str, Decimal]:
    """Freight, other charges and what for, and what is taken off the whole."""
    freight = other = taken_off = Decimal(0)
    words: list[str] = []
    for one in root.each("cac:AllowanceCharge"):
        amount = one.number("cbc:Amount") or Decimal(0)
        reason = one.text("cbc:AllowanceChargeReason")
        if one.text("cbc:ChargeIndicator") != _CHARGE:
            taken_off += amount
        elif is_freight(one.text("cbc:AllowanceChargeReasonCode"), reason):
            freight += amount
        else:
            other += amount
            words.append(reason)
    return freight, other, ", ".join(filter(None, words)), taken_off


def _line(line: Taking, order: str, counted: str) -> InvoiceOnFileLine:
    reference = "cac:OrderLineReference/"
    gtin = f"{_ITEM}cac:StandardItemIdentification/cbc:ID"
    return InvoiceOnFileLine(
        number=line.required("cbc:ID"),
        order=line.text(f"{reference}cac:OrderReference/cbc:ID") or order,
        order_line=line.text(f"{reference}cbc:LineID"),
        code=line.text(f"{_ITEM}cac:SellersItemIdentification/cbc:ID"),
        sku=line.text(f"{_ITEM}cac:BuyersItemIdentification/cbc:ID"),
        gtin=line.text(gtin)
        if line.attribute(gtin, "schemeID") in {"", GTIN_SCHEME, "GTIN"}
        else "",
        name=line.text(f"{_ITEM}cbc:Name"),
        quantity=line.number(counted) or Decimal(0),
        unit_code=line.attribute(counted, "unitCode"),
        price=line.number("cac:Price/cbc:PriceAmount"),
        price_for=line.number("cac:Price/cbc:BaseQuantity") or Decimal(1),
        net=line.number("cbc:LineExtensionAmount"),
        tax_percent=line.number(f"{_ITEM}cac:ClassifiedTaxCategory/cbc:Percent"),
    )
