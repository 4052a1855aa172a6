"""From a name as it was typed to lines that fit: runs of typefaces, direction, line breaks.

Text is never mark-up here, so ``<b>`` and ``&`` print as they are. What no typeface has prints as
its plainer form (a fancy H as H) or as its code point ([U+1820]), and is still copied as the
character. Characters that only steer the direction of writing are left out: a name must not
reorder the price beside it.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from bidi import algorithm as bidi
from bidi.mirror import MIRRORED

from procurement.documents.fonts import (
    HAN,
    HAN_WIDE,
    JOINERS,
    KANA,
    SYLLABIC,
    WEIGHTS,
    Glyph,
    Latin,
    family_for,
    latin,
    shaper_of,
)
from procurement.documents.speaking import is_heaped, is_misread
from procurement.documents.voicing import Run, is_spelt, spelt, worded

STRONG_RTL = {"R", "AL"}
NEVER_FIRST = frozenset(
    "、。，．！？：；）」』】〉》〕ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ%)]}”’"  # noqa: RUF001 - meant
)
NEVER_LAST = frozenset("（「『【〈《〔([{“‘")  # noqa: RUF001 - meant
# Only where a word is too long for its line.
BREAK_AFTER = frozenset("-/‐–—_|\\&?=,;:.@+")  # noqa: RUF001 - meant


class Line(NamedTuple):
    """One line ready to draw; widths in thousandths of the type size."""

    text: str
    width: float
    runs: tuple[Run, ...] | None = None  # None: plain Fira Sans throughout
    rtl: bool = False


class Cluster(NamedTuple):
    """What a reader takes as one character."""

    text: str
    family: str | None
    shown: str


def clean(text: str) -> str:
    """Composed, without invisible steering; line feeds stay."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n")
    kept = (char for char in text if not _is_steering(ord(char)))
    shown = "".join("\ufffd" if 0xD800 <= ord(char) < 0xE000 else char for char in kept)
    return unicodedata.normalize("NFC", shown)


def fit(text: str, weight: str, size: float, width: float, han: str = "SC") -> list[Line]:
    """The lines of a text in a column of that width; nothing is wider, nothing is lost."""
    face = latin(weight)
    limit = width * 1000 / size + 0.01
    whole = face.width(text)
    if whole is not None and whole <= limit:
        return [Line(text, whole)]
    lines: list[Line] = []
    for part in clean(text).split("\n"):
        plain = face.width(part)
        if plain is not None and plain <= limit:
            lines.append(Line(part, plain))
        elif plain is not None:
            lines.extend(_wrap_plain(part, face, limit))
        else:
            lines.extend(_wrap_mixed(part, weight, limit, _han_of(part, han)))
    return lines


def one_line(text: str, weight: str, han: str = "SC") -> Line:
    """However wide it is; for texts whose place is known to be large enough."""
    face = latin(weight)
    whole = face.width(text)
    if whole is not None:
        return Line(text, whole)
    part = clean(text).replace("\n", " ")
    plain = face.width(part)
    if plain is not None:
        return Line(part, plain)
    clusters = _clusters(part, _han_of(part, han))
    return _assemble(clusters, weight, rtl=_is_rtl(part))


def needs_width(lines: Sequence[Line]) -> bool:
    """Whether a reader would take what stands beside a text for a part of it.

    It does for text from right to left on several lines, and where accents reach into other lines.
    """
    if len(lines) < 2:
        return any(is_heaped(line.text) for line in lines)
    return any(line.rtl or is_heaped(line.text) for line in lines)


def _wrap_plain(text: str, face: Latin, limit: float) -> Iterator[Line]:
    space = face.widths[" "]
    line, width = "", 0.0
    for index, word in enumerate(text.split(" ")):
        wide = face.width(word) or 0.0
        if index and width + space + wide <= limit:
            line, width = f"{line} {word}", width + space + wide
            continue
        if index:
            yield Line(line, width)
        *full, (line, width) = _pieces(word, wide, face, limit)
        yield from (Line(piece, piece_width) for piece, piece_width in full)
    yield Line(line, width)


def _pieces(word: str, wide: float, face: Latin, limit: float) -> list[tuple[str, float]]:
    """A word cut so that each part fits, after a hyphen or a slash where one is near."""
    if wide <= limit:
        return [(word, wide)]
    pieces: list[tuple[str, float]] = []
    start, used, kind_break, kind_width = 0, 0.0, 0, 0.0
    for index, char in enumerate(word):
        advance = face.widths[char]
        if used + advance > limit and index > start:
            end, taken = index, used
            if kind_break > start and kind_width > limit / 2:
                end, taken = kind_break, kind_width
            pieces.append((word[start:end], taken))
            used -= taken
            start = end
        used += advance
        if char in BREAK_AFTER:
            kind_break, kind_width = index + 1, used
    pieces.append((word[start:], used))
    return pieces


