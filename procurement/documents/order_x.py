"""A purchase order for machines: Order-X 1.0, profile COMFORT (FeRD and FNFE-MPE, on UN/CEFACT SCRDM CIO D20B)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from lxml import etree

from procurement.documents.content import PurchaseOrderContent
from procurement.documents.trade import TradeLine, TradeParty, TradeTerms

PROFILE = "urn:order-x.eu:1p0:comfort"
_DATA = "urn:un:unece:uncefact:data:"
_NAMES = {
    "rsm": f"{_DATA}SCRDMCCBDACIOMessageStructure:100",
    "ram": f"{_DATA}standard:ReusableAggregateBusinessInformationEntity:128",
    "qdt": f"{_DATA}standard:QualifiedDataType:128",
    "udt": f"{_DATA}standard:UnqualifiedDataType:128",
}
_ORDER, _CHANGE = "220", "230"  # UNTDID 1001
_ORIGINAL, _REPLACED = "9", "5"  # UNTDID 1225
_ANSWER_WANTED = "AC"  # UNTDID 4343: acknowledge, with details and changes
_GTIN = "0160"  # ISO/IEC 6523
_DAY = "102"  # UNTDID 2379: CCYYMMDD
_NOTHING = Decimal(0)
# A price times a quantity may miss the rounded line by this much and still count as its rounding.
SLACK = Decimal("0.02")


def can_be_order_x(content: PurchaseOrderContent) -> bool:
    """Both countries are asked for, and amounts of two decimals at most (profile rules on amounts)."""
    trade = content.trade
    return (
        trade is not None
        and bool(trade.buyer.country and trade.seller.country)
        and all(_places(line.net) <= 2 for line in trade.lines)
    )


def order_x(content: PurchaseOrderContent) -> bytes:
    """The order as a UTF-8 document; the same content gives the same bytes."""
    trade = content.trade
    assert trade is not None
    root = etree.Element(_tag("rsm:SCRDMCCBDACIOMessageStructure"), nsmap=_NAMES)
    context = _under(root, "rsm:ExchangedDocumentContext")
    _under(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID", PROFILE)
    _document(root, content, trade)
    deal = _under(root, "rsm:SupplyChainTradeTransaction")
    for line in trade.lines:
        _line(deal, line, trade)
    agreement = _under(deal, "ram:ApplicableHeaderTradeAgreement")
    if content.ordered_by:
        _under(agreement, "ram:BuyerReference", content.ordered_by)
    _party(agreement, "ram:SellerTradeParty", trade.seller)
    _party(agreement, "ram:BuyerTradeParty", trade.buyer)
    delivery = _under(deal, "ram:ApplicableHeaderTradeDelivery")
    _party(delivery, "ram:ShipToTradeParty", trade.ship_to)
    if trade.due_on:
        event = _under(delivery, "ram:RequestedDeliverySupplyChainEvent")
        _day(event, "ram:OccurrenceDateTime", trade.due_on)
    _settlement(deal, content)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


FREIGHT = "FC"  # UNTDID 7161: freight service


def rounding_of(line: TradeLine) -> Decimal:
    """What a line's rounding has to be told as an allowance (negative) or charge; nothing where prices explain it."""
    off = line.rounding.quantize(Decimal("0.01"))
    return off if abs(line.rounding) > SLACK else _NOTHING


def _document(root: etree._Element, content: PurchaseOrderContent, trade: TradeTerms) -> None:
    document = _under(root, "rsm:ExchangedDocument")
    _under(document, "ram:ID", content.number)
    _under(document, "ram:TypeCode", _CHANGE if content.revision > 0 else _ORDER)
    _day(document, "ram:IssueDateTime", content.issued_on)
    _under(document, "ram:PurposeCode", _REPLACED if content.revision > 0 else _ORIGINAL)
    _under(document, "ram:RequestedResponseTypeCode", _ANSWER_WANTED)
    for note in (trade.note, *content.requests):
        if note:
            _under(document, "ram:IncludedNote/ram:Content", note)


def _line(deal: etree._Element, line: TradeLine, trade: TradeTerms) -> None:
    item = _under(deal, "ram:IncludedSupplyChainTradeLineItem")
    _under(item, "ram:AssociatedDocumentLineDocument/ram:LineID", str(line.position))
    product = _under(item, "ram:SpecifiedTradeProduct")
    if line.gtin:
        _under(product, "ram:GlobalID", line.gtin, schemeID=_GTIN)
    if line.supplier_code:
        _under(product, "ram:SellerAssignedID", line.supplier_code)
    _under(product, "ram:BuyerAssignedID", line.sku)
    _under(product, "ram:Name", line.name)
    _under(product, "ram:Description", line.pack)
    agreement = _under(item, "ram:SpecifiedLineTradeAgreement")
    if line.off:
        gross = _under(agreement, "ram:GrossPriceProductTradePrice")
        _under(gross, "ram:ChargeAmount", _number(line.price + line.off))
        discount = _under(gross, "ram:AppliedTradeAllowanceCharge")
        _under(discount, "ram:ChargeIndicator/udt:Indicator", "false")
        _under(discount, "ram:ActualAmount", _number(line.off))
    price = _under(agreement, "ram:NetPriceProductTradePrice")
    _under(price, "ram:ChargeAmount", _number(line.price))
    _under(price, "ram:BasisQuantity", "1", unitCode=line.unit_code)
    delivery = _under(item, "ram:SpecifiedLineTradeDelivery")
    _under(delivery, "ram:RequestedQuantity", str(line.packs), unitCode=line.unit_code)
    if line.wanted_by:
        event = _under(delivery, "ram:RequestedDeliverySupplyChainEvent")
        _day(event, "ram:OccurrenceDateTime", line.wanted_by)
    settlement = _under(item, "ram:SpecifiedLineTradeSettlement")
    tax = _under(settlement, "ram:ApplicableTradeTax")
    _under(tax, "ram:TypeCode", "VAT")
    _under(tax, "ram:CategoryCode", tax_category(line.tax_rate, trade))
    _under(tax, "ram:RateApplicablePercent", _number(line.tax_rate))
    if off := rounding_of(line):
        _rounding(settlement, off)
    _under(
        settlement,
        "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount",
        _number(line.net),
    )


