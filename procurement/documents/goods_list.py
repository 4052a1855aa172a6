"""A pick list or a delivery note as PDF bytes."""

from procurement.documents.goods_list_content import GoodsListContent


def render_goods_list(content: GoodsListContent) -> bytes:
    """The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.goods_list_form import draw_goods_list  # noqa: PLC0415

    return draw_goods_list(content)
