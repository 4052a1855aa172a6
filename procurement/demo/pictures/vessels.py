"""Bottles, jugs, jars, tubes and tins."""

from procurement.demo.pictures.brush import (
    FLOOR,
    MIDDLE,
    Canvas,
    Colour,
    Gradient,
    Outline,
    Segment,
    box,
    colour,
    cylinder,
    darker,
    ellipse,
    lighter,
    mirrored,
    mix,
    outline,
    rounded_light,
    stroke,
)
from procurement.demo.pictures.look import Look

PAPER = colour("#FBF8F1")


def label(
    canvas: Canvas, edges: tuple[float, float, float, float], look: Look, accent: Colour
) -> None:
    """Paper around a vessel: a coloured rule, the name in capitals, what it is, how much."""
    left, top, right, bottom = edges
    paper = Gradient(
        (
            (0.0, darker(PAPER, 0.2)),
            (0.14, PAPER),
            (0.42, (255, 255, 255)),
            (0.8, darker(PAPER, 0.04)),
            (1.0, darker(PAPER, 0.2)),
        )
    )
    canvas.fill(box(left, top, right, bottom, 3), paper)
    canvas.fill(box(left, top, right, top + 9), cylinder(accent, 0.7))
    middle, width, height = (left + right) / 2, right - left - 26, bottom - top
    lines = look.text("label").split(" ")
    if len(lines) > 2:
        lines = [" ".join(lines[:-1]), lines[-1]]
    size = round(min(38, height / 5.2))
    first = top + 9 + height * (0.22 if len(lines) > 1 else 0.32)
    for row, line in enumerate(lines):
        canvas.text((middle, first + row * size * 1.14), line, size, width=width)
    below = first + (len(lines) - 0.12) * size * 1.14
    canvas.text(
        (middle, below),
        look.text("note"),
        round(size * 0.58),
        weight="Regular",
        width=width,
        tracking=0.01,
        ink=colour("#4F5A54"),
    )
    canvas.fill(
        box(middle - 16, bottom - height * 0.235, middle + 16, bottom - height * 0.235 + 2), accent
    )
    canvas.text(
        (middle, bottom - height * 0.125),
        look.text("size"),
        round(size * 0.54),
        weight="Medium",
        width=width,
        tracking=0.02,
        ink=colour("#4F5A54"),
    )


def shine(canvas: Canvas, left: float, top: float, bottom: float, width: float = 11) -> None:
    canvas.fill(box(left, top, left + width, bottom, width / 2), (255, 255, 255), 0.34)


def cap(
    canvas: Canvas, top: float, bottom: float, half: float, paint: Colour, middle: float = MIDDLE
) -> None:
    """A ribbed screw cap."""
    canvas.fill(box(middle - half, top, middle + half, bottom, 8), cylinder(paint, 1.1))
    for rib in range(-4, 5):
        x = middle + rib * half / 4.9
        canvas.fill(box(x - 1, top + 12, x + 1, bottom - 8, 1), darker(paint, 0.5), 0.35)
    canvas.fill(
        box(middle - half + 3, top, middle + half - 3, top + 8, 4), lighter(paint, 0.4), 0.5
    )


def _bottle_shape(top: float, half: float, neck: float) -> Outline:
    return mirrored(
        outline(
            (MIDDLE + neck, top),
            (MIDDLE + neck, top + 48),
            ((MIDDLE + neck + 4, top + 110), (MIDDLE + half, top + 96), (MIDDLE + half, top + 186)),
            (MIDDLE + half, FLOOR - 30),
            ((MIDDLE + half, FLOOR - 8), (MIDDLE + half - 10, FLOOR), (MIDDLE + half - 34, FLOOR)),
        )
    )


