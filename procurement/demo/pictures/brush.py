"""A small brush over Pillow: smooth outlines, soft gradients, shadows and lettering on one square.

Outlines are drawn four times too large inside their own box and reduced, which gives crisp edges at
the price of a few thousand pixels each, instead of a whole picture drawn too large.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Literal

import fontpkg_fira_sans
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

Point = tuple[float, float]
Segment = Point | tuple[Point, Point, Point]  # a line to a point, or a cubic curve
Outline = list[Point]
Colour = tuple[int, int, int]

SIZE = 800
FLOOR = 690.0  # where things stand
MIDDLE = 400.0
GROUND: Colour = (241, 235, 224)
INK: Colour = (43, 42, 39)
_OVER = 4
_SOFT = 12  # room around a quarter-sized shadow for its blur


def colour(text: str) -> Colour:
    """#RRGGBB as three numbers."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """One colour with a share of another in it."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def lighter(one: Colour, share: float) -> Colour:
    return mix(one, (255, 255, 255), share)


def darker(one: Colour, share: float) -> Colour:
    """Towards a warm black: pure black looks dirty on this ground."""
    return mix(one, (28, 22, 18), share)


@dataclass(frozen=True, slots=True)
class Gradient:
    """Colours along one direction of the filled outline's box, or out from a lit point in it."""

    stops: tuple[tuple[float, Colour], ...]
    way: Literal["across", "down", "ball"] = "across"

    def at(self, place: float) -> Colour:
        before, first = self.stops[0]
        for after, last in self.stops:
            if place <= after:
                span = after - before
                return mix(first, last, (place - before) / span if span else 1)
            before, first = after, last
        return first

    def paint(self, width: int, height: int) -> Image.Image:
        if self.way == "ball":
            far = Image.radial_gradient("L").transform(
                (128, 128), Image.Transform.EXTENT, (46, 40, 238, 232)
            )
            ball = ImageOps.colorize(far, self.at(0), self.at(1), self.at(0.5))
            return ball.resize((width, height), Image.Resampling.BILINEAR)
        ramp = Image.new("RGB", (256, 1))
        ramp.putdata([self.at(step / 255) for step in range(256)])
        line = ramp.resize(
            (width if self.way == "across" else height, 1), Image.Resampling.BILINEAR
        )
        if self.way == "down":
            line = line.transpose(Image.Transpose.ROTATE_270)
        return line.resize((width, height), Image.Resampling.NEAREST)


Paint = Colour | Gradient


def cylinder(base: Colour, strength: float = 1.0) -> Gradient:
    """Light from the left on something round and upright."""
    return Gradient(
        (
            (0.0, darker(base, 0.34 * strength)),
            (0.1, darker(base, 0.12 * strength)),
            (0.28, lighter(base, 0.26 * strength)),
            (0.5, base),
            (0.82, darker(base, 0.18 * strength)),
            (1.0, darker(base, 0.4 * strength)),
        )
    )


def rounded_light(base: Colour, strength: float = 1.0) -> Gradient:
    """The same light on something round that lies down."""
    return Gradient(
        (
            (0.0, darker(base, 0.1 * strength)),
            (0.25, lighter(base, 0.28 * strength)),
            (0.55, base),
            (1.0, darker(base, 0.36 * strength)),
        ),
        "down",
    )


def ball(base: Colour, strength: float = 1.0) -> Gradient:
    return Gradient(
        (
            (0.0, lighter(base, 0.34 * strength)),
            (0.5, base),
            (1.0, darker(base, 0.4 * strength)),
        ),
        "ball",
    )


def sheet(base: Colour, strength: float = 1.0) -> Gradient:
    """A flat thing, lit from above."""
    return Gradient(
        ((0.0, lighter(base, 0.16 * strength)), (1.0, darker(base, 0.12 * strength))), "down"
    )


def outline(start: Point, *segments: Segment) -> Outline:
    """A closed shape from lines and cubic curves."""
    points: Outline = [start]
    for segment in segments:
        if len(segment) == 2:
            points.append(segment)
        else:
            points.extend(_curve(points[-1], *segment))
    return points


def _curve(p0: Point, p1: Point, p2: Point, p3: Point) -> Iterator[Point]:
    for step in range(1, 25):
        t = step / 24
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        yield (
            a * p0[0] + b * p1[0] + c * p2[0] + d * p3[0],
            a * p0[1] + b * p1[1] + c * p2[1] + d * p3[1],
        )


