"""What a scorecard says on paper. It is drawn when asked for and kept nowhere."""

from dataclasses import dataclass
from datetime import date

from procurement.documents.content import Letterhead


@dataclass(frozen=True, slots=True)
class ScorecardFigure:
    """One figure with what it was made of."""

    name: str
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ScorecardRow:
    """A document that did not keep the word: an order line, a claim, an invoice."""

    name: str
    detail: str
    on: date
    says: str


@dataclass(frozen=True, slots=True)
class ScorecardPart:
    """Documents of one kind; `more` are not printed."""

    title: str
    rows: tuple[ScorecardRow, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class ScorecardContent:
    letterhead: Letterhead
    supplier: tuple[str, ...]
    since: date
    until: date
    made_on: date
    figures: tuple[ScorecardFigure, ...]
    parts: tuple[ScorecardPart, ...]
    explained: str
    locale: str = "en_IE"
    title: str = "Scorecard"