def _wrap_mixed(text: str, weight: str, limit: float, han: str) -> Iterator[Line]:
    rtl = _is_rtl(text)
    line: list[Cluster] = []
    width = 0.0
    for word in _words(_clusters(text, han)):
        wide = _measure(word, weight)
        if line and width + _measure(_trimmed(word), weight) > limit:
            yield _assemble(_trimmed(line), weight, rtl=rtl)
            line, width = [], 0.0
        if wide > limit and _measure(_trimmed(word), weight) > limit:
            *full, rest = _chunks(word, weight, limit)
            yield from (_assemble(chunk, weight, rtl=rtl) for chunk in full)
            line, width = list(rest), _measure(rest, weight)
        else:
            line.extend(word)
            width += wide
    yield _assemble(_trimmed(line), weight, rtl=rtl)


def _chunks(word: Sequence[Cluster], weight: str, limit: float) -> Iterator[Sequence[Cluster]]:
    """A word without a place to break, cut between characters."""
    start, used = 0, 0.0
    for index, cluster in enumerate(word):
        wide = _measure((cluster,), weight)
        if used + wide > limit and index > start:
            yield word[start:index]
            start, used = index, 0.0
        used += wide
    yield word[start:]


def _words(clusters: Sequence[Cluster]) -> Iterator[Sequence[Cluster]]:
    """Parts that stay together; spaces hang on the word before them."""
    start = 0
    for index in range(1, len(clusters)):
        before, after = clusters[index - 1].text[-1], clusters[index].text[0]
        if before == " ":
            may_break = after != " "
        else:
            may_break = (_is_ideograph(before) or _is_ideograph(after)) and not (
                after in NEVER_FIRST or before in NEVER_LAST or after == " "
            )
        if may_break:
            yield clusters[start:index]
            start = index
    yield clusters[start:]


def _trimmed(clusters: Sequence[Cluster]) -> Sequence[Cluster]:
    end = len(clusters)
    while end and clusters[end - 1].text == " ":
        end -= 1
    return clusters[:end]


def _clusters(text: str, han: str) -> list[Cluster]:
    return [found for cluster in _graphemes(text) for found in _faced(cluster, han)]


def _graphemes(text: str) -> Iterator[str]:
    start = 0
    for index in range(1, len(text)):
        if not _continues(text, start, index):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _continues(text: str, start: int, index: int) -> bool:
    char, before = text[index], text[index - 1]
    if char < "\u0300":
        return False
    if char in JOINERS or unicodedata.category(char) in {"Mn", "Me", "Mc"}:
        return True
    if 0x1F3FB <= ord(char) <= 0x1F3FF or (before == "\u200d" and ord(char) > 0x2190):
        return True
    flags = 0x1F1E6 <= ord(char) <= 0x1F1FF and 0x1F1E6 <= ord(before) <= 0x1F1FF
    return flags and index - start == 1


def _faced(grapheme: str, han: str) -> Iterator[Cluster]:
    """With its family; broken up where no family has the whole of it."""
    needed = "".join(char for char in grapheme if char not in JOINERS)
    if not needed:
        return
    if len(needed) == 1 and needed in latin("Regular").widths and "\ufe0f" not in grapheme:
        yield Cluster(grapheme, None, needed)
        return
    family = family_for(needed, han)
    if family is not None:
        yield Cluster(grapheme, family, grapheme)
    elif len(needed) > 1:
        for char in needed:
            yield from _faced(char, han)
    else:
        alike = unicodedata.normalize("NFKC", needed)
        drawn = bool(alike.strip()) and latin("Regular").width(alike) is not None
        code = ord(needed)
        if drawn:
            yield Cluster(grapheme, None, alike)
        elif code < 0x20 or code >= 0xFFFD:
            yield Cluster(grapheme, None, spelt(needed))
        else:
            yield Cluster(grapheme, None, f"[U+{code:04X}]")


def _measure(clusters: Sequence[Cluster], weight: str) -> float:
    face = latin(weight)
    return sum(
        # Letters that join are as wide as they are drawn: from right to left.
        face.drawn(shown) if family is None else _shape(family, weight, shown, _has_rtl(shown))[1]
        for family, shown in (
            (family, "".join(cluster.shown for cluster in group))
            for family, group in groupby(clusters, key=lambda cluster: cluster.family)
        )
    )


