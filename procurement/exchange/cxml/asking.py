"""What a procurement system asks: a visit to the shop, or an order."""

from datetime import date

from procurement.exchange.cxml.envelope import Envelope, one, whole
from procurement.exchange.tabular import UnusableFile
from procurement.exchange.xml import Taking
from procurement.kernel.money import UnitPrice
from procurement.kernel.text import is_storable
from procurement.sales.terms.punchout import (
    OrderAsked,
    OrderChange,
    VisitAsked,
    VisitOperation,
    WantedPart,
)

SETUP, ORDER, PROFILE = "PunchOutSetupRequest", "OrderRequest", "ProfileRequest"
_MOST_LINES = 500
_NAMES = ("UserPrintableName", "UserFullName", "UniqueName", "User")
_MAILS = ("UserEmail", "Email")


def read_setup(envelope: Envelope) -> VisitAsked:
    """A PunchOutSetupRequest. UnusableFile names what is missing or unreadable."""
    body = envelope.body
    written = body.element.get("operation") or VisitOperation.CREATE.value
    if written not in set(VisitOperation):
        raise UnusableFile("The operation is create, edit or inspect here.")
    address = whole(body, "BrowserFormPost/URL")
    if not address:
        raise UnusableFile("BrowserFormPost/URL is missing: where the basket comes back to.")
    contact = "Contact/"
    return VisitAsked(
        operation=VisitOperation(written),
        buyer_cookie=_needed(body, "BuyerCookie"),
        return_url=address,
        who=(body.text(f"{contact}Name") or _extrinsic(body, _NAMES))[:200],
        email=(body.text(f"{contact}Email") or _extrinsic(body, _MAILS))[:200],
        ship_to=_address(body, "ShipTo/Address"),
        selected=body.text("SelectedItem/ItemID/SupplierPartID"),
        parts=_parts(body),
    )


def read_order(envelope: Envelope) -> OrderAsked:
    """An OrderRequest. UnusableFile names what is missing or unreadable."""
    body = envelope.body
    header = one(body, "OrderRequestHeader", "It has no OrderRequestHeader.")
    number = (header.element.get("orderID") or "").strip()
    if not number or len(number) > 60 or not is_storable(number):
        raise UnusableFile("The orderID is missing, or has more than 60 characters.")
    written = header.element.get("type") or OrderChange.NEW.value
    if written not in set(OrderChange):
        raise UnusableFile("The type of an order is new, update or delete.")
    parts = _parts(body)
    if not parts and written != OrderChange.DELETE:
        raise UnusableFile("The order has no ItemOut.")
    return OrderAsked(
        payload_id=envelope.payload_id,
        change=OrderChange(written),
        number=number,
        parts=parts,
        ship_to=_address(header, "ShipTo/Address"),
        wanted_on=_day(header),
        currency=header.attribute("Total/Money", "currency").strip().upper()[:3],
        note=header.text("Comments")[:1_000],
        mode=envelope.mode,
    )


def _parts(body: Taking) -> tuple[WantedPart, ...]:
    items = body.each("ItemOut")
    if len(items) > _MOST_LINES:
        raise UnusableFile(f"At most {_MOST_LINES} lines.")
    return tuple(_part(item, position) for position, item in enumerate(items, start=1))


def _part(item: Taking, position: int) -> WantedPart:
    number = (item.element.get("lineNumber") or "").strip()[:20] or str(position)
    part = item.text("ItemID/SupplierPartID")
    if not part:
        raise UnusableFile(f"Line {number} has no SupplierPartID.")
    return WantedPart(
        number=number,
        part=part[:64],
        auxiliary=item.text("ItemID/SupplierPartAuxiliaryID")[:64],
        packs=_packs(item, number),
        price=_price(item, number),
        wanted_on=_day(item),
    )


def _packs(item: Taking, number: str) -> int:
    written = (item.element.get("quantity") or "").strip()
    whole_part, _, rest = written.partition(".")
    if not (whole_part.isascii() and whole_part.isdigit() and len(whole_part) <= 9):
        raise UnusableFile(f"Line {number}: the quantity is a number of packs.")
    if rest.strip("0"):
        raise UnusableFile(f"Line {number}: packs are not divided; {written[:20]} is no whole one.")
    return int(whole_part)


def _price(item: Taking, number: str) -> UnitPrice | None:
    """What one pack costs by their books; None where they say none, or one of another quantity."""
    amount = item.text("ItemDetail/UnitPrice/Money")
    basis = item.each("ItemDetail/PriceBasisQuantity")
    if not amount or (basis and basis[0].element.get("quantity") not in {"1", "1.0", "1.00"}):
        return None
    currency = item.attribute("ItemDetail/UnitPrice/Money", "currency")
    try:
        return UnitPrice.parse(amount.replace(",", ""), currency)
    except ValueError as error:
        raise UnusableFile(f"Line {number}: the UnitPrice cannot be read. {error}") from None


def _day(item: Taking) -> date | None:
    """The day of a moment with or without its time."""
    written = (item.element.get("requestedDeliveryDate") or "").strip()
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise UnusableFile(f"{written[:30]} is no date of delivery.") from None


def _needed(body: Taking, path: str) -> str:
    text = whole(body, path)
    if not text:
        raise UnusableFile(f"{path} is missing or empty.")
    return text


def _extrinsic(body: Taking, names: tuple[str, ...]) -> str:
    found = {said.element.get("name"): said.text(".") for said in body.each("Extrinsic")}
    return next((found[name] for name in names if found.get(name)), "")


def _address(where: Taking, path: str) -> str:
    """As it stands on a parcel, a line each."""
    found = where.each(path)
    if not found:
        return ""
    address, postal = found[0], "PostalAddress/"
    town = " ".join(
        filter(None, (address.text(f"{postal}PostalCode"), address.text(f"{postal}City")))
    )
    lines = (
        address.text("Name"),
        *(line.text(".") for line in address.each(f"{postal}DeliverTo")),
        *(line.text(".") for line in address.each(f"{postal}Street")),
        town,
        address.text(f"{postal}State"),
        address.text(f"{postal}Country"),
    )
    return "\n".join(line[:200] for line in lines if line)[:1_000]
