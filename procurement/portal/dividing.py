"""One line of an order in parts: so many here on this day, the rest there on another."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from procurement.planning.rules.badges import Badge
from procurement.portal.lines import Line
from procurement.portal.stock_words import StockWords, stock_words
from procurement.sales.operations.wanting import Wish
from procurement.sales.queries.baskets import BasketRow
from procurement.web.fields import ChoiceField, DateField, TextField, WholeNumberField
from procurement.web.forms import LineForm, LineList


class WishForm(LineForm):
    """When and where to one line, or a part of it, goes; the attributes below are words for the page."""

    product = TextField("Product", required=False, most=64)
    pack = TextField("Pack", required=False, most=64)
    packs = WholeNumberField("Packs", required=False, least=1)
    wanted_on = DateField("On another day", required=False)
    address = ChoiceField("To another address", required=False)
    name = ""
    stock = StockWords("", "", "")
    in_parts = False
    may_split = False

    @property
    def key(self) -> tuple[str, str]:
        return self.product.data or "", self.pack.data or ""

    def to_wish(self, main: str | None) -> Wish:
        """`main` is where everything else goes: what goes there too is no part of its own."""
        chosen = (self.address.data or "") if self.address.data != main else ""
        return Wish(self.wanted_on.data, address_key(chosen), self.packs.data)


def address_key(chosen: str) -> int | None:
    """Of an address that was chosen; None for what is none. Asked of refused forms, too."""
    return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 16 else None


def divide(rows: LineList, sent: Mapping[str, str], basket: Sequence[BasketRow]) -> bool:
    """Split a row in two, or put it together with the one before, where such a button was pressed."""
    pressed = next(
        (name for name in ("split", "join") if re.fullmatch("[0-9]{1,6}", sent.get(name, ""))), ""
    )
    place = int(sent[pressed]) if pressed else len(rows.entries)
    if place >= len(rows.entries):
        return False
    known = {(row.product, row.pack): row for row in basket}
    row = known.get(rows.entries[place].form.key)
    if row is None:
        return False
    said: list[dict[str, Any]] = [entry.form.data for entry in rows.entries]
    (_split if pressed == "split" else _join)(said, place, row)
    rows.process(None, said)
    return True


def _split(said: list[dict[str, Any]], place: int, row: BasketRow) -> None:
    """In halves, as far as the pack's steps allow."""
    packs, step = said[place]["packs"] or row.packs, row.rule.step
    second = min(max(packs // 2 // step * step, step), packs - 1)
    if second > 0:
        said[place]["packs"] = packs - second
        said.insert(place + 1, said[place] | {"packs": second})


def _join(said: list[dict[str, Any]], place: int, row: BasketRow) -> None:
    gone = said.pop(place)
    parts = [one for one in said if (one["product"], one["pack"]) == (row.product, row.pack)]
    if not parts:
        said.insert(place, gone | {"packs": None})
    elif len(parts) == 1:
        parts[0]["packs"] = None
    else:
        parts[0]["packs"] = (parts[0]["packs"] or 0) + (gone["packs"] or 0)


def name_rows(
    rows: LineList,
    lines: Sequence[Line],
    badges: Mapping[int, Badge],
    addresses: list[tuple[str, str]],
) -> None:
    """What a page says of each row: its product and stock in words, where it may go, whether it is a part."""
    known = {(line.row.product, line.row.pack): line for line in lines}
    parts = Counter(entry.form.key for entry in rows.entries)
    for entry in rows.entries:
        row = entry.form
        row.address.choices = addresses
        line = known.get(row.key)
        if line is None:
            continue
        row.in_parts = parts[row.key] > 1
        row.name = f"{line.row.product_name}, {line.words}"
        row.stock = stock_words(badges.get(line.row.pack_id))
        row.may_split = (row.packs.data or line.row.packs) > line.row.rule.step
