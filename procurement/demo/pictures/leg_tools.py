"""Tools for feet, calves, legs and thighs, and the mats one stands or lies on."""

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


def nub(canvas: Canvas, x: float, y: float, radius: float, paint: Colour) -> None:
    """One acupressure point: a disc, its peak, its small shadow."""
    canvas.fill(ellipse(x + 1, y + radius * 0.35, radius, radius), (40, 34, 28), 0.28)
    canvas.fill(ellipse(x, y, radius, radius), ball(paint, 0.6))
    canvas.fill(ellipse(x, y, radius * 0.38, radius * 0.38), darker(paint, 0.3))


def calf_cradle(canvas: Canvas, look: Look) -> None:
    """A trough for the calf, set with blunt points."""
    body, points = look.colour("body"), look.colour("nub")
    canvas.shadow(MIDDLE, FLOOR - 22, 292, 26)
    back = outline((128, 330), ((150, 250), (650, 250), (672, 330)), (690, 470), (110, 470))
    canvas.fill(back, Gradient(((0, lighter(body, 0.12)), (1, darker(body, 0.25))), "down"))
    hollow = outline(
        (150, 336),
        ((170, 272), (630, 272), (650, 336)),
        (664, 500),
        ((600, 590), (200, 590), (136, 500)),
    )
    depth = ((0.0, darker(body, 0.38)), (0.6, darker(body, 0.12)), (1.0, lighter(body, 0.08)))
    canvas.fill(hollow, Gradient(depth, "down"))
    for row in range(5):
        reach = 196 + row * 13
        for column in range(8):
            share = column / 7 * 2 - 1
            y = 326 + row * 46 + (1 - share * share) * 42
            nub(canvas, MIDDLE + share * reach, y, 13.5 + row * 1.1, points)
    front = outline(
        (104, 452),
        ((112, 428), (134, 430), (142, 452)),
        ((190, 588), (610, 588), (658, 452)),
        ((666, 430), (688, 428), (696, 452)),
        ((704, 560), (690, 640), (672, 668)),
        ((600, 684), (200, 684), (128, 668)),
        ((110, 640), (96, 560), (104, 452)),
    )
    light = ((0.0, lighter(body, 0.24)), (0.45, body), (1.0, darker(body, 0.3)))
    canvas.fill(front, Gradient(light, "down"))
    rim = curve((150, 486), ((220, 600), (580, 600), (650, 486)))
    canvas.fill(stroke(rim, 5), lighter(body, 0.5), 0.5)
    for x in (166, 634):
        canvas.fill(box(x - 34, 664, x + 34, FLOOR - 4, 8), darker(body, 0.62))


def ring_roller(canvas: Canvas, look: Look) -> None:
    """Six turning rings on a wooden handle."""
    body, wood = look.colour("body"), look.colour("wood")
    layer = Canvas(None)
    layer.fill(box(70, 374, 730, 426, 26), rounded_light(wood))
    for x in (120, 136, 664, 680):
        layer.fill(box(x, 374, x + 5, 426), darker(wood, 0.4), 0.5)
    for ring in range(6):
        x = 212 + ring * 64
        layer.fill(box(x - 1, 268, x + 57, 534, 27), darker(body, 0.45))
        layer.fill(box(x, 266, x + 56, 530, 26), rounded_light(body, 1.15))
        layer.fill(box(x + 10, 282, x + 17, 514, 4), (255, 255, 255), 0.16)
        for step in range(1, 8):
            y = 266 + 264 * (1 - math.cos(math.pi * step / 8)) / 2
            layer.fill(box(x + 2, y - 2, x + 54, y + 2, 2), darker(body, 0.4), 0.45)
    canvas.place(layer, angle=9, move=(0, 20), cast=True)


