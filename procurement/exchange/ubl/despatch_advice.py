"""A supplier's despatch advice: what left them, before it arrives."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.documents.ubl import GTIN_SCHEME
from procurement.exchange.tabular import UnusableFile
from procurement.exchange.ubl.names import read_document
from procurement.exchange.xml import Taking


@dataclass(frozen=True, slots=True)
class DespatchLot:
    """A lot a line came from. UBL's expiry date is the last day of use; a best-before date stands in for it."""

    number: str
    expires_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DespatchLine:
    """A line as the supplier wrote it; which of our lines it is, is for the reader's user to find."""

    number: str
    order_line: str  # the position of our order; empty where they name none
    order: str  # our order's number, from the line or from the document
    supplier_code: str
    buyer_code: str  # our SKU
    gtin: str
    name: str
    quantity: Decimal  # delivered, in units of unit_code
    unit_code: str  # UN/ECE Recommendation 20, or 21 behind an X
    outstanding: Decimal | None  # still to follow
    outstanding_why: str
    lots: tuple[DespatchLot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DespatchAdvice:
    number: str
    issued_on: date | None
    order: str  # empty where only the lines name orders
    supplier: str
    arrives_on: date | None
    tracking: str
    lines: tuple[DespatchLine, ...]


def read_despatch_advice(data: bytes) -> DespatchAdvice:
    """Read a UBL 2.1 DespatchAdvice. UnusableFile names what is missing or unreadable."""
    root = read_document(data, "DespatchAdvice", "a despatch advice")
    order = root.text("cac:OrderReference/cbc:ID")
    lines = tuple(_line(line, order) for line in root.each("cac:DespatchLine"))
    if not lines:
        raise UnusableFile("This despatch advice has no lines.")
    delivery = "cac:Shipment/cac:Delivery/"
    return DespatchAdvice(
        number=root.required("cbc:ID"),
        issued_on=root.day("cbc:IssueDate"),
        order=order,
        supplier=_party(root),
        arrives_on=root.day(f"{delivery}cac:EstimatedDeliveryPeriod/cbc:EndDate")
        or root.day(f"{delivery}cac:EstimatedDeliveryPeriod/cbc:StartDate"),
        tracking=root.text(f"{delivery}cbc:TrackingID"),
        lines=lines,
    )


def _party(root: Taking) -> str:
    party = "cac:DespatchSupplierParty/cac:Party/"
    return root.text(f"{party}cac:PartyName/cbc:Name") or root.text(
        f"{party}cac:PartyLegalEntity/cbc:RegistrationName"
    )


def _line(line: Taking, order: str) -> DespatchLine:
    quantity = line.number("cbc:DeliveredQuantity")
    if quantity is None:
        quantity = Decimal(0)  # announced with an outstanding quantity only
    if quantity < 0:
        raise UnusableFile(f"Line {line.required('cbc:ID')} delivers less than nothing.")
    reference = "cac:OrderLineReference/"
    return DespatchLine(
        number=line.required("cbc:ID"),
        order_line=line.text(f"{reference}cbc:LineID"),
        order=line.text(f"{reference}cac:OrderReference/cbc:ID") or order,
        supplier_code=line.text("cac:Item/cac:SellersItemIdentification/cbc:ID"),
        buyer_code=line.text("cac:Item/cac:BuyersItemIdentification/cbc:ID"),
        gtin=_gtin(line),
        name=line.text("cac:Item/cbc:Name"),
        quantity=quantity,
        unit_code=line.attribute("cbc:DeliveredQuantity", "unitCode"),
        outstanding=line.number("cbc:OutstandingQuantity"),
        outstanding_why=line.text("cbc:OutstandingReason"),
        lots=tuple(_lots(line)),
    )


def _gtin(line: Taking) -> str:
    """An identifier of another scheme is not a GTIN; suppliers often name no scheme at all."""
    path = "cac:Item/cac:StandardItemIdentification/cbc:ID"
    known = line.attribute(path, "schemeID") in {"", GTIN_SCHEME, "GTIN"}
    return line.text(path) if known else ""


def _lots(line: Taking) -> list[DespatchLot]:
    lots = []
    for instance in line.each("cac:Item/cac:ItemInstance"):
        number = instance.text("cac:LotIdentification/cbc:LotNumberID")
        expires = instance.day("cac:LotIdentification/cbc:ExpiryDate")
        expires = expires or instance.day("cbc:BestBeforeDate")
        if number or expires:
            lots.append(DespatchLot(number, expires))
    return lots
