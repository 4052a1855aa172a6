"""Boxes, rolls and what is used once."""

from procurement.demo.pictures.brush import (
    FLOOR,
    MIDDLE,
    Canvas,
    Colour,
    Gradient,
    ball,
    box,
    colour,
    cylinder,
    darker,
    ellipse,
    lighter,
    outline,
    rounded_light,
    sheet,
    stroke,
)
from procurement.demo.pictures.look import Look
from procurement.demo.pictures.vessels import PAPER, sheet_of_paper

WHITE: Colour = (255, 255, 255)


def block(canvas: Canvas, edges: tuple[float, float, float, float], paint: Colour) -> None:
    """A carton seen from the front and a little from above and the right."""
    left, top, right, bottom = edges
    canvas.shadow((left + right) / 2 + 20, bottom - 2, (right - left) / 2 + 46, 20)
    deep = 54.0
    canvas.fill(
        outline(
            (right, top), (right + deep, top - 40), (right + deep, bottom - 40), (right, bottom)
        ),
        darker(paint, 0.32),
    )
    canvas.fill(
        outline((left, top), (left + deep, top - 40), (right + deep, top - 40), (right, top)),
        lighter(paint, 0.26),
    )
    canvas.fill(box(left, top, right, bottom), sheet(paint))


def _front(canvas: Canvas, look: Look, middle: tuple[float, float], ink: Colour = WHITE) -> None:
    words = look.text("label").split(" ")
    x, y = middle
    y -= (len(words) - 1) * 27
    for row, word in enumerate(words):
        canvas.text((x, y + row * 54), word, 50, ink=ink, width=360)
    canvas.text(
        (x, y + len(words) * 54), look.text("note"), 27, ink=ink, weight="Regular", tracking=0.02
    )


def tissue_box(canvas: Canvas, look: Look) -> None:
    """A flat box with one cover half drawn."""
    body = look.colour("body")
    block(canvas, (150, 430, 610, 676), body)
    canvas.fill(ellipse(404, 410, 120, 13), darker(body, 0.6))
    canvas.fill(
        outline(
            (296, 410),
            ((270, 330), (330, 270), (330, 214)),
            ((360, 250), (400, 200), (440, 180)),
            ((450, 240), (500, 250), (520, 290)),
            ((500, 340), (530, 380), (512, 410)),
        ),
        sheet_of_paper(),
    )
    for x in (350, 410, 462):
        canvas.fill(stroke([(x, 400), (x + 8, 290)], 4), darker(PAPER, 0.16), 0.6)
    _front(canvas, look, (380, 546))


def carton(canvas: Canvas, look: Look) -> None:
    """A plain upright carton with folded pieces beside it."""
    body = look.colour("body")
    block(canvas, (190, 300, 520, 676), body)
    canvas.fill(box(190, 330, 520, 340), lighter(body, 0.5))
    _front(canvas, look, (355, 490))
    for index in range(3):
        top = 600 + index * 26
        canvas.fill(
            box(490 + index * 6, top, 676 - index * 4, top + 30, 10),
            rounded_light(lighter(body, 0.12), 0.8),
        )


def paper_roll(canvas: Canvas, look: Look) -> None:
    """A roll of table paper with its end hanging free."""
    body = look.colour("body")
    canvas.shadow(MIDDLE, FLOOR - 8, 300, 19)
    tail = outline(
        (500, 470),
        (690, 470),
        ((700, 560), (700, 620), (716, 672)),
        (520, 672),
        ((500, 620), (500, 540), (500, 470)),
    )
    canvas.fill(
        tail, Gradient(((0, darker(body, 0.14)), (0.4, WHITE), (1, darker(body, 0.06))), "down")
    )
    for x in range(528, 716, 16):
        canvas.fill(box(x, 640, x + 8, 643), darker(body, 0.3), 0.8)
    canvas.fill(box(150, 316, 690, 604, 40), rounded_light(body, 0.6))
    canvas.fill(ellipse(196, 460, 92, 146), darker(body, 0.16))
    canvas.fill(ellipse(190, 460, 90, 144), Gradient(((0, WHITE), (1, darker(body, 0.12))), "down"))
    for share in (0.86, 0.7, 0.55):
        canvas.fill(
            stroke(ellipse(190, 460, 90 * share, 144 * share), 2.5), darker(body, 0.25), 0.6
        )
    canvas.fill(ellipse(190, 460, 36, 56), colour("#B98F5E"))
    canvas.fill(ellipse(195, 460, 27, 46), darker(colour("#B98F5E"), 0.55))


