"""How a typeface gets into the file.

ReportLab's own TrueType font, with three things done our way: the cut of a face is remembered (most
papers need the same letters), characters above U+FFFF are written correctly in the table that lets
readers copy text, and shapes without a character of their own say there what they stand for.
"""

import threading
import zlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

SYMBOLIC = 1 << 2
NONSYMBOLIC = 1 << 5
PRIVATE_PLANES = chr(0xF0000)


class Cut(NamedTuple):
    """The letters of one document, as they go into the file."""

    outlines: bytes
    length: int  # of the outlines before they were compressed
    unicodes: bytes
    widths: str


class PaperFont(TTFont):
    """A face as a document embeds it; the letters of ASCII keep their codes."""

    def __init__(self, name: str, file: Any, spoken: Mapping[int, str] | None = None) -> None:
        """``spoken``: what the codes of private planes stand for."""
        super().__init__(name, file, asciiReadable=True, shapable=False)
        self.face: Any = self.face
        self.face.name = name.encode()
        self.spoken = dict(spoken or {})
        self._cutting = threading.Lock()
        self._cut = lru_cache(maxsize=32)(self._cut_subset)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        """Called by the document when it is saved: one font object per 256 characters."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            internal = self.getSubsetInternalName(number, doc)[1:]
            name = f"{SUBSETN(number).decode()}+{self.fontName}"
            cut = self._cut(name, tuple(subset))
            font: Any = pdfdoc.PDFTrueTypeFont()
            font.Name = internal
            font.BaseFont = name
            font.FirstChar = 0
            font.LastChar = len(subset) - 1
            font.Widths = cut.widths
            font.ToUnicode = doc.Reference(_deflated(cut.unicodes), f"unicodes:{internal}")
            font.FontDescriptor = doc.Reference(
                self._descriptor(
                    name, doc.Reference(_deflated(cut.outlines, cut.length), internal + ":f")
                ),
                f"descriptor:{internal}",
            )
            doc.Reference(font, internal)
            doc.idToObject["BasicFonts"].dict[internal] = font
        del self.state[doc]

    def _cut_subset(self, name: str, subset: tuple[int, ...]) -> "Cut":
        with self._cutting:  # the face reads its file from one place at a time
            outlines = self.face.makeSubset(list(subset))
        widths = " ".join(f"{self.face.getCharWidth(code):.4g}" for code in subset)
        return Cut(
            outlines=zlib.compress(outlines),
            length=len(outlines),
            unicodes=zlib.compress(_to_unicode(name, subset, self.spoken).encode("ascii")),
            widths=f"[{widths}]",
        )

    def _descriptor(self, name: str, outlines: Any) -> Any:
        face = self.face
        return pdfdoc.PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "Ascent": face.ascent,
                "CapHeight": face.capHeight,
                "Descent": face.descent,
                "Flags": (face.flags & ~NONSYMBOLIC) | SYMBOLIC,
                "FontBBox": pdfdoc.PDFArray(face.bbox),
                "FontName": pdfdoc.PDFName(name),
                "ItalicAngle": face.italicAngle,
                "StemV": face.stemV,
                "FontFile2": outlines,
                "MissingWidth": face.defaultWidth,
            }
        )


def _deflated(data: bytes, plain_length: int | None = None) -> Any:
    stream = pdfdoc.PDFStream(content=data)
    stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    if plain_length is not None:
        stream.dictionary["Length1"] = plain_length
    return stream


def _to_unicode(name: str, subset: tuple[int, ...], spoken: Mapping[int, str]) -> str:
    """The CMap of one cut: code to UTF-16, in blocks of at most 100 as the format asks."""
    kept = set(spoken.values())  # a private character that somebody typed is copied, too
    told = ((code, spoken.get(char, chr(char))) for code, char in enumerate(subset) if char)
    entries = [
        f"<{code:02X}> <{text.encode('utf-16-be').hex().upper()}>"
        for code, text in told
        if text < PRIVATE_PLANES or text in kept
    ]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    body = "\n".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def\n"
        f"/CMapName /{name} def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <FF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )
