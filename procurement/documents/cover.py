"""The page before the letter: a picture or the sender's colour, what it is and whom it is for."""

from procurement.documents.content import Cover, Letterhead
from procurement.documents.layout import (
    FINAL,
    LEFT,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    WIDTH,
    Art,
    Box,
    Mark,
    Rule,
    Stack,
    left,
    scaled,
    stacked,
)
from procurement.documents.pictures import HEAD_PIXELS, LOGO_PIXELS, cropped, prepare
from procurement.documents.typesetting import MUTED, Style, Styles, Typesetter

UPPER = 150 * MM  # how far down the picture or the colour reaches
LOGO = (60 * MM, 16 * MM)


def cover_page(cover: Cover, sender: Letterhead, setter: Typesetter, styles: Styles) -> list[Mark]:
    """Marks counted from the top of the page."""
    picture = cropped(cover.picture, HEAD_PIXELS, PAGE_WIDTH / UPPER) if cover.picture else None
    marks: list[Mark] = [Box(0, 0, (PAGE_WIDTH, UPPER), fill=styles.brand)]
    if picture:
        marks.append(Art(0, 0, (PAGE_WIDTH, UPPER), picture))
    title = Style("Light", 34, 40, styles.brand)
    name, other = Style("Medium", 15, 20), Style("Regular", 11, 16)
    lines = [(line, title) for line in setter.lines(cover.title, title, WIDTH)[:4]]
    marks += stacked(Stack(LEFT, lines), UPPER + 16 * MM)
    down = UPPER + 16 * MM + 40 * len(lines) + 6
    marks.append(Rule(LEFT, down, 28 * MM, FINAL, styles.brand))
    told = []
    if cover.label:
        muted = Style("Regular", 9.5, 15, MUTED)
        told += [(line, muted) for line in setter.lines(cover.label, muted, WIDTH)]
    for place, text in enumerate(cover.lines):
        style = other if place else name
        told += [(line, style) for line in setter.lines(text, style, WIDTH)[:3]]
    marks += stacked(Stack(LEFT, told[:14]), down + 12)
    return [*marks, *_sender(sender, setter, styles)]


def _sender(sender: Letterhead, setter: Typesetter, styles: Styles) -> list[Mark]:
    """At the foot: the logo and the name."""
    marks: list[Mark] = []
    x, top = LEFT, PAGE_HEIGHT - 34 * MM
    logo = prepare(sender.logo, LOGO_PIXELS, (255, 255, 255)) if sender.logo else None
    if logo:
        marks.append(Art(LEFT, top, LOGO, logo, middle=False))
        x += scaled(logo, LOGO)[0] + 4 * MM
    name, style = setter.squeezed(sender.name, styles.seller, LEFT + WIDTH - x)
    marks.append(left(name, style, x, top + 8 * MM + style.size * 0.35))
    return marks
