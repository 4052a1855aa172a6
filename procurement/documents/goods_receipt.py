"""A goods receipt as PDF bytes."""

from procurement.documents.content import GoodsReceiptContent


def render_goods_receipt(content: GoodsReceiptContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.goods_receipt_form import draw_goods_receipt  # noqa: PLC0415

    return draw_goods_receipt(content)
