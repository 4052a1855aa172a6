"""A supplier's OrderResponse (UBL 2.1, Peppol BIS Ordering 3, transaction T76), as they wrote it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from procurement.exchange.tabular import UnusableFile
from procurement.exchange.ubl.names import read_document
from procurement.exchange.xml import Taking


class ResponseCode(StrEnum):
    """UNCL4343 as T76 uses it, for the whole order."""

    ACKNOWLEDGED = "AB"
    ACCEPTED = "AP"
    CONDITIONALLY = "CA"  # with the changes in the lines
    REJECTED = "RE"


class LineCode(StrEnum):
    """UNCL1229 as T76 uses it, for a line."""

    ADDED = "1"
    CHANGED = "3"
    ACCEPTED = "5"
    REFUSED = "7"
    ALREADY_DELIVERED = "42"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseLine:
    number: str
    order_line: str  # the position of our order
    code: LineCode
    quantity: Decimal | None
    due_on: date | None
    note: str
    instead: str  # what they would send in its place


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderResponse:
    number: str
    order: str
    supplier_order: str
    code: ResponseCode
    issued_on: date | None
    note: str
    seller: str
    due_on: date | None  # of the whole order
    lines: tuple[ResponseLine, ...]


def read_order_response(data: bytes) -> OrderResponse:
    """UnusableFile names what is missing or unreadable."""
    root = read_document(data, "OrderResponse", "an order response")
    written = root.required("cbc:OrderResponseCode")
    if written not in set(ResponseCode):
        raise UnusableFile(
            f"The order response has the code {written[:20]}; AB, AP, CA or RE is meant."
        )
    return OrderResponse(
        number=root.required("cbc:ID"),
        order=root.required("cac:OrderReference/cbc:ID"),
        supplier_order=root.text("cbc:SalesOrderID"),
        code=ResponseCode(written),
        issued_on=root.day("cbc:IssueDate"),
        note=root.text("cbc:Note"),
        seller=_seller(root),
        due_on=_promised(root, "cac:Delivery"),
        lines=tuple(_line(line) for line in root.each("cac:OrderLine")),
    )


def _line(line: Taking) -> ResponseLine:
    number = line.required("cac:LineItem/cbc:ID")
    written = line.text("cac:LineItem/cbc:LineStatusCode") or LineCode.ACCEPTED
    if written not in set(LineCode):
        raise UnusableFile(
            f"Line {number} has the status {written[:20]}; 1, 3, 5, 7 or 42 is meant."
        )
    instead = "cac:SellerSubstitutedLineItem/cac:Item/"
    return ResponseLine(
        number=number,
        order_line=line.text("cac:OrderLineReference/cbc:LineID") or number,
        code=LineCode(written),
        quantity=line.number("cac:LineItem/cbc:Quantity"),
        due_on=_promised(line, "cac:LineItem/cac:Delivery"),
        note=line.text("cac:LineItem/cbc:Note"),
        instead=line.text(f"{instead}cbc:Name")
        or line.text(f"{instead}cac:SellersItemIdentification/cbc:ID"),
    )


def _promised(root: Taking, path: str) -> date | None:
    """The last day of the promised period: when all of it is there."""
    period = f"{path}/cac:PromisedDeliveryPeriod/cbc:"
    return root.day(f"{period}EndDate") or root.day(f"{period}StartDate")


def _seller(root: Taking) -> str:
    party = "cac:SellerSupplierParty/cac:Party/"
    return (
        root.text(f"{party}cac:Contact/cbc:Name")
        or root.text(f"{party}cac:PartyLegalEntity/cbc:RegistrationName")
        or root.text(f"{party}cac:PartyName/cbc:Name")
    )
