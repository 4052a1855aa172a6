"""A placed order as UBL 2.1 Order in the shape of Peppol BIS Ordering 3 (transaction T01), from its frozen content."""

from decimal import Decimal

from procurement.documents.content import PurchaseOrderContent
from procurement.documents.order_x import FREIGHT, rounding_of, tax_category
from procurement.documents.trade import TradeLine, TradeParty, TradeTerms
from procurement.documents.ubl import GTIN_SCHEME, Writing
from procurement.kernel.errors import Conflict

# Peppol BIS Ordering 3, "Specification identification"; PEPPOL-T01-R034, -R031: an answer is part of the process.
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:order:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:ordering:3"
MOST_PLACES = 2  # PEPPOL-T01-R028: of all amounts but prices
_MAIL = "EM"  # Electronic Address Scheme: a mail address, where no Peppol participant is known


def order_to_ubl(content: PurchaseOrderContent) -> bytes:
    """The document in UTF-8, the same for the same content. Conflict where Peppol has no words for it."""
    trade = _require_sayable(content)
    order = Writing.document("Order")
    order.say("CustomizationID", CUSTOMIZATION)
    order.say("ProfileID", PROFILE)
    order.say("ID", content.number)
    order.say("IssueDate", content.issued_on.isoformat())
    order.say("OrderTypeCode", "220")  # UNTDID 1001: purchase order
    order.say("Note", "\n".join(note for note in (trade.note, *content.requests) if note))
    order.say("DocumentCurrencyCode", content.currency)
    order.say("CustomerReference", content.ordered_by)
    if trade.answer_by:
        order.within("ValidityPeriod").say("EndDate", trade.answer_by.isoformat())
    if content.revision > 0:
        order.within("OrderDocumentReference").say("ID", f"{content.number} R{content.revision}")
    _party(order.within("BuyerCustomerParty/Party"), trade.buyer)
    _party(order.within("SellerSupplierParty/Party"), trade.seller)
    _delivery(order, trade)
    if trade.freight:
        _freight(order.within("AllowanceCharge"), trade, content.currency)
    order.within("TaxTotal").amount("TaxAmount", content.totals.tax, content.currency)
    _totals(order.within("AnticipatedMonetaryTotal"), content)
    for line in trade.lines:
        _line(order.within("OrderLine/LineItem"), line, trade, content.currency)
    return order.done()


def _require_sayable(content: PurchaseOrderContent) -> TradeTerms:
    if content.trade is None:
        raise Conflict(
            f"{content.number} was placed before orders could be exported; its PDF is all there is."
        )
    totals = content.totals
    for amount in (
        totals.net,
        totals.tax,
        content.trade.freight,
        *(line.net for line in content.trade.lines),
    ):
        if int(amount.as_tuple().exponent) < -MOST_PLACES:
            raise Conflict(
                f"Peppol orders have amounts of two decimals, and {content.currency} has more."
            )
    return content.trade


def _party(party: Writing, about: TradeParty) -> None:
    scheme, _, number = about.endpoint.partition(":")
    if number:
        party.say("EndpointID", number, schemeID=scheme)
    else:
        party.say("EndpointID", about.email, schemeID=_MAIL)
    party.within("PartyName").say("Name", about.name)
    if about.country:
        _address(party.within("PostalAddress"), about)
    if about.vat_id[:2].isalpha() and about.vat_id:  # PEPPOL-T01-R026: with its country before it
        tax = party.within("PartyTaxScheme")
        tax.say("CompanyID", about.vat_id)
        tax.within("TaxScheme").say("ID", "VAT")
    party.within("PartyLegalEntity").say("RegistrationName", about.name)
    if about.contact or about.phone or about.email:
        contact = party.within("Contact")
        contact.say("Name", about.contact)
        contact.say("Telephone", about.phone)
        contact.say("ElectronicMail", about.email)


def _address(address: Writing, about: TradeParty) -> None:
    lines = [line for line in about.address if line.strip()]
    address.say("StreetName", ", ".join(lines[:1]))
    address.say("AdditionalStreetName", ", ".join(lines[1:2]))
    if lines[2:]:
        address.within("AddressLine").say("Line", ", ".join(lines[2:]))
    address.within("Country").say("IdentificationCode", about.country)


def _delivery(order: Writing, trade: TradeTerms) -> None:
    place = trade.ship_to
    delivery = order.within("Delivery")
    if place.country:
        _address(delivery.within("DeliveryLocation/Address"), place)
    if trade.due_on:
        delivery.within("RequestedDeliveryPeriod").say("EndDate", trade.due_on.isoformat())
    delivery.within("DeliveryParty/PartyName").say("Name", place.name)


def _freight(charge: Writing, trade: TradeTerms, currency: str) -> None:
    charge.say("ChargeIndicator", "true")
    charge.say("AllowanceChargeReasonCode", FREIGHT)
    charge.say("AllowanceChargeReason", "Freight")
    charge.amount("Amount", trade.freight, currency)
    tax = charge.within("TaxCategory")
    tax.say("ID", tax_category(trade.freight_tax_rate, trade))
    tax.say("Percent", format(trade.freight_tax_rate, "f"))
    tax.within("TaxScheme").say("ID", "VAT")


def _totals(total: Writing, content: PurchaseOrderContent) -> None:
    sums, freight = content.totals, content.freight or Decimal(0)
    amounts: list[tuple[str, Decimal]] = [
        ("LineExtensionAmount", sums.net - freight),
        ("TaxExclusiveAmount", sums.net),
        ("TaxInclusiveAmount", sums.gross),
        ("ChargeTotalAmount", freight),
        ("PayableAmount", sums.gross),
    ]
    for name, amount in amounts:
        if name == "ChargeTotalAmount" and not freight:
            continue
        total.amount(name, amount, content.currency)


def _line(item: Writing, line: TradeLine, trade: TradeTerms, currency: str) -> None:
    item.say("ID", str(line.position))
    item.say("Quantity", str(line.packs), unitCode=line.unit_code)
    item.amount("LineExtensionAmount", line.net, currency)
    if line.wanted_by:
        period = item.within("Delivery/RequestedDeliveryPeriod")
        period.say("EndDate", line.wanted_by.isoformat())
    if off := rounding_of(line):
        charge = item.within("AllowanceCharge")
        charge.say("ChargeIndicator", "true" if off > 0 else "false")
        charge.say("AllowanceChargeReason", "Rounding")
        charge.amount("Amount", abs(off), currency)
    price = item.within("Price")
    price.amount("PriceAmount", line.price, currency)
    price.say("BaseQuantity", "1", unitCode=line.unit_code)
    if line.off:  # PEPPOL-T01-R019: what is paid is the list price less this
        allowance = price.within("AllowanceCharge")
        allowance.say("ChargeIndicator", "false")
        allowance.amount("Amount", line.off, currency)
        allowance.amount("BaseAmount", line.price + line.off, currency)
    _item(item.within("Item"), line, trade)


def _item(item: Writing, line: TradeLine, trade: TradeTerms) -> None:
    item.say("Description", line.pack)
    item.say("Name", line.name)
    item.within("BuyersItemIdentification").say("ID", line.sku)
    if line.supplier_code:
        item.within("SellersItemIdentification").say("ID", line.supplier_code)
    if line.gtin:
        item.within("StandardItemIdentification").say("ID", line.gtin, schemeID=GTIN_SCHEME)
    tax = item.within("ClassifiedTaxCategory")
    tax.say("ID", tax_category(line.tax_rate, trade))
    tax.say("Percent", format(line.tax_rate, "f"))
    tax.within("TaxScheme").say("ID", "VAT")
