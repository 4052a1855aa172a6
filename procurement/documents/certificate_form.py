"""Drawing a certificate of acceptance."""

import re

from procurement.documents.certificate_content import CertificateContent
from procurement.documents.figures import figures
from procurement.documents.furniture import Paper, headline, opening, paragraph, publish
from procurement.documents.layout import LEFT, MODULE, WIDTH, Mark, Piece, Rule, Sketch, left
from procurement.documents.pen import Pen
from procurement.documents.typesetting import INK, Styles, Typesetter, styles_for

FIELD, HEIGHT = 6 * MODULE, 1.8 * MODULE  # as 1000 x 300
_STEP = re.compile(r"([ML])(\d+) (\d+)")


def draw_certificate(content: CertificateContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale)
    data = [(label, value, index == 0) for index, (label, value) in enumerate(content.data)]
    pieces = [
        *opening(content.letterhead, content.recipient, data, setter, styles),
        *headline(content.title, setter, styles, before=28),
    ]
    for index, text in enumerate(content.said):
        lines = paragraph(text, styles.intro if index == 0 else styles.cell, setter)
        if lines:
            lines[0].before = 12 if index == 0 else 5
        pieces += lines
    pieces += _signature(content, setter, styles)
    for what, digest in content.proof:
        told = paragraph(f"{what}: {digest}", styles.second, setter, width=WIDTH)
        told[0].before = 5
        pieces += told
    paper = Paper(
        letterhead=content.letterhead,
        title=content.title,
        running=f"{content.title} · {written.date(content.issued_on)}",
        issued_on=content.issued_on,
        locale=content.locale,
        watermark="",
    )
    return publish(paper, pieces, setter, styles)


def _signature(content: CertificateContent, setter: Typesetter, styles: Styles) -> list[Piece]:
    """The strokes over a line, and the name below it."""
    name = left(setter.line(content.signed_by, styles.second), styles.second, LEFT, HEIGHT + 12)
    marks: list[Mark] = [Rule(LEFT, HEIGHT, FIELD), name]
    if content.signature:
        strokes = _STEP.findall(content.signature)

        def paint(pen: Pen, top: float) -> None:
            operators = " ".join(
                f"{LEFT + int(x) * FIELD / 1000:.2f} {top - int(y) * HEIGHT / 300:.2f} "
                f"{'m' if step == 'M' else 'l'}"
                for step, x, y in strokes
            )
            pen.path(operators, stroke=INK, width=1.2)

        marks = [*marks, Sketch(paint)]
    return [Piece(HEIGHT + 18, marks, before=18)]
