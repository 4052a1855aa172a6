"""A purchase order as PDF bytes."""

from procurement.documents.content import PurchaseOrderContent


def render_purchase_order(content: PurchaseOrderContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.purchase_order_form import draw_purchase_order  # noqa: PLC0415

    return draw_purchase_order(content)
