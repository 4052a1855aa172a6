"""Barcodes: GTINs of 8, 12, 13 or 14 digits, kept as 14."""

from stdnum import ean

GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def padded_gtin(written: str) -> str:
    """Fourteen digits, zeros in front. Raises ValueError with a sentence when it is no GTIN."""
    digits = written.strip()
    shown = digits if len(digits) <= 30 else digits[:29] + "…"
    if not digits.isascii() or not digits.isdigit() or len(digits) not in GTIN_LENGTHS:
        raise ValueError(f"{shown} is no GTIN of 8, 12, 13 or 14 digits.")
    if not ean.is_valid(digits):
        raise ValueError(f"{shown} is no GTIN: its check digit is wrong.")
    return digits.zfill(14)
