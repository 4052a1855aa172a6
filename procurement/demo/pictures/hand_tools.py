"""Tools that a hand holds: thumb savers, sticks, stones, cups, brushes."""

import math

from procurement.demo.pictures.brush import (
    FLOOR,
    MIDDLE,
    Canvas,
    Colour,
    Gradient,
    ball,
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
    sheet,
    stroke,
)
from procurement.demo.pictures.look import Look


def thumb_saver(canvas: Canvas, look: Look) -> None:
    """A palm-sized T: a broad head to hold, a rounded stem that presses."""
    body = look.colour("body")
    canvas.shadow(MIDDLE + 10, FLOOR - 4, 150, 18)
    shape = outline(
        (196, 300),
        ((190, 210), (290, 196), (400, 196)),
        ((510, 196), (610, 210), (604, 300)),
        ((600, 372), (520, 388), (480, 430)),
        ((452, 470), (462, 560), (456, 630)),
        ((450, 676), (426, FLOOR), (400, FLOOR)),
        ((374, FLOOR), (350, 676), (344, 630)),
        ((338, 560), (348, 470), (320, 430)),
        ((280, 388), (200, 372), (196, 300)),
    )
    canvas.fill(shape, cylinder(body, 0.9))
    with canvas.within(shape):
        canvas.fill(ellipse(MIDDLE, 216, 176, 34), lighter(body, 0.5), 0.45)
        for line in range(7 if look.has("grain") else 0):
            x = 250 + line * 52
            bend = ((x + 40, 300), (x - 50 + line * 10, 420), (x * 0.35 + 262, 700))
            canvas.fill(stroke(curve((x, 180), bend), 3.5), darker(body, 0.42), 0.42)
        canvas.fill(ellipse(MIDDLE, FLOOR - 18, 40, 14), darker(body, 0.4), 0.3)
    dent = Gradient(((0, darker(body, 0.34)), (1, lighter(body, 0.14))), "down")
    canvas.fill(ellipse(MIDDLE, 300, 84, 52), dent, 0.8)


def steps(canvas: Canvas, look: Look) -> None:
    """A sloped pad with numbered steps for the thumb."""
    body, wood = look.colour("body"), look.colour("wood")
    canvas.shadow(MIDDLE, FLOOR - 18, 290, 22)
    canvas.fill(box(110, 638, 690, 676), sheet(darker(wood, 0.16)))
    canvas.fill(outline((200, 290), (600, 290), (690, 640), (110, 640)), sheet(wood))
    pad = outline((222, 312), (578, 312), (648, 616), (152, 616))
    canvas.fill(pad, Gradient(((0, lighter(body, 0.2)), (1, darker(body, 0.08))), "down"))
    path = [
        (250.0, 566.0),
        (320.0, 534.0),
        (396.0, 512.0),
        (470.0, 486.0),
        (514.0, 440.0),
        (472.0, 398.0),
        (400.0, 378.0),
        (330.0, 352.0),
    ]
    canvas.fill(stroke(path, 5), darker(body, 0.25), 0.5)
    for number, (x, y) in enumerate(path, start=1):
        radius = 19 + (y - 340) / 22
        canvas.fill(ellipse(x, y + 3, radius, radius * 0.8), darker(body, 0.45), 0.6)
        canvas.fill(ellipse(x, y, radius, radius * 0.8), lighter(body, 0.42))
        canvas.text((x, y), str(number), round(radius * 1.1), ink=darker(body, 0.62))


def hook(canvas: Canvas, look: Look) -> None:
    """An S of bent beech with a knob at each end."""
    wood = look.colour("wood")
    canvas.shadow(MIDDLE + 10, 684, 220, 16)
    line = curve(
        (262, 316),
        ((214, 190), (330, 110), (424, 168)),
        ((520, 230), (380, 380), (336, 470)),
        ((290, 580), (380, 690), (492, 640)),
        ((560, 606), (580, 540), (552, 486)),
    )
    canvas.fill(stroke([(x + 7, y + 9) for x, y in line], 50), darker(wood, 0.5), 0.35)
    grain = ((0.0, lighter(wood, 0.2)), (0.5, wood), (1.0, darker(wood, 0.25)))
    canvas.fill(stroke(line, 50), Gradient(grain))
    canvas.fill(stroke([(x - 8, y - 6) for x, y in line], 9), lighter(wood, 0.6), 0.45)
    for x, y, radius in ((262, 322, 46), (551, 484, 36)):
        canvas.fill(ellipse(x, y, radius, radius), ball(darker(wood, 0.18)))


