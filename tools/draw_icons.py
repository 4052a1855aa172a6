"""Draws the icons of the installed application from the same lines as `static/icons/mark.svg`.

`.venv/bin/python tools/draw_icons.py`; the pictures are committed, so nobody needs it until the mark changes.
"""  # noqa: INP001 (a script, not a package)

import math
from pathlib import Path

from PIL import Image, ImageDraw

ICONS = Path(__file__).resolve().parents[1] / "static" / "icons"
GREEN, WHITE = (11, 90, 82, 255), (255, 255, 255, 255)
BOX = 44  # the mark is drawn in a square of 44
FINE = 8  # drawn so much larger, then made smaller: smooth edges

Point = tuple[float, float]


def curve(a: Point, b: Point, c: Point, d: Point) -> list[Point]:
    """A cubic curve as points."""
    points = []
    for step in range(33):
        t = step / 32
        u = 1 - t
        weights = (u**3, 3 * u * u * t, 3 * u * t * t, t**3)
        points.append(
            (
                sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
            )
        )
    return points


def arc(centre: Point, radius: float, start: int, end: int) -> list[Point]:
    angles = [math.radians(start + (end - start) * n / 16) for n in range(17)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]


BOTTLE = [
    (19, 10),
    *curve((19, 17.5), (15, 19.5), (12.5, 22), (12.5, 26)),
    *arc((15, 31.5), 2.5, 180, 90),
    *arc((29, 31.5), 2.5, 90, 0),
    *curve((31.5, 26), (31.5, 22), (29, 19.5), (25, 17.5)),
    (25, 10),
]
NECK = [(17.5, 10), (26.5, 10)]
OIL = [(14, 26), (30, 26), *arc((28.5, 30.5), 1.5, 0, 90), *arc((15.5, 30.5), 1.5, 90, 180)]


def draw(size: int, *, corner: float, scale: float) -> Image.Image:
    """`corner` of 44 rounds the square; `scale` shrinks the bottle within it."""
    full = size * FINE
    picture = Image.new("RGBA", (full, full), (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((0, 0, full - 1, full - 1), corner * full / BOX, fill=GREEN)

    def place(point: Point) -> Point:
        middle = BOX / 2
        x, y = ((at - middle) * scale + middle for at in point)
        return x * full / BOX, y * full / BOX

    width = 2.5 * scale * full / BOX
    for line in (BOTTLE, NECK):
        points = [place(point) for point in line]
        pen.line(points, fill=WHITE, width=round(width))
        for x, y in points:
            half = width / 2
            pen.ellipse((x - half, y - half, x + half, y + half), fill=WHITE)
    pen.polygon([place(point) for point in OIL], fill=WHITE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    for name, size, corner, scale in (
        ("app-192", 192, 11, 1.0),
        ("app-512", 512, 11, 1.0),
        ("app-maskable-512", 512, 0, 0.8),  # a launcher cuts its own shape out of it
        ("apple-touch-180", 180, 0, 0.9),
    ):
        picture = draw(size, corner=corner, scale=scale)
        if corner == 0:
            picture = picture.convert("RGB")
        picture.quantize(64).save(ICONS / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
