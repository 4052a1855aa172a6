"""A visit from a procurement system: how it begins, how its basket goes back, how it ends without one."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from flask_security import logout_user
from werkzeug.wrappers import Response

from procurement.exchange.cxml import FIELD, write_basket
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict
from procurement.kernel.money import Money
from procurement.portal.visiting import VisitBasket, items_of, read_basket
from procurement.sales.errors import LinkEnded
from procurement.sales.operations.punchout_visits import end_visit, start_visit
from procurement.sales.queries.punchout import visit_of
from procurement.sales.terms.punchout import BasketItem, Visit, VisitEnd
from procurement.web.addresses import public_root
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.forms import redirect_with_flash
from procurement.web.guests import (
    allow_any_frame,
    begin_visit,
    current_visit,
    forget_visit,
    visit_secret,
)
from procurement.web.headers import allow_form_to
from procurement.web.identity import current_account
from procurement.web.transactions import read, write

bp = Door("punchout", __name__, audience=Audience.PUBLIC, url_prefix="/punchout")


@bp.get("/<token>")
def start(token: str) -> Response:
    """Once: the first browser that comes is the visitor's. Whoever was signed in there is not any more."""
    if request.method == "HEAD":  # what looks whether an address is there must not use it up
        return Response(status=204)
    try:
        with write() as session:
            begun = start_visit(session, token, at=utc_now())
    except LinkEnded:
        return _gone("This way in works once, within ten minutes. Please start again from there.")
    if current_account() is not None:
        logout_user()
    begin_visit(begun.secret, begun.frames)
    place = url_for("portal.home")
    if begun.selected:
        place = url_for("portal.product", sku=begun.selected)
    elif begun.has_lines:
        place = url_for("portal.basket")
    if begun.lost:
        names = ", ".join(begun.lost.splitlines()[:5])
        words = f"No longer to be had, and not in your basket: {names}."
        return redirect_with_flash(place, words, category="error")
    return redirect(place, 303)


@bp.post("/return")
def give_back() -> Response:
    """The basket, in a form that the browser sends to the procurement system. It may be sent once more for a while."""
    at = utc_now()
    try:
        given = _given_back(at)
    except Conflict as error:  # then it is not ended
        return redirect_with_flash(url_for("portal.basket"), error.message, category="error")
    if given is None:
        return redirect(url_for(".over"), 303)
    visit, basket, items = given
    return _sent(visit, items, basket.currency, "Your basket goes back", basket.freight)


def _given_back(at: datetime) -> tuple[Visit, VisitBasket, list[BasketItem]] | None:
    """Ended first: what somebody puts in meanwhile waits for this, and is refused. None: there is no visit."""
    with write() as session:
        visit = visit_of(session, visit_secret(), at, returned_lately=True)
        if visit is None:
            return None
        end_visit(session, visit.key, VisitEnd.RETURNED, at=at)
        basket = read_basket(session, visit)
        items = items_of(session, basket)
        if basket.is_held or not items:
            raise Conflict(basket.words or "There is nothing in your basket yet.")
        return visit, basket, items


@bp.post("/cancel")
def cancel() -> Response:
    """Nothing comes of the visit, and the procurement system hears so."""
    visit, at = current_visit(), utc_now()
    if visit is None:
        return redirect(url_for(".over"), 303)
    with read() as session:
        currency = read_basket(session, visit).currency
    with write() as session:
        end_visit(session, visit.key, VisitEnd.CANCELLED, at=at)
    forget_visit()
    return _sent(visit, [], currency, "You go back without a basket")


@bp.get("/over")
def over() -> Response:
    return _gone("Go back to your procurement system; it starts another visit when you need one.")


def _sent(
    visit: Visit,
    items: list[BasketItem],
    currency: str,
    title: str,
    freight: Money | None = None,
) -> Response:
    parts = urlsplit(visit.return_url)
    allow_form_to(f"{parts.scheme}://{parts.netloc}")
    host = urlsplit(public_root()).netloc or "localhost"
    message = write_basket(visit, items, currency, freight=freight, host=host, at=utc_now())
    page = render_template(
        "portal/punchout_return.html",
        title=title,
        address=visit.return_url,
        field=FIELD,
        message=message.decode("ascii"),
        there=parts.netloc,
        company=current_company(),
    )
    return Response(page, content_type="text/html; charset=utf-8")


def _gone(words: str) -> Response:
    allow_any_frame()
    page = render_template("portal/punchout_over.html", words=words, company=current_company())
    return Response(page, 410, content_type="text/html; charset=utf-8")