def balls(canvas: Canvas, look: Look) -> None:
    """Three balls, soft to hard: bumps, a seam, and cork."""
    for x, y, radius, key in (
        (306, 520, 156, "body"),
        (560, 576, 106, "second"),
        (440, 622, 66, "third"),
    ):
        paint = look.colour(key)
        canvas.shadow(x + 14, y + radius - 4, radius * 1.05, radius * 0.14)
        shape = ellipse(x, y, radius, radius)
        canvas.fill(shape, ball(paint))
        with canvas.within(shape):
            _surface(canvas, key, (x, y, radius), paint)


def _surface(canvas: Canvas, key: str, where: tuple[int, int, int], paint: Colour) -> None:
    x, y, radius = where
    if key == "body":
        for bump in range(34):
            angle, reach = bump * 2.4, radius * math.sqrt((bump + 0.5) / 34)
            at = (x + reach * math.cos(angle), y + reach * math.sin(angle))
            canvas.fill(ellipse(*at, 11, 11), lighter(paint, 0.3), 0.45)
    elif key == "second":
        seam = curve((x - 110, y - 6), ((x - 50, y + 34), (x + 50, y + 34), (x + 110, y - 6)))
        canvas.fill(stroke(seam, 8), darker(paint, 0.4), 0.6)
    else:
        for speck in range(40):
            at = (x - 60 + speck * 37 % 120, y - 60 + speck * 53 % 120)
            canvas.fill(ellipse(*at, 3, 2), darker(paint, 0.5), 0.5)


def stick(canvas: Canvas, look: Look) -> None:
    """A turned stick in two lengths, one end round, one flat."""
    wood = look.colour("wood")
    layer = Canvas(None)
    half = outline(
        (70, 400),
        ((70, 368), (92, 356), (120, 362)),
        ((180, 378), (230, 372), (280, 366)),
        ((330, 352), (380, 352), (430, 366)),
        ((520, 386), (610, 384), (690, 376)),
        (730, 384),
        (730, 400),
    )
    shape = half + [(x, 800 - y) for x, y in reversed(half)]
    layer.fill(shape, rounded_light(wood, 1.2))
    with layer.within(shape):
        for x in (290, 302, 420, 432, 660):
            layer.fill(box(x, 300, x + 5, 500), darker(wood, 0.6), 0.6)
        layer.fill(stroke([(90, 382), (690, 388)], 5), (255, 255, 255), 0.25)
    canvas.place(layer, angle=16, move=(10, -20), cast=True)
    canvas.place(layer, scale=0.62, angle=34, move=(60, -20), cast=True)


def gua_sha(canvas: Canvas, look: Look) -> None:
    """A heart-like stone with a deep curve and a veined polish."""
    body = look.colour("body")
    layer = Canvas(None)
    shape = outline(
        (400, 300),
        ((366, 226), (236, 190), (186, 282)),
        ((136, 380), (210, 520), (330, 620)),
        ((400, 676), (480, 660), (540, 570)),
        ((600, 480), (650, 360), (600, 272)),
        ((552, 192), (430, 220), (400, 300)),
    )
    layer.fill([(x + 5, y + 12) for x, y in shape], darker(body, 0.55))
    layer.fill(shape, ball(body, 0.85))
    with layer.within(shape):
        for vein in range(4):
            y = 300 + vein * 86
            line = curve((120, y), ((280, y + 70), (430, y - 70), (680, y + 30)))
            layer.fill(stroke(line, 15 - vein * 3), lighter(body, 0.5), 0.22)
        glint = curve((206, 330), ((206, 250), (280, 226), (330, 250)))
        layer.fill(stroke(glint, 14), (255, 255, 255), 0.5)
    canvas.place(layer, angle=-6, move=(0, 20), cast=True)