def wedge(canvas: Canvas, look: Look) -> None:
    """A half round of beech with a cork top."""
    wood, top = look.colour("wood"), look.colour("top")
    canvas.shadow(MIDDLE, FLOOR - 8, 290, 22)
    roof = outline(
        (110, FLOOR - 60),
        ((120, 460), (210, 330), (370, 326)),
        ((420, 326), (470, 330), (520, 336)),
        ((640, 360), (690, 520), (690, FLOOR - 8)),
        (590, FLOOR - 6),
    )
    canvas.fill(roof, Gradient(((0, lighter(top, 0.22)), (1, darker(top, 0.22))), "down"))
    for index in range(64):
        x = 380 + (index * 73) % 300
        y = 346 + (index * 41) % 60 + max(0, x - 520) * 1.1
        canvas.fill(ellipse(x, y, 3, 2), darker(top, 0.45), 0.4)
    arch = outline(
        (110, FLOOR - 6),
        ((110, 470), (200, 356), (350, 356)),
        ((500, 356), (590, 470), (590, FLOOR - 6)),
    )
    canvas.fill(arch, Gradient(((0, lighter(wood, 0.2)), (1, darker(wood, 0.12))), "down"))
    with canvas.within(arch):
        for ring in range(1, 7):
            points = [
                (
                    350 + (240 - ring * 36) * math.cos(step / 20),
                    FLOOR - (330 - ring * 46) * math.sin(step / 20),
                )
                for step in range(64)
            ]
            canvas.fill(stroke(points, 3), darker(wood, 0.35), 0.32)


def boots(canvas: Canvas, look: Look) -> None:
    """A pair of leg and thigh cuffs with chambers and one small control."""
    body, panel = look.colour("body"), look.colour("panel")
    canvas.shadow(MIDDLE, FLOOR - 2, 262, 19)
    pipe = curve((350, 170), ((370, 240), (430, 240), (450, 170)))
    canvas.fill(stroke(pipe, 11), darker(body, 0.6))
    for x in (272.0, 528.0):
        cuff = mirrored(
            outline(
                (x + 116, 150),
                (x + 104, 400),
                ((x + 96, 520), (x + 82, 600), (x + 78, FLOOR - 20)),
                ((x + 78, FLOOR), (x + 70, FLOOR), (x + 56, FLOOR)),
            ),
            x,
        )
        canvas.fill(cuff, cylinder(body))
        with canvas.within(cuff):
            for row, y in enumerate((252, 356, 458, 556)):
                dip = curve((x - 130, y), ((x - 60, y + 16), (x + 60, y + 16), (x + 130, y)))
                canvas.fill(stroke(dip, 6), darker(body, 0.42), 0.8)
                light = [(px, py + 7) for px, py in dip]
                canvas.fill(stroke(light, 3), lighter(body, 0.5), 0.30 - row * 0.03)
        canvas.fill(box(x - 122, 122, x + 122, 172, 14), cylinder(darker(body, 0.45)))
    canvas.fill(box(468, 292, 588, 342, 22), cylinder(panel, 0.5))
    canvas.fill(ellipse(494, 317, 9, 9), colour("#2F7A4F"))
    canvas.fill(box(514, 313, 566, 321, 4), darker(panel, 0.4))


def bead_roller(canvas: Canvas, look: Look) -> None:
    """Beads on a bending core between two cork grips."""
    body, grip = look.colour("body"), look.colour("grip")
    layer = Canvas(None)
    core = curve((90, 470), ((250, 330), (550, 330), (710, 470)))
    layer.fill(stroke(core, 14), colour("#8A8F8D"))
    for bead in range(9):
        t = bead / 8 * 2 - 1
        layer.fill(ellipse(MIDDLE + t * 204, 372 + t * t * 46, 27, 47), ball(body, 1.1))
    for start, end in (((64, 494), (164, 414)), ((736, 494), (636, 414))):
        layer.fill(stroke([start, end], 58), rounded_light(grip, 0.9))
        for step in range(1, 5):
            x = start[0] + (end[0] - start[0]) * step / 5
            y = start[1] + (end[1] - start[1]) * step / 5
            layer.fill(ellipse(x, y + 8, 4, 3), darker(grip, 0.5), 0.5)
    canvas.place(layer, angle=-10, move=(0, 40), cast=True)


def gua_board(canvas: Canvas, look: Look) -> None:
    """A long shallow curve of glazed stoneware."""
    body = look.colour("body")
    layer = Canvas(None)
    shape = outline(
        (96, 400),
        ((110, 300), (240, 290), (400, 300)),
        ((560, 310), (700, 290), (716, 380)),
        ((726, 450), (650, 470), (560, 452)),
        ((440, 430), (330, 440), (230, 478)),
        ((150, 506), (88, 470), (96, 400)),
    )
    layer.fill([(x + 4, y + 12) for x, y in shape], darker(body, 0.5))
    glaze = ((0.0, lighter(body, 0.34)), (0.5, body), (1.0, darker(body, 0.22)))
    layer.fill(shape, Gradient(glaze, "down"))
    with layer.within(shape):
        layer.fill(box(560, 200, 800, 600), colour("#E9E2D3"), 0.5)
        light = curve((140, 360), ((220, 316), (520, 318), (680, 350)))
        layer.fill(stroke(light, 10), (255, 255, 255), 0.4)
    canvas.place(layer, angle=6, move=(0, 60), cast=True)


