"""What a GS1 code says: element strings cut into GTIN, lot, dates, counts. The table of identifiers is the parser's.

A lot or a serial ends where a separator (FNC1, sent as character 29) stands. Many hand scanners type and leave the
separator out; then a text may be cut in several valid ways. All of them are answered, none is preferred here.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from biip import ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_digital_link_uris import GS1DigitalLinkURI

from procurement.kernel.quantity import Quantity, Unit

SEPARATOR = "\x1d"
MOST_READINGS = 12
LONGEST_ELEMENT = 94  # of the table: an identifier of 2 and a value of 90, with room
_TOO_MANY = (
    "The scanner leaves out the separators, and this code can be read in too many ways."
    " Type what it says."
)
_CHECKED = frozenset({"00", "01", "02", "03"})
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})
_MICRO = 6  # a kilogram is a million milligrams, a litre a million microlitres
_MEASURES = {"310": Unit.G, "315": Unit.ML}  # net weight in kg, net volume in litres
_WRITTEN = re.compile(r"\((\d{2,4})\)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One way to understand a code. Dates with day 00 are the last of their month."""

    gtin: str | None = None  # 14 digits
    lot: str | None = None
    serial: str | None = None
    expires_on: date | None = None
    best_before: date | None = None
    count: int | None = None  # so many of what the GTIN names
    measure: Quantity | None = None  # net weight or volume of one
    elements: tuple[tuple[str, str], ...] = ()

    @property
    def written(self) -> str:
        """As people read it: (01)09501101530003(10)AB-1."""
        return "".join(f"({ai}){value}" for ai, value in self.elements)


_Elements = tuple[tuple[str, str], ...]


def read_elements(data: str, *, today: date, kept: bool = False) -> tuple[Reading, ...]:
    """Every valid way to cut the text; with a separator in it, or `kept` when its sender keeps them, the one way.

    Raises ValueError with a sentence.
    """
    data = data.strip(SEPARATOR)
    if not data.isascii():
        raise ValueError("A GS1 code has plain letters and digits only.")
    exact = kept or SEPARATOR in data
    ways = [_cut_at_separators(data)] if exact else list(_ways(data, {}))
    if len(ways) > MOST_READINGS:
        raise ValueError(_TOO_MANY)
    readings = [reading for way in ways if (reading := _understood(way, today))]
    if not readings:
        raise ValueError("This looks like a GS1 code, but its parts do not add up. Scan it again.")
    return tuple(dict.fromkeys(readings))


def read_written(text: str, *, today: date) -> tuple[Reading, ...]:
    """What stands under the bars, with brackets: (01)09501101530003(17)281200(10)AB-1."""
    bare = "".join(text.split())
    parts = _WRITTEN.split(bare)
    if parts[0] or len(parts) < 3:
        raise ValueError("A GS1 code written with brackets begins with (01) and a GTIN.")
    way: list[tuple[str, str]] = []
    for ai, value in zip(parts[1::2], parts[2::2], strict=True):
        if not _fits(ai + value) or _identifier(ai) != ai:
            raise ValueError(f"({ai}) cannot be followed by {value[:30]}.")
        way.append((ai, value))
    reading = _understood(tuple(way), today)
    if reading is None:
        raise ValueError("A part of this GS1 code is wrong: a check digit, a date, or said twice.")
    return (reading,)


def read_link(address: str, *, today: date) -> tuple[Reading, ...]:
    """A GS1 Digital Link: https://…/01/09501101530003/10/AB-1?17=281231."""
    try:
        found = GS1DigitalLinkURI.parse(address).element_strings
    except (ParseError, ValueError) as error:
        raise ValueError("This address names nothing of ours, and no GTIN.") from error
    reading = _understood(tuple((one.ai.ai, one.value) for one in found), today)
    if reading is None:
        raise ValueError("The GTIN or the date in this address is wrong.")
    return (reading,)


def base_gtin(gtin: str) -> str | None:
    """The single item inside a GTIN-14 with a pack level (first digit 1 to 9); None where it has none."""
    if gtin[0] == "0":
        return None
    payload = f"0{gtin[1:13]}"
    return f"{payload}{gs1_standard_check_digit(payload)}"