def cups(canvas: Canvas, look: Look) -> None:
    """Four cups, small to large, standing on their rims."""
    for x, floor, half, height in (
        (520.0, 560.0, 116.0, 250.0),
        (280.0, 590.0, 98.0, 216.0),
        (440.0, 676.0, 76.0, 166.0),
        (600.0, 680.0, 52.0, 118.0),
    ):
        canvas.shadow(x + 8, floor, half * 1.15, half * 0.15)
        _cup(canvas, look.colour("body"), (x, floor), half, height)


def _cup(
    canvas: Canvas, body: Colour, foot: tuple[float, float], half: float, height: float
) -> None:
    x, floor = foot
    glass = sum(body) > 620
    bulb = box(
        x - half * 0.2, floor - height * 1.16, x + half * 0.2, floor - height * 0.95, half * 0.16
    )
    canvas.fill(bulb, cylinder(colour("#B5532C") if glass else body))
    shape = mirrored(
        outline(
            (x + half * 0.3, floor - height),
            (
                (x + half * 0.62, floor - height),
                (x + half * 0.92, floor - height * 0.62),
                (x + half * 0.9, floor - height * 0.2),
            ),
            (x + half, floor - 12),
            ((x + half, floor), (x + half * 0.94, floor), (x + half * 0.9, floor)),
        ),
        x,
    )
    canvas.fill(shape, cylinder(body, 0.8), 0.72 if glass else 0.96)
    with canvas.within(shape):
        canvas.fill(box(0, floor - 16, 800, floor), darker(body, 0.4), 0.4)
    glint = curve(
        (x - half * 0.62, floor - height * 0.3),
        (
            (x - half * 0.66, floor - height * 0.6),
            (x - half * 0.5, floor - height * 0.8),
            (x - half * 0.3, floor - height * 0.88),
        ),
    )
    canvas.fill(stroke(glint, half * 0.1), (255, 255, 255), 0.62)


def globes(canvas: Canvas, look: Look) -> None:
    """A crossed pair of liquid-filled glass globes."""
    body = look.colour("body")
    for angle, shift in ((-22.0, 76.0), (20.0, -76.0)):
        layer = Canvas(None)
        layer.fill(box(376, 380, 424, 668, 24), cylinder(lighter(body, 0.25), 0.7), 0.85)
        layer.fill(box(384, 470, 416, 652, 16), cylinder(body), 0.7)
        sphere = ellipse(400, 284, 116, 116)
        layer.fill(sphere, ball(body, 1.1), 0.94)
        with layer.within(sphere):
            layer.fill(ellipse(400, 360, 140, 90), darker(body, 0.25), 0.35)
        layer.fill(ellipse(362, 236, 28, 20), (255, 255, 255), 0.7)
        canvas.place(layer, angle=angle, move=(shift, 20), cast=True)


def bamboo(canvas: Canvas, look: Look) -> None:
    """Sticks of six lengths with their joints."""
    wood = look.colour("wood")
    for row, length in enumerate((600, 560, 470, 400, 320, 260)):
        layer = Canvas(None)
        left, right, tone = 400 - length / 2, 400 + length / 2, darker(wood, 0.05 * (row % 3))
        radius = 33 - row * 2.2
        layer.fill(box(left, 400 - radius, right, 400 + radius, 14), rounded_light(tone, 1.1))
        for joint in range(1, 4):
            x = left + length * joint / 4 + (row * 17 % 30 - 15)
            knot = box(x - 6, 400 - radius - 3, x + 6, 400 + radius + 3, 5)
            layer.fill(knot, rounded_light(darker(tone, 0.16)))
            layer.fill(box(x - 1, 400 - radius, x + 1, 400 + radius), darker(tone, 0.55), 0.6)
        layer.fill(ellipse(right - 7, 400, 8, radius - 4), lighter(tone, 0.45))
        canvas.place(layer, angle=12 - row * 0.8, move=(row * 6 - 10, -176 + row * 66), cast=True)


