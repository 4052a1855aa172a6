"""What a price list or a catalogue to take along shows: shelves, on them products or families, of these their packs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.documents.content import Cover, Letterhead
from procurement.documents.pictures import Prepared


@dataclass(frozen=True, slots=True)
class PackLine:
    """A pack with its price: "" and None where nothing is to be said; `more` are (from how many packs, each)."""

    code: str  # the SKU
    gtin: str
    name: str  # what tells it from the others of its block: "500 ml, lavender"
    pack: str
    price: Decimal | None = None
    more: tuple[tuple[int, Decimal], ...] = ()
    retail: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A product, or a family with its sizes and scents."""

    name: str
    lines: tuple[PackLine, ...]
    brand: str = ""
    description: str = ""
    traits: tuple[str, ...] = ()  # in the reader's words
    ingredients: tuple[str, ...] = ()
    allergens: str = ""
    picture: Prepared | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueContent:
    """`currency` is empty where no prices are shown; `recipient` where it is for everybody."""

    letterhead: Letterhead
    issued_on: date
    locale: str
    currency: str
    shelves: tuple[Shelf, ...]
    recipient: tuple[str, ...] = ()
    customer: str = ""  # their number with the seller
    list_name: str = ""  # of the one list it prints
    cover: Cover | None = None

    @property
    def has_retail(self) -> bool:
        return any(
            line.retail is not None
            for shelf in self.shelves
            for block in shelf.blocks
            for line in block.lines
        )
