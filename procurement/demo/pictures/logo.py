"""The demo company's mark: a fern frond in a disc of its colour."""

from io import BytesIO
from math import cos, radians, sin

from procurement.demo.pictures.brush import (
    Canvas,
    Outline,
    colour,
    curve,
    ellipse,
    outline,
    stroke,
)

_PAPER = colour("#FAF6EE")
_STEM = curve((352, 680), ((372, 560), (404, 380), (452, 132)))
_PAIRS = 6


def logo(brand: str) -> bytes:
    """A square PNG without a ground, so that it stands on any letterhead."""
    canvas = Canvas(None)
    canvas.fill(ellipse(400, 400, 392, 392), colour(brand))
    canvas.fill(stroke(_STEM, 15), _PAPER)
    for pair in range(_PAIRS):
        x, y = _STEM[4 + pair * 3]
        length = 206 - pair * 27
        for side in (-1, 1):
            canvas.fill(_leaflet(x, y, length, radians(-78 + side * 54)), _PAPER)
    tip = _STEM[-1]
    canvas.fill(_leaflet(tip[0] - 6, tip[1] + 30, 74, radians(-79)), _PAPER)
    out = BytesIO()
    canvas.image.resize((480, 480)).save(out, "PNG", optimize=True)
    return out.getvalue()


def _leaflet(x: float, y: float, length: float, angle: float) -> Outline:
    """A pointed leaf from the stem outwards, bending towards the tip of the frond."""
    along = (cos(angle), sin(angle))
    across = (-along[1], along[0])
    half = 11 + length * 0.055

    def at(far: float, wide: float) -> tuple[float, float]:
        lift = far * far * 0.0007
        return (
            x + along[0] * far + across[0] * wide,
            y + along[1] * far + across[1] * wide - lift * 2,
        )

    return outline(
        at(0, 0),
        (at(length * 0.25, -half * 1.2), at(length * 0.7, -half), at(length, 0)),
        (at(length * 0.7, half), at(length * 0.25, half * 1.2), at(0, 0)),
    )
