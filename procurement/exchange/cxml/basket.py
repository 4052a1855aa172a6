"""The basket as it goes back to the procurement system: a PunchOutOrderMessage."""

from collections.abc import Sequence
from datetime import datetime

from lxml import etree

from procurement.exchange.cxml.answers import new_document
from procurement.exchange.cxml.names import LANGUAGE, NO_CONTENT, TEXTS, as_bytes
from procurement.kernel.money import Money
from procurement.purchasing.rules.units import unit_code
from procurement.sales.terms.punchout import BasketItem, Credential, Visit

# The names a form's field may have; which one says how the value is written (the guide's "PunchOutOrderMessage").
FIELD = "cXML-urlencoded"
# Both are in Recommendation 20; procurement systems that keep a short list of units have "each" and not "piece".
PIECE, EACH = "H87", "EA"


def write_basket(
    visit: Visit,
    items: Sequence[BasketItem],
    currency: str,
    *,
    freight: Money | None = None,
    host: str,
    at: datetime,
) -> bytes:
    """Plain ASCII: any page can carry it. Without items it says that nothing came of the visit.

    The total is of the goods alone; what bringing them costs stands beside it (Shipping), as their order will have it.
    """
    root = new_document(host, at)
    _header(root, visit)
    message = etree.SubElement(root, "Message", deploymentMode=visit.mode.value)
    if not items:
        etree.SubElement(message, "Status", code=str(NO_CONTENT), text=TEXTS[NO_CONTENT])
    order = etree.SubElement(message, "PunchOutOrderMessage")
    etree.SubElement(order, "BuyerCookie").text = visit.buyer_cookie
    total = sum((item.price.total(item.packs).minor for item in items), start=0)
    head = etree.SubElement(order, "PunchOutOrderMessageHeader", operationAllowed="edit")
    _money(etree.SubElement(head, "Total"), Money(total, currency).amount, currency)
    if freight and freight.minor:
        shipping = etree.SubElement(head, "Shipping")
        _money(shipping, freight.amount, freight.currency)
        words = etree.SubElement(shipping, "Description")
        words.set(LANGUAGE, "en")
        words.text = "Delivery"
    for position, item in enumerate(items, start=1):
        _item(order, item, position, visit.unspsc)
    return as_bytes(root, encoding="US-ASCII")


def _header(root: etree._Element, visit: Visit) -> None:
    header = etree.SubElement(root, "Header")
    for name, party in (("From", visit.own), ("To", visit.origin), ("Sender", visit.own)):
        _credential(etree.SubElement(header, name), party)
    etree.SubElement(header[-1], "UserAgent").text = "Stillroom"


def _credential(parent: etree._Element, party: Credential) -> None:
    credential = etree.SubElement(parent, "Credential", domain=party.domain)
    etree.SubElement(credential, "Identity").text = party.identity


def _item(order: etree._Element, item: BasketItem, position: int, unspsc: str) -> None:
    """The parts in the order that the document type asks for."""
    row = etree.SubElement(order, "ItemIn", quantity=str(item.packs), lineNumber=str(position))
    ids = etree.SubElement(row, "ItemID")
    etree.SubElement(ids, "SupplierPartID").text = item.sku
    etree.SubElement(ids, "SupplierPartAuxiliaryID").text = item.pack
    detail = etree.SubElement(row, "ItemDetail")
    _money(etree.SubElement(detail, "UnitPrice"), item.price.amount, item.price.currency)
    description = etree.SubElement(detail, "Description")
    description.set(LANGUAGE, "en")
    description.text = f"{item.name}, {item.pack_name}"
    code = unit_code(item.pack_name, item.size.unit, item.size.steps)
    etree.SubElement(detail, "UnitOfMeasure").text = EACH if code == PIECE else code
    if unspsc:
        etree.SubElement(detail, "Classification", domain="UNSPSC").text = unspsc
    if item.category or not unspsc:  # at least one has to stand there
        kind = etree.SubElement(detail, "Classification", domain="Category")
        kind.text = item.category or "Massage products"
    if item.manufacturer_part:
        etree.SubElement(detail, "ManufacturerPartID").text = item.manufacturer_part
    if item.manufacturer:
        etree.SubElement(detail, "ManufacturerName").text = item.manufacturer
    if item.lead_days is not None:
        etree.SubElement(detail, "LeadTime").text = str(item.lead_days)


def _money(parent: etree._Element, amount: str, currency: str) -> None:
    etree.SubElement(parent, "Money", currency=currency).text = amount
