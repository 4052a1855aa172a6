"""The list of ingredients as a label prints it, taken apart into INCI names in their order.

Labels follow Article 19(1)(g) of Regulation (EC) No 1223/2009: falling weight, colours after "+/-", "[nano]" behind a
name. Beside that they carry stars with footnotes, shares in per cent, common names in brackets, headings, and
translations behind a slash. What is not understood stays as it was typed.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from procurement.catalogue.rules.allergens import PLANTS, rules_of

_HEADING = re.compile(
    r"^\s*(?:(?:full\s+)?ingredients?(?:\s*list)?|inci|ingr[ée]dients?|inhaltsstoffe|ingredienti|ingredientes|"
    r"ingredi[ëe]nten|composition|zusammensetzung|contains)\s*(?:\([^)]*\))?\s*[:\-]\s*",
    re.IGNORECASE,
)
_MAY = (
    r"(?:\(?\s*(?:\+\s*/\s*-|±)\s*\)?|(?:may|can)\s+(?:also\s+)?contain|peut\s+contenir|kann\s+enthalten|"
    r"puede\s+contener|pu[oò]\s+contenere|kan\s+bevatten)"
)
_TRACES = r"(?:traces?\s+of\s+|des\s+traces?\s+de\s+|trazas?\s+de\s+|tracce\s+di\s+)?"
_MAY_CONTAIN = re.compile(rf"^\s*{_MAY}\s*{_TRACES}[:\-]?\s*", re.IGNORECASE)
_SPUREN = re.compile(r"kann\s+(?:auch\s+)?spuren\s+von\s+([^.]+?)\s+enthalten", re.IGNORECASE)
_UND = re.compile(r"\s+(?:und|oder)\s+", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(?:free|without|no|not|ohne|keine?|\w*frei|sans|sin|senza|non)\b", re.IGNORECASE
)
_MAY_INSIDE = re.compile(rf"(?:(?<=[\s,;.])|^){_MAY}(?=[\s:\w])", re.IGNORECASE)
_MARKS = "*\u2020\u2021\u00b0\u00b9\u00b2\u00b3\u2070\u2074\u25ca#"
_MARKED = re.compile(rf"[{re.escape(_MARKS)}]+")
_FOOTNOTE = re.compile(rf"^\s*\(?([{re.escape(_MARKS)}]+)\)?\s*[=:\-\u2013]?\s*(\S.*)$", re.DOTALL)
_ORGANIC = re.compile(r"organic|\bbio|biolog|\u00f6kolog|ecol[o\u00f3]g|kba\b", re.IGNORECASE)
_PERCENT = re.compile(r"\(?\s*(?:<|>|~)?\s*(\d{1,3}(?:[.,]\d+)?)\s*%\s*\)?")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_SELF_EMULSIFYING = re.compile(r"\s*\((SE)\)")
_NANO = re.compile(r"[\[(]\s*nano\s*[\])]", re.IGNORECASE)
_COLOUR = re.compile(r"^c\.?\s?i\.?\s*(?:no\.?\s*)?(\d{5})(?:\s*[/(].*)?$", re.IGNORECASE)
_AND = re.compile(r"\s*\(\s*(?:and|et|und)\s*\)\s*", re.IGNORECASE)
_COMMON = re.compile(r"[^\W\d_][^\W_\d]*(?:[\s'\u2019/.-]+[^\W\d_]+)*\.?")
_SAME = {
    **dict.fromkeys(("aqua", "water", "eau", "wasser", "acqua", "agua", "purified water"), "Aqua"),
    **dict.fromkeys(("parfum", "fragrance", "perfume"), "Parfum"),
    **dict.fromkeys(("cera alba", "beeswax"), "Cera Alba"),
    **dict.fromkeys(("mel", "honey"), "Mel"),
}
_CAPITALS = frozenset(
    {
        "BHA",
        "BHT",
        "CI",
        "DEA",
        "DMDM",
        "DNA",
        "EDTA",
        "HCL",
        "MEA",
        "MIPA",
        "NA",
        "PCA",
        "PEG",
        "PG",
        "PPG",
    }
    | {"PVM", "PVP", "SH", "TEA", "UV", "VA", "VP"}
)
_OPENING, _CLOSING = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class ReadIngredient:
    """One ingredient: its name as it will be kept, and how the label wrote it."""

    name: str
    typed: str
    percent: str = ""
    is_organic: bool = False


@dataclass(frozen=True, slots=True)
class ReadLabel:
    """What was understood of a label."""

    ingredients: tuple[ReadIngredient, ...]
    may_contain: tuple[ReadIngredient, ...]
    footnotes: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.ingredients)

    @property
    def may_names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.may_contain)


def read_label(text: str) -> ReadLabel:
    """Take a label's list apart; names stand once, where they first stand."""
    pieces: list[tuple[str, bool]] = []
    footnotes: list[tuple[str, str]] = []
    for part, may in _parts(_plain(text)):
        noted = _FOOTNOTE.match(part)
        if noted and _is_footnote(noted[1], noted[2]):
            footnotes.append((noted[1], " ".join(noted[2].split()).rstrip(". ")))
        else:
            pieces += [(piece, may) for piece in _AND.split(part)]
    organic = {mark for mark, words in footnotes if _ORGANIC.search(words)}
    found: dict[bool, dict[str, ReadIngredient]] = {False: {}, True: {}}
    for piece, may in (*pieces, *_told_by(footnotes, pieces)):
        one = _ingredient(piece, organic)
        if one and one.name not in found[False]:
            found[may].setdefault(one.name, one)
    return ReadLabel(
        tuple(found[False].values()),
        tuple(found[True].values()),
        tuple(f"{mark} {words}" for mark, words in footnotes),
    )