@lru_cache(maxsize=4096)
def _shape(family: str, weight: str, text: str, rtl: bool) -> tuple[tuple[Glyph, ...], float]:
    glyphs = shaper_of(family, WEIGHTS[weight]).shape(text, rtl=rtl)
    return glyphs, sum(glyph.advance for glyph in glyphs)


def _assemble(clusters: Sequence[Cluster], weight: str, *, rtl: bool) -> Line:
    """Clusters of one line, put in the order the eye meets them."""
    face = latin(weight)
    text = "".join(cluster.text for cluster in clusters)
    runs: list[Run] = []
    placed = _visual(clusters, rtl=rtl)
    for (family, odd, _, spells), group in groupby(placed, key=_kind):
        parts = [cluster for cluster, _ in group]
        if family is None:
            shown = "".join(_turned(part.shown) if odd else part.shown for part in parts)
            spoken = "".join(part.text for part in parts)
            told = "" if odd or spoken == shown or spells else spoken
            runs.append(Run(None, shown, face.drawn(shown), None, told))
        else:
            shown = "".join(part.shown for part in (reversed(parts) if odd else parts))
            glyphs, width = _shape(family, weight, shown, odd)
            # Syllables are written out of order; words from right to left turn readers round.
            told = shown if family in SYLLABIC else ""
            runs.append(Run(family, shown, width, glyphs, told))
    width = sum(run.width for run in runs)
    drawn = "".join(_turned(cluster.text) if odd else cluster.text for cluster, odd in placed)
    if is_misread(text, drawn):
        return Line(text, width, worded(text, runs), rtl)
    return Line(text, width, tuple(runs), rtl)


def _turned(shown: str) -> str:
    return str(MIRRORED.get(shown, shown))


def _kind(placed: tuple[Cluster, bool]) -> tuple[str | None, bool, bool, bool]:
    """What may stand in one run."""
    cluster, odd = placed
    differs = cluster.family is None and cluster.text != cluster.shown
    return cluster.family, odd, differs, is_spelt(cluster.shown)


def _visual(clusters: Sequence[Cluster], *, rtl: bool) -> list[tuple[Cluster, bool]]:
    """Rule L2 of the bidirectional algorithm, over whole clusters."""
    letters = "".join(cluster.text[0] for cluster in clusters)
    if not rtl and not _has_rtl(letters):
        return [(cluster, False) for cluster in clusters]
    levels = _levels(letters, rtl=rtl)
    order = list(range(len(clusters)))
    lowest_odd = min((level for level in levels if level % 2), default=1)
    for level in range(max(levels), lowest_odd - 1, -1):
        start = 0
        while start < len(order):
            if levels[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end
    return [(clusters[index], bool(levels[index] % 2)) for index in order]


def _levels(letters: str, *, rtl: bool) -> list[int]:
    storage = bidi.get_empty_storage()
    storage["base_level"] = int(rtl)
    storage["base_dir"] = "R" if rtl else "L"
    # Anything the algorithm would remove stands in as a neutral, so that the count stays.
    steady = "".join(
        " " if unicodedata.bidirectional(char) in {"", "BN", "B", "S"} else char for char in letters
    )
    bidi.get_embedding_levels(steady, storage)
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    return [int(char["level"]) for char in storage["chars"]]


def _is_rtl(text: str) -> bool:
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in STRONG_RTL:
            return True
        if kind == "L":
            return False
    return False


def _has_rtl(text: str) -> bool:
    return any(unicodedata.bidirectional(char) in STRONG_RTL for char in text)


def _is_ideograph(char: str) -> bool:
    code = ord(char)
    return code >= 0x2E80 and any(low <= code <= high for low, high in (*HAN, *HAN_WIDE, *KANA))


def _han_of(text: str, preferred: str) -> str:
    """Kana or Hangul in the same text tell whose ideographs these are."""
    if any("\u3041" <= char <= "\u30ff" for char in text):
        return "JP"
    if any("\uac00" <= char <= "\ud7a3" for char in text):
        return "KR"
    return preferred


def _is_steering(code: int) -> bool:
    return (
        code in {0xAD, 0x34F, 0x61C, 0x180E, 0xFEFF}
        or (0x200B <= code <= 0x200F and code not in {0x200C, 0x200D})
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xE0000 <= code <= 0xE0FFF
    )
