"""A quote as PDF bytes."""

from procurement.documents.content import QuoteContent


def render_quote(content: QuoteContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.quote_form import draw_quote  # noqa: PLC0415

    return draw_quote(content)
