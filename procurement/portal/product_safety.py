"""What a product's page says of safety: what is in it, what it is free of, and what there is like it without."""

from typing import Any

from flask import url_for

from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.queries.pages import ProductPage
from procurement.catalogue.rules.product_safety import product_safety
from procurement.catalogue.rules.wishes import met
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.planning.queries.substitutes import substitutes_for
from procurement.web.avoiding import asked_without


def safety_of_page(session: ReadSession, page: ProductPage, actor: Actor) -> dict[str, Any]:
    """For `portal/product_safety.html`; `?without=` says what somebody avoids."""
    without, wishes = asked_without(session)
    product = page.product
    return {
        "safety": product_safety(product.composition, safety_rules(session)),
        "without": without,
        "wish": met(wishes),
        "unheard": wishes.unheard,
        "instead_rows": substitutes_for(session, product.sku, wishes, actor=actor, at=utc_now()),
        "portal_product_url": lambda sku: url_for("portal.product", sku=sku),
    }
