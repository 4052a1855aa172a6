"""One cell to one value, strictly: what cannot be read one way only is refused with the reason."""

import html
import re
import unicodedata
from decimal import Decimal

import nh3
from stdnum import ean

from procurement.catalogue.rules.gtin import GTIN_LENGTHS, padded_gtin
from procurement.exchange.tabular import NumberText
from procurement.exchange.tabular.table import DecimalMark
from procurement.kernel.money import UnitPrice, is_currency
from procurement.kernel.quantity import Quantity, Unit, plain
from procurement.kernel.text import is_storable

NAME_MOST = 200
CODE_MOST = 64
PROSE_MOST = 20_000

_POINT = re.compile(r"[-+]?(?:[0-9]{1,3}(?:[, '][0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,12})?")
_COMMA = re.compile(r"[-+]?(?:[0-9]{1,3}(?:[. '][0-9]{3})+|[0-9]{1,15})(?:,[0-9]{1,12})?")
_GROUPS = {".": str.maketrans("", "", ", '"), ",": str.maketrans(",", ".", ". '")}
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2019": "'", "\u2212": "-"})
_EXPONENT = re.compile(r"[-+]?[0-9.,]+[eE][-+]?[0-9]+")
_SIGNS = {
    "€": {"EUR"},
    "£": {"GBP"},
    "$": {"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN"},
    "¥": {"JPY", "CNY"},
}
_BREAKS = re.compile(r"<\s*(?:br|/p|/li|/h[1-6]|/div|/tr)\b[^>]*>", re.IGNORECASE)
_WORDS = {
    **dict.fromkeys(("true", "yes", "y", "1", "x", "active", "enabled"), True),
    **dict.fromkeys(("false", "no", "n", "0", "", "inactive", "disabled"), False),
}


class BadCell(Exception):
    """The reason goes after the column's name: "Price: is below zero"."""


def text(value: str, most: int = NAME_MOST) -> str:
    """A text on one line or several, composed, without the characters that nobody can see."""
    if value.isascii() and value.isprintable():  # most cells
        cleaned = value.strip()
        if len(cleaned) <= most:
            return cleaned
    cleaned = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not is_storable(cleaned):
        raise BadCell("holds control characters or code points that are no characters")
    if len(cleaned) > most:
        raise BadCell(f"has {len(cleaned):,} characters, at most {most:,} fit")
    return cleaned


def one_line(value: str, most: int = NAME_MOST) -> str:
    if "  " not in value and value.isprintable():
        return text(value, most)
    return text(" ".join(value.split()), most)


def prose(value: str) -> str:
    """HTML to plain text with its paragraphs; plain text stays as it is."""
    if "<" in value or "&" in value:
        broken = _BREAKS.sub("\n", value)
        value = html.unescape(nh3.clean(broken, tags=set()))
        value = "\n".join(" ".join(line.split()) for line in value.splitlines())
        value = re.sub(r"\n{3,}", "\n\n", value)
    return text(value, PROSE_MOST)


def number(value: str, mark: DecimalMark) -> Decimal:
    """An exact decimal. Grouping is accepted where the groups are whole; nothing is guessed."""
    written = value.strip().translate(_BLANKS)
    if isinstance(value, NumberText):
        mark = "."
    if len(written) > 40:
        raise BadCell("is too long for a number")
    pattern = _POINT if mark == "." else _COMMA
    if not pattern.fullmatch(written):
        raise BadCell(_why_no_number(written, mark))
    return Decimal(written.translate(_GROUPS[mark]))


def _why_no_number(written: str, mark: DecimalMark) -> str:
    if _EXPONENT.fullmatch(written):
        return f"{_short(written)} has an exponent; write the number out"
    other = _COMMA if mark == "." else _POINT
    if other.fullmatch(written):
        name = "point" if mark == "." else "comma"
        return f"{_short(written)} is no number where the decimal mark is a {name}"
    return f"{_short(written)} is not a number"


