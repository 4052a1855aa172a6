"""Services have no packet: a small still life stands for each."""

from procurement.demo.pictures import equipment
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
    mix,
    outline,
    rounded_light,
    stroke,
)
from procurement.demo.pictures.look import Look


def _arch(canvas: Canvas, tone: Colour) -> None:
    """An arched window of colour behind the scene, so that services are known at a glance."""
    shape = outline((140, FLOOR), (140, 366), ((140, 60), (660, 60), (660, 366)), (660, FLOOR))
    pale = mix(tone, (250, 245, 236), 0.7)
    canvas.fill(shape, Gradient(((0, lighter(pale, 0.3)), (1, pale)), "down"))


def _candle(canvas: Canvas, x: float, top: float, half: float) -> None:
    canvas.fill(ellipse(x, top - 30, half * 2.4, half * 2.4), colour("#FFE9B8"), 0.3)
    canvas.fill(box(x - half, top, x + half, FLOOR - 6, 10), cylinder(colour("#F3E7CF"), 0.7))
    canvas.fill(ellipse(x, top + 3, half, 10), lighter(colour("#F3E7CF"), 0.5))
    canvas.fill(stroke([(x, top + 2), (x, top - 18)], 4), colour("#4A4038"))
    flame = outline(
        (x, top - 74),
        ((x + 26, top - 40), (x + 18, top - 10), (x, top - 10)),
        ((x - 18, top - 10), (x - 26, top - 40), (x, top - 74)),
    )
    canvas.fill(flame, Gradient(((0, colour("#F2A93B")), (1, colour("#FFE08A"))), "down"))


def scene_candle(canvas: Canvas, look: Look) -> None:
    """Two candles and a bowl of oil."""
    body = look.colour("body")
    _arch(canvas, body)
    canvas.shadow(MIDDLE, FLOOR - 2, 300, 19)
    _candle(canvas, 270, 380, 56)
    _candle(canvas, 376, 474, 46)
    bowl = outline(
        (430, 560),
        (650, 560),
        ((644, 660), (590, FLOOR - 4), (540, FLOOR - 4)),
        ((490, FLOOR - 4), (436, 660), (430, 560)),
    )
    canvas.fill(bowl, cylinder(darker(body, 0.1)))
    canvas.fill(ellipse(540, 560, 110, 22), darker(body, 0.45))
    canvas.fill(ellipse(540, 563, 98, 16), colour("#D9A24A"))
    _sprig(canvas, (470, 556), (600, 400))


