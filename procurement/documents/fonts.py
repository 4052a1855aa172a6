"""Which typeface draws a character, how wide it is, and how it is put into the file.

Latin, Greek, Cyrillic and Vietnamese stand in Fira Sans, loaded once per process and measured
character by character. Everything else is looked up run by run in the families below, opened only
when a document needs them: HarfBuzz maps the file, shapes the words, and cuts the few glyphs
a document uses (weight fixed) into a font of its own.
"""

import io
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise, repeat
from pathlib import Path
from typing import NamedTuple

import uharfbuzz as hb

from procurement.documents.embedding import PaperFont
from procurement.documents.moving import with_moved_glyphs
from procurement.documents.speaking import UNSPOKEN

PER_EM = 1000
# Glyphs without a character of their own get a code in the private plane 15, derived from the
# glyph's number, so that the bytes do not depend on what was drawn before.
PRIVATE = 0xF0000
RAISED = 0x100000  # marks moved up or down, as shapes of their own
VOICED = 0x108000  # shapes that stand for something else than the same shape did before
MOST_VOICED = 0x7F00  # of one face in one process; beyond, a shape says what it said first
SPELT = 0x10FF00  # the letters of [U+1F000], which are copied as nothing
HIGHEST = PER_EM  # marks heaped on marks stand no farther off than this
# Kept inside a word because shaping needs them, but no typeface has to have them.
JOINERS = frozenset("\u200c\u200d") | {chr(code) for code in range(0xFE00, 0xFE10)}

WEIGHTS = {"Light": 400, "Regular": 400, "Medium": 500, "Italic": 400}


@dataclass(frozen=True, slots=True)
class Family:
    """A typeface for scripts that Fira Sans lacks."""

    name: str
    package: str
    regular: str
    medium: str = ""  # its own file; empty for a variable font
    ranges: tuple[tuple[int, int], ...] = ()  # where it is the first choice

    def claims(self, code: int) -> bool:
        return any(low <= code <= high for low, high in self.ranges)


def _noto(script: str, *ranges: tuple[int, int]) -> Family:
    return Family(f"Noto{script}", "manimgx_fonts", f"NotoSans{script}[wght].ttf", "", ranges)


def _cjk(code: str, *ranges: tuple[int, int]) -> Family:
    path = f"fonts/ofl/notosans{code.lower()}/NotoSans{code}[wght].ttf"
    return Family(code, "justmytype_intl_cjk", path, "", ranges)


HAN = ((0x2E80, 0x303F), (0x3200, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F))
HAN_WIDE = ((0xFF00, 0xFFEF), (0x20000, 0x323AF))
KANA = ((0x3041, 0x30FF), (0x31F0, 0x31FF))
HANGUL = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF))
EMOJI = ((0x2600, 0x27BF), (0x1F000, 0x1FAFF), (0x2B50, 0x2B55), (0x231A, 0x231B))

