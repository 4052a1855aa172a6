"""A purchase order as PDF bytes, with the same order for machines inside."""

from procurement.documents.content import PurchaseOrderContent


def render_purchase_order(content: PurchaseOrderContent) -> bytes:
    """The same content gives the same bytes. What is only a draft carries no order for machines."""
    # ReportLab, the typefaces and lxml are loaded with the first paper, not with the application.
    from procurement.documents.hybrid import with_order_x  # noqa: PLC0415
    from procurement.documents.order_x import can_be_order_x, order_x  # noqa: PLC0415
    from procurement.documents.purchase_order_form import draw_purchase_order  # noqa: PLC0415

    pdf = draw_purchase_order(content)
    if content.watermark or not can_be_order_x(content):
        return pdf
    return with_order_x(pdf, order_x(content), content)
