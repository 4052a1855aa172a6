"""A shipment as UBL 2.1 Invoice, a return as CreditNote, in the shape of Peppol BIS Billing 3.0 where we have the data.

What the rules of EN 16931 and Peppol want and nobody has told us is left out, never made up: a customer's country or
electronic address, a buyer's reference beside the order number.
"""

from dataclasses import replace

from procurement.documents.trade import TradeParty
from procurement.documents.ubl import GTIN_SCHEME, Writing
from procurement.exchange.ubl.taxes import breakdown, require_tax_said
from procurement.kernel.errors import Conflict
from procurement.kernel.money import TaxRate, minor_digits
from procurement.kernel.quantity import plain
from procurement.kernel.tax_categories import TaxCategory
from procurement.purchasing.rules.units import unit_code
from procurement.sales.terms.exports import InvoiceDraft, InvoiceLine

# Peppol BIS Billing 3.0, "Specification identification": PEPPOL-EN16931-R004, -R007.
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_INVOICE, _CREDIT_NOTE = "380", "381"  # UNTDID 1001
_MOST_PLACES = 2  # BR-DEC-*: of all amounts but prices
_NOT_ISO = "9000"  # from here on the schemes are Peppol's own, not of ISO/IEC 6523 (BR-CL-10)
_MAIL = "EM"  # Electronic Address Scheme: a mail address, where no Peppol participant is known


def invoice_to_ubl(draft: InvoiceDraft, seller: TradeParty, buyer: TradeParty) -> bytes:
    """The document in UTF-8, the same for the same draft. Conflict where Peppol has no words for it."""
    if minor_digits(draft.currency) > _MOST_PLACES:
        raise Conflict(f"Peppol invoices have two decimals, and {draft.currency} has more.")
    name = "CreditNote" if draft.is_credit else "Invoice"
    require_tax_said(draft, seller, buyer)
    document = Writing.document(name)
    document.say("CustomizationID", CUSTOMIZATION)
    document.say("ProfileID", PROFILE)
    document.say("ID", draft.number)
    document.say("IssueDate", draft.on.isoformat())
    document.say(f"{name}TypeCode", _CREDIT_NOTE if draft.is_credit else _INVOICE)
    document.say("DocumentCurrencyCode", draft.currency)
    order = document.within("OrderReference")  # PEPPOL-EN16931-R003: this, or a buyer's reference
    order.say("ID", draft.customer_ref or draft.order)
    order.say("SalesOrderID", draft.order)
    if draft.is_credit:
        billing = document.within("BillingReference/InvoiceDocumentReference")
        billing.say("ID", draft.of_shipment)
    else:
        document.within("DespatchDocumentReference").say("ID", draft.number)
    if any(line.category is TaxCategory.OUTSIDE for line in draft.lines):  # BR-O-02
        seller, buyer = replace(seller, vat_id=""), replace(buyer, vat_id="")
    _party(document.within("AccountingSupplierParty/Party"), seller)
    _party(document.within("AccountingCustomerParty/Party"), buyer)
    _delivery(document.within("Delivery"), draft)
    if draft.payment_terms and not draft.is_credit:
        document.within("PaymentTerms").say("Note", draft.payment_terms)
    _taxes(document.within("TaxTotal"), draft)
    _totals(document.within("LegalMonetaryTotal"), draft)
    for line in draft.lines:
        _line(document.within(f"{name}Line"), line, draft)
    return document.done()


def _party(party: Writing, about: TradeParty) -> None:
    scheme, _, number = about.endpoint.partition(":")
    if number:
        party.say("EndpointID", number, schemeID=scheme)
    else:
        party.say("EndpointID", about.email, schemeID=_MAIL)
    if number and not about.vat_id and scheme < _NOT_ISO:  # BR-CO-26: known by some number
        party.within("PartyIdentification").say("ID", number, schemeID=scheme)
    party.within("PartyName").say("Name", about.name)
    if about.country or about.address:
        _address(party.within("PostalAddress"), about)
    if about.vat_id[:2].isalpha() and about.vat_id:
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
    if about.country:
        address.within("Country").say("IdentificationCode", about.country)


def _delivery(delivery: Writing, draft: InvoiceDraft) -> None:
    """When and where to; an intra-Community supply needs both (BR-IC-11, BR-IC-12), a credit note of one too."""
    delivery.say("ActualDeliveryDate", draft.on.isoformat())
    if draft.deliver_country:
        country = delivery.within("DeliveryLocation/Address/Country")
        country.say("IdentificationCode", draft.deliver_country)


def _taxes(total: Writing, draft: InvoiceDraft) -> None:
    total.amount("TaxAmount", draft.tax.decimal, draft.currency)
    for row in breakdown(draft):
        part = total.within("TaxSubtotal")
        part.amount("TaxableAmount", row.net, draft.currency)
        part.amount("TaxAmount", row.tax, draft.currency)
        _category(part.within("TaxCategory"), row.category, row.rate, why=row.why)


def _totals(total: Writing, draft: InvoiceDraft) -> None:
    for name, amount in (
        ("LineExtensionAmount", draft.net),
        ("TaxExclusiveAmount", draft.net),
        ("TaxInclusiveAmount", draft.gross),
        ("PayableAmount", draft.gross),
    ):
        total.amount(name, amount.decimal, draft.currency)


def _line(item: Writing, line: InvoiceLine, draft: InvoiceDraft) -> None:
    code = unit_code(line.pack, line.size.unit, line.size.steps)
    item.say("ID", str(line.position))
    quantity = "CreditedQuantity" if draft.is_credit else "InvoicedQuantity"
    item.say(quantity, plain(line.packs), unitCode=code)
    item.amount("LineExtensionAmount", line.net.decimal, draft.currency)
    item.within("OrderLineReference").say("LineID", str(line.position))
    off = line.at_list.minor - line.net.minor
    if off:  # PEPPOL-EN16931-R120: the line's net is quantity times price less this
        allowance = item.within("AllowanceCharge")
        allowance.say("ChargeIndicator", "false")
        allowance.say("AllowanceChargeReason", "Discount")
        allowance.amount("Amount", line.at_list.decimal - line.net.decimal, draft.currency)
    about = item.within("Item")
    about.say("Description", line.pack)
    about.say("Name", line.name)
    about.within("SellersItemIdentification").say("ID", line.sku)
    if line.gtin:
        about.within("StandardItemIdentification").say("ID", line.gtin, schemeID=GTIN_SCHEME)
    _category(about.within("ClassifiedTaxCategory"), line.category, line.tax)
    price = item.within("Price")
    price.amount("PriceAmount", line.price.decimal, draft.currency)
    price.say("BaseQuantity", "1", unitCode=code)


def _category(category: Writing, code: TaxCategory, rate: TaxRate, *, why: str = "") -> None:
    category.say("ID", code)
    if code is not TaxCategory.OUTSIDE:  # BR-O-05: what is outside has no rate
        category.say("Percent", rate.percent)
    if why:
        category.say("TaxExemptionReasonCode", code.reason_code)
        category.say("TaxExemptionReason", why)
    category.within("TaxScheme").say("ID", "VAT")
