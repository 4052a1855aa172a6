"""Shapes that stand higher or lower than their typeface draws them: accents and vowel marks where shaping puts them.

A page could say so with its own operator, but programs that copy text take a letter off its line for a line of its own.
"""

import io
import struct
from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase.ttfonts import TTFontMaker, TTFontParser

PER_EM = 1000
WORDS_FOR_X_AND_Y = 0x0003  # of a composite shape's part
KEPT = ("OS/2", "cmap", "cvt ", "fpgm", "prep", "name", "post")

Move = tuple[int, int]  # which glyph, and how far up in thousandths of the type size


def with_moved_glyphs(data: bytes, moves: Sequence[Move]) -> tuple[bytes, dict[Move, int]]:
    """The typeface with these moved shapes added, and where they are."""
    if not moves:
        return data, {}
    font: Any = TTFontParser(io.BytesIO(data))  # its published types leave the tables out
    tables = {tag: font.get_table(tag) for tag in ("head", "hhea", "maxp", "hmtx", "loca", "glyf")}
    (per_em,) = struct.unpack_from(">H", tables["head"], 18)
    starts = _starts(tables)
    outlines, found = bytearray(tables["glyf"]), {}
    metrics = _metrics(tables)
    for number, rise in moves:
        found[number, rise] = len(metrics)
        drawn = tables["glyf"][starts[number] : starts[number + 1]]
        outlines += _moved(number, drawn, round(rise * per_em / PER_EM))
        starts.append(len(outlines))
        metrics.append(metrics[number])
    return _written(font, tables, bytes(outlines), starts, metrics), found


def _starts(tables: dict[str, bytes]) -> list[int]:
    """Where each glyph's outline begins, and the last one ends."""
    (count,) = struct.unpack_from(">H", tables["maxp"], 4)
    (is_long,) = struct.unpack_from(">h", tables["head"], 50)
    if is_long:
        return list(struct.unpack_from(f">{count + 1}L", tables["loca"]))
    return [half * 2 for half in struct.unpack_from(f">{count + 1}H", tables["loca"])]


def _metrics(tables: dict[str, bytes]) -> list[tuple[int, int]]:
    """Advance and left edge of every glyph; in the file the last advance stands for all after it."""
    (count,) = struct.unpack_from(">H", tables["maxp"], 4)
    (full,) = struct.unpack_from(">H", tables["hhea"], 34)
    pairs = [struct.unpack_from(">Hh", tables["hmtx"], 4 * place) for place in range(full)]
    edges = struct.unpack_from(f">{count - full}h", tables["hmtx"], 4 * full)
    return [(pair[0], pair[1]) for pair in pairs] + [(pairs[-1][0], edge) for edge in edges]


def _moved(number: int, drawn: bytes, rise: int) -> bytes:
    """The shape as a part of a composite one; what draws nothing stays nothing."""
    if not drawn:
        return b""
    left, low, right, high = struct.unpack_from(">4h", drawn, 2)
    head = struct.pack(">5h", -1, left, low + rise, right, high + rise)
    return head + struct.pack(">HHhh", WORDS_FOR_X_AND_Y, number, 0, rise) + b"\0\0"


def _written(
    font: Any,
    tables: dict[str, bytes],
    outlines: bytes,
    starts: Sequence[int],
    metrics: Sequence[tuple[int, int]],
) -> bytes:
    head, hhea, maxp = (bytearray(tables[tag]) for tag in ("head", "hhea", "maxp"))
    struct.pack_into(">h", head, 50, 1)
    struct.pack_into(">H", hhea, 34, len(metrics))
    struct.pack_into(">H", maxp, 4, len(metrics))
    maker = TTFontMaker()
    for tag in KEPT:
        if tag in font.table:
            maker.add(tag, font.get_table(tag))
    maker.add("head", bytes(head))
    maker.add("hhea", bytes(hhea))
    maker.add("maxp", bytes(maxp))
    maker.add("hmtx", b"".join(struct.pack(">Hh", *pair) for pair in metrics))
    maker.add("loca", struct.pack(f">{len(starts)}L", *starts))
    maker.add("glyf", outlines)
    return bytes(maker.makeStream())
