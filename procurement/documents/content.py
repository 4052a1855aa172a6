"""What stands on a paper, frozen: every figure rounded, every word in the reader's language.

The contexts build these when a document is issued and keep them (``to_json``) beside the bytes, so
that the same paper can be drawn again and be proved the same. A renderer adds only the fixed words
of the form (column heads) and the way a locale writes numbers and dates.

Amounts are in major units of ``currency`` (``Decimal("142.80")``), rounded by the caller and
printed with at least the currency's digits; percentages are percentages (``Decimal("12.5")``).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import Base64Bytes, TypeAdapter

from procurement.documents.trade import TradeTerms

# PNG, JPEG or WebP bytes as the files context re-encoded them; base64 in JSON.
Picture = Base64Bytes


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender: head of the first page, small head of the others, foot of all."""

    name: str
    tagline: str = ""
    address: tuple[str, ...] = ()  # one line each: "4 Quay Row", "Galway H91 X2Y3", "Ireland"
    contact: tuple[str, ...] = ()  # telephone, mail, web
    footer: str = ""  # legal name, register, tax number
    colour: str = "#0B5A52"  # "#RRGGBB"; used for heads and rules, never to carry a meaning
    logo: Picture | None = None
    head: Picture | None = None  # takes the place of logo, name, address and contact
    head_everywhere: bool = False  # else on the first page only


@dataclass(frozen=True, slots=True)
class Cover:
    """The page before the letter."""

    title: str
    lines: tuple[str, ...]  # whom it is for, the number, the day
    label: str = ""  # "Prepared for"
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A short text under a bold title: terms, delivery, requests."""

    title: str
    text: str
    numbers: str = ""  # the lines it speaks of: "2.1 - 2.2"


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity with its word, already in the right number: 2 cases; 24 x 500 ml."""

    value: Decimal
    word: str


