"""What stands in a room: stones and their warmer, table, stool, oil warmer."""

from procurement.demo.pictures.brush import (
    FLOOR,
    MIDDLE,
    Canvas,
    Gradient,
    ball,
    box,
    colour,
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

_PILE = (  # x, y, rx, ry: the pile first, what lies beside it after
    (388, 620, 212, 66),
    (404, 514, 158, 52),
    (388, 428, 112, 40),
    (402, 362, 76, 29),
    (630, 656, 82, 34),
    (398, 312, 48, 20),
)


def stones(canvas: Canvas, look: Look) -> None:
    """A pile of stones; the count says how high."""
    body, count = look.colour("body"), look.number("count", 4)
    canvas.shadow(MIDDLE + 20, FLOOR - 8, 300, 22)
    for x, y, rx, ry in _PILE[:count]:
        shape = ellipse(x, y, rx, ry)
        canvas.fill(ellipse(x, y + 4, rx, ry), darker(body, 0.6))
        canvas.fill(
            shape,
            Gradient(((0, lighter(body, 0.3)), (0.4, body), (1, darker(body, 0.55))), "down"),
        )
        glint = outline(
            (x - rx * 0.55, y - ry * 0.42),
            (
                (x - rx * 0.2, y - ry * 0.74),
                (x + rx * 0.2, y - ry * 0.74),
                (x + rx * 0.4, y - ry * 0.6),
            ),
        )
        canvas.fill(stroke(glint, ry * 0.09), (255, 255, 255), 0.42)
        if sum(body) > 560:
            with canvas.within(shape):
                vein = outline(
                    (x - rx, y + ry * 0.2),
                    ((x - rx * 0.2, y - ry * 0.5), (x, y + ry * 0.6), (x + rx, y)),
                )
                canvas.fill(stroke(vein, 5), darker(body, 0.3), 0.4)


def warmer(canvas: Canvas, look: Look) -> None:
    """A steel basin with a lid, a dial and a tap."""
    body, lid = look.colour("body"), look.colour("lid")
    canvas.shadow(MIDDLE, FLOOR - 4, 300, 21)
    for x in (200, 600):
        canvas.fill(box(x - 30, 640, x + 30, FLOOR - 2, 8), darker(lid, 0.5))
    canvas.fill(box(122, 404, 678, 668, 40), cylinder(body))
    canvas.fill(box(100, 376, 700, 424, 22), rounded_light(lighter(body, 0.12)))
    top = outline(
        (130, 380), ((150, 280), (260, 252), (400, 252)), ((540, 252), (650, 280), (670, 380))
    )
    canvas.fill(top, Gradient(((0, lighter(lid, 0.28)), (1, darker(lid, 0.2))), "down"))
    canvas.fill(box(352, 214, 448, 264, 20), rounded_light(darker(lid, 0.3)))
    canvas.fill(ellipse(562, 546, 54, 54), darker(body, 0.5))
    canvas.fill(ellipse(562, 542, 52, 52), ball(colour("#F4F0E8"), 0.5))
    canvas.fill(stroke([(562, 542), (586, 512)], 7), colour("#B5532C"))
    canvas.fill(box(196, 512, 372, 574, 10), darker(lid, 0.35))
    canvas.text((284, 543), "50 °C", 38, ink=colour("#E8D9A8"), weight="Medium")


def oil_warmer(canvas: Canvas, look: Look) -> None:
    """A heated sleeve around one flip-top bottle."""
    body, base = look.colour("body"), look.colour("lid")
    canvas.shadow(MIDDLE + 6, FLOOR - 2, 176, 17)
    cord = outline(
        (520, 650), ((640, 640), (600, 560), (700, 566)), ((760, 570), (740, 640), (800, 640))
    )
    canvas.fill(stroke(cord, 9), colour("#5A5750"))
    canvas.fill(box(MIDDLE - 32, 124, MIDDLE + 32, 190, 10), cylinder(colour("#F3EEE3")))
    canvas.fill(box(MIDDLE - 92, 180, MIDDLE + 92, 480, 46), cylinder(colour("#C98F3A")))
    canvas.fill(box(MIDDLE - 132, 330, MIDDLE + 132, 660, 26), cylinder(body))
    canvas.fill(ellipse(MIDDLE, 336, 128, 17), darker(body, 0.42))
    canvas.fill(box(MIDDLE - 94, 310, MIDDLE + 94, 340), cylinder(colour("#C98F3A")))
    canvas.fill(box(MIDDLE - 142, 636, MIDDLE + 142, FLOOR, 18), cylinder(base))
    canvas.fill(ellipse(MIDDLE, 580, 12, 12), colour("#E0A43A"))
    for x in range(268, 540, 24):
        canvas.fill(box(x, 380, x + 4, 540, 2), darker(body, 0.4), 0.22)


def table(canvas: Canvas, look: Look) -> None:
    """A folding table with its face cradle, from the side."""
    body, wood = look.colour("body"), look.colour("wood")
    canvas.shadow(MIDDLE, FLOOR - 2, 330, 17)
    for x, lean in ((196, -26), (612, 26)):
        for offset in (-26, 26):
            leg = [(x + offset, 400), (x + offset + lean, FLOOR - 4)]
            canvas.fill(stroke(leg, 23), cylinder(darker(wood, 0.14 if offset < 0 else 0)))
        canvas.fill(
            stroke([(x - 36 + lean / 2, 560), (x + 36 + lean / 2, 560)], 15), darker(wood, 0.25)
        )
    for x0, x1 in ((220, 392), (588, 416)):
        canvas.fill(stroke([(x0, 610), (x1, 414)], 7), colour("#7C7A74"))
    canvas.fill(box(94, 390, 694, 420, 8), rounded_light(wood))
    canvas.fill(box(84, 322, 706, 398, 26), rounded_light(body, 0.9))
    canvas.fill(box(392, 324, 396, 396), darker(body, 0.5), 0.6)
    cradle = outline(
        (700, 356),
        ((720, 340), (736, 320), (748, 306)),
        ((770, 300), (778, 330), (770, 350)),
        ((752, 376), (730, 384), (700, 384)),
    )
    canvas.fill(cradle, rounded_light(body))
    canvas.fill(box(110, 278, 290, 326, 20), rounded_light(colour("#F7F2E8"), 0.6))
    canvas.fill(box(126, 246, 274, 288, 18), rounded_light(colour("#E9DFCB"), 0.6))


def stool(canvas: Canvas, look: Look) -> None:
    """A round seat on a five-star base."""
    body = look.colour("body")
    steel = colour("#A9ADAB")
    canvas.shadow(MIDDLE, FLOOR - 2, 220, 18)
    for end, y in ((196, 652), (284, 676), (400, 684), (516, 676), (604, 652)):
        canvas.fill(stroke([(MIDDLE, 588), (end, y - 18)], 23), cylinder(darker(steel, 0.2)))
        canvas.fill(ellipse(end, y - 2, 18, 16), ball(colour("#3A3A38")))
    canvas.fill(box(MIDDLE - 24, 380, MIDDLE + 24, 604, 8), cylinder(darker(steel, 0.3)))
    canvas.fill(box(MIDDLE - 15, 330, MIDDLE + 15, 470, 6), cylinder(lighter(steel, 0.2)))
    canvas.fill(stroke([(MIDDLE, 372), (508, 386)], 11), darker(steel, 0.4))
    seat = mirrored(
        outline(
            (MIDDLE + 150, 236),
            ((MIDDLE + 206, 240), (MIDDLE + 212, 330), (MIDDLE + 160, 346)),
            ((MIDDLE + 90, 358), (MIDDLE + 40, 360), (MIDDLE, 360)),
        )
    )
    canvas.fill(seat, cylinder(body, 0.9))
    canvas.fill(ellipse(MIDDLE, 252, 176, 40), sheet(lighter(body, 0.18)))
    canvas.fill(ellipse(MIDDLE, 252, 7, 4), darker(body, 0.4))
