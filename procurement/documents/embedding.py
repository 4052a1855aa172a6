"""How a typeface gets into the file.

ReportLab's own TrueType font, with three things done our way: the cut of a face is remembered (most
papers need the same letters), figures above U+FFFF are written correctly in the table that lets
readers copy text, and codes of the private planes are left out of that table.
"""

import zlib
from functools import lru_cache
from typing import Any

from reportlab.pdfbase import pdfdoc
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

SYMBOLIC = 1 << 2
NONSYMBOLIC = 1 << 5
PRIVATE_PLANES = 0xF0000


class PaperFont(TTFont):
    """A face as a document embeds it; the letters of ASCII keep their codes."""

    def __init__(self, name: str, file: Any) -> None:
        super().__init__(name, file, asciiReadable=True, shapable=False)
        self.face: Any = self.face
        self.face.name = name.encode()
        self._cut = lru_cache(maxsize=32)(self._cut_subset)

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        """Called by the document when it is saved: one font object per 256 characters."""
        state = self.state[doc]
        state.frozen = 1
        for number, subset in enumerate(state.subsets):
            internal = self.getSubsetInternalName(number, doc)[1:]
            name = f"{SUBSETN(number).decode()}+{self.fontName}"
            outlines, length, unicodes = self._cut(name, tuple(subset))
            font: Any = pdfdoc.PDFTrueTypeFont()
            font.Name = internal
            font.BaseFont = name
            font.FirstChar = 0
            font.LastChar = len(subset) - 1
            font.Widths = pdfdoc.PDFArray([self.face.getCharWidth(code) for code in subset])
            font.ToUnicode = doc.Reference(_deflated(unicodes), f"unicodes:{internal}")
            font.FontDescriptor = doc.Reference(
                self._descriptor(name, doc.Reference(_deflated(outlines, length), internal + ":f")),
                f"descriptor:{internal}",
            )
            doc.Reference(font, internal)
            doc.idToObject["BasicFonts"].dict[internal] = font
        del self.state[doc]

    def _cut_subset(self, name: str, subset: tuple[int, ...]) -> tuple[bytes, int, bytes]:
        outlines = self.face.makeSubset(list(subset))
        return (
            zlib.compress(outlines),
            len(outlines),
            zlib.compress(_to_unicode(name, subset).encode("ascii")),
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


def _to_unicode(name: str, subset: tuple[int, ...]) -> str:
    """The CMap of one cut: code to UTF-16, in blocks of at most 100 as the format asks."""
    entries = [
        f"<{code:02X}> <{chr(char).encode('utf-16-be').hex().upper()}>"
        for code, char in enumerate(subset)
        if char and char < PRIVATE_PLANES and not 0xD800 <= char < 0xE000
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