def slippers(canvas: Canvas, look: Look) -> None:
    """A pair seen from above."""
    body = look.colour("body")
    canvas.shadow(MIDDLE, 676, 220, 18)
    for side, angle in ((-1, 5.0), (1, -5.0)):
        layer = Canvas(None)
        sole = outline(
            (400, 140),
            ((486, 140), (500, 240), (492, 330)),
            ((484, 420), (492, 480), (484, 560)),
            ((476, 640), (436, 672), (400, 672)),
            ((364, 672), (324, 640), (318, 560)),
            ((312, 480), (322, 420), (312, 330)),
            ((302, 240), (316, 140), (400, 140)),
        )
        layer.fill([(x, y + 9) for x, y in sole], darker(body, 0.45))
        layer.fill(sole, sheet(lighter(body, 0.2)))
        upper = outline(
            (400, 136),
            ((496, 136), (512, 250), (500, 372)),
            ((460, 336), (340, 336), (300, 372)),
            ((290, 250), (306, 136), (400, 136)),
        )
        layer.fill(upper, cylinder(body, 0.7))
        layer.fill(
            stroke([(500, 370), (470, 346), (400, 336), (330, 346), (300, 370)], 8),
            darker(body, 0.25),
        )
        canvas.place(layer, angle=angle, move=(side * 118, 0))


def glove_box(canvas: Canvas, look: Look) -> None:
    """A wide box with an oval opening and a glove in it."""
    body, glove = look.colour("body"), look.colour("accent")
    block(canvas, (140, 350, 600, 676), body)
    fingers = (
        ((330, 470), (318, 330), (352, 330), (366, 440)),
        ((366, 440), (362, 290), (398, 290), (404, 436)),
        ((404, 436), (410, 310), (444, 312), (440, 450)),
    )
    hole = ellipse(370, 470, 150, 54)
    canvas.fill(hole, darker(body, 0.6))
    for start, one, two, end in fingers:
        canvas.fill(outline(start, (one, two, end), (370, 500)), cylinder(glove, 0.7))
    canvas.fill(ellipse(376, 482, 84, 36), sheet(glove))
    with canvas.within(box(140, 500, 600, 676)):
        canvas.fill(box(140, 508, 600, 676), sheet(body))
    canvas.fill(stroke(ellipse(370, 470, 152, 56)[2:46], 6), lighter(body, 0.4))
    canvas.text((370, 576), look.text("label"), 50, ink=WHITE, width=400)
    canvas.text((370, 626), look.text("note"), 28, ink=WHITE, weight="Regular", tracking=0.02)


def spatulas(canvas: Canvas, look: Look) -> None:
    """A fan of birch spatulas in a cup."""
    wood, body = look.colour("wood"), look.colour("body")
    canvas.shadow(MIDDLE + 6, FLOOR - 2, 160, 18)
    for index in range(9):
        layer = Canvas(None)
        layer.fill(box(380, 150, 420, 620, 20), cylinder(darker(wood, 0.05 * (index % 3)), 0.7))
        canvas.place(
            layer, angle=20 - index * 5.0, move=((index - 4) * 17, 30 + abs(index - 4) * 8)
        )
    canvas.fill(
        outline(
            (264, 430),
            (536, 430),
            (512, FLOOR - 20),
            ((510, FLOOR), (490, FLOOR), (480, FLOOR)),
            (320, FLOOR),
            ((310, FLOOR), (290, FLOOR), (288, FLOOR - 20)),
        ),
        cylinder(body, 0.7),
    )
    canvas.fill(box(258, 420, 542, 446, 12), cylinder(darker(body, 0.1), 0.7))
    canvas.text((MIDDLE, 556), "BIRCH", 40, ink=colour("#5A4A32"))


def pads(canvas: Canvas, look: Look) -> None:
    """A sleeve of pads, some of them out."""
    body, band = look.colour("body"), look.colour("accent")
    canvas.shadow(MIDDLE, FLOOR - 8, 270, 20)
    for index in range(15):
        y = 640 - index * 25
        canvas.fill(
            box(190, y - 6, 430, y + 34, 18), cylinder(darker(body, 0.03 + 0.03 * (index % 2)), 0.5)
        )
    canvas.fill(ellipse(310, 284, 120, 34), sheet(lighter(body, 0.5)))
    canvas.fill(box(186, 388, 434, 560), cylinder(band, 0.8))
    canvas.text((310, 458), "COTTON", 40, ink=WHITE, width=210)
    canvas.text((310, 504), "100 pads", 24, ink=WHITE, weight="Regular", tracking=0.02)
    for x, y in ((580, 630), (530, 668), (634, 664)):
        canvas.fill(ellipse(x, y + 6, 74, 24), darker(body, 0.3))
        canvas.fill(ellipse(x, y, 74, 24), sheet(lighter(body, 0.4)))
        canvas.fill(stroke(ellipse(x, y, 58, 17), 2), darker(body, 0.2), 0.6)


