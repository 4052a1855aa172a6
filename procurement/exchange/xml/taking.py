"""Values out of an element, each a plain Python value or a sentence that names the element."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Self

from lxml import etree

from procurement.exchange.tabular import UnusableFile

_TEXT = 1_000  # characters kept of a text: notes may be long, names are not
# XML Schema Part 2, 3.2.3 decimal: a sign, digits, a point; no exponent, no thousands.
_DECIMAL = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,9})?|\.[0-9]{1,9})", re.ASCII)
# Part 2, 3.2.9 date: with an optional zone, which says nothing about a day of delivery.
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?", re.ASCII)


class Taking:
    """An element and the prefixes its children are named with."""

    def __init__(self, element: etree._Element, prefixes: Mapping[str, str]) -> None:
        self.element = element
        self._prefixes = dict(prefixes)

    @property
    def name(self) -> str:
        """The element's name without its namespace."""
        return etree.QName(self.element).localname

    @property
    def space(self) -> str:
        return etree.QName(self.element).namespace or ""

    def each(self, path: str) -> list[Self]:
        found = self.element.findall(path, self._prefixes)
        return [type(self)(element, self._prefixes) for element in found]

    def text(self, path: str) -> str:
        """The text at the path in one line, cut at a thousand characters; empty where there is none."""
        element = self.element.find(path, self._prefixes)
        words = (
            "".join(str(part) for part in element.itertext()).split() if element is not None else []
        )
        return " ".join(words)[:_TEXT]

    def required(self, path: str) -> str:
        text = self.text(path)
        if not text:
            raise UnusableFile(f"{self._at(path)} is missing or empty.")
        return text

    def day(self, path: str) -> date | None:
        text = self.text(path)
        if not text:
            return None
        match = _DATE.fullmatch(text)
        try:
            return date.fromisoformat(match[1] if match else "")
        except ValueError:
            raise UnusableFile(f"{self._at(path)} is no date: {text[:40]}.") from None

    def number(self, path: str) -> Decimal | None:
        text = self.text(path)
        if not text:
            return None
        if not _DECIMAL.fullmatch(text):
            raise UnusableFile(f"{self._at(path)} is no number: {text[:40]}.")
        return Decimal(text)

    def attribute(self, path: str, name: str) -> str:
        element = self.element.find(path, self._prefixes)
        return (element.get(name) or "").strip()[:40] if element is not None else ""

    def _at(self, path: str) -> str:
        line: Any = self.element.sourceline  # the stubs say less than the library
        where = f" (line {line})" if line else ""
        return f"{self.name}/{path.replace('cac:', '').replace('cbc:', '')}{where}"
