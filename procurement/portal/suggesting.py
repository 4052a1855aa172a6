"""What the portal's search box proposes while one types."""

from flask import render_template, url_for

from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.suggesting import Suggestions, suggestions
from procurement.catalogue.terms import ProductStatus
from procurement.portal.door import bp
from procurement.web.filters import picture_url
from procurement.web.listing import search_text
from procurement.web.transactions import read

LEAST = 2  # letters before anything is proposed


@bp.get("/suggest")
def suggest() -> str:
    """A piece of a page: products, then names to search for."""
    text = search_text()
    if len(text) < LEAST:
        return ""
    with read() as session:
        found = suggestions(session, ProductFilter(text, status=ProductStatus.ACTIVE))
    return render_template(
        "components/suggestions.html",
        text=text,
        groups=[] if found.is_empty else _groups(found),
        all=(f"All {found.total:,} products for “{text}”", url_for(".catalogue", q=text)),
        note=f"Showing what “{found.meant}” finds" if found.meant else "",
    )


def _groups(found: Suggestions) -> list[tuple[str, list[dict[str, str]]]]:
    products = [
        {
            "text": row.name,
            "sub": row.pack_name or "",
            "picture": picture_url(row.picture, 400),
            "url": url_for(".product", sku=row.sku),
        }
        for row in found.products
    ]
    names = (
        ("Ranges", found.families),
        ("Shelves", found.categories),
        ("Ingredients", found.ingredients),
    )
    others = [
        (title, [{"text": name, "url": url_for(".catalogue", q=name)} for name in several])
        for title, several in names
    ]
    return [("Products", products), *others]
