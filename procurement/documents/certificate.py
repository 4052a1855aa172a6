"""A certificate of acceptance as PDF bytes: what was accepted, by whom, and what proves it."""

from procurement.documents.certificate_content import CertificateContent


def render_certificate(content: CertificateContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.certificate_form import draw_certificate  # noqa: PLC0415

    return draw_certificate(content)