FAMILIES = (
    Family(
        "Arabic",
        "fontpkg_ibm_plex_sans_arabic",
        "files/IBMPlexSansArabic-Regular.ttf",
        "files/IBMPlexSansArabic-Medium.ttf",
        ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE)),
    ),
    Family(
        "Hebrew",
        "fontpkg_heebo",
        "files/Heebo[wght].ttf",
        "",
        ((0x590, 0x5FF), (0xFB1D, 0xFB4F)),
    ),
    Family(
        "Hindi",
        "fontpkg_hind",
        "files/Hind-Regular.ttf",
        "files/Hind-Medium.ttf",
        ((0x900, 0x97F), (0xA8E0, 0xA8FF)),
    ),
    Family(
        "Thai",
        "fontpkg_sarabun",
        "files/Sarabun-Regular.ttf",
        "files/Sarabun-Medium.ttf",
        ((0xE00, 0xE7F),),
    ),
    Family("Emoji", "manimgx_fonts", "NotoEmoji[wght].ttf", "", EMOJI),
    _cjk("SC", *HAN, *HAN_WIDE),
    _cjk("TC", (0x3100, 0x312F), (0x31A0, 0x31BF)),
    _cjk("JP", *KANA),
    _cjk("KR", *HANGUL),
    _noto("Armenian", (0x530, 0x58F)),
    _noto("Bengali", (0x980, 0x9FF)),
    _noto("Gurmukhi", (0xA00, 0xA7F)),
    _noto("Gujarati", (0xA80, 0xAFF)),
    _noto("Oriya", (0xB00, 0xB7F)),
    _noto("Tamil", (0xB80, 0xBFF)),
    _noto("Telugu", (0xC00, 0xC7F)),
    _noto("Kannada", (0xC80, 0xCFF)),
    _noto("Malayalam", (0xD00, 0xD7F)),
    _noto("Sinhala", (0xD80, 0xDFF)),
    _noto("Lao", (0xE80, 0xEFF)),
    _noto("Myanmar", (0x1000, 0x109F)),
    _noto("Georgian", (0x10A0, 0x10FF), (0x1C90, 0x1CBF)),
    _noto("Ethiopic", (0x1200, 0x139F)),
    _noto("Khmer", (0x1780, 0x17FF)),
    _noto("Symbols", (0x2190, 0x23FF), (0x2460, 0x25FF)),
    Family("Marks", "fontpkg_fira_sans", "files/FiraSans-Regular.ttf", "files/FiraSans-Medium.ttf"),
    Family("Noto", "manimgx_fonts", "NotoSans[wght].ttf"),
    Family("Devanagari", "manimgx_fonts", "NotoSansDevanagari[wght].ttf"),
    Family("NotoArabic", "manimgx_fonts", "NotoSansArabic[wght].ttf"),
)
# Scripts whose glyphs stand in another order than their letters.
SYLLABIC = {
    family.name
    for family in FAMILIES
    if family.name in {"Hindi", "Thai", "Devanagari"}
    or any(0x980 <= low <= 0x109F or low == 0x1780 for low, _ in family.ranges)
} - {"NotoGeorgian"}
# Joined letters as one character, so that readers which turn words round do not turn these.
LAM_ALEF = {"لا": "ﻻ", "لأ": "ﻷ", "لإ": "ﻹ", "لآ": "ﻵ"}
BY_NAME = {family.name: family for family in FAMILIES}


class Glyph(NamedTuple):
    """One drawn shape; lengths in thousandths of the type size."""

    number: int
    cluster: int  # index into the run's text
    advance: float
    x: float
    y: float


class Latin:
    """One face of Fira Sans with figures of equal width."""

    def __init__(self, weight: str) -> None:
        self.weight = weight
        path = _path("fontpkg_fira_sans", f"files/FiraSans-{weight}.ttf")
        self.font = PaperFont(f"FiraSans-{weight}", io.BytesIO(path.read_bytes()))
        face = self.font.face
        for digit, number, width in _tabular_figures(path):
            face.charToGlyph[digit] = number
            face.charWidths[digit] = width
        self.widths: dict[str, float] = {
            chr(code): face.charWidths[code] for code in face.charToGlyph if _stands_alone(code)
        }
        self._measured: dict[str, float | None] = {}
        self._spelt: dict[str, float] = {}  # apart, so that nobody can type them

    def drawn(self, text: str) -> float:
        """The width of text that may be spelt."""
        whole = self.width(text)
        if whole is not None:
            return whole
        return sum(self.widths.get(char) or self._spelt.get(char, 0.0) for char in text)

    def learn(self, code: int, like: str, spoken: str) -> None:
        """Another character that looks like one there is, and is copied as what it says."""
        face = self.font.face
        face.charToGlyph[code] = face.charToGlyph[ord(like)]
        face.charWidths[code] = self._spelt[chr(code)] = face.charWidths[ord(like)]
        self.font.spoken[code] = spoken

    def width(self, text: str) -> float | None:
        """In thousandths of the size; None when some character needs another face."""
        try:
            return self._measured[text]
        except KeyError:
            pass
        widths = self.widths
        try:
            found: float | None = sum([widths[char] for char in text])
        except KeyError:
            found = None
        if len(self._measured) > 20_000:
            self._measured.clear()
        self._measured[text] = found
        return found