def _rounding(settlement: etree._Element, off: Decimal) -> None:
    allowance = _under(settlement, "ram:SpecifiedTradeAllowanceCharge")
    _under(allowance, "ram:ChargeIndicator/udt:Indicator", "true" if off > 0 else "false")
    _under(allowance, "ram:ActualAmount", _number(abs(off)))
    _under(allowance, "ram:Reason", "Rounding")


def tax_category(rate: Decimal, trade: TradeTerms) -> str:
    """UNTDID 5305: standard (any rate above nothing), intra-Community supply, or zero rated."""
    if rate > 0:
        return "S"
    return "K" if trade.is_acquired else "Z"


def _party(parent: etree._Element, name: str, party: TradeParty) -> None:
    element = _under(parent, name)
    _under(element, "ram:Name", party.name)
    if party.contact or party.phone or party.email:
        contact = _under(element, "ram:DefinedTradeContact")
        if party.contact:
            _under(contact, "ram:PersonName", party.contact)
        if party.phone:
            _under(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", party.phone)
        if party.email:
            _under(contact, "ram:EmailURIUniversalCommunication/ram:URIID", party.email)
    if party.country:
        address = _under(element, "ram:PostalTradeAddress")
        parts = ("ram:LineOne", "ram:LineTwo", "ram:LineThree")
        for part, text in zip(parts, _three(party.address), strict=False):
            _under(address, part, text)
        _under(address, "ram:CountryID", party.country)
    if party.endpoint:
        scheme, _, number = party.endpoint.partition(":")
        _under(element, "ram:URIUniversalCommunication/ram:URIID", number, schemeID=scheme)
    if party.vat_id:
        _under(element, "ram:SpecifiedTaxRegistration/ram:ID", party.vat_id, schemeID="VA")


def _three(lines: Iterable[str]) -> tuple[str, ...]:
    """An address in the three lines there are; what is over stands in the last."""
    kept = [line for line in lines if line.strip()]
    return (*kept[:2], ", ".join(kept[2:])) if len(kept) > 2 else tuple(kept)


def _settlement(deal: etree._Element, content: PurchaseOrderContent) -> None:
    totals = content.totals
    settlement = _under(deal, "ram:ApplicableHeaderTradeSettlement")
    _under(settlement, "ram:OrderCurrencyCode", content.currency)
    freight = content.freight or _NOTHING
    if freight and content.trade:
        _freight(settlement, content.trade)
    sums = _under(settlement, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    _under(sums, "ram:LineTotalAmount", _number(totals.net - freight))
    if freight:
        _under(sums, "ram:ChargeTotalAmount", _number(freight))
    _under(sums, "ram:TaxBasisTotalAmount", _number(totals.net))
    _under(sums, "ram:TaxTotalAmount", _number(totals.tax), currencyID=content.currency)
    _under(sums, "ram:GrandTotalAmount", _number(totals.gross))


def _freight(settlement: etree._Element, trade: TradeTerms) -> None:
    charge = _under(settlement, "ram:SpecifiedTradeAllowanceCharge")
    _under(charge, "ram:ChargeIndicator/udt:Indicator", "true")
    _under(charge, "ram:ActualAmount", _number(trade.freight))
    _under(charge, "ram:ReasonCode", FREIGHT)
    _under(charge, "ram:Reason", "Freight")
    tax = _under(charge, "ram:CategoryTradeTax")
    _under(tax, "ram:TypeCode", "VAT")
    _under(tax, "ram:CategoryCode", tax_category(trade.freight_tax_rate, trade))
    _under(tax, "ram:RateApplicablePercent", _number(trade.freight_tax_rate))


def _day(parent: etree._Element, name: str, day: date) -> None:
    _under(parent, f"{name}/udt:DateTimeString", f"{day:%Y%m%d}", format=_DAY)


def _number(number: Decimal) -> str:
    return format(number, "f")


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _under(
    parent: etree._Element, path: str, text: str | None = None, **attributes: str
) -> etree._Element:
    """Add an element, or a chain of them ("a/b"), and give back the last."""
    element = parent
    for name in path.split("/"):
        element = etree.SubElement(element, _tag(name))
    for key, value in attributes.items():
        element.set(key, value)
    if text is not None:
        element.text = text
    return element


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NAMES[prefix]}}}{local}"