def _told_by(
    footnotes: list[tuple[str, str]], pieces: list[tuple[str, bool]]
) -> Iterator[tuple[str, bool]]:
    """What only a footnote tells: "* contains peanut oil"."""
    told = {allergen for piece, _ in pieces for allergen in _allergens(piece)}
    for _, words in footnotes:
        if not _WITHOUT.search(words) and _allergens(words) - told:
            yield words, False


def _plain(text: str) -> str:
    """One kind of space, dash and line break; the heading taken off."""
    # Not NFKC: it would turn the small figures of footnotes into figures of names.
    text = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\r", "\n")
    text = _SPUREN.sub(lambda found: f"kann enthalten: {_UND.sub(', ', found[1])}", text)
    return _HEADING.sub("", text.strip())


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """What stands between separators outside brackets, and whether it is behind a "may contain"."""
    may = False
    for line in _lines(text):
        for part in _split(line):
            inner = part.strip()
            if inner.rstrip(".")[-1:] in _CLOSING:
                inner = inner.rstrip(".")
            if inner[:1] in _OPENING and inner[-1:] in _CLOSING and _MAY_CONTAIN.match(inner[1:]):
                inside = _MAY_CONTAIN.sub("", inner[1:-1])
                yield from ((piece, True) for piece in _split(inside))
                continue
            begun = _MAY_CONTAIN.match(inner)
            if begun:
                may, inner = True, inner[begun.end() :]
            if inner:
                yield inner, may


