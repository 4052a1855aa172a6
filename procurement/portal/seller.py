"""The seller's face around every portal page: name, logo, colour, where one may go, what is in the basket."""

import re
from typing import Any

from flask import current_app, g, request, session, url_for
from werkzeug.wrappers import Response

from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.portal.account_menu import ENDPOINTS, account_links
from procurement.sales.queries.baskets import basket_of
from procurement.web.addresses import public_url
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.filters import picture_url
from procurement.web.guests import current_visit
from procurement.web.identity import current_account, current_actor
from procurement.web.transactions import read

bp = Door("seller", __name__, audience=Audience.PUBLIC)

KEPT = "basket"
_DARKEST_WITH_BLACK = 179  # of 1000: above this brightness black reads better than white


class Seller:
    """What the portal's shell asks for; nothing is looked up for pages that have another shell."""

    search_hint = "Search products"

    @property
    def name(self) -> str:
        return current_company().name

    @property
    def logo(self) -> str:
        return picture_url(current_company().logo_sha256, 400)

    @property
    def home(self) -> str:
        return url_for("portal.home")

    @property
    def search(self) -> str:
        return url_for("portal.catalogue")

    @property
    def suggest(self) -> str:
        return url_for("portal.suggest")

    @property
    def links(self) -> list[dict[str, Any]]:
        account = current_account()
        places: list[tuple[str, str, tuple[str, ...]]] = [
            (
                "Browse",
                "portal.home",
                ("portal.catalogue", "portal.product", "portal.family", "portal.compare"),
            ),
            ("Quick order", "portal.quick_order", ("portal.read_quick_order",)),
        ]
        if account and not account.is_staff:
            places += [
                ("Quotes", "portal.quotes", ("portal.quote",)),
                (
                    "Orders",
                    "portal.orders",
                    ("portal.order_page", "portal.order_shipment", "portal.order_return"),
                ),
                ("Account", "portal.account", tuple(ENDPOINTS)),
            ]
        if current_visit() is None:
            places.append(("Leave a message", "messages.write_one", ()))
        if account is None and current_visit() is None:
            places.append(("Trade account", "applications.write_one", ("applications.thanks",)))
        if account and account.is_staff:
            places.append(("Back office", "start.start", ()))
        return [
            {
                "label": label,
                "url": url_for(endpoint),
                "active": request.endpoint in {endpoint, *also},
            }
            for label, endpoint, also in places
            if endpoint in current_app.view_functions
        ]

    @property
    def account_links(self) -> list[dict[str, Any]]:
        return account_links()

    @property
    def basket(self) -> str:
        return url_for("portal.basket")

    @property
    def basket_count(self) -> int:
        return len(current_basket())

    @property
    def sign_in(self) -> str:
        is_known = current_account() or current_visit()
        return "" if is_known else url_for("security.login", next=url_for("portal.home"))

    @property
    def brand_css(self) -> str:
        return url_for("seller.brand", colour=current_company().brand_colour.lstrip("#").lower())

    @property
    def foot(self) -> list[str]:
        company = current_company()
        address = ", ".join(line for line in company.address.splitlines() if line.strip())
        return [line for line in (address, company.phone, company.email) if line]


@bp.app_context_processor
def seller() -> dict[str, Any]:
    return {"seller": Seller()}


def message_url(**about: Any) -> str:
    """Where one writes to the seller; empty without that page, and for whom a procurement system sent."""
    endpoint = "messages.write_one"
    if endpoint not in current_app.view_functions or current_visit() is not None:
        return ""
    return url_for(endpoint, **about)


def current_basket() -> dict[int, int]:
    """How many of which pack (by key): a visit's, a buyer's own, or what a visitor's browser keeps."""
    if "basket" not in g:
        actor = current_actor()
        if actor.may(Permission.BUY):
            with read() as db:
                g.basket = basket_of(db, actor=actor)
        else:
            g.basket = visitors_basket()
    basket: dict[int, int] = g.basket
    return basket


def visitors_basket() -> dict[int, int]:
    """The cookie is signed, so it holds what we put there."""
    return {int(pack_id): int(packs) for pack_id, packs in session.get(KEPT, {}).items()}


def keep_for_visitor(packs: dict[int, int]) -> None:
    session[KEPT] = {str(pack_id): number for pack_id, number in packs.items() if number}
    g.pop("basket", None)


@bp.get("/brand/<colour>.css")
def brand(colour: str) -> Response:
    """The seller's colour; its address changes when the colour does, so browsers may keep it."""
    if not re.fullmatch(r"[0-9a-f]{6}", colour):
        raise NotFound("There is no such colour.")
    sheet = f":root {{ --brand: #{colour}; --on-brand: {_readable_on(colour)}; }}\n"
    response = Response(sheet, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def _readable_on(colour: str) -> str:
    """Black or white, whichever has more contrast by the reckoning of WCAG."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    light = 212.6 * _linear(red) + 715.2 * _linear(green) + 72.2 * _linear(blue)
    return "#000" if light > _DARKEST_WITH_BLACK else "#fff"


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


@bp.get("/robots.txt")
def robots() -> Response:
    """Searchers may read the catalogue, and nothing that is somebody's own."""
    own = (
        "/q/",
        "/o/",
        "/m/",
        "/mails/",
        "/punchout/",
        "/basket",
        "/quick-order",
        "/account",
        "/sign-in",
        "/forgot-password",
        "/api/",
        "/compare",
    )
    lines = ["User-agent: *", *(f"Disallow: {place}" for place in own)]
    lines.append(f"Sitemap: {public_url(url_for('portal.sitemap'))}")
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
