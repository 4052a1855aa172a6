"""The business rules of Peppol BIS Ordering 3 for an order (transaction T01), each by its number.

Written from the rules OpenPEPPOL publishes for T01 (PEPPOL-T01-R001 to R034 and the mandatory elements of its syntax
binding); the words are ours. R002 and R013 are warnings there and asked for here all the same.
"""

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from procurement.documents.ubl import space_of
from procurement.exchange.ubl.names import PREFIXES

_NAMES = {**PREFIXES, "ubl": space_of("Order")}
_SLACK = Decimal("0.02")
_PROFILES = {
    "urn:fdc:peppol.eu:poacc:bis:order_only:3",
    "urn:fdc:peppol.eu:poacc:bis:ordering:3",
}
_MANDATORY = (
    "cbc:CustomizationID",
    "cbc:ProfileID",
    "cbc:ID",
    "cbc:IssueDate",
    "cbc:DocumentCurrencyCode",
    "cac:BuyerCustomerParty/cac:Party/cbc:EndpointID[@schemeID]",
    "cac:BuyerCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
    "cac:SellerSupplierParty/cac:Party/cbc:EndpointID[@schemeID]",
    "cac:SellerSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName",
    "cac:OrderLine/cac:LineItem/cac:Item/cbc:Name",
)


def broken_rules(xml: bytes) -> list[str]:
    """What is wrong with an order; empty when nothing is."""
    order = _Order(etree.fromstring(xml))
    return [rule for check in order.checks() for rule in check]


class _Order:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.currency = self.one("cbc:DocumentCurrencyCode", root)

    def checks(self) -> Iterator[Iterator[str]]:
        yield self.presence()
        yield self.amounts()
        yield self.totals()
        yield self.allowances()
        yield self.categories()
        for line in self.all("cac:OrderLine/cac:LineItem"):
            yield self.line(line)

    def presence(self) -> Iterator[str]:
        for path in _MANDATORY:
            if not self.all(path):
                yield f"T01 syntax: {path} is mandatory"
        if self.one("cbc:ProfileID", self.root) not in _PROFILES:
            yield "R031 profile"
        if not self.one("cbc:CustomizationID", self.root).startswith(
            "urn:fdc:peppol.eu:poacc:trns:order:3"
        ):
            yield "R034 customization"
        if not self.all("cac:ValidityPeriod/cbc:EndDate"):
            yield "R002 validity"
        for element in self.root.iter():
            if len(element) == 0 and not (element.text or "").strip():
                yield f"PEPPOL-COMMON-R001 empty element {element.tag}"
        for vat in self.all("//cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID"):
            if not (vat.text or "")[:2].isalpha():
                yield "R026 VAT prefix"

    def amounts(self) -> Iterator[str]:
        for amount in self.all("//*[@currencyID]"):
            if amount.get("currencyID") != self.currency:
                yield "R003 one currency"
            within_price = any(
                etree.QName(up).localname == "Price" for up in amount.iterancestors()
            )
            if not within_price and len((amount.text or "").partition(".")[2]) > 2:
                yield f"R028 two decimals {amount.text}"

    def totals(self) -> Iterator[str]:
        (total,) = self.all("cac:AnticipatedMonetaryTotal")
        lines = self.sum("cac:OrderLine/cac:LineItem/cbc:LineExtensionAmount")
        extension = self.number("cbc:LineExtensionAmount", total)
        exclusive = self.number("cbc:TaxExclusiveAmount", total)
        inclusive = self.number("cbc:TaxInclusiveAmount", total)
        allowance = self.sum("cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:Amount")
        charge = self.sum("cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:Amount")
        if self.number("cbc:PayableAmount", total) < 0:
            yield "R006 payable negative"
        if extension < 0:
            yield "R007 lines negative"
        if extension != lines:
            yield f"R008 {extension} is not the sum of lines {lines}"
        if self.number("cbc:AllowanceTotalAmount", total) != allowance:
            yield "R009 allowances"
        if self.number("cbc:ChargeTotalAmount", total) != charge:
            yield "R010 charges"
        if exclusive != extension - allowance + charge:
            yield "R011 without tax"
        if self.number("cbc:PayableAmount", total) != inclusive:
            yield "R016 payable"
        if inclusive != exclusive + self.sum("cac:TaxTotal/cbc:TaxAmount"):
            yield "R017 with tax"

    def allowances(self) -> Iterator[str]:
        for one in self.all("cac:AllowanceCharge | cac:OrderLine/cac:LineItem/cac:AllowanceCharge"):
            if bool(one.findall("cbc:MultiplierFactorNumeric", _NAMES)) != bool(
                one.findall("cbc:BaseAmount", _NAMES)
            ):
                yield "R020, R021 percentage and base go together"
            if not one.findall("cbc:AllowanceChargeReason", _NAMES):
                yield "R023 reason"
            if self.number("cbc:Amount", one) < 0:
                yield "R032 negative"

    def categories(self) -> Iterator[str]:
        for one in self.all("//cac:ClassifiedTaxCategory"):
            code, percent = self.one("cbc:ID", one), self.one("cbc:Percent", one)
            if not percent and code != "O":
                yield "R029 rate"
            if code == "S" and not Decimal(percent or 0) > 0:
                yield "R030 standard rated above nothing"

    def line(self, line: etree._Element) -> Iterator[str]:
        identity = self.one("cbc:ID", line)
        ids = [one.text for one in self.all("cac:OrderLine/cac:LineItem/cbc:ID")]
        if ids.count(identity) != 1:
            yield f"R001 {identity} twice"
        quantity = self.number("cbc:Quantity", line)
        if quantity < 0 or not self.one("cbc:Quantity", line):
            yield "R004, R013 quantity"
        price = self.number("cac:Price/cbc:PriceAmount", line)
        base = self.number("cac:Price/cbc:BaseQuantity", line)
        if price < 0:
            yield "R005 price negative"
        if base <= 0:
            yield "R025 base quantity"
        charges = self.sum("cac:AllowanceCharge[cbc:ChargeIndicator='true']/cbc:Amount", line)
        allowed = self.sum("cac:AllowanceCharge[cbc:ChargeIndicator='false']/cbc:Amount", line)
        net = self.number("cbc:LineExtensionAmount", line)
        if abs(net - (quantity * price / base + charges - allowed)) > _SLACK:
            yield f"R024 {net} is not {quantity} x {price} + {charges} - {allowed}"
        gross = self.one("cac:Price/cac:AllowanceCharge/cbc:BaseAmount", line)
        off = self.number("cac:Price/cac:AllowanceCharge/cbc:Amount", line)
        if gross and (Decimal(gross) < 0 or price != Decimal(gross) - off):
            yield "R019, R027 net price is the gross price less its allowance"
        if off < 0:
            yield "R033 allowance negative"

    def all(self, path: str, below: etree._Element | None = None) -> list[etree._Element]:
        element = self.root if below is None else below
        return list(element.xpath(path, namespaces=_NAMES))

    def one(self, path: str, below: etree._Element) -> str:
        return below.findtext(path, "", _NAMES)

    def number(self, path: str, below: etree._Element) -> Decimal:
        return Decimal(self.one(path, below) or 0)

    def sum(self, path: str, below: etree._Element | None = None) -> Decimal:
        return sum((Decimal(one.text or 0) for one in self.all(path, below)), Decimal(0))
