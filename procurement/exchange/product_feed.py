"""What is offered, for those who list products of many shops: RSS 2.0 with the elements of Google's product data.

Source: the product data specification of Google Merchant Center, namespace http://base.google.com/ns/1.0; other
readers take the same elements. Only what every visitor sees: the caller asks as the public.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from procurement.catalogue.rules.wording import size_words
from procurement.kernel.quantity import Unit, plain
from procurement.planning.queries.taking_away import Taken, TakenPack, TakenProduct
from procurement.planning.rules.badges import Badge, Stock

SPACE = "http://base.google.com/ns/1.0"
ATOM = "http://www.w3.org/2005/Atom"
IN_ONE_FILE = 10_000
_DESCRIBED, _TITLED = 5_000, 150  # characters, by the specification
_AVAILABILITY = {
    Stock.IN: "in_stock",
    Stock.LOW: "in_stock",
    Stock.DUE: "out_of_stock",  # a day of arrival is asked for with "backorder", and it is not always known
    Stock.TO_ORDER: "out_of_stock",
    Stock.NONE: "out_of_stock",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Whole addresses of things: of a product by SKU, of a picture by SHA-256; of the next part, or empty."""

    product: Callable[[str], str]
    picture: Callable[[str | None], str]
    home: str
    here: str
    next: str = ""


def product_feed(taken: Taken, seller: str, about: str, addresses: Addresses) -> bytes:
    """One item for each product, in its sales pack. Services and what has no pack are left out."""
    names = {"g": SPACE, "atom": ATOM}
    rss = etree.Element("rss", {"version": "2.0"}, nsmap=names)
    channel = etree.SubElement(rss, "channel")
    for name, text in (("title", seller), ("link", addresses.home), ("description", about)):
        etree.SubElement(channel, name).text = text
    for rel, address in (("self", addresses.here), ("next", addresses.next)):
        if address:
            etree.SubElement(channel, f"{{{ATOM}}}link", {"rel": rel, "href": address})
    for one in taken.products:
        pack = next((pack for pack in one.packs if pack.pack.is_sales_pack), None)
        if pack is not None and pack.badge is not None:
            _item(etree.SubElement(channel, "item"), one, pack, pack.badge, addresses)
    return etree.tostring(rss, xml_declaration=True, encoding="UTF-8")


def _item(
    item: etree._Element, one: TakenProduct, pack: TakenPack, badge: Badge, addresses: Addresses
) -> None:
    product = one.product
    said = {
        "id": product.sku,
        "title": f"{product.name}, {pack.pack.name}"[:_TITLED],
        "description": (product.description or product.name)[:_DESCRIBED],
        "link": addresses.product(product.sku),
        "image_link": addresses.picture(one.picture) if one.picture else "",
        "availability": _AVAILABILITY[badge.stock],
        "price": _price(pack),
        "brand": product.brand,
        "gtin": pack.pack.gtin or "",
        "identifier_exists": "" if pack.pack.gtin else "no",
        "item_group_id": product.family,
        "product_type": product.category,
        "condition": "new",
        **_measure(product.unit, pack),
    }
    for name, text in said.items():
        if text:
            etree.SubElement(item, f"{{{SPACE}}}{name}").text = text


def _price(pack: TakenPack) -> str:
    """Of one pack; empty where visitors see none, or only from a larger number on."""
    if not pack.steps or pack.steps[0].from_packs > 1:
        return ""
    price = pack.steps[0].price
    return f"{price.amount} {price.currency}"


def _measure(unit: Unit, pack: TakenPack) -> dict[str, str]:
    """What the pack holds, and the measure prices are compared by."""
    if unit is Unit.PIECE:
        amount = Decimal(pack.pack.size_steps)
        return {"unit_pricing_measure": f"{plain(amount)} ct"} if amount > 1 else {}
    return {
        "unit_pricing_measure": size_words(pack.pack.size_steps, unit).replace(" ", ""),
        "unit_pricing_base_measure": f"100{unit.value}",
    }
