"""A supplier's scorecard as PDF bytes."""

from procurement.documents.scorecard_content import ScorecardContent


def render_scorecard(content: ScorecardContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.scorecard_form import draw_scorecard  # noqa: PLC0415

    return draw_scorecard(content)
