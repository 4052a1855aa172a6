"""A request for quotation as PDF bytes."""

from procurement.documents.content import QuotationRequestContent


def render_quotation_request(content: QuotationRequestContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.quotation_request_form import draw_quotation_request  # noqa: PLC0415

    return draw_quotation_request(content)
