"""The rules of Peppol BIS Billing 3.0 beside those of EN 16931, each by its number, as far as our documents touch them.

Written from the rules OpenPEPPOL publishes (PEPPOL-EN16931-R* and -P*); the words are ours. EN 16931's own rules (BR-*)
are tested with the CEN's schematron.
"""

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from procurement.exchange.ubl.names import PREFIXES

_SLACK = Decimal("0.02")
_REASONS = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}


def broken_rules(root: etree._Element) -> list[str]:
    """What is wrong with an invoice or a credit note; empty when nothing is."""
    return [*_head(root), *_parties(root), *_taxes(root), *_lines(root)]


def _head(root: etree._Element) -> Iterator[str]:
    if not _text(root, "cbc:ProfileID").startswith("urn:fdc:peppol.eu:2017:poacc:billing:"):
        yield "R001, R007 profile"
    if not _text(root, "cac:OrderReference/cbc:ID"):
        yield "R003 order or buyer reference"
    if not _text(root, "cbc:CustomizationID").startswith("urn:cen.eu:en16931:2017#compliant#"):
        yield "R004 customization"
    for element in root.iter():
        if len(element) == 0 and not (element.text or "").strip():
            yield f"R008 empty element {element.tag}"
    currency = _text(root, "cbc:DocumentCurrencyCode")
    if any(one.get("currencyID") != currency for one in _all(root, "//*[@currencyID]")):
        yield "R051 one currency"
    if len(_all(root, "cac:TaxTotal[cac:TaxSubtotal]")) != 1:
        yield "R053 one tax total with a breakdown"


def _parties(root: etree._Element) -> Iterator[str]:
    for number, who in (("R010", "Customer"), ("R020", "Supplier")):
        if not _all(root, f"cac:Accounting{who}Party/cac:Party/cbc:EndpointID[@schemeID]"):
            yield f"{number} electronic address of the {who.lower()}"


def _taxes(root: etree._Element) -> Iterator[str]:
    for one in _all(root, "cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory"):
        code, why = _text(one, "cbc:ID"), _text(one, "cbc:TaxExemptionReasonCode")
        if why and why != _REASONS.get(code):
            yield f"P0104 to P0111 {why} with category {code}"
        if code in _REASONS and not why:
            yield f"category {code} has a code of its reason"


def _lines(root: etree._Element) -> Iterator[str]:
    for line in _all(root, "cac:InvoiceLine | cac:CreditNoteLine"):
        quantity = _number(line, "cbc:InvoicedQuantity") + _number(line, "cbc:CreditedQuantity")
        base = _number(line, "cac:Price/cbc:BaseQuantity")
        if base <= 0:
            yield "R121 base quantity"
        charged = _number(line, "cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:Amount")
        allowed = _number(line, "cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:Amount")
        wanted = quantity * _number(line, "cac:Price/cbc:PriceAmount") / base + charged - allowed
        if abs(_number(line, "cbc:LineExtensionAmount") - wanted) > _SLACK:
            yield f"R120 net of line {_text(line, 'cbc:ID')} is not {wanted}"


def _all(below: etree._Element, path: str) -> list[etree._Element]:
    return list(below.xpath(path, namespaces=PREFIXES))


def _text(below: etree._Element, path: str) -> str:
    return below.findtext(path, "", PREFIXES)


def _number(below: etree._Element, path: str) -> Decimal:
    return sum((Decimal(one.text or 0) for one in _all(below, path)), Decimal(0))
