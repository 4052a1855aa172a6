"""Reading the demo's TOML files: every value is asked for by type, and a wrong one names its place."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from procurement.kernel.quantity import Quantity, parse_decimal

DATA = Path(__file__).parent / "data"


class Row:
    """One table of a file. Asking for what is not there, or is something else, says where."""

    def __init__(self, values: Mapping[str, object], place: str) -> None:
        self.values = values
        self._place = place

    def _wrong(self, key: str, wanted: str) -> ValueError:
        return ValueError(f"{self._place}: {key} should be {wanted}.")

    def has(self, key: str) -> bool:
        return key in self.values

    def text(self, key: str, default: str | None = None) -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "text")
        return value

    def whole(self, key: str) -> int:
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self._wrong(key, "a whole number")
        return value

    def whole_or_none(self, key: str) -> int | None:
        return self.whole(key) if key in self.values else None

    def decimal(self, key: str) -> Decimal:
        return parse_decimal(self.text(key), f"{key} in {self._place}")

    def quantity(self, key: str) -> Quantity:
        return quantity(self.text(key))

    def day(self, key: str) -> date:
        value = self.values.get(key)
        if not isinstance(value, date):
            raise self._wrong(key, "a date")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
            raise self._wrong(key, "a list of text")
        return tuple(value)

    def lists(self, key: str) -> Iterator[tuple[str, ...]]:
        """A list of short lists of text: [["OIL-ALM", "2 l", "1 l"], ...]."""
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list of lists")
        for inner in value:
            yield tuple(str(x) for x in inner)

    def words(self, key: str) -> dict[str, str | int | bool]:
        """A small table of plain values."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "a table")
        return {str(k): v for k, v in value.items() if isinstance(v, (str, int))}

    def row(self, key: str) -> "Row":
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self._wrong(key, "a table")
        return Row(value, f"{self._place}, {key}")

    def rows(self, key: str) -> Iterator["Row"]:
        value = self.values.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list of tables")
        for number, inner in enumerate(value, start=1):
            yield Row(inner, f"{self._place}, {key} {number}")


def read(name: str) -> Row:
    """One file of the data folder."""
    return Row(tomllib.loads((DATA / name).read_text(encoding="utf-8")), name)


def quantity(text: str) -> Quantity:
    """Read "500 ml"."""
    amount, _, unit = text.partition(" ")
    return Quantity.parse(amount, unit)