def _lines(text: str) -> list[str]:
    """Lines are separators where they outnumber the others, or begin a footnote or a "may contain"; else they wrap."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    others = sum(text.count(mark) for mark in ",;\u2022|")
    if len(lines) > others + 1:
        return lines
    joined: list[str] = []
    for line in lines:
        begins = bool(_FOOTNOTE.match(line)) or bool(_MAY_CONTAIN.match(line.lstrip("([{")))
        if joined and not begins and not joined[-1].rstrip().endswith("."):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _split(line: str) -> Iterator[str]:
    """At commas, semicolons, bullets and bars outside brackets; a comma between figures belongs to a name."""
    line = _MAY_INSIDE.sub(lambda found: f"\x1f{found[0]}", line)
    depth, start = 0, 0
    for place, letter in enumerate(line):
        if letter in _OPENING:
            if depth == 0 and _MAY_CONTAIN.match(line[place + 1 :]):
                yield line[start:place]
                start = place
            depth += 1
        elif letter in _CLOSING:
            depth = max(depth - 1, 0)
        elif _parts_here(line, place, letter, depth):
            yield line[start:place]
            start = place + 1
    yield line[start:]


def _parts_here(line: str, place: int, letter: str, depth: int) -> bool:
    before, after = line[place - 1 : place], line[place + 1 : place + 2]
    if letter == "\x1f":
        return depth == 0
    if depth:
        return False
    if letter == ",":
        return not (before.isdigit() and after.isdigit())
    if letter == ".":
        # A full stop ends the list; "Alcohol Denat." goes on with a comma.
        rest = line[place + 1 :].lstrip()
        return after in {" ", "\n"} and bool(rest) and (rest[0] in _MARKS or rest[0] in _OPENING)
    return letter in ";\u2022|\u00b7" or (letter == "\u2013" and before == after == " ")


def _is_footnote(mark: str, words: str) -> bool:
    """Stars before a sentence. A name with a star before it begins with a capital and is short."""
    return (
        bool(_ORGANIC.search(words))
        or (words[:1].islower() and len(words.split()) > 1)
        or (len(words.split()) > 4 and len(mark) < 5)
    )


def _ingredient(piece: str, organic: set[str]) -> ReadIngredient | None:
    typed = " ".join(piece.split()).strip(" ,;")
    marks = _MARKED.findall(typed)
    text = _MARKED.sub("", typed)
    share = _PERCENT.search(text)
    text = _PERCENT.sub(" ", text) if share else text
    nano = bool(_NANO.search(text))
    name = _name(_NANO.sub(" ", text))
    if not name or not any(letter.isalpha() for letter in name):
        return None
    return ReadIngredient(
        f"{name} [nano]" if nano else name,
        typed,
        share[1].replace(",", ".") if share else "",
        any(mark in organic for mark in marks),
    )


def _name(text: str) -> str:
    """The INCI name: without a common name in brackets, without translations, capitals as in a sentence of names."""
    text = " ".join(text.split()).strip(
        " .[]{}" if not text.rstrip().lower().endswith("denat.") else " []{}"
    )
    if colour := _COLOUR.match(text):
        return f"CI {colour[1]}"
    text = text if text.isupper() else _SELF_EMULSIFYING.sub(r" \1", text)
    outside = " ".join(_BRACKETS.sub(_inside, text).split())
    # "Vegetable Oil (Peanut)": what only the brackets tell stays.
    if not _allergens(text) - _allergens(outside):
        text = outside or text.strip("()")
    sides = [side.strip().casefold() for side in text.split("/")]
    if sides[0] in _SAME and all(_SAME.get(side) == _SAME[sides[0]] for side in sides):
        return _SAME[sides[0]]
    return _capitals(text) if text.isupper() or text.islower() else text


def _allergens(name: str) -> set[str]:
    return {rule.allergen for rule in rules_of(name) if rule.group in PLANTS}


def _inside(found: re.Match[str]) -> str:
    """A common name in brackets goes; figures and formulas stay."""
    return " " if _COMMON.fullmatch(found[1].strip()) else found[0]


def _capitals(text: str) -> str:
    """PRUNUS AMYGDALUS DULCIS OIL -> Prunus Amygdalus Dulcis Oil; PEG-40 stays."""
    return re.sub(
        r"[^\W_]+",
        lambda found: (
            found[0].upper()
            if found[0].upper() in _CAPITALS or any(letter.isdigit() for letter in found[0])
            else found[0].capitalize()
        ),
        text,
    )
