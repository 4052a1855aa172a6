"""Whether a colour can be seen on white paper: the contrast of WCAG 2.2."""

import re

ON_PAPER = 3.0  # large type and rules on white


def is_colour(text: str) -> bool:
    return re.fullmatch(r"#[0-9A-Fa-f]{6}", text) is not None


def luminance(colour: str) -> float:
    def linear(pair: str) -> float:
        part = int(pair, 16) / 255
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def fault_of(colour: str) -> str | None:
    """Why a brand colour cannot be used, as a sentence; None for a good one."""
    if not is_colour(colour):
        return "A colour is written as # and six figures or letters, such as #0B5A52."
    if contrast(colour, "#FFFFFF") < ON_PAPER:
        return "That is too pale to be seen on white paper; choose a darker shade."
    return None
