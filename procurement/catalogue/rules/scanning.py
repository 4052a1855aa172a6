"""From the text a scanner sends, or a person types, to what it can mean; nothing is looked up here."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qs, unquote, urlsplit

from biip import ParseError
from biip.upc import Upc
from stdnum import ean

from procurement.catalogue.rules.gs1 import (
    SEPARATOR,
    Reading,
    read_elements,
    read_link,
    read_written,
)
from procurement.catalogue.rules.gtin import GTIN_LENGTHS, padded_gtin
from procurement.kernel.text import CODE_LENGTH, is_storable

LONGEST = 400
_SYMBOLOGY = re.compile(r"\]([A-Za-z])([0-9A-Za-z])")
_GS1_SYMBOLS = frozenset({"C1", "d2", "Q3", "e0", "e1", "e2", "J1"})
# What scanners send for FNC1. None of these can stand in a lot or serial: GS1 texts have no such characters.
_STAND_INS = re.compile(
    r"\{GS\}|\{FNC1\}|\[GS\]|\^\]|~1|~d029|\\x1d|\\u001d|\\F|\|\|?|\u241d|<GS>|<0x1D>|<FNC1>",
    re.IGNORECASE,
)
_BEGINS_GS1 = re.compile(r"(0[0-3]|1[0-7]|2[0-2]|3[0-9]|24|7003|9[0-9])[!-z]", re.ASCII)
_BEGINS_GTIN = re.compile(r"0[12](\d{14})", re.ASCII)
_ROOM, _CONTAINER, _LOT = "r", "b", "s"


@dataclass(frozen=True, slots=True)
class OwnLabel:
    """An address that stands on a label of ours: a room, a container, or a product's lot."""

    location: str | None = None
    container: str | None = None
    product: str | None = None
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanned or typed text can mean: GS1 readings, one of our labels, or a plain code. One of the three."""

    raw: str
    readings: tuple[Reading, ...] = ()
    own: OwnLabel | None = None
    code: str | None = None
    separated: bool = False  # the scanner sent a separator: it is one that does


def read_scan(text: str, *, today: date, kept: bool = False) -> Scan:
    """Raises ValueError with a sentence when the text is meant as GS1 and is wrong, or is no code at all."""
    raw = text.strip(" \t\r\n")
    if not raw:
        raise ValueError("Nothing was scanned.")
    if len(raw) > LONGEST:
        raise ValueError("This is longer than any code on a label.")
    symbol, data = _without_symbology(raw)
    address = data.strip(SEPARATOR)
    if address.lower().startswith(("http://", "https://")):
        own = _own_label(address)
        return Scan(raw, own=own) if own else Scan(raw, readings=read_link(address, today=today))
    if data.startswith("("):
        return Scan(raw, readings=read_written(data, today=today))
    if readings := _plain_gtin(data, symbol):
        return Scan(raw, readings=readings)
    return _elements_or_code(raw, data, symbol, today=today, kept=kept)


def _elements_or_code(raw: str, data: str, symbol: str, *, today: date, kept: bool) -> Scan:
    begins = bool(_BEGINS_GS1.match(data.lstrip(SEPARATOR)))
    # A blank cannot stand in a GS1 text: there, and only there, it is what a scanner made of the separator.
    elements = _STAND_INS.sub(SEPARATOR, data).replace(" ", SEPARATOR) if begins else data
    separated = SEPARATOR in elements.strip(SEPARATOR)
    is_meant = (
        symbol in _GS1_SYMBOLS or SEPARATOR in data.strip(SEPARATOR) or _names_an_item(elements)
    )
    if is_meant or begins:
        try:
            readings = read_elements(elements, today=today, kept=kept)
        except ValueError:
            if is_meant:
                raise
        else:
            return Scan(raw, readings=readings, separated=separated)
    code = data.replace(SEPARATOR, "")
    if not code or len(code) > CODE_LENGTH or not is_storable(code):
        raise ValueError("This is no code that we know how to read.")
    return Scan(raw, code=code)


def _names_an_item(elements: str) -> bool:
    found = _BEGINS_GTIN.match(elements.lstrip(SEPARATOR))
    return bool(found and ean.is_valid(found[1]))


def _without_symbology(raw: str) -> tuple[str, str]:
    found = _SYMBOLOGY.match(raw)
    return (f"{found[1]}{found[2]}", raw[found.end() :]) if found else ("", raw)


def _plain_gtin(data: str, symbol: str) -> tuple[Reading, ...]:
    """EAN-8, UPC-A, EAN-13, ITF-14 and UPC-E; eight digits may be read both ways, and the catalogue decides."""
    digits = data.replace(" ", "")
    if symbol in _GS1_SYMBOLS or not digits.isascii() or not digits.isdigit():
        return ()
    found = []
    if len(digits) in GTIN_LENGTHS and ean.is_valid(digits):
        found.append(padded_gtin(digits))
    if len(digits) == 8 and digits[0] in "01":
        with suppress(ParseError):
            found.append(Upc.parse(digits).as_upc_a().zfill(14))
    return tuple(Reading(gtin=gtin, elements=(("01", gtin),)) for gtin in dict.fromkeys(found))


def _own_label(address: str) -> OwnLabel | None:
    try:
        parts = urlsplit(address)
        asked = parse_qs(parts.query)
    except ValueError:
        return None
    path = [unquote(part) for part in parts.path.split("/")]
    if any(not is_storable(part) for part in (*path, *asked.get("p", ()), *asked.get("l", ()))):
        return None
    match path[-2:]:
        case [kind, code] if kind == _ROOM and code:
            return OwnLabel(location=code)
        case [kind, number] if kind == _CONTAINER and number:
            return OwnLabel(container=number)
        case [*_, kind] if kind == _LOT and asked.get("p"):
            return OwnLabel(product=asked["p"][0], lot=asked.get("l", [None])[0])
    return None