def _sprig(canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    (x0, y0), (x1, y1) = start, end
    stem = curve(start, ((x0 + 30, y0 - 60), (x1 - 60, y1 + 60), end))
    canvas.fill(stroke(stem, 5), colour("#5E7A52"))
    for step in range(6, 25, 4):
        x, y = stem[step]
        for side in (-1, 1):
            leaf = outline(
                (x, y),
                ((x + side * 14, y - 26), (x + side * 34, y - 30), (x + side * 46, y - 20)),
                ((x + side * 34, y - 2), (x + side * 16, y + 4), (x, y)),
            )
            canvas.fill(leaf, colour("#7E9A6C" if side > 0 else "#6B8A5C"))


def scene_table(canvas: Canvas, look: Look) -> None:
    """A made table under the arch, a calf roller on it."""
    body = look.colour("body")
    _arch(canvas, body)
    layer = Canvas(None)
    equipment.table(layer, Look("table", {"body": "#E6DAC4", "wood": "#B98650"}))
    canvas.place(layer, scale=0.9)
    canvas.fill(box(440, 366, 640, 386, 10), rounded_light(colour("#D9A766")))
    for ring in range(5):
        canvas.fill(box(478 + ring * 26, 340, 501 + ring * 26, 412, 11), rounded_light(body))
    _sprig(canvas, (250, 330), (300, 210))


def scene_stones(canvas: Canvas, look: Look) -> None:
    """A row of warm stones with steam."""
    body = look.colour("body")
    _arch(canvas, colour("#A98B74"))
    canvas.shadow(MIDDLE, FLOOR - 4, 290, 19)
    for x in (330, 400, 470):
        steam = curve((x, 420), ((x - 50, 360), (x + 50, 310), (x - 6, 236)))
        canvas.fill(stroke(steam, 9), (255, 255, 255), 0.6)
    canvas.fill(box(150, 640, 650, FLOOR - 4, 14), rounded_light(colour("#C9A06A")))
    for x, y, rx, ry in (
        (260, 600, 104, 46),
        (540, 600, 104, 46),
        (400, 590, 116, 54),
        (400, 502, 84, 38),
    ):
        canvas.fill(ellipse(x, y + 4, rx, ry), darker(body, 0.6))
        canvas.fill(
            ellipse(x, y, rx, ry),
            Gradient(((0, lighter(body, 0.3)), (0.4, body), (1, darker(body, 0.5))), "down"),
        )


def _foot(canvas: Canvas, x: float, side: int, tone: Colour) -> None:
    sole = outline(
        (x - side * 70, 330),
        ((x - side * 96, 420), (x - side * 40, 500), (x - side * 56, 600)),
        ((x - side * 60, 668), (x + side * 60, 680), (x + side * 66, 600)),
        ((x + side * 70, 500), (x + side * 96, 420), (x + side * 80, 350)),
        ((x + side * 60, 290), (x - side * 50, 270), (x - side * 70, 330)),
    )
    canvas.fill(sole, Gradient(((0, lighter(tone, 0.16)), (1, darker(tone, 0.12))), "down"))
    for toe, (shift, y, radius) in enumerate(
        ((-58, 262, 36), (-6, 246, 25), (34, 258, 22), (66, 278, 20), (90, 304, 18))
    ):
        canvas.fill(
            ellipse(x + side * shift, y, radius, radius * (1.12 if toe else 1.2)),
            ball(lighter(tone, 0.05), 0.5),
        )
    for y, tint, half in (
        (352, "#C98B5E", 46),
        (440, "#7F9C8C", 38),
        (520, "#84719F", 34),
        (610, "#B5532C", 40),
    ):
        canvas.fill(ellipse(x + side * 2, y, half, half * 0.5), colour(tint), 0.32)


def scene_feet(canvas: Canvas, look: Look) -> None:
    """A pair of soles with their zones."""
    _arch(canvas, look.colour("body"))
    canvas.shadow(MIDDLE, FLOOR - 6, 230, 17)
    tone = colour("#DDB392")
    _foot(canvas, 286, -1, tone)
    _foot(canvas, 514, 1, tone)


def _hand(canvas: Canvas, tone: Colour) -> None:
    palm = outline(
        (300, 700),
        ((290, 600), (250, 560), (262, 480)),
        ((280, 440), (500, 430), (520, 480)),
        ((536, 560), (500, 620), (492, 700)),
    )
    for x, top, width, lean in (
        (288, 300, 52, -26),
        (352, 236, 56, -8),
        (420, 230, 56, 8),
        (486, 280, 52, 26),
    ):
        canvas.fill(stroke([(x, 500), (x + lean, top)], width), cylinder(tone, 0.55))
        canvas.fill(ellipse(x + lean, top - 6, width * 0.26, width * 0.34), lighter(tone, 0.4), 0.6)
    canvas.fill(
        stroke(curve((290, 610), ((220, 570), (190, 510), (176, 440))), 60), cylinder(tone, 0.55)
    )
    canvas.fill(palm, cylinder(tone, 0.5))
    for fold in (
        curve((280, 540), ((340, 500), (430, 520), (500, 500))),
        curve((300, 620), ((340, 560), (400, 560), (470, 566))),
    ):
        canvas.fill(stroke(fold, 5), darker(tone, 0.3), 0.5)


def scene_hands(canvas: Canvas, look: Look) -> None:
    """One open hand in front of the arch."""
    body = look.colour("body")
    _arch(canvas, body)
    layer = Canvas(None)
    _hand(layer, colour("#D9A98A"))
    canvas.place(layer, scale=0.86, move=(14, 6))
    canvas.fill(box(0, FLOOR, 800, 800), (241, 235, 224))
    canvas.fill(box(210, 600, 610, FLOOR, 8), rounded_light(mix(body, (250, 245, 236), 0.25), 0.6))