@dataclass(frozen=True, slots=True)
class Price:
    """A price per pack, and what that makes per unit of the pack."""

    per_pack: Decimal
    pack: str  # "case"
    per_unit: Decimal | None = None
    unit: str = ""  # "bottle"; empty when the pack is the unit


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One price break of a ladder."""

    packs: str  # "6 cases"
    per_pack: Decimal
    per_unit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """The price breaks of one line, and how far the customer is from the next."""

    pack: str  # "case of 12 x 500 ml"
    unit: str  # "bottle"; empty when there is no price per unit
    steps: tuple[PriceStep, ...]
    standing: int  # index of the step this quote stands on
    ordered: str  # "2 cases"
    more: Decimal | None = None  # packs missing to the next step
    saves: Decimal | None = None  # per pack, when that step is reached
    exact: bool = (
        False  # these quantities are offered, each with a box to tick; else "from" them on
    )


@dataclass(frozen=True, slots=True)
class QuoteLine:
    number: str  # "1.1"
    name: str
    sku: str
    packs: Amount
    price: Price
    net: Decimal
    tax_code: str  # a letter that ``TaxLine.code`` explains
    detail: str = ""  # after the SKU: "cold-pressed, nut oil"
    base: Amount | None = None  # the same quantity in units
    discount: Decimal | None = None  # per cent
    picture: Picture | None = None
    ladder: Ladder | None = None
    kind: str = "product"  # "sample": given free; "text": words only, its name is all there is
    text: str = ""  # free text below the name
    instead_of: str = ""  # an alternative: the number of the line it would replace


@dataclass(frozen=True, slots=True)
class QuoteSection:
    """Lines under a head; one section without a title is a plain list."""

    lines: tuple[QuoteLine, ...]
    number: str = ""
    title: str = ""
    subtotal: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TaxLine:
    code: str
    rate: Decimal  # per cent
    net: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class AnswerBox:
    """The framed box that asks for a signature, with the private link as a QR code."""

    title: str  # "Yes, please go ahead"
    text: str
    link: str = ""  # no code is drawn without it
    link_title: str = ""
    link_text: str = ""
    # four lines to write on
    fields: tuple[str, ...] = ("Name and role", "Place and date", "Signature", "Your order number")


@dataclass(frozen=True, slots=True)
class SafetyRow:
    """What is in a product, for therapists and guests."""

    number: str  # of the quote line
    name: str
    size: str
    ingredients: str  # INCI names
    allergens: str  # "None declared" is said, not left empty
    care: str = ""
    opened_months: int | None = None  # period after opening
    shelf_life: str = ""  # unopened: "24 months"
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Safety:
    """The page after the offer."""

    title: str  # "What is in it"
    intro: str
    rows: tuple[SafetyRow, ...]
    answer: Note | None = None  # a wish of the customer and the line that meets it
    care_title: str = ""
    care: tuple[Note, ...] = ()  # tools, linen
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class QuoteContent:
    """One revision of a quote."""

    letterhead: Letterhead
    recipient: tuple[str, ...]
    number: str
    issued_on: date
    valid_until: date
    currency: str
    totals: Totals
    sections: tuple[QuoteSection, ...]
    locale: str = "en_IE"  # how numbers and dates are written, and the language of the form
    title: str = "Quotation"
    revision: int = 1
    replaces: int | None = None
    contact: str = ""  # "Tomás Reilly, +353 91 000 014"
    intro: str = ""
    signed: str = ""  # name under the intro
    options: tuple[QuoteLine, ...] = ()  # outside every total
    tax_word: str = "VAT"
    total_word: str = ""  # beside the sum with tax, where it is not to be paid
    taxes: tuple[TaxLine, ...] = ()
    untaxed: tuple[str, ...] = ()  # why lines bear no tax: "A: Reverse charge, DE136695976"
    rounding: str = ""  # how tax was rounded, in words
    terms: tuple[Note, ...] = ()
    acceptance: AnswerBox | None = None
    safety: Safety | None = None
    watermark: str = ""  # "DRAFT"
    cover: Cover | None = None
    # Words and what stands beside them instead of number, revision and last day: on the papers of an order.
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PurchaseOrderLine:
    number: str
    name: str
    sku: str  # ours
    supplier_code: str  # theirs
    packs: Amount
    price: Price
    net: Decimal
    base: Amount | None = None
    wanted_by: date | None = None
    detail: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class PurchaseOrderContent:
    letterhead: Letterhead
    supplier: tuple[str, ...]
    number: str
    issued_on: date
    currency: str
    totals: Totals
    lines: tuple[PurchaseOrderLine, ...]
    locale: str = "en_IE"
    title: str = "Purchase order"
    revision: int = 0  # as it was first placed; 1 is the first change
    supplier_quote: str = ""  # "CB-1187 of 12 November 2026"
    ordered_by: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    arrangements: tuple[Note, ...] = ()  # Deliver to, When, Invoice to
    tax_word: str = "VAT"
    taxes: tuple[TaxLine, ...] = ()
    requests_title: str = "With the goods, please"
    requests: tuple[str, ...] = ()
    confirmation: AnswerBox | None = None
    watermark: str = ""
    trade: TradeTerms | None = None  # what the order says to machines
    freight: Decimal | None = None  # what the delivery costs, in the totals' net


@dataclass(frozen=True, slots=True)
class QuotationRequestLine:
    number: str
    name: str
    sku: str
    packs: Amount
    base: Amount
    detail: str = ""  # "case of 12 x 500 ml"
    supplier_code: str = ""
    wanted_by: date | None = None


@dataclass(frozen=True, slots=True)
class QuotationRequestContent:
    """What is wanted, with room to write prices and days by hand."""

    letterhead: Letterhead
    supplier: tuple[str, ...]
    number: str
    issued_on: date
    answer_by: date
    currency: str
    asked_by: str
    lines: tuple[QuotationRequestLine, ...]
    locale: str = "en_IE"
    title: str = "Request for quotation"
    notes: tuple[Note, ...] = ()
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class GoodsReceiptLine:
    number: str
    name: str
    sku: str
    received: Amount
    lot: str
    location: str  # where it was put
    base: Amount | None = None
    ordered: Amount | None = None  # what was still outstanding
    supplier_code: str = ""
    expires_on: date | None = None
    remark: str = ""  # "Quarantine: two bottles leak"
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class GoodsReceiptContent:
    letterhead: Letterhead
    supplier: tuple[str, ...]
    number: str
    received_on: date
    lines: tuple[GoodsReceiptLine, ...]
    locale: str = "en_IE"
    title: str = "Goods receipt"
    order_number: str = ""
    delivery_note: str = ""
    received_by: str = ""
    notes: str = ""
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class SupplierLetterLine:
    """Goods that a claim or a return is about."""

    number: str
    name: str
    amount: Amount
    codes: tuple[str, ...] = ()
    remark: str = ""  # "Damaged: two bottles leak"
    lot: str = ""
    expires_on: date | None = None
    value: Decimal | None = None
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class SupplierLetterContent:
    """A claim or the delivery note of a return."""

    letterhead: Letterhead
    supplier: tuple[str, ...]
    title: str
    number: str
    issued_on: date
    data: tuple[tuple[str, str], ...]
    lines: tuple[SupplierLetterLine, ...]
    locale: str = "en_IE"
    currency: str = ""
    total: Decimal | None = None
    total_word: str = ""
    notes: str = ""
    watermark: str = ""


@dataclass(frozen=True, slots=True)
class RunLot:
    lot: str
    use_by: date | None
    amount: str = ""  # where several lots share a line


@dataclass(frozen=True, slots=True)
class RunPartLine:
    """A product to pick or put down."""

    name: str
    sku: str
    amount: Amount
    lots: tuple[RunLot, ...]
    base: Amount | None = None


@dataclass(frozen=True, slots=True)
class RunPart:
    """A storeroom to pick in, or a room to put down in."""

    name: str
    lines: tuple[RunPartLine, ...]


@dataclass(frozen=True, slots=True)
class TopUpRunContent:
    """Drawn when asked for and kept nowhere: the run itself says how far it is."""

    letterhead: Letterhead
    number: str
    site: str
    drafted_on: date
    drafted_by: str
    shelves: tuple[RunPart, ...]
    rooms: tuple[RunPart, ...]
    locale: str = "en_IE"
    title: str = "Top-up run"


@dataclass(frozen=True, slots=True)
class RecallPlace:
    """A place where recalled goods stand, or a treatment or customer they went to."""

    number: str
    what: str  # the lot or bottle
    detail: str
    place: str
    quantity: Amount
    outcome: str = ""  # empty: a box to tick and a line to sign
    settled: str = ""


@dataclass(frozen=True, slots=True)
class RecallContent:
    letterhead: Letterhead
    number: str
    product: str
    sku: str
    lots: tuple[str, ...]
    reason: str
    started_on: date
    started_by: str
    progress: str  # "7 of 9 places, 77 %"
    summary: tuple[str, ...]
    places: tuple[RecallPlace, ...]
    treatments: tuple[RecallPlace, ...] = ()
    customers: tuple[RecallPlace, ...] = ()
    locale: str = "en_IE"
    title: str = "Recall"
    closed_on: date | None = None
    watermark: str = ""


Content = QuoteContent | PurchaseOrderContent | GoodsReceiptContent
C = TypeVar("C", QuoteContent, PurchaseOrderContent, GoodsReceiptContent)


def to_json(content: Content) -> str:
    """Exact: amounts and dates as text, pictures as base64, always in the same order."""
    return _adapter(type(content)).dump_json(content).decode()


def from_json(kind: type[C], text: str) -> C:
    adapter: TypeAdapter[C] = _adapter(kind)
    return adapter.validate_json(text)


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once of each kind: making it takes longer than using it."""
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