def gift_box(canvas: Canvas, look: Look) -> None:
    """An open box with its things in it and a ribbon on the front."""
    body, ribbon = look.colour("body"), look.colour("ribbon")
    canvas.shadow(MIDDLE, FLOOR - 4, 290, 22)
    canvas.fill(box(150, 300, 650, 520, 6), sheet(darker(body, 0.45)))
    for thing in look.text("inside").split(","):
        _THINGS[thing](canvas, body)
    for x in range(160, 650, 24):  # wood wool between the things
        curl = outline((x, 488), ((x + 6, 460 + x * 7 % 23), (x + 20, 462), (x + 30, 492)))
        canvas.fill(stroke(curl, 4), colour("#E4D3AE"), 0.9)
    canvas.fill(box(132, 478, 668, FLOOR - 4, 6), sheet(body))
    canvas.fill(box(132, 478, 668, 490), lighter(body, 0.3), 0.6)
    canvas.fill(box(132, 560, 668, 604), sheet(ribbon))
    for side in (-1, 1):
        loop = outline(
            (MIDDLE, 582),
            ((MIDDLE + side * 40, 500), (MIDDLE + side * 120, 520), (MIDDLE + side * 112, 566)),
            ((MIDDLE + side * 104, 606), (MIDDLE + side * 40, 606), (MIDDLE, 582)),
        )
        canvas.fill(loop, sheet(darker(ribbon, 0.1)))
        canvas.fill(stroke([(MIDDLE, 588), (MIDDLE + side * 50, 660)], 20), darker(ribbon, 0.14))
    canvas.fill(box(MIDDLE - 22, 560, MIDDLE + 22, 606, 10), rounded_light(ribbon))
    canvas.text((252, 648), look.text("label"), 25, ink=lighter(body, 0.8), width=210)


def _bottle(canvas: Canvas, body: Colour) -> None:
    canvas.fill(box(256, 176, 296, 230, 6), cylinder(colour("#2A2826")))
    canvas.fill(box(222, 222, 330, 520, 34), cylinder(darker(body, 0.1)))
    canvas.fill(box(222, 320, 330, 450), cylinder(PAPER, 0.5))
    canvas.fill(box(222, 320, 330, 328), body)


def _tube(canvas: Canvas, body: Colour) -> None:
    canvas.fill(
        outline((350, 190), (466, 190), (448, 520), (368, 520)), cylinder(lighter(body, 0.68), 0.7)
    )
    canvas.fill(box(350, 190, 466, 212), lighter(body, 0.4))
    canvas.fill(box(356, 290, 460, 302), body)


def _tin(canvas: Canvas, body: Colour) -> None:
    canvas.fill(ellipse(404, 404, 88, 88), darker(body, 0.4))
    canvas.fill(ellipse(400, 400, 88, 88), ball(colour("#D5D2C8"), 0.6))
    canvas.fill(ellipse(400, 400, 66, 66), PAPER)
    canvas.fill(ellipse(400, 400, 50, 50), lighter(body, 0.3))


def _roller(canvas: Canvas, body: Colour) -> None:
    canvas.fill(box(552, 190, 584, 520, 16), cylinder(colour("#D9A766")))
    for row in range(4):
        canvas.fill(
            box(514, 262 + row * 56, 622, 312 + row * 56, 22), cylinder(lighter(body, 0.12))
        )


def _towel(canvas: Canvas, _body: Colour) -> None:
    for row in range(3):
        canvas.fill(
            box(490, 340 + row * 58, 640, 396 + row * 58, 24), rounded_light(colour("#F7F2E8"), 0.6)
        )


def _stone(canvas: Canvas, _body: Colour) -> None:
    canvas.fill(ellipse(510, 414, 110, 84), darker(colour("#E3B4B4"), 0.4))
    canvas.fill(ellipse(506, 406, 110, 84), ball(colour("#E9C1C0")))


_THINGS = {
    "bottle": _bottle,
    "tube": _tube,
    "tin": _tin,
    "roller": _roller,
    "towel": _towel,
    "stone": _stone,
}
