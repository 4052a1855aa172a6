"""Writes a page: text, rules, frames, pictures, in absolute points from the lower left.

A ReportLab canvas with a thinner way in. Type, colour and width are written only when they change,
texts of plain ASCII go in as they are, and all runs take their codes from fonts that
this document alone uses.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from procurement.documents.embedding import PaperFont
from procurement.documents.fonts import WEIGHTS, latin, shaper_of
from procurement.documents.pictures import Prepared
from procurement.documents.text import Line
from procurement.documents.typesetting import Style, operands
from procurement.documents.voicing import Run

# No text of ours may make ReportLab open a file or a connection, and pages need no text armour.
rl_config.trustedHosts = []
rl_config.trustedSchemes = ["data"]
rl_config.useA85 = 0

PLAIN_ESCAPES = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)"})


class Pen(Canvas):
    # Of the canvas; its published types leave them out.
    _code: list[str]
    _doc: Any
    _escape: Callable[[bytes], str]
    _formsinuse: list[str]
    _setXObjects: Callable[[Any], None]  # noqa: N815 - ReportLab's name

    def __init__(
        self,
        file: Any,
        size: tuple[float, float],
        needed: Mapping[tuple[str, int], Mapping[int, str]],
    ) -> None:
        font = latin("Regular").font
        # The canvas asks the registry for its first font; without ours it would name Helvetica.
        pdfmetrics.registerFont(font)
        first: Any = font.fontName
        super().__init__(file, pagesize=size, pageCompression=1, invariant=1, initialFontName=first)
        self._others = {key: shaper_of(*key).subset(codes) for key, codes in sorted(needed.items())}
        self._coded: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self._ascii: dict[str, str] = {}
        self._forget()

    def _forget(self) -> None:
        """A page begins with no type and no colour."""
        self._writing = False
        self._type: tuple[str, float] = ("", 0.0)
        self._fill = self._stroke = ""
        self._width = -1.0

    def next_page(self) -> None:
        self._rest()
        self.showPage()
        self._forget()

    # Text

    def text(self, x: float, y: float, line: Line, style: Style) -> None:
        """The line starts at x on the baseline y."""
        if line.runs is None and not line.text:
            return
        if style.colour != self._fill:
            self._paint(style.colour)
        if not self._writing:
            self._code.append("BT")
            self._writing = True
        if line.runs is None:
            self._plain(x, y, line.text, style)
            return
        for run in line.runs:
            if run.spoken:
                actual = (b"\xfe\xff" + run.spoken.encode("utf-16-be")).hex().upper()
                self._code.append(f"/Span <</ActualText <{actual}>>> BDC")
            if run.glyphs is None:
                self._plain(x, y, run.shown, style)
            else:
                self._code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
                self._shaped(run, style)
            if run.spoken:
                self._code.append("EMC")
            x += run.width * style.size / 1000

    def _plain(self, x: float, y: float, text: str, style: Style) -> None:
        coded = self._coded.get((style.weight, text))
        if coded is None:
            coded = self._coded[style.weight, text] = self._encode_plain(style.weight, text)
        place = f"1 0 0 1 {x:.2f} {y:.2f} Tm"
        for name, code in coded:
            if (name, style.size) != self._type:
                self._use(name, style.size)
            self._code.append(f"{place} ({code}) Tj" if place else f"({code}) Tj")
            place = ""

    def _encode_plain(self, weight: str, text: str) -> list[tuple[str, str]]:
        font = latin(weight).font
        if not text.isascii():
            return self._encode(font, text)
        name = self._ascii.get(weight)
        if name is None:
            name = self._ascii[weight] = font.getSubsetInternalName(0, self._doc)
        return [(name, text.translate(PLAIN_ESCAPES))]

    def _encode(self, font: PaperFont, text: str) -> list[tuple[str, str]]:
        return [
            (font.getSubsetInternalName(subset, self._doc), self._escape(code))
            for subset, code in font.splitString(text, self._doc)
        ]

    def _shaped(self, run: Run, style: Style) -> None:
        """Glyph by glyph, moved as the shaper says."""
        key = (run.family or "", WEIGHTS[style.weight])
        font, shaper = self._others[key], shaper_of(*key)
        shift = 0.0
        parts: list[str] = []
        glyphs = run.glyphs or ()
        for glyph, (code, _) in zip(
            glyphs, shaper.codes(run.shown, glyphs, run.voices), strict=True
        ):
            ((name, shown),) = self._encode(font, chr(code))
            if (name, style.size) != self._type:
                self._show(parts)
                parts = []
                self._use(name, style.size)
            shift -= glyph.x
            parts.append(f"{shift:.4g} ({shown})" if shift else f"({shown})")
            shift = glyph.x + font.face.getCharWidth(code) - glyph.advance
        self._show(parts)

    def _show(self, parts: Sequence[str]) -> None:
        if parts:
            self._code.append(f"[{' '.join(parts)}] TJ")

    def _use(self, name: str, size: float) -> None:
        if (name, size) != self._type:
            self._type = (name, size)
            self._code.append(f"{name} {size:.4g} Tf")

    def _paint(self, colour: str) -> None:
        if colour != self._fill:
            self._fill = colour
            self._code.append(f"{operands(colour)} rg")

    def _draw_with(self, width: float, colour: str) -> None:
        self._rest()
        if colour != self._stroke:
            self._stroke = colour
            self._code.append(f"{operands(colour)} RG")
        if width != self._width:
            self._width = width
            self._code.append(f"{width:.3g} w")

    def _rest(self) -> None:
        if self._writing:
            self._code.append("ET")
            self._writing = False

    # Shapes

    def rule(self, x: float, y: float, length: float, width: float, colour: str) -> None:
        self._draw_with(width, colour)
        self._code.append(f"{x:.2f} {y:.2f} m {x + length:.2f} {y:.2f} l S")

    def box(self, x: float, y: float, size: tuple[float, float], colour: str) -> None:
        """A filled area; y is its lower edge."""
        self._rest()
        self._paint(colour)
        self._code.append(f"{x:.2f} {y:.2f} {size[0]:.2f} {size[1]:.2f} re f")

    def frame(
        self, x: float, y: float, size: tuple[float, float], width: float, colour: str
    ) -> None:
        self._draw_with(width, colour)
        self._code.append(f"{x:.2f} {y:.2f} {size[0]:.2f} {size[1]:.2f} re S")

    def path(self, operators: str, *, fill: str = "", stroke: str = "", width: float = 0) -> None:
        """A drawing in its own operators, already placed."""
        if stroke:
            self._draw_with(width, stroke)
        self._rest()
        if fill:
            self._paint(fill)
        self._code.append(f"{operators} {'B' if fill and stroke else 'f' if fill else 'S'}")

    def picture(self, x: float, y: float, size: tuple[float, float], picture: Prepared) -> None:
        self._rest()
        key = self._doc.getXObjectName(picture.name)
        if key not in self._doc.idToObject:
            image: Any = pdfdoc.PDFImageXObject(picture.name)
            image.width, image.height = picture.width, picture.height
            image.bitsPerComponent = 8
            image.colorSpace = picture.colours
            image._filters = (picture.filter,)  # noqa: SLF001 - otherwise set by its loaders only
            image.streamContent = picture.stream
            self._setXObjects(image)
            self._doc.Reference(image, key)
            self._doc.addForm(picture.name, image)
        if picture.name not in self._formsinuse:
            self._formsinuse.append(picture.name)
        place = f"{size[0]:.2f} 0 0 {size[1]:.2f} {x:.2f} {y:.2f}"
        self._code.append(f"q {place} cm /{key} Do Q")

    def watermark(self, line: Line, style: Style, page: tuple[float, float]) -> None:
        """Large and pale across the page, under everything else."""
        self._rest()
        length = line.width * style.size / 1000
        slope = 0.7071
        x = page[0] / 2 - slope * length / 2 + slope * style.size * 0.35
        y = page[1] / 2 - slope * length / 2 - slope * style.size * 0.35
        self._code.append(f"/Artifact BMC q {slope} {slope} -{slope} {slope} {x:.2f} {y:.2f} cm")
        self.text(0, 0, line, style)
        self._rest()
        self._code.append("Q EMC")
        self._forget()