def whole(value: str, mark: DecimalMark, *, least: int = 0, most: int = 1_000_000) -> int:
    found = number(value, mark)
    if found != found.to_integral_value():
        raise BadCell(f"{_short(value)} is not a whole number")
    if found < least:
        raise BadCell("is below zero" if least == 0 else f"is below {least}")
    if found > most:
        raise BadCell(f"is above {most:,}")
    return int(found)


def price_e4(value: str, mark: DecimalMark, currency: str) -> int:
    """The price of one pack in 1/10000; the currency's own sign beside the number is understood."""
    written = value.strip()
    for sign, currencies in _SIGNS.items():
        if sign in written:
            if currency not in currencies:
                raise BadCell(f"{_short(written)} does not look like {currency}")
            written = written.replace(sign, "", 1).strip()
    if written != value and not isinstance(value, NumberText):
        value = written
    if currency in (value[:3], value[-3:]):
        value = value.replace(currency, "", 1).strip()
    found = number(value, mark)
    if found < 0:
        raise BadCell("is below zero")
    return _priced(found, currency)


def _priced(found: Decimal, currency: str) -> int:
    try:
        return UnitPrice.parse(plain(found), currency).e4
    except ValueError as error:
        raise BadCell(reason_of(error)) from None


def pack_price_e4(price: Decimal, currency: str) -> int:
    """A price already worked out, such as 100 pieces at 0.0845 each."""
    return _priced(price, currency)


def currency(value: str) -> str:
    code = value.strip().upper()
    if not is_currency(code):
        raise BadCell(f"{_short(value)} is no currency code such as EUR")
    return code


def steps(value: str, mark: DecimalMark, unit: str, within: Unit, *, least: int = 0) -> int:
    """A quantity in steps of the product's unit; `unit` is as written beside it, empty for the product's own."""
    amount = number(value, mark)
    if amount < 0:
        raise BadCell("is below zero")
    try:
        quantity = Quantity.parse(plain(amount), unit.strip().lower() or within.value)
    except ValueError as error:
        raise BadCell(reason_of(error)) from None
    if quantity.unit is not within:
        raise BadCell(f"is in {quantity.unit}, the product is counted in {within}")
    if quantity.steps < least:
        raise BadCell("is nothing")
    return quantity.steps


def flag(value: str) -> bool:
    try:
        return _WORDS[value.strip().lower()]
    except KeyError:
        raise BadCell(f"{_short(value)} is neither yes nor no") from None


def gtin(value: str) -> str | None:
    """Fourteen digits, zeros in front; None when the cell is empty."""
    digits = value.strip()
    if not digits:
        return None
    try:
        return padded_gtin(digits)
    except ValueError as error:
        raise BadCell(str(error).rstrip(".")) from None


def offered_gtin(value: str) -> str | None:
    """The barcode this probably was before a spreadsheet touched it: an apostrophe in front, or zeros lost."""
    digits = value.strip().lstrip("'\u2019").strip()
    if not digits.isascii() or not digits.isdigit() or not 6 <= len(digits) <= 14:
        return None
    if len(digits) in GTIN_LENGTHS:
        return digits if ean.is_valid(digits) else None
    padded = digits.zfill(8 if len(digits) < 8 else 12)
    return padded if ean.is_valid(padded) else None


def parts(value: str, separators: str = ";\n") -> tuple[str, ...]:
    """The entries of a list in one cell, without doubles."""
    for separator in separators[1:]:
        value = value.replace(separator, separators[0])
    found = (one_line(part) for part in value.split(separators[0]))
    return tuple(dict.fromkeys(part for part in found if part))


def _short(value: str) -> str:
    shown = " ".join(value.split())
    return shown if len(shown) <= 30 else shown[:29] + "…"


def reason_of(error: ValueError) -> str:
    """The kernel's sentence as a reason after a column's name."""
    sentence = str(error).rstrip(".")
    return sentence[:1].lower() + sentence[1:]