def mirrored(right: Outline, centre: float = MIDDLE) -> Outline:
    """The right half, given from top to bottom, and its mirror image."""
    return right + [(2 * centre - x, y) for x, y in reversed(right)]


def ellipse(x: float, y: float, rx: float, ry: float) -> Outline:
    turns = (math.tau * step / 96 for step in range(96))
    return [(x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns]


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Outline:
    """A rectangle with round corners."""
    if radius <= 0:
        return [(left, top), (right, top), (right, bottom), (left, bottom)]
    radius = min(radius, (right - left) / 2, (bottom - top) / 2)
    corners = (
        (right - radius, top + radius, -0.25),
        (right - radius, bottom - radius, 0.0),
        (left + radius, bottom - radius, 0.25),
        (left + radius, top + radius, 0.5),
    )
    return [
        (
            x + radius * math.cos(math.tau * (start + step / 48)),
            y + radius * math.sin(math.tau * (start + step / 48)),
        )
        for x, y, start in corners
        for step in range(13)
    ]


def stroke(points: Sequence[Point], width: float) -> Outline:
    """A line of even width along the points, with round ends."""
    left: Outline = []
    right: Outline = []
    for index, (x, y) in enumerate(points):
        x0, y0 = points[max(index - 1, 0)]
        x1, y1 = points[min(index + 1, len(points) - 1)]
        length = math.hypot(x1 - x0, y1 - y0) or 1
        nx, ny = -(y1 - y0) / length * width / 2, (x1 - x0) / length * width / 2
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *_cap(left[-1], right[-1]), *reversed(right), *_cap(right[0], left[0])]


def _cap(start: Point, end: Point) -> Iterator[Point]:
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    radius = math.dist(start, end) / 2
    angle = math.atan2(start[1] - y, start[0] - x)
    for step in range(1, 12):
        turn = angle - math.pi * step / 12
        yield x + radius * math.cos(turn), y + radius * math.sin(turn)


def curve(start: Point, *segments: Segment) -> Outline:
    """Points along an open line, for stroke()."""
    return outline(start, *segments)


@cache
def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    folder = Path(fontpkg_fira_sans.__file__).parent / "files"
    return ImageFont.truetype(
        str(folder / f"FiraSans-{weight}.ttf"), size, layout_engine=ImageFont.Layout.BASIC
    )