def bottle(canvas: Canvas, look: Look) -> None:
    """A round-shouldered glass bottle with a screw cap."""
    glass, lid = look.colour("glass"), look.colour("cap")
    half, top = 122.0, 178.0
    canvas.shadow(MIDDLE + 6, FLOOR - 2, half + 34, 17)
    shape = _bottle_shape(top, half, 46)
    canvas.fill(shape, cylinder(glass))
    with canvas.within(shape):  # the oil stands up to the shoulder; above it the glass is thinner
        canvas.fill(box(0, 0, 800, top + 128), lighter(glass, 0.45), 0.30)
        canvas.fill(ellipse(MIDDLE, top + 128, half, 12), darker(glass, 0.3), 0.30)
        canvas.fill(box(0, FLOOR - 26, 800, 800), darker(glass, 0.6), 0.30)
    shine(canvas, MIDDLE - half + 22, top + 178, FLOOR - 50)
    shine(canvas, MIDDLE - 36, top + 20, top + 62, 7)
    cap(canvas, 112, top + 14, 56, lid)
    label(canvas, (MIDDLE - half, 410, MIDDLE + half, 636), look, glass)


def dropper(canvas: Canvas, look: Look) -> None:
    """A small bottle with a pipette."""
    glass, lid = look.colour("glass"), look.colour("cap")
    half, top = 112.0, 300.0
    canvas.shadow(MIDDLE + 6, FLOOR - 2, half + 30, 16)
    shape = _bottle_shape(top, half, 44)
    canvas.fill(shape, cylinder(glass))
    with canvas.within(shape):
        canvas.fill(box(0, 0, 800, top + 110), lighter(glass, 0.45), 0.28)
        canvas.fill(box(0, FLOOR - 24, 800, 800), darker(glass, 0.6), 0.3)
    shine(canvas, MIDDLE - half + 20, top + 170, FLOOR - 46, 10)
    rubber = mirrored(
        outline(
            (MIDDLE + 14, 132),
            ((MIDDLE + 30, 134), (MIDDLE + 32, 160), (MIDDLE + 30, 190)),
            ((MIDDLE + 30, 212), (MIDDLE + 34, 220), (MIDDLE + 34, 236)),
        )
    )
    canvas.fill(rubber, cylinder(colour("#3A3733")))
    cap(canvas, 232, top + 12, 52, lid)
    label(canvas, (MIDDLE - half, 470, MIDDLE + half, 646), look, glass)


def pump(canvas: Canvas, look: Look) -> None:
    """A pump bottle, opaque or clear."""
    body, lid, accent = look.colour("glass"), look.colour("cap"), look.colour("accent")
    half, top = 126.0, 268.0
    canvas.shadow(MIDDLE + 6, FLOOR - 2, half + 34, 17)
    shape = mirrored(
        outline(
            (MIDDLE + 44, top),
            ((MIDDLE + 70, top + 8), (MIDDLE + half, top + 22), (MIDDLE + half, top + 84)),
            (MIDDLE + half, FLOOR - 34),
            ((MIDDLE + half, FLOOR - 8), (MIDDLE + half - 12, FLOOR), (MIDDLE + half - 38, FLOOR)),
        )
    )
    canvas.fill(shape, cylinder(body, 0.62 if sum(body) > 640 else 0.85))
    if look.has("clear"):
        with canvas.within(shape):
            canvas.fill(box(0, 0, 800, top + 74), (255, 255, 255), 0.45)
            canvas.fill(box(MIDDLE - 4, top, MIDDLE + 4, 660), darker(body, 0.3), 0.25)
    shine(canvas, MIDDLE - half + 20, top + 90, FLOOR - 50)
    collar = lighter(lid, 0.05)
    canvas.fill(box(MIDDLE - 13, 170, MIDDLE + 13, top - 30, 4), cylinder(lighter(lid, 0.2)))
    canvas.fill(box(MIDDLE - 50, top - 48, MIDDLE + 50, top + 8, 8), cylinder(collar, 1.1))
    nozzle = outline(
        (MIDDLE + 34, 130),
        (MIDDLE - 24, 130),
        ((MIDDLE - 70, 130), (MIDDLE - 118, 132), (MIDDLE - 124, 164)),
        (MIDDLE - 104, 168),
        ((MIDDLE - 98, 152), (MIDDLE - 70, 158), (MIDDLE - 34, 176)),
        (MIDDLE + 34, 176),
        ((MIDDLE + 50, 172), (MIDDLE + 50, 134), (MIDDLE + 34, 130)),
    )
    canvas.fill(nozzle, rounded_light(lid, 1.1))
    label(canvas, (MIDDLE - half, 400, MIDDLE + half, 636), look, accent)


