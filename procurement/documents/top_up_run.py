"""A top-up run as PDF bytes."""

from procurement.documents.content import TopUpRunContent


def render_top_up_run(content: TopUpRunContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.top_up_run_form import draw_top_up_run  # noqa: PLC0415

    return draw_top_up_run(content)
