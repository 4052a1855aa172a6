"""What lists share: a page of rows from the query string, the address of the next one, the same rows as a file."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.exchange.export import Cell, to_csv, to_xlsx
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.web.filters import today

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = frozenset({"csv", "xlsx"})
LONGEST_SEARCH = 200
Word = TypeVar("Word", bound=StrEnum)


def page_request() -> PageRequest:
    """`?limit=` and `?cursor=`. A cursor that is not one of ours is a page that does not exist."""
    written = request.args.get("limit", "")
    limit = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else None
    try:
        return PageRequest.parse(limit, request.args.get("cursor"))
    except Invalid as error:
        raise NotFound("This list has no such page.") from error


def next_url(page: Page[Any]) -> str:
    """This list from its next row on, all filters kept; empty on the last page."""
    return "" if page.next is None else this_url(cursor=page.next)


def this_url(**changes: str | list[str] | None) -> str:
    """This page's address with some of its query changed; None takes a word away."""
    query = {**request.args.to_dict(flat=False), **(request.view_args or {}), **changes}
    kept = {name: value for name, value in query.items() if value not in (None, "", [])}
    return url_for(str(request.endpoint), **kept)


def wanted_format() -> str | None:
    """`?format=csv` or `xlsx` when the list is wanted as a file."""
    wanted = request.args.get("format")
    if wanted is None:
        return None
    if wanted not in FORMATS:
        raise NotFound("A list can be had as csv or xlsx.")
    return wanted


def export_urls() -> dict[str, str]:
    """The addresses of this list as files: `exports(**export_urls())` in the template."""
    return {name: this_url(format=name, cursor=None) for name in sorted(FORMATS)}


def export(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """The rows as the file asked for, with a name that says what and when."""
    kind = wanted_format()
    stem = f"{name}-{file_day(today())}"
    if kind == "csv":
        return attachment(to_csv(header, rows), f"{stem}.csv", "text/csv; charset=utf-8")
    return attachment(to_xlsx(name, header, rows), f"{stem}.xlsx", XLSX)


def file_day(day: date) -> str:
    return day.isoformat()


def attachment(content: bytes, name: str, media_type: str, *, inline: bool = False) -> Response:
    """Bytes to be saved, or shown where the browser can (`inline`, for our own PDFs only)."""
    response = Response(content, content_type=media_type)
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def search_text(name: str = "q") -> str:
    """What was typed into a search box, cut to a sane length; marks that no text holds are dropped."""
    typed = request.args.get(name, "")[:LONGEST_SEARCH]
    return "".join(mark for mark in typed if mark.isprintable()).strip()


def one_of(words: type[Word], name: str = "status") -> Word | None:
    """The member of an enumeration that the address names, None for all; another word is a page that is not there."""
    written = request.args.get(name)
    if not written:
        return None
    try:
        return words(written)
    except ValueError as error:
        raise NotFound(f"There is no such {name}.") from error
