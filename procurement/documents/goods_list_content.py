"""What the papers of goods that leave say: the pick list before, the delivery note beside them."""

from dataclasses import dataclass
from datetime import date

from procurement.documents.content import Amount, Letterhead


@dataclass(frozen=True, slots=True)
class GoodsListLine:
    """So much of one lot; on a pick list with the place where it stands."""

    number: str
    name: str
    codes: tuple[str, ...]
    amount: Amount
    base: Amount | None = None
    lot: str = ""
    expires_on: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class GoodsListContent:
    """`data` are pairs of a word and what stands beside it; `to_sign` are the words over empty lines at the end."""

    letterhead: Letterhead
    recipient: tuple[str, ...]
    title: str
    number: str
    issued_on: date
    data: tuple[tuple[str, str], ...]
    heads: tuple[str, str, str, str]  # product, quantity, lot, place
    use_by: str  # "use by {date}"
    lines: tuple[GoodsListLine, ...]
    locale: str = "en_IE"
    notes: str = ""
    to_sign: tuple[str, ...] = ()
    watermark: str = ""