class Shaper:
    """One family at one weight: coverage and shaping, without loading its outlines."""

    def __init__(self, family: Family, weight: int) -> None:
        self.family = family
        self.weight = weight
        medium = weight >= 500 and family.medium
        path = _path(family.package, family.medium if medium else family.regular)
        self.face = hb.Face(hb.Blob.from_file_path(str(path)))
        self.variable = bool(self.face.has_var_data)
        self.font = hb.Font(self.face)
        self.font.scale = (PER_EM, PER_EM)
        if self.variable:
            self.font.set_variations({"wght": weight})
        self._raised: dict[tuple[int, int, str], int] = {}
        self._voices: dict[int, str] = {}
        self._voiced: dict[tuple[int, str | None], int] = {}

    def covers(self, text: str) -> bool:
        return all(self.font.get_nominal_glyph(ord(char)) for char in text)

    def shape(self, text: str, *, rtl: bool) -> tuple[Glyph, ...]:
        """In visual order, left to right."""
        buffer = hb.Buffer()
        buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.flags = (
            hb.BufferFlags.DO_NOT_INSERT_DOTTED_CIRCLE | hb.BufferFlags.REMOVE_DEFAULT_IGNORABLES
        )
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        hb.shape(self.font, buffer, {"kern": True, "liga": True})
        return tuple(
            Glyph(info.codepoint, info.cluster, place.x_advance, place.x_offset, place.y_offset)
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        )

    def codes(
        self, text: str, glyphs: Sequence[Glyph], voices: Sequence[str | None] | None = None
    ) -> list[tuple[int, str]]:
        """By which character the file addresses each glyph, and what it stands for.

        Readers turn words from right to left round letter by letter, so joined letters of such
        words are named last to first. A voice is what the glyph is to say instead.
        """
        rtl = len(glyphs) > 1 and glyphs[0].cluster > glyphs[-1].cluster
        starts = sorted({glyph.cluster for glyph in glyphs} | {len(text)})
        ends = dict(pairwise(starts))
        found, told = [], set()
        if voices and not self._may_say(glyphs, voices):
            voices = None
        for glyph, voice in zip(glyphs, voices or repeat(None, len(glyphs)), strict=True):
            start = glyph.cluster
            if voice is not None:
                code = self._raised_code(glyph, voice) if glyph.y else 0
                found.append((code or self._voiced_code(glyph.number, voice), voice))
                continue
            whole = text[start : ends[start]]
            if len(whole) == 1 and self.font.get_nominal_glyph(ord(whole)) == glyph.number:
                code, spoken = ord(whole), whole
            else:
                # Of several glyphs for one syllable, the first speaks for all.
                spoken = LAM_ALEF.get(whole, whole[::-1] if rtl else whole)
                spoken = UNSPOKEN if start in told else spoken
                code = self._voiced_code(glyph.number, spoken)
            found.append((self._raised_code(glyph) if glyph.y else code, spoken))
            told.add(start)
        return found

    def _may_say(self, glyphs: Sequence[Glyph], voices: Sequence[str | None]) -> bool:
        with loading:
            numbers = (glyph.number for glyph in glyphs)
            new = {said for said in zip(numbers, voices, strict=True) if said not in self._voiced}
            return len(self._voiced) + len(new) <= MOST_VOICED

    def _voiced_code(self, number: int, spoken: str) -> int:
        """One shape may stand for several things: an emoji of one colour for every skin."""
        with loading:
            if self._voices.setdefault(number, spoken) == spoken:
                return PRIVATE + number
            if len(self._voiced) >= MOST_VOICED and (number, spoken) not in self._voiced:
                return PRIVATE + number
            return VOICED + self._voiced.setdefault((number, spoken), len(self._voiced))

    def number_of(self, code: int) -> int:
        """The shape a private code stands for."""
        if code < VOICED:
            return code - PRIVATE
        with loading:
            return list(self._voiced)[code - VOICED][0]

    def _raised_code(self, glyph: Glyph, voice: str = "") -> int:
        """A mark off its line is a shape of its own: readers take text that rises for another line."""
        key = (glyph.number, max(-HIGHEST, min(HIGHEST, round(glyph.y))), voice)
        with loading:
            return RAISED + self._raised.setdefault(key, len(self._raised))

    def raised(self, codes: Iterable[int]) -> dict[int, tuple[int, int]]:
        """The glyph and how far it moves, by the code of such a mark."""
        with loading:
            places = list(self._raised)
        return {code: places[code - RAISED][:2] for code in codes if RAISED <= code < VOICED}

    def subset(self, codes: Mapping[int, str]) -> PaperFont:
        """The glyphs of one document, with the text each stands for."""
        return _subset(self.family.name, self.weight, tuple(sorted(codes.items())))


