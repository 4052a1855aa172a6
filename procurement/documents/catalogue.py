"""A catalogue or a price list to take along, as PDF bytes."""

from procurement.documents.catalogue_content import CatalogueContent


def render_catalogue(content: CatalogueContent) -> bytes:
    """Pictures, facts and an index. The same content gives the same bytes."""
    # ReportLab and the typefaces are loaded with the first paper, not with the application.
    from procurement.documents.catalogue_form import draw_catalogue  # noqa: PLC0415

    return draw_catalogue(content)


def render_price_list(content: CatalogueContent) -> bytes:
    """One dense table. The same content gives the same bytes."""
    from procurement.documents.price_list_form import draw_price_list  # noqa: PLC0415

    return draw_price_list(content)
