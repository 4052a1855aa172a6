"""Type scale and colours of a sender, and the texts of one document set in them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from procurement.documents.fonts import WEIGHTS, shaper_of
from procurement.documents.languages import words_for
from procurement.documents.speaking import is_heaped
from procurement.documents.text import Line, fit, one_line
from procurement.documents.voicing import Run

INK, MUTED, RULE, TINT = "#221E20", "#6A6265", "#C9C1BD", "#F6F2EF"
HAN_BY_LANGUAGE = {"ja": "JP", "ko": "KR"}
TRADITIONAL = {"TW", "HK", "MO"}


@lru_cache(maxsize=64)
def rgb(colour: str) -> tuple[int, int, int]:
    """Of "#RRGGBB" or "#RGB"."""
    if len(colour) == 4:
        colour = "#" + "".join(digit * 2 for digit in colour[1:])
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=64)
def operands(colour: str) -> str:
    """As a page's drawing operators want it."""
    return " ".join(f"{channel / 255:.3g}" for channel in rgb(colour))


@lru_cache(maxsize=64)
def readable(colour: str) -> str:
    """A sender's colour, darkened towards ink until text in it can be read on white."""
    red, green, blue = rgb(colour)
    ink = rgb(INK)
    for step in range(21):
        mixed = tuple(
            round(channel + (dark - channel) * step / 20)
            for channel, dark in zip((red, green, blue), ink, strict=True)
        )
        if 1.05 / (_luminance(mixed) + 0.05) >= 4.5:
            return "#{:02X}{:02X}{:02X}".format(*mixed)
    return INK


def _luminance(channels: tuple[int, ...]) -> float:
    def linear(channel: int) -> float:
        part = channel / 255
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(channel) for channel in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass(frozen=True, slots=True)
class Style:
    weight: str
    size: float
    leading: float
    colour: str = INK

    @property
    def drop(self) -> float:
        """From the top of a line to its baseline: capitals stand in the middle."""
        return self.leading / 2 + self.size * 0.345


@dataclass(frozen=True, slots=True)
class Styles:
    """The scale, in points; ``brand`` is the sender's one colour."""

    brand: str
    title: Style
    grand: Style
    answer: Style
    section: Style
    callout: Style
    seller: Style = Style("Medium", 15, 20)
    small_seller: Style = Style("Medium", 9, 12)
    intro: Style = Style("Regular", 9.5, 13.5)
    signed: Style = Style("Italic", 9.5, 13.5)
    address: Style = Style("Regular", 9.5, 13)
    address_head: Style = Style("Medium", 9.5, 13)
    cell: Style = Style("Regular", 9, 12)
    cell_muted: Style = Style("Regular", 9, 12, MUTED)
    strong: Style = Style("Medium", 9, 12)
    second: Style = Style("Regular", 7.5, 10.5, MUTED)
    second_ink: Style = Style("Regular", 7.5, 10.5)
    head: Style = Style("Regular", 7, 9, MUTED)
    sender: Style = Style("Regular", 6.5, 9, MUTED)
    terms: Style = Style("Regular", 8, 11)
    terms_head: Style = Style("Medium", 8, 11)
    terms_muted: Style = Style("Regular", 8, 11, MUTED)


@lru_cache(maxsize=32)
def styles_for(colour: str) -> Styles:
    brand = readable(colour)
    return Styles(
        brand=brand,
        title=Style("Light", 22, 26, brand),
        grand=Style("Medium", 13, 17, brand),
        answer=Style("Medium", 11, 16, brand),
        section=Style("Medium", 10, 13, brand),
        callout=Style("Medium", 9.5, 13, brand),
    )


class Typesetter:
    """Sets every text of one document and keeps note of the glyphs beyond Fira Sans."""

    def __init__(self, locale: str) -> None:
        self.words = words_for(locale)
        language, *rest = locale.replace("-", "_").split("_")
        traditional = "Hant" in rest or (language == "zh" and TRADITIONAL & set(rest))
        self._han = "TC" if traditional else HAN_BY_LANGUAGE.get(language, "SC")
        self.needed: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)

    def lines(self, text: str, style: Style, width: float) -> list[Line]:
        """Wrapped; the empty text has no line."""
        if not text:
            return []
        return self._noted(fit(text, style.weight, style.size, width, self._han), style)

    def line(self, text: str, style: Style) -> Line:
        return self._noted([one_line(text, style.weight, self._han)], style)[0]

    def set(self, text: str, style: Style, width: float) -> list[tuple[Line, Style]]:
        """Wrapped, each line with its style: where accents stand on accents, lines stand farther apart."""
        roomy = replace(style, leading=style.leading + 2 * style.size)
        return [
            (line, roomy if is_heaped(line.text) else style)
            for line in self.lines(text, style, width)
        ]

    def squeezed(self, text: str, style: Style, width: float) -> tuple[Line, Style]:
        """One line, in smaller type if it must: figures are never broken."""
        line = self.line(text, style)
        if line.width * style.size <= width * 1000:
            return line, style
        return line, replace(style, size=width * 1000 / line.width)

    def _noted(self, lines: list[Line], style: Style) -> list[Line]:
        for line in lines:
            if line.runs is not None:
                self._note(line.runs, WEIGHTS[style.weight])
        return lines

    def _note(self, runs: Sequence[Run], weight: int) -> None:
        for run in runs:
            if run.family is not None:
                codes = self.needed[run.family, weight]
                shaper = shaper_of(run.family, weight)
                for code, spoken in shaper.codes(run.shown, run.glyphs or (), run.voices):
                    codes[code] = codes.get(code) or spoken
