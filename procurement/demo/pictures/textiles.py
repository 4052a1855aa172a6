"""Towels, sheets, blankets, bolsters, robes and pillows."""

from math import cos, sin

from procurement.demo.pictures.brush import (
    FLOOR,
    MIDDLE,
    Canvas,
    Gradient,
    Segment,
    box,
    colour,
    curve,
    cylinder,
    darker,
    ellipse,
    lighter,
    mirrored,
    outline,
    rounded_light,
    stroke,
)
from procurement.demo.pictures.look import Look


def towels(canvas: Canvas, look: Look) -> None:
    """A folded stack, folds to the front."""
    body, count = look.colour("body"), look.number("count", 3)
    canvas.shadow(MIDDLE, FLOOR - 4, 280, 22)
    height = 320 / count
    for index in range(count):
        bottom = FLOOR - 4 - index * (height + 3)
        left, right = 142 + index * 7, 658 - index * 5
        tone = darker(body, 0.04 * (index % 2))
        canvas.fill(
            box(left, bottom - height, right, bottom, height * 0.5), rounded_light(tone, 0.75)
        )
        for share in (0.36, 0.66):
            y = bottom - height * share
            fold = curve(
                (left + 16, y), ((left + 200, y + 7), (right - 160, y - 5), (right - 8, y + 3))
            )
            canvas.fill(stroke(fold, 4), darker(tone, 0.35), 0.5)
        for x in range(round(left) + 26, round(right) - 20, 15):  # the waffle of the weave
            canvas.fill(
                box(x, bottom - height * 0.92, x + 2, bottom - height * 0.1),
                darker(tone, 0.3),
                0.13,
            )


def towel_rolls(canvas: Canvas, look: Look) -> None:
    """Five rolls in a pyramid, ends to the front."""
    body = look.colour("body")
    canvas.shadow(MIDDLE, FLOOR - 4, 300, 22)
    for x, y in ((214, 600), (400, 600), (586, 600), (307, 438), (493, 438)):
        canvas.fill(ellipse(x, y + 4, 92, 88), darker(body, 0.34))
        canvas.fill(
            ellipse(x, y, 90, 86),
            Gradient(((0, lighter(body, 0.3)), (0.6, body), (1, darker(body, 0.2))), "down"),
        )
        turns: list[tuple[float, float]] = []
        for step in range(110):
            reach = 8 + 72 * step / 110
            angle = step * 0.2
            turns.append((x + reach * cos(angle), y + reach * 0.95 * sin(angle)))
        canvas.fill(stroke(turns, 5), darker(body, 0.3), 0.55)


def cradle(canvas: Canvas, look: Look) -> None:
    """A crescent cover for the face cradle."""
    body = look.colour("body")
    canvas.shadow(MIDDLE, 668, 230, 21)
    ring: tuple[Segment, ...] = (
        ((600, 190), (640, 330), (628, 460)),
        ((616, 600), (560, 664), (500, 640)),
        ((460, 620), (470, 560), (484, 500)),
        ((500, 420), (470, 340), (400, 340)),
        ((330, 340), (300, 420), (316, 500)),
        ((330, 560), (340, 620), (300, 640)),
        ((240, 664), (184, 600), (172, 460)),
        ((160, 330), (200, 190), (400, 190)),
    )
    shape = outline((400, 190), *ring)
    canvas.fill([(x + 4, y + 14) for x, y in shape], darker(body, 0.4))
    canvas.fill(
        shape, Gradient(((0, lighter(body, 0.36)), (0.5, body), (1, darker(body, 0.18))), "down")
    )
    inner = curve(
        (230, 600), ((190, 420), (240, 250), (400, 250)), ((560, 250), (610, 420), (570, 600))
    )
    for step in range(0, len(inner) - 1, 2):
        canvas.fill(stroke(inner[step : step + 2], 4), darker(body, 0.4), 0.5)
    canvas.fill(
        stroke(curve((236, 380), ((250, 270), (320, 222), (400, 220))), 10), (255, 255, 255), 0.45
    )


def blanket(canvas: Canvas, look: Look) -> None:
    """A folded blanket with a stripe and a fringe."""
    body, stripe = look.colour("body"), look.colour("stripe")
    canvas.shadow(MIDDLE, FLOOR - 2, 280, 21)
    for index in range(3):
        top = 560 - index * 112
        canvas.fill(
            box(148, top, 652, top + 116, 52), rounded_light(darker(body, 0.05 * (2 - index)), 0.9)
        )
        for y in (top + 40, top + 76):
            canvas.fill(
                stroke(curve((160, y), ((300, y + 9), (500, y - 6), (646, y + 3))), 4),
                darker(body, 0.4),
                0.4,
            )
    face = outline((250, 336), (470, 336), (470, 610), (250, 610))
    canvas.fill(
        face, Gradient(((0, lighter(body, 0.22)), (0.4, body), (1, darker(body, 0.1))), "down")
    )
    for y, height in ((520, 18), (550, 34), (596, 8)):
        canvas.fill(box(250, y, 470, y + height), stripe)
    for x in range(254, 470, 12):
        canvas.fill(stroke([(x, 606), (x + (x * 7 % 5) - 2, 640)], 6), darker(body, 0.1))