def jug(canvas: Canvas, look: Look) -> None:
    """A US gallon jug with its handle cut out of the shoulder."""
    accent = look.colour("accent" if look.has("accent") else "glass")
    lid = look.colour("jug_cap") if look.has("jug_cap") else accent
    shell = mix(colour("#F4EFE4"), accent, 0.10)
    canvas.shadow(MIDDLE + 4, FLOOR - 2, 206, 18)
    shape = outline(
        (350, 196),
        (350, 232),
        ((344, 286), (224, 300), (222, 382)),
        (222, FLOOR - 34),
        ((222, FLOOR - 6), (234, FLOOR), (262, FLOOR)),
        (540, FLOOR),
        ((568, FLOOR), (580, FLOOR - 6), (580, FLOOR - 34)),
        (580, 392),
        ((580, 322), (520, 262), (458, 240)),
        (450, 232),
        (450, 196),
    )
    canvas.fill(shape, cylinder(shell, 0.5))
    canvas.fill(box(506, 332, 548, 500, 20), darker(shell, 0.30))
    canvas.fill(box(513, 338, 545, 496, 16), mix(colour("#F1EBE0"), shell, 0.2))
    with canvas.within(shape):
        canvas.fill(box(0, FLOOR - 26, 800, 800), darker(shell, 0.5), 0.16)
    shine(canvas, 244, 392, FLOOR - 60, 13)
    cap(canvas, 132, 212, 60, lid)
    label(canvas, (262, 440, 488, 646), look.but(size="1 US gallon"), accent)


def jar(canvas: Canvas, look: Look) -> None:
    """A wide jar with a screw lid."""
    body, lid, accent = look.colour("glass"), look.colour("cap"), look.colour("accent")
    half, top = 190.0, 344.0
    canvas.shadow(MIDDLE + 6, FLOOR - 2, half + 40, 20)
    shape = mirrored(
        outline(
            (MIDDLE + half - 12, top),
            ((MIDDLE + half, top + 8), (MIDDLE + half, top + 20), (MIDDLE + half, top + 44)),
            (MIDDLE + half, FLOOR - 52),
            ((MIDDLE + half, FLOOR - 12), (MIDDLE + half - 18, FLOOR), (MIDDLE + half - 60, FLOOR)),
        )
    )
    canvas.fill(shape, cylinder(body, 0.7))
    with canvas.within(shape):
        canvas.fill(box(0, FLOOR - 30, 800, 800), darker(body, 0.5), 0.2)
    shine(canvas, MIDDLE - half + 26, top + 40, FLOOR - 60, 14)
    cap(canvas, 226, top + 8, half + 6, lid)
    label(canvas, (MIDDLE - half, 404, MIDDLE + half, 632), look, accent)


def tube(canvas: Canvas, look: Look) -> None:
    """A tube standing on its cap."""
    body, lid, accent = look.colour("glass"), look.colour("cap"), look.colour("accent")
    canvas.shadow(MIDDLE + 4, FLOOR - 2, 112, 15)
    shape = mirrored(
        outline(
            (MIDDLE + 138, 112),
            (MIDDLE + 138, 140),
            ((MIDDLE + 126, 320), (MIDDLE + 108, 460), (MIDDLE + 92, 606)),
            (MIDDLE + 60, 618),
        )
    )
    canvas.fill(shape, cylinder(body, 0.62))
    with canvas.within(shape):
        canvas.fill(box(0, 112, 800, 146), darker(body, 0.25), 0.5)
        for x in range(262, 540, 9):
            canvas.fill(box(x, 114, x + 2, 144), lighter(body, 0.5), 0.6)
        canvas.fill(box(0, 210, 800, 222), accent)
        canvas.fill(box(0, 520, 800, 800), accent, 0.92)
    shine(canvas, MIDDLE - 96, 236, 500, 10)
    cap(canvas, 602, FLOOR, 80, lid)
    words = look.text("label").split(" ")
    ink = darker(accent, 0.35)
    for row, word in enumerate(words[:3]):
        canvas.text((MIDDLE, 292 + row * 44), word, 38, width=200, ink=ink)
    below = 292 + len(words[:3]) * 44
    canvas.text((MIDDLE, below), look.text("note"), 23, weight="Regular", width=190, tracking=0.01)
    canvas.text((MIDDLE, 486), look.text("size"), 21, weight="Medium", width=170, tracking=0.02)


