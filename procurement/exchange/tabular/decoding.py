"""Bytes to text: byte order marks, UTF-8, UTF-16 without a mark, and the code pages of offices."""

import codecs
import itertools

from charset_normalizer import from_bytes

from procurement.exchange.tabular.table import UnusableFile

# Longest mark first: UTF-32-LE begins like UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ["cp1252", "cp1250", "cp1254"]
_OTHERS = [
    "cp1251",
    "cp1253",
    "cp1255",
    "cp1256",
    "shift_jis",
    "gb18030",
    "big5",
    "euc_kr",
    "koi8_r",
]
_WINDOW = 32_768

# What the preview offers to change it to.
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "cp1250", "cp1251", "cp1253",
    "cp1254", "cp1255", "cp1256", "shift_jis", "gb18030", "big5", "euc_kr", "koi8_r", "mac_roman", "cp437", "cp850",
)  # fmt: skip


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text and the encoding that gave it."""
    chosen = encoding or detect(data)
    try:
        text = data.decode(chosen)
    except LookupError:
        raise UnusableFile(
            f"There is no encoding called {chosen[:40]}.", field="encoding"
        ) from None
    except UnicodeDecodeError as error:
        if encoding is None and chosen == "cp1252":  # five bytes have no meaning there
            return data.decode("latin-1"), "latin-1"
        if encoding is None:
            raise UnusableFile("This is neither a text file nor an .xlsx workbook.") from None
        raise UnusableFile(
            f"The file is not {chosen}: byte {error.start + 1} does not fit.", field="encoding"
        ) from None
    return text.removeprefix("\ufeff"), chosen


def detect(data: bytes) -> str:
    """Guess the encoding: marks and UTF-8 are certain, the rest is a proposal a person may change."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if wide := _wide(data[:4096]):
        return wide
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _code_page(data[max(0, error.start - _WINDOW) : error.start + _WINDOW])
    return "utf-8"


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: Latin letters and separators leave every second byte zero."""
    half = len(sample) // 2
    if not half:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    return None


def _code_page(sample: bytes) -> str:
    """Accented letters stand alone among ASCII; other scripts come in runs. Short texts need that difference."""
    high = [index for index, byte in enumerate(sample) if byte > 127]
    runs = sum(1 for a, b in itertools.pairwise(high) if b - a == 1)
    candidates = _OTHERS if runs * 3 > len(high) else _WESTERN
    matches = from_bytes(sample, cp_isolation=candidates)
    best = matches.best()
    if best is None:
        return "cp1252"
    as_good = {
        m.encoding for m in matches if m.chaos <= best.chaos and m.coherence >= best.coherence
    }
    encoding = str(best.encoding)
    return "cp1252" if "cp1252" in as_good or _reads_alike(sample, encoding) else encoding


def _reads_alike(sample: bytes, encoding: str) -> bool:
    try:
        return sample.decode("cp1252") == sample.decode(encoding, "replace")
    except UnicodeDecodeError:
        return False