class Canvas:
    """One square to draw on; a layer is the same square without its ground."""

    def __init__(self, ground: Colour | None = GROUND) -> None:
        self.image = Image.new("RGBA", (SIZE, SIZE), (*ground, 255) if ground else (0, 0, 0, 0))
        self._within: Image.Image | None = None

    def fill(self, shape: Outline, paint: Paint, opacity: float = 1.0) -> None:
        """Fill an outline with a colour or a gradient over the outline's own box."""
        mask, left, top = _mask(shape, round(255 * opacity))
        width, height = mask.size
        if self._within:
            mask = ImageChops.multiply(
                mask, self._within.crop((left, top, left + width, top + height))
            )
        patch = (
            paint.paint(width, height)
            if isinstance(paint, Gradient)
            else Image.new("RGB", (width, height), paint)
        )
        patch.putalpha(mask)
        self._lay(patch, left, top)

    def _lay(self, patch: Image.Image, left: int, top: int) -> None:
        crop = (
            max(-left, 0),
            max(-top, 0),
            min(SIZE - left, patch.width),
            min(SIZE - top, patch.height),
        )
        if crop[0] < crop[2] and crop[1] < crop[3]:
            self.image.alpha_composite(patch.crop(crop), (max(left, 0), max(top, 0)))

    @contextmanager
    def within(self, shape: Outline) -> Iterator[None]:
        """Whatever is drawn inside the block stays inside the outline."""
        drawn, left, top = _mask(shape, 255)
        mask = Image.new("L", (SIZE, SIZE))
        mask.paste(drawn, (left, top))
        before, self._within = self._within, mask
        if before:
            self._within = ImageChops.multiply(mask, before)
        try:
            yield
        finally:
            self._within = before

    def shadow(self, x: float, y: float, rx: float, ry: float, opacity: float = 0.28) -> None:
        """A soft shadow on the floor, drawn small: nobody sees the pixels of a blur."""
        small = Image.new("L", (round(rx / 2) + 2 * _SOFT, round(ry / 2) + 2 * _SOFT))
        edges = (_SOFT, _SOFT, small.width - _SOFT, small.height - _SOFT)
        ImageDraw.Draw(small).ellipse(edges, fill=round(255 * opacity))
        small = small.filter(ImageFilter.GaussianBlur(4))
        self._lay(_shade(small), round(x - small.width * 2), round(y - small.height * 2))

    def place(
        self,
        layer: "Canvas",
        *,
        scale: float = 1,
        angle: float = 0,
        move: Point = (0, 0),
        cast: bool = False,
    ) -> None:
        """Lay another canvas on this one, turned about its middle and scaled about the floor.

        What lies flat casts the shadow of its own outline, a little below itself.
        """
        drawn = layer.image.getbbox()
        if drawn is None:
            return
        image = layer.image.crop(drawn)
        dx = (drawn[0] + drawn[2]) / 2 - MIDDLE
        dy = (drawn[1] + drawn[3]) / 2 - MIDDLE
        turn = math.radians(angle)
        x = MIDDLE + dx * math.cos(turn) + dy * math.sin(turn)
        y = MIDDLE - dx * math.sin(turn) + dy * math.cos(turn)
        if angle:
            image = image.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        if scale != 1:
            size = (round(image.width * scale), round(image.height * scale))
            image = image.resize(size, Image.Resampling.LANCZOS)
        left = round(MIDDLE + (x - MIDDLE) * scale + move[0] - image.width / 2)
        top = round(FLOOR + (y - FLOOR) * scale + move[1] - image.height / 2)
        if cast:
            self._cast(image, left + 8, top + 20)
        self._lay(image, left, top)

    def _cast(self, image: Image.Image, left: int, top: int) -> None:
        small = image.getchannel("A").reduce(4)
        soft = Image.new("L", (small.width + 2 * _SOFT, small.height + 2 * _SOFT))
        soft.paste(small, (_SOFT, _SOFT))
        soft = soft.filter(ImageFilter.GaussianBlur(3.5))
        soft = soft.point([step * 3 // 10 for step in range(256)])
        self._lay(_shade(soft), left - 4 * _SOFT, top - 4 * _SOFT)

    def text(
        self,
        middle: Point,
        words: str,
        size: int,
        *,
        ink: Colour = INK,
        weight: str = "SemiBold",
        width: float = 1000,
        tracking: float = 0.06,
    ) -> None:
        """One line of letters, centred, made smaller until it fits."""
        while size > 9 and _length(words, size, weight, tracking) > width:
            size -= 1
        letters = font(weight, size)
        pen = ImageDraw.Draw(self.image)
        x = middle[0] - _length(words, size, weight, tracking) / 2
        for letter in words:
            pen.text((x, middle[1]), letter, font=letters, fill=(*ink, 255), anchor="lm")
            x += letters.getlength(letter) + size * tracking

    def encoded(self) -> bytes:
        """The finished picture as a good JPEG: quickly written, and quickly read by who keeps it."""
        out = BytesIO()
        self.image.convert("RGB").save(out, "JPEG", quality=92, subsampling=0)
        return out.getvalue()


def _mask(shape: Outline, value: int) -> tuple[Image.Image, int, int]:
    """The outline's own box, and where it begins."""
    left, top = math.floor(min(p[0] for p in shape)), math.floor(min(p[1] for p in shape))
    width = math.ceil(max(p[0] for p in shape)) + 1 - left
    height = math.ceil(max(p[1] for p in shape)) + 1 - top
    mask = Image.new("L", (width * _OVER, height * _OVER))
    points = [((x - left) * _OVER, (y - top) * _OVER) for x, y in shape]
    ImageDraw.Draw(mask).polygon(points, fill=value)
    return mask.reduce(_OVER), left, top


def _shade(small: Image.Image) -> Image.Image:
    """A quarter-sized mask as a warm shadow of full size."""
    size = (small.width * 4, small.height * 4)
    patch = Image.new("RGBA", size, (74, 56, 36, 0))
    patch.putalpha(small.resize(size, Image.Resampling.BICUBIC))
    return patch


def _length(words: str, size: int, weight: str, tracking: float) -> float:
    letters = font(weight, size)
    return sum(letters.getlength(x) for x in words) + size * tracking * (len(words) - 1)
