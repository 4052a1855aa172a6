"""A recall as PDF bytes."""

from procurement.documents.content import RecallContent


def render_recall(content: RecallContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.recall_form import draw_recall  # noqa: PLC0415

    return draw_recall(content)