def wand(canvas: Canvas, look: Look) -> None:
    """A bronze dome on a turned handle."""
    wood, metal = look.colour("wood"), look.colour("metal")
    canvas.shadow(MIDDLE + 8, FLOOR - 6, 150, 17)
    dome = mirrored(
        outline(
            (MIDDLE + 60, 520),
            ((MIDDLE + 150, 530), (MIDDLE + 158, 610), (MIDDLE + 120, 660)),
            ((MIDDLE + 80, FLOOR + 2), (MIDDLE + 40, FLOOR), (MIDDLE, FLOOR)),
        )
    )
    canvas.fill(dome, cylinder(metal, 1.2))
    canvas.fill(ellipse(MIDDLE - 66, 590, 18, 40), (255, 255, 255), 0.4)
    handle = mirrored(
        outline(
            (MIDDLE + 20, 128),
            ((MIDDLE + 52, 128), (MIDDLE + 62, 180), (MIDDLE + 46, 214)),
            ((MIDDLE + 30, 240), (MIDDLE + 34, 260), (MIDDLE + 50, 330)),
            ((MIDDLE + 66, 410), (MIDDLE + 34, 450), (MIDDLE + 40, 480)),
            (MIDDLE + 76, 500),
            (MIDDLE + 76, 530),
        )
    )
    canvas.fill(handle, cylinder(wood, 1.1))
    for y, half in ((224, 36), (470, 36), (504, 76)):
        canvas.fill(box(MIDDLE - half, y, MIDDLE + half, y + 5), darker(wood, 0.6), 0.5)


def brush(canvas: Canvas, look: Look) -> None:
    """A dry brush on its back, bristles to the light."""
    wood, bristle = look.colour("wood"), look.colour("bristle")
    layer = Canvas(None)
    for tuft in range(34):
        x = 122 + tuft * 10.2
        lean = (x - 290) * 0.05
        tip = (x + lean, 290 + tuft * 7 % 5)
        layer.fill(stroke([(x, 410), tip], 12), darker(bristle, 0.05 * (tuft % 4)))
        layer.fill(stroke([(x + 4, 410), (x + 4 + lean, 300)], 2), darker(bristle, 0.4), 0.5)
    body = outline(
        (84, 436),
        ((84, 396), (110, 390), (150, 390)),
        (440, 390),
        ((500, 390), (520, 414), (570, 412)),
        ((640, 408), (700, 396), (722, 420)),
        ((740, 446), (720, 470), (680, 470)),
        ((600, 468), (540, 474), (480, 486)),
        ((340, 512), (84, 510), (84, 436)),
    )
    layer.fill(body, rounded_light(wood, 1.1))
    with layer.within(body):
        for y in (420, 444, 466):
            grain = curve((90, y), ((300, y + 16), (520, y - 10), (720, y)))
            layer.fill(stroke(grain, 3), darker(wood, 0.4), 0.35)
    layer.fill(ellipse(690, 438, 10, 10), colour("#F1EBE0"))
    canvas.place(layer, angle=7, move=(0, 70), cast=True)


def holster(canvas: Canvas, look: Look) -> None:
    """A leather holster with a bottle in it, on its belt."""
    body = look.colour("body")
    thread = colour("#E9CFA6")
    canvas.shadow(MIDDLE + 6, FLOOR - 4, 150, 17)
    canvas.fill(box(60, 276, 740, 352, 12), rounded_light(darker(body, 0.25)))
    for y in (286, 340):
        for x in range(70, 730, 18):
            canvas.fill(box(x, y, x + 9, y + 3, 1), thread, 0.7)
    canvas.fill(box(MIDDLE - 28, 126, MIDDLE + 28, 196, 8), cylinder(colour("#2A2826")))
    canvas.fill(box(MIDDLE - 74, 184, MIDDLE + 74, 420, 34), cylinder(colour("#A8621E")))
    pouch = mirrored(
        outline(
            (MIDDLE + 106, 262),
            ((MIDDLE + 110, 420), (MIDDLE + 104, 560), (MIDDLE + 92, 640)),
            ((MIDDLE + 84, FLOOR - 6), (MIDDLE + 50, FLOOR), (MIDDLE, FLOOR)),
        )
    )
    canvas.fill(pouch, cylinder(body, 0.9))
    for y in range(284, 640, 20):
        for seam in (MIDDLE - 90, MIDDLE + 90):
            canvas.fill(box(seam - 2, y, seam + 2, y + 11, 2), thread, 0.8)
    strap = box(MIDDLE - 110, 424, MIDDLE + 110, 470, 8)
    canvas.fill(strap, rounded_light(darker(body, 0.2)))
    canvas.fill(ellipse(MIDDLE, 447, 14, 14), ball(colour("#D1A24B")))