def foot_roller(canvas: Canvas, look: Look) -> None:
    """Ridged wooden rollers in a frame; one row or two."""
    wood, double = look.colour("wood"), look.number("rows", 1) == 2
    canvas.shadow(MIDDLE, FLOOR - 14, 300, 22)
    tops = (330.0, 500.0) if double else (430.0,)
    for top in tops:
        canvas.fill(box(122, top + 38, 678, top + 74, 10), rounded_light(darker(wood, 0.3)))
        for piece in range(10):
            x = 150 + piece * 50
            radius = 56 + 14 * math.sin(piece * 0.7 + 0.5)
            ridge = box(x, top + 56 - radius, x + 49, top + 56 + radius, 16)
            canvas.fill(ridge, rounded_light(wood, 1.1))
            for cut in (13, 25, 37):
                lean = 7 if piece < 5 else -7
                line = [(x + cut + lean, top + 64 - radius), (x + cut - lean, top + 48 + radius)]
                canvas.fill(stroke(line, 4), darker(wood, 0.45), 0.5)
    for x in (104, 650):
        canvas.fill(box(x, tops[0] + 4, x + 46, FLOOR - 6, 18), cylinder(darker(wood, 0.12)))
        for top in tops:
            canvas.fill(ellipse(x + 23, top + 56, 11, 11), darker(wood, 0.5))


def pebbles(canvas: Canvas, look: Look) -> None:
    """River pebbles set in a cork mat, seen from above."""
    body = look.colour("body")
    canvas.shadow(MIDDLE + 6, 640, 276, 26)
    canvas.fill(box(130, 182, 678, 650, 46), darker(body, 0.35))
    canvas.fill(box(124, 170, 672, 636, 46), sheet(body))
    tones = ("#8D8A84", "#B6ADA0", "#6E6F70", "#CFC7BA", "#9C8F80", "#7D7468")
    for row in range(7):
        for column in range(8):
            seed = row * 8 + column
            x = 172 + column * 64 + (row % 2) * 18 + seed * 7 % 9
            y = 216 + row * 62 + seed * 5 % 11
            rx, ry = 25 + seed * 11 % 7, 19 + seed * 3 % 8
            if x + rx < 660:
                canvas.fill(ellipse(x + 3, y + 7, rx, ry), (40, 30, 22), 0.35)
                canvas.fill(ellipse(x, y, rx, ry), ball(colour(tones[seed * 5 % 6])))


def mat(canvas: Canvas, look: Look) -> None:
    """An acupressure mat hanging over its neck roll."""
    body, points = look.colour("body"), look.colour("nub")
    canvas.shadow(MIDDLE, FLOOR - 16, 292, 22)
    cloth = outline(
        (206, 262),
        (594, 262),
        (684, 650),
        ((690, 672), (680, 680), (660, 680)),
        (140, 680),
        ((120, 680), (110, 672), (116, 650)),
    )
    light = ((0.0, darker(body, 0.22)), (0.2, body), (1.0, lighter(body, 0.12)))
    canvas.fill(cloth, Gradient(light, "down"))
    for row in range(6):
        share = row / 5
        y, reach = 312 + row * 63, 164 + 84 * share
        for column in range(8):
            nub(canvas, MIDDLE - reach + column * reach * 2 / 7, y, 11 + 5.5 * share, points)
    canvas.fill(box(178, 186, 622, 288, 50), rounded_light(darker(body, 0.08), 1.1))
    end = Gradient(((0, lighter(body, 0.2)), (1, darker(body, 0.3))), "down")
    canvas.fill(ellipse(592, 237, 34, 47), end)
    canvas.fill(ellipse(592, 237, 17, 24), darker(body, 0.5), 0.6)
    for column in range(8):
        nub(canvas, 222 + column * 44, 232, 10, points)