@lru_cache(maxsize=64)
def _subset(family: str, weight: int, spoken: tuple[tuple[int, str], ...]) -> PaperFont:
    shaper = shaper_of(family, weight)
    raised = shaper.raised(code for code, _ in spoken)
    codes = [code for code, _ in spoken if code not in raised]
    wanted = hb.SubsetInput()
    wanted.flags = hb.SubsetFlags.NO_LAYOUT_CLOSURE
    # ReportLab refuses a typeface without a single character.
    wanted.unicode_set.update((ord(" "), *(code for code in codes if code < PRIVATE)))
    shapes = {code: shaper.number_of(code) for code in codes if code >= PRIVATE}
    wanted.glyph_set.update(shapes.values())
    wanted.glyph_set.update(number for number, _ in raised.values())
    if shaper.variable:
        wanted.pin_all_axes_to_default(shaper.face)
        wanted.pin_axis_location(shaper.face, "wght", weight)
    plan = hb.SubsetPlan(shaper.face, wanted)
    renumbered = plan.old_to_new_glyph_mapping
    name = f"{Path(shaper.family.regular).stem.split('[')[0].split('-')[0]}-{weight}"
    moves = sorted({(renumbered[number], rise) for number, rise in raised.values()})
    outlines, moved = with_moved_glyphs(plan.execute().blob.data, moves)
    font = PaperFont(name, io.BytesIO(outlines), dict(spoken))
    for code, (number, rise) in raised.items():
        font.face.charToGlyph[code] = moved[renumbered[number], rise]
        font.face.charWidths[code] = shaper.font.get_glyph_h_advance(number)
    for code, number in shapes.items():
        font.face.charToGlyph[code] = renumbered[number]
        font.face.charWidths[code] = shaper.font.get_glyph_h_advance(number)
    return font


def _path(package: str, name: str) -> Path:
    return Path(str(files(package).joinpath(name)))


def _tabular_figures(path: Path) -> Sequence[tuple[int, int, float]]:
    """(digit, glyph, width): the figures are proportional unless asked; ReportLab cannot ask."""
    font = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
    font.scale = (PER_EM, PER_EM)
    buffer = hb.Buffer()
    buffer.add_str("0123456789")
    buffer.guess_segment_properties()
    hb.shape(font, buffer, {"tnum": True})
    return [
        (ord("0") + info.cluster, info.codepoint, place.x_advance)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


def _stands_alone(code: int) -> bool:
    """Drawn as it is: no control, no mark on another letter, nothing invisible."""
    if code < 0x20 or 0x7F <= code < 0xA0 or code in {0xAD, 0xFFFF, 0xFFFE, 0xFEFF}:
        return False
    if 0x300 <= code <= 0x36F or 0x1AB0 <= code <= 0x1AFF or 0x20D0 <= code <= 0x20F0:
        return False
    return not (0x200B <= code <= 0x200F or 0x2028 <= code <= 0x202E or 0x2060 <= code <= 0x206F)


loading = threading.RLock()


@cache
def _latin(weight: str) -> Latin:
    return Latin(weight)


def latin(weight: str) -> Latin:
    """A face is loaded on its first use, by one thread."""
    with loading:
        return _latin(weight)


@cache
def shaper_of(family: str, weight: int) -> Shaper:
    return Shaper(BY_NAME[family], weight)


@lru_cache(maxsize=8192)
def family_for(cluster: str, han: str) -> str | None:
    """The first family that has every character; ``han`` is the preferred one for ideographs."""
    code = ord(cluster[0])
    first = [family for family in FAMILIES if family.claims(code)]
    if any(family.name == "SC" for family in first):
        first = [BY_NAME[han], *first, *(BY_NAME[name] for name in ("TC", "JP", "KR"))]
    for family in (*first, *FAMILIES):
        if shaper_of(family.name, 400).covers(cluster):
            return family.name
    return None
