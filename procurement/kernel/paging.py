"""Keyset paging: a page and an opaque cursor that continues after its last row."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from procurement.kernel.errors import Invalid
from procurement.kernel.text import is_storable

T = TypeVar("T")

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next page, None on the last."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How many rows, and after which key (the sort columns' values of the last row seen)."""

    limit: int = DEFAULT_LIMIT
    after: tuple[Any, ...] | None = None

    @classmethod
    def parse(cls, limit: int | None, cursor: str | None) -> "PageRequest":
        if limit is not None and not 1 <= limit <= MAX_LIMIT:
            raise Invalid(f"The limit lies between 1 and {MAX_LIMIT}.", field="limit")
        return cls(limit or DEFAULT_LIMIT, _decode(cursor) if cursor else None)

    def key(self, *kinds: type[str] | type[int]) -> tuple[Any, ...] | None:
        """The key to go on after, when it has the shape this list's cursors have."""
        if self.after is None:
            return None
        fits = len(self.after) == len(kinds) and all(map(isinstance, self.after, kinds))
        if not fits or any(isinstance(v, int) and abs(v) >= 1 << 63 for v in self.after):
            raise Invalid("The cursor is not one of ours.", field="cursor")
        if any(isinstance(v, str) and not is_storable(v) for v in self.after):
            raise Invalid("The cursor is not one of ours.", field="cursor")
        return self.after

    def page(self, rows: Sequence[T], key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
        """Make a page of rows fetched with LIMIT `limit + 1`."""
        items = tuple(rows[: self.limit])
        return Page(items, encode_cursor(key(items[-1])) if len(rows) > self.limit else None)


def slice_of(rows: Sequence[T], paging: PageRequest, code: Callable[[T], str]) -> Page[T]:
    """A page of a list short enough to be read whole, by code."""
    after = paging.key(str)
    ordered = sorted(rows, key=code)
    left = [row for row in ordered if after is None or code(row) > after[0]]
    return paging.page(left[: paging.limit + 1], lambda row: (code(row),))


def part_of(rows: Sequence[T], paging: PageRequest, key: Callable[[T], tuple[Any, ...]]) -> Page[T]:
    """A page of a list short enough to be read whole, in the order of its key: words and whole numbers."""
    ordered = sorted(rows, key=key)
    if paging.after is not None and ordered:
        after = paging.key(*(type(value) for value in key(ordered[0])))
        ordered = [row for row in ordered if after is None or key(row) > after]
    return paging.page(ordered[: paging.limit + 1], key)


def day_of(written: str) -> date:
    """A day in a cursor."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Invalid("The cursor is not one of ours.", field="cursor") from error


def encode_cursor(values: tuple[Any, ...]) -> str:
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[Any, ...]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise Invalid("The cursor is not one of ours.", field="cursor") from error
    scalar = isinstance(values, list) and all(
        isinstance(value, str | int) and not isinstance(value, bool) and len(str(value)) <= 300
        for value in values
    )
    if not scalar or not values:
        raise Invalid("The cursor is not one of ours.", field="cursor")
    return tuple(values)


def all_rows(fetch: Callable[[PageRequest], Page[T]]) -> list[T]:
    """Every row of a paged query, page by page: for exports."""
    rows: list[T] = []
    paging = PageRequest(MAX_LIMIT)
    while True:
        page = fetch(paging)
        rows += page.items
        if page.next is None:
            return rows
        paging = PageRequest.parse(MAX_LIMIT, page.next)
