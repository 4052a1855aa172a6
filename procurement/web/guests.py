"""Somebody a customer's procurement system sent here to shop: nobody's account, the customer's prices, one basket.

A visit lives in a secret of the signed cookie; it opens the pages of the shop and no others.
"""

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Forbidden
from procurement.sales.queries.punchout import visit_of
from procurement.sales.terms.punchout import Visit
from procurement.web.doors import Audience, audience_of
from procurement.web.transactions import read

VISIT, FRAMES = "visit", "frames"
# What shopping is made of. Whatever else there is, now or later, is closed to a visit.
_SHOPPING = frozenset(
    {
        "portal.home",
        "portal.catalogue",
        "portal.product",
        "portal.family",
        "portal.put_family",
        "portal.compare",
        "portal.suggest",
        "portal.basket",
        "portal.put",
        "portal.quick_order",
        "portal.read_quick_order",
        "portal.suggest_codes",
    }
)
# The same for everybody, so nobody's cookie is looked at.
_FOR_ALL = frozenset({"cxml", "health", "pictures", "seller", "webhooks"})


def current_visit() -> Visit | None:
    """The visit of this request; None for everybody who came by themselves."""
    if "visit" not in g:
        secret = visit_secret()
        g.visit = None
        if secret and not g.get("is_plain_page"):
            with read() as db:
                g.visit = visit_of(db, secret, utc_now())
    visit: Visit | None = g.visit
    return visit


def visit_secret() -> str:
    """What the cookie holds of a visit, over or not."""
    secret = session.get(VISIT)
    return secret if isinstance(secret, str) else ""


def begin_visit(secret: str, frames: tuple[str, ...] = ()) -> None:
    """From now on this browser shops for the visit and for nothing else: what its cookie held is gone.

    `frames`: origins whose pages may show the shop inside; nobody else's visit or account is ever shown so.
    """
    session.clear()
    session[VISIT] = secret
    if frames:
        session[FRAMES] = list(frames)
    g.pop("visit", None)


def forget_visit() -> None:
    g.frames = framing()
    session.clear()
    g.visit = None


def framing() -> tuple[str, ...]:
    """The origins that may show this page inside one of theirs."""
    return tuple(g.get("frames") or session.get(FRAMES) or ())


def allow_any_frame() -> None:
    """For a page on which there is nothing to press and nobody is known."""
    g.any_frame = True


class VisitCookies(SecureCookieSessionInterface):
    """The cookie of a visit inside another site's page is sent there, and kept for that site alone (CHIPS).

    Every other is as strict as the settings say.
    """

    def get_cookie_samesite(self, app: Flask) -> str | None:
        return "None" if framing() else super().get_cookie_samesite(app)

    def get_cookie_secure(self, app: Flask) -> bool:
        return bool(framing()) or super().get_cookie_secure(app)

    def get_cookie_partitioned(self, app: Flask) -> bool:
        return bool(framing()) or super().get_cookie_partitioned(app)


def comes_from_elsewhere() -> bool:
    """Whether a procurement system opened this window: it may go on talking to it, as it could to any page."""
    return bool(g.get("shops_for_system")) or request.blueprint == "punchout"


def install_guests(app: Flask) -> None:
    app.session_interface = VisitCookies()
    app.before_request(_keep_to_the_shop)
    app.add_template_global(current_visit, "current_visit")


def _keep_to_the_shop() -> Response | None:
    """Pages beside the shop are not for a visit; one that has run out is told so, and is nobody from then on."""
    endpoint = request.endpoint
    if endpoint is None or request.blueprint in {*_FOR_ALL, "punchout"}:
        return None
    if audience_of(current_app, endpoint) is Audience.TOKEN or not visit_secret():
        return None
    g.shops_for_system = True
    if current_visit() is None:
        forget_visit()
        return redirect(url_for("punchout.over"), 303)
    if endpoint not in _SHOPPING:
        raise Forbidden("This page is not part of shopping from your procurement system.")
    return None
