"""A paper's pages as drawings for the screen, made of the very marks that the file is made of."""

from procurement.documents.content import QuoteContent


def preview_quote(content: QuoteContent, most: int = 3) -> list[str]:
    """The first pages as SVG; letters are the browser's, set to the width they have on paper."""
    # As with the paper itself: loaded with the first preview.
    from procurement.documents.quote_form import quote_sheets  # noqa: PLC0415
    from procurement.documents.screen import drawn  # noqa: PLC0415

    return [drawn(sheet) for sheet in quote_sheets(content)[:most]]
