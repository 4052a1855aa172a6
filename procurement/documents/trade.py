"""What a paper says to machines beside what it prints: who trades, and each line's codes. Frozen with its content."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeParty:
    """A buyer, a seller, a place of delivery."""

    name: str
    address: tuple[str, ...] = ()  # without the country
    country: str = ""  # ISO 3166-1 alpha-2
    vat_id: str = ""
    phone: str = ""
    email: str = ""
    contact: str = ""
    # Where electronic documents reach it: "0088:7300010000001", ISO/IEC 6523 scheme and number.
    endpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeLine:
    """A line's codes and exact figures. Amounts in major units; `price` has four decimals at most."""

    position: int
    name: str
    sku: str
    supplier_code: str
    gtin: str  # fourteen digits, or empty
    pack: str
    unit_code: str  # UN/ECE Recommendation 20, or 21 behind an X
    packs: int
    price: Decimal  # of one pack
    net: Decimal  # rounded to the currency
    tax_rate: Decimal  # per cent
    off: Decimal = Decimal(0)  # what the list price of one pack is above `price`
    wanted_by: date | None = None

    @property
    def rounding(self) -> Decimal:
        """What rounding the line to whole minor units added to packs times price."""
        return self.net - self.packs * self.price


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeTerms:
    """Beside the content of an order's paper."""

    buyer: TradeParty
    seller: TradeParty
    ship_to: TradeParty
    lines: tuple[TradeLine, ...]
    due_on: date | None = None
    answer_by: date | None = None  # until when we wait for an answer
    note: str = ""
    freight: Decimal = Decimal(0)  # what the delivery costs, in the totals' net but in no line
    freight_tax_rate: Decimal = Decimal(0)  # per cent
    is_acquired: bool = (
        False  # from another state of the Union: untaxed lines are so for that reason
    )
