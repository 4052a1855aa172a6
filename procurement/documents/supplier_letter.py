"""A claim against a supplier, or a return to them, as PDF bytes."""

from procurement.documents.content import SupplierLetterContent


def render_supplier_letter(content: SupplierLetterContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.supplier_letter_form import draw_supplier_letter  # noqa: PLC0415

    return draw_supplier_letter(content)