def day_of(written: str, today: date) -> date:
    """YYMMDD by the rule of 49 years back and 50 ahead; day 00 is the month's last. Raises ValueError."""
    year, month, day = int(written[:2]), int(written[2:4]), int(written[4:6])
    year += today.year - today.year % 100
    ahead = year - today.year
    if ahead > 50:
        year -= 100
    elif ahead < -49:
        year += 100
    if not 1 <= month <= 12:
        raise ValueError(f"{written} is no date.")
    return date(year, month, day or calendar.monthrange(year, month)[1])


@lru_cache(maxsize=4096)
def _identifier(start: str) -> str | None:
    """The application identifier that a text begins with."""
    try:
        return GS1ApplicationIdentifier.extract(start).ai
    except ParseError:
        return None


@lru_cache(maxsize=1024)
def _pattern(ai: str) -> re.Pattern[str]:
    return re.compile(GS1ApplicationIdentifier.extract(ai).pattern, re.ASCII)


def _fits(element: str) -> bool:
    ai = _identifier(element[:4])
    return ai is not None and len(element) > len(ai) and bool(_pattern(ai).fullmatch(element))


def _cut_at_separators(data: str) -> _Elements:
    """Between separators stand elements of fixed length and at most one of free length, the last."""
    way: list[tuple[str, str]] = []
    for part in data.split(SEPARATOR):
        rest = part
        while rest:
            lengths = _lengths(rest)
            if not lengths:
                return ()
            longest = lengths[-1]
            ai = _identifier(rest[:4]) or ""
            way.append((ai, rest[len(ai) : longest]))
            rest = rest[longest:]
    return tuple(way)


def _ways(rest: str, known: dict[str, list[_Elements]]) -> Iterator[_Elements]:
    if not rest:
        yield ()
        return
    if rest not in known:
        known[rest] = []
        ai = _identifier(rest[:4]) or ""
        for length in reversed(_lengths(rest)):
            head = (ai, rest[len(ai) : length])
            for tail in _ways(rest[length:], known):
                if len(known[rest]) > MOST_READINGS * 4:  # some would be missing: none is said
                    raise ValueError(_TOO_MANY)
                # Said twice is no GS1 message; a longer first lot has swallowed it.
                if all(other != ai for other, _ in tail):
                    known[rest].append((head, *tail))
    yield from known[rest]


def _lengths(rest: str) -> list[int]:
    """How long the first element may be."""
    ai = _identifier(rest[:4])
    if ai is None:
        return []
    pattern = _pattern(ai)
    last = min(len(rest), LONGEST_ELEMENT)
    return [n for n in range(len(ai) + 1, last + 1) if pattern.fullmatch(rest[:n])]


def _understood(way: _Elements, today: date) -> Reading | None:
    """What the elements say; None when one cannot be true, or no item is named."""
    said = dict(way)
    if len(said) != len(way) or not said.keys() & {"01", "02"}:
        return None
    if any(ai in _CHECKED and not _has_check_digit(value) for ai, value in way):
        return None
    try:
        days = {ai: day_of(value, today) for ai, value in way if ai in _DATES}
        if "7003" in said:
            days.setdefault("17", day_of(said["7003"][:6], today))
    except ValueError:
        return None
    count = said.get("37") or said.get("30")
    return Reading(
        gtin=said.get("01") or said["02"],
        lot=said.get("10"),
        serial=said.get("21"),
        expires_on=days.get("17"),
        best_before=days.get("15"),
        count=int(count) if count else None,
        measure=_measure(way),
        elements=way,
    )


def _has_check_digit(value: str) -> bool:
    return gs1_standard_check_digit(value[:-1]) == int(value[-1])


def _measure(way: _Elements) -> Quantity | None:
    for ai, value in way:
        unit = _MEASURES.get(ai[:3])
        if unit and len(ai) == 4 and int(ai[3]) <= _MICRO:
            return Quantity(int(value) * 10 ** (_MICRO - int(ai[3])), unit)
    return None