def bolster(canvas: Canvas, look: Look) -> None:
    """A full round bolster, one end to the front."""
    body = look.colour("body")
    canvas.shadow(MIDDLE, 644, 300, 22)
    canvas.fill(box(90, 396, 700, 636, 118), rounded_light(body, 1.0))
    canvas.fill(ellipse(590, 516, 110, 119), darker(body, 0.34))
    canvas.fill(
        ellipse(594, 516, 104, 114),
        Gradient(((0, lighter(body, 0.22)), (0.5, body), (1, darker(body, 0.2))), "down"),
    )
    canvas.fill(stroke([(x, y) for x, y in ellipse(594, 516, 90, 100)], 4), darker(body, 0.34), 0.7)
    strap = curve((250, 402), ((230, 300), (430, 300), (414, 402)))
    canvas.fill(stroke(strap, 26), rounded_light(darker(body, 0.42)))


def half_bolster(canvas: Canvas, look: Look) -> None:
    """A half round: flat below."""
    body = look.colour("body")
    canvas.shadow(MIDDLE, 650, 310, 21)
    back = outline((96, 644), ((96, 470), (200, 420), (300, 420)), (560, 420), (590, 644))
    canvas.fill(
        back, Gradient(((0, lighter(body, 0.28)), (0.5, body), (1, darker(body, 0.3))), "down")
    )
    end = outline(
        (470, 644), ((470, 480), (530, 414), (590, 414)), ((650, 414), (712, 480), (712, 644))
    )
    canvas.fill(end, Gradient(((0, lighter(body, 0.14)), (1, darker(body, 0.26))), "down"))
    seam = curve(
        (486, 632), ((490, 500), (536, 432), (590, 432)), ((644, 432), (694, 500), (698, 632))
    )
    canvas.fill(stroke(seam, 4), darker(body, 0.45), 0.7)
    canvas.fill(
        stroke(curve((150, 520), ((190, 456), (260, 446), (460, 446))), 9), (255, 255, 255), 0.28
    )


def eye_pillow(canvas: Canvas, look: Look) -> None:
    """A soft pillow with a button and a sprig."""
    body = look.colour("body")
    layer = Canvas(None)
    shape = outline(
        (110, 330),
        ((230, 296), (570, 296), (690, 330)),
        ((712, 400), (712, 460), (690, 530)),
        ((570, 562), (230, 562), (110, 530)),
        ((88, 460), (88, 400), (110, 330)),
    )
    layer.fill([(x, y + 10) for x, y in shape], darker(body, 0.45))
    layer.fill(
        shape, Gradient(((0, lighter(body, 0.32)), (0.5, body), (1, darker(body, 0.24))), "down")
    )
    for side in (-1, 1):
        for row in range(3):
            x = 400 + side * 270
            crease = curve(
                (x, 380 + row * 50),
                (
                    (x - side * 50, 384 + row * 46),
                    (x - side * 80, 400 + row * 30),
                    (x - side * 110, 410 + row * 24),
                ),
            )
            layer.fill(stroke(crease, 5), darker(body, 0.34), 0.45)
    stem = curve((330, 480), ((380, 440), (430, 410), (480, 380)))
    layer.fill(stroke(stem, 5), lighter(body, 0.62))
    for step in range(4, 22, 3):
        left, top = stem[step]
        for side in (-1, 1):
            layer.fill(ellipse(left + side * 9, top + side * 13, 13, 8), lighter(body, 0.62))
    canvas.place(layer, angle=7, move=(0, 40), cast=True)


def robe(canvas: Canvas, look: Look) -> None:
    """A robe on its hanger, belt tied."""
    body = look.colour("body")
    canvas.shadow(MIDDLE + 6, FLOOR, 190, 13, 0.2)
    canvas.fill(
        stroke(
            curve(
                (400, 150), ((400, 110), (440, 110), (440, 90)), ((440, 66), (400, 66), (400, 88))
            ),
            8,
        ),
        colour("#7C7A74"),
    )
    canvas.fill(stroke([(280, 196), (400, 146), (520, 196)], 18), colour("#B98650"))
    for side in (-1, 1):
        sleeve = outline(
            (400 + side * 96, 178),
            ((400 + side * 190, 200), (400 + side * 214, 330), (400 + side * 232, 480)),
            (400 + side * 150, 496),
            (400 + side * 110, 330),
        )
        canvas.fill(sleeve, cylinder(darker(body, 0.09), 0.7))
        canvas.fill(
            outline(
                (400 + side * 231, 452),
                (400 + side * 235, 482),
                (400 + side * 149, 498),
                (400 + side * 144, 468),
            ),
            darker(body, 0.16),
        )
    coat = mirrored(
        outline(
            (462, 168), (516, 192), ((530, 320), (530, 420), (552, FLOOR - 14)), (400, FLOOR - 8)
        )
    )
    canvas.fill(coat, cylinder(body, 0.7))
    canvas.fill(stroke([(400, 400), (406, FLOOR - 10)], 4), darker(body, 0.4), 0.7)
    collar = outline((352, 166), (448, 166), (420, 300), (400, 396), (380, 300))
    canvas.fill(outline((372, 168), (428, 168), (400, 270)), darker(body, 0.42))
    canvas.fill(stroke([(354, 170), (366, 260), (404, 396)], 36), lighter(body, 0.3))
    canvas.fill(stroke([(446, 170), (434, 260), (398, 396)], 36), darker(body, 0.07))
    canvas.fill(stroke(collar[:2], 2), darker(body, 0.2), 0.4)
    canvas.fill(box(276, 388, 524, 422, 8), rounded_light(darker(body, 0.12)))
    canvas.fill(box(382, 380, 424, 430, 10), rounded_light(darker(body, 0.08)))
    for end in (372, 430):
        canvas.fill(stroke([(402, 420), (end, 548)], 23), rounded_light(darker(body, 0.12)))
    for x in (300, 446):
        canvas.fill(box(x, 500, x + 62, 572, 6), darker(body, 0.07))
