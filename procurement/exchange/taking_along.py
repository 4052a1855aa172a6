"""The files somebody may take along: read within a transaction, drawn after it, for drawing may take seconds."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from procurement.documents.catalogue import render_catalogue, render_price_list
from procurement.exchange.catalogue_files import taken_csv, taken_xlsx
from procurement.exchange.invoice_export import seller_party
from procurement.exchange.slugs import code_of
from procurement.exchange.ubl.catalogue import MOST_PRODUCTS, catalogue_to_ubl
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.planning.queries.taking_away import Wish, taken_along
from procurement.planning.queries.taking_away_papers import catalogue_content, price_list_content
from procurement.settings.queries import get_company

MOST_ROWS = 50_000  # products in a table


class FileKind(StrEnum):
    """The value is the end of its address, and of its name."""

    PRICE_LIST = "price-list.pdf"
    CATALOGUE = "catalogue.pdf"
    XLSX = "catalogue.xlsx"
    CSV = "catalogue.csv"
    UBL = "catalogue.xml"

    @property
    def media_type(self) -> str:
        return _TYPES[self.value.rpartition(".")[2]]


_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml",
}


@dataclass(frozen=True, slots=True)
class TakenFile:
    """Its name, and how its bytes are made."""

    name: str
    kind: FileKind
    draw: Callable[[], bytes]


def file_to_take(
    session: ReadSession,
    kind: FileKind,
    wish: Wish,
    *,
    picture: Callable[[str | None], str],
    actor: Actor,
    at: datetime,
) -> TakenFile:
    """Everything is read; `draw` needs no session. `picture` makes a picture's address from its SHA-256."""
    if kind is FileKind.PRICE_LIST:
        content = price_list_content(session, wish, actor=actor, at=at)
        whose = content.customer or wish.price_list or ""
        return TakenFile(
            _name(kind, whose, content.issued_on.isoformat()),
            kind,
            partial(render_price_list, content),
        )
    if kind is FileKind.CATALOGUE:
        content = catalogue_content(session, wish, actor=actor, at=at)
        return TakenFile(
            _name(kind, content.customer, content.issued_on.isoformat()),
            kind,
            partial(render_catalogue, content),
        )
    most = MOST_PRODUCTS if kind is FileKind.UBL else MOST_ROWS
    taken = taken_along(session, replace(wish, most=most), actor=actor, at=at)
    draw = {
        FileKind.XLSX: partial(taken_xlsx, taken, picture),
        FileKind.CSV: partial(taken_csv, taken, picture),
        FileKind.UBL: partial(catalogue_to_ubl, taken, seller_party(get_company(session))),
    }[kind]
    return TakenFile(_name(kind, taken.reader.customer, taken.reader.on.isoformat()), kind, draw)


def _name(kind: FileKind, whose: str, day: str) -> str:
    """As in "price-list-LINDEN-2026-11-28.pdf"."""
    stem, _, end = kind.value.rpartition(".")
    return "-".join(filter(None, (stem, code_of(whose) if whose else "", day))) + f".{end}"