def tin(canvas: Canvas, look: Look) -> None:
    """A round tin with its lid leaning against it, seen a little from above."""
    body, lid, accent = look.colour("glass"), look.colour("cap"), look.colour("accent")
    canvas.shadow(MIDDLE, FLOOR - 14, 266, 24)
    lid_layer = Canvas(None)
    disc = ellipse(MIDDLE, 372, 226, 226)
    lid_layer.fill(ellipse(MIDDLE + 8, 380, 226, 226), darker(lid, 0.4))
    lid_layer.fill(disc, Gradient(((0, lighter(lid, 0.2)), (1, darker(lid, 0.12))), "down"))
    lid_layer.fill(ellipse(MIDDLE, 372, 200, 200), lighter(lid, 0.12))
    lid_layer.fill(ellipse(MIDDLE, 372, 196, 196), PAPER)
    lid_layer.fill(ellipse(MIDDLE, 372, 178, 178), accent)
    lid_layer.fill(ellipse(MIDDLE, 372, 176, 176), PAPER)
    words = look.text("label").split(" ")
    first = 366 - (len(words) - 1) * 26
    for row, word in enumerate(words):
        lid_layer.text((MIDDLE, first + row * 52), word, 48, width=280)
    lid_layer.text(
        (MIDDLE, first + len(words) * 52 - 4),
        look.text("note"),
        26,
        weight="Regular",
        width=250,
        tracking=0.01,
        ink=colour("#4F5A54"),
    )
    lid_layer.text((MIDDLE, 490), look.text("size"), 25, weight="Medium", tracking=0.02, ink=accent)
    canvas.place(lid_layer, move=(0, -20))
    side: tuple[Segment, ...] = (
        (622, 640),
        ((622, 686), (520, 704), (400, 704)),
        ((280, 704), (178, 686), (178, 640)),
    )
    canvas.fill(outline((178, 592), (622, 592), *side), cylinder(darker(body, 0.04), 0.9))
    canvas.fill(ellipse(MIDDLE, 592, 222, 50), lighter(body, 0.3))
    canvas.fill(ellipse(MIDDLE, 595, 208, 43), darker(body, 0.25))
    canvas.fill(
        ellipse(MIDDLE, 601, 200, 37),
        Gradient(((0, mix(body, PAPER, 0.72)), (1, mix(body, PAPER, 0.5))), "down"),
    )
    swirl = outline((300, 604), ((350, 580), (450, 582), (500, 600)))
    canvas.fill(stroke(swirl, 6), (255, 255, 255), 0.5)


def tub(canvas: Canvas, look: Look) -> None:
    """A tub of wipes with one wipe coming out."""
    body, lid, accent = look.colour("body"), look.colour("cap"), look.colour("cap")
    canvas.shadow(MIDDLE + 6, FLOOR - 2, 190, 19)
    wipe = outline(
        (360, 196),
        ((340, 150), (350, 110), (384, 92)),
        ((404, 110), (420, 96), (446, 112)),
        ((440, 150), (452, 170), (436, 200)),
    )
    canvas.fill(wipe, sheet_of_paper())
    shape = mirrored(
        outline(
            (MIDDLE + 156, 236),
            (MIDDLE + 150, FLOOR - 30),
            ((MIDDLE + 150, FLOOR - 6), (MIDDLE + 130, FLOOR), (MIDDLE + 110, FLOOR)),
        )
    )
    canvas.fill(shape, cylinder(body, 0.6))
    cap(canvas, 190, 276, 166, lid)
    canvas.fill(ellipse(MIDDLE, 194, 60, 9), darker(lid, 0.55))
    label(canvas, (MIDDLE - 154, 350, MIDDLE + 154, 610), look, accent)


def sheet_of_paper() -> Gradient:
    return Gradient(((0, (255, 255, 255)), (0.6, colour("#F1EEE7")), (1, colour("#D8D2C6"))))
