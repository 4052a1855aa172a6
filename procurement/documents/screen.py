"""The pen that draws on a screen: it understands what marks ask of the pen of files, and writes SVG."""

import base64
import io
import re
import zlib
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from PIL import Image

from procurement.documents.furniture import Sheet
from procurement.documents.layout import PAGE_HEIGHT, PAGE_WIDTH
from procurement.documents.pictures import Prepared
from procurement.documents.text import Line
from procurement.documents.typesetting import Style

FACES = "Fira Sans, Inter Variable, Inter, sans-serif"
WEIGHTS = {"Light": 300, "Regular": 400, "Italic": 400, "Medium": 500}
_UNPRINTABLE = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_OPERATOR = re.compile(r"([-\d. ]+)\s*(re|[mlch])|(h)")


def drawn(sheet: Sheet) -> str:
    """One page."""
    screen = ScreenPen()
    pen: Any = screen
    for mark, top in sheet.marks:
        mark.draw(pen, top)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE_WIDTH:.2f} {PAGE_HEIGHT:.2f}"'
        f' font-family="{FACES}">'
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>{"".join(screen.parts)}</svg>'
    )


class ScreenPen:
    """As `pen.Pen`: y counts from the lower edge."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def text(self, x: float, y: float, line: Line, style: Style) -> None:
        text = _UNPRINTABLE.sub("\ufffd", line.text)
        if not text.strip():
            return
        slant = ' font-style="italic"' if style.weight == "Italic" else ""
        width = line.width * style.size / 1000
        self.parts.append(
            f'<text x="{x:.2f}" y="{PAGE_HEIGHT - y:.2f}" font-size="{style.size:.4g}"'
            f' font-weight="{WEIGHTS[style.weight]}"{slant} fill={quoteattr(style.colour)}'
            f' textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        )

    def rule(self, x: float, y: float, length: float, width: float, colour: str) -> None:
        height = PAGE_HEIGHT - y - width / 2
        self.parts.append(
            f'<rect x="{x:.2f}" y="{height:.2f}" width="{length:.2f}" height="{width:.2f}"'
            f" fill={quoteattr(colour)}/>"
        )

    def box(self, x: float, y: float, size: tuple[float, float], colour: str) -> None:
        self.parts.append(f"<rect {_place(x, y, size)} fill={quoteattr(colour)}/>")

    def frame(
        self, x: float, y: float, size: tuple[float, float], width: float, colour: str
    ) -> None:
        line = f'fill="none" stroke={quoteattr(colour)} stroke-width="{width:.2f}"'
        self.parts.append(f"<rect {_place(x, y, size)} {line}/>")

    def path(self, operators: str, *, fill: str = "", stroke: str = "", width: float = 0) -> None:
        line = f' stroke={quoteattr(stroke)} stroke-width="{width:.2f}"' if stroke else ""
        self.parts.append(
            f'<path d="{_path(operators)}" transform="matrix(1 0 0 -1 0 {PAGE_HEIGHT:.2f})"'
            f"{line} fill={quoteattr(fill or 'none')}/>"
        )

    def picture(self, x: float, y: float, size: tuple[float, float], picture: Prepared) -> None:
        kind, content = "jpeg", picture.stream
        if picture.filter == "FlateDecode":
            whole = (picture.width, picture.height)
            file = io.BytesIO()
            Image.frombytes("RGB", whole, zlib.decompress(picture.stream)).save(file, "PNG")
            kind, content = "png", file.getvalue()
        data = base64.b64encode(content).decode("ascii")
        self.parts.append(
            f'<image {_place(x, y, size)} preserveAspectRatio="none"'
            f' href="data:image/{kind};base64,{data}"/>'
        )

    def linkURL(self, *_: object, **__: object) -> None:  # noqa: N802 - the canvas's own name
        """A preview leads nowhere."""


def _place(x: float, y: float, size: tuple[float, float]) -> str:
    top = PAGE_HEIGHT - y - size[1]
    return f'x="{x:.2f}" y="{top:.2f}" width="{size[0]:.2f}" height="{size[1]:.2f}"'


def _path(operators: str) -> str:
    """The few operators that our drawings use, as SVG has them."""
    parts = []
    for numbers, operator, closing in _OPERATOR.findall(operators):
        if closing or operator == "h":
            parts.append("Z")
        elif operator == "re":
            x, y, width, height = (float(number) for number in numbers.split())
            parts.append(f"M{x:.2f} {y:.2f}h{width:.2f}v{height:.2f}h{-width:.2f}Z")
        else:
            parts.append(f"{operator.upper()}{numbers.strip()}")
    return "".join(parts)
