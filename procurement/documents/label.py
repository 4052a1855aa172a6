"""Labels as PDF bytes."""

from procurement.documents.label_content import LabelSheet


def render_labels(sheet: LabelSheet) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.label_form import draw_labels  # noqa: PLC0415

    return draw_labels(sheet)
