"""Take it with you: the catalogue and the price list as files, for visitors and for buyers; the feed of products."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.documents.languages import LANGUAGES
from procurement.exchange.product_feed import IN_ONE_FILE, Addresses, product_feed
from procurement.exchange.taking_along import FileKind
from procurement.kernel.actor import PUBLIC
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.queries.shop import shop_list
from procurement.planning.queries.taking_away import Wish, taken_along
from procurement.portal.door import bp
from procurement.portal.filtering import take_query, title_of, wanted_of
from procurement.portal.prices import price_book_for
from procurement.web.addresses import public_url
from procurement.web.company import current_company
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.taking_along import file_kind, taken_file, whole_picture_url
from procurement.web.throttle import count_public_read
from procurement.web.transactions import read

_FEED_MINUTES = 15


@bp.get("/take-along")
def take_along() -> str:
    """What there is to take, of the list that the address narrows."""
    actor, wanted = current_actor(), wanted_of(request.args)
    with read() as session:
        shelf = shop_list(session, wanted, PageRequest(1), sorting=None, lists=None, at=utc_now())
        sees_prices = price_book_for(session, (), actor) is not None
    return render_template(
        "portal/take_along.html",
        total=shelf.found.total,
        title=title_of(wanted, shelf.facets) if wanted.is_narrowed else "",
        kept=_kept(),
        languages=[(code, words.own_name) for code, words in LANGUAGES.items()],
        sees_prices=sees_prices,
        buys=bool(actor.may(Permission.BUY) and actor.customer_id),
        feed=url_for(".feed"),
        canonical=public_url(url_for(".take_along")),
    )


@bp.get("/take-along/<name>")
def take_file(name: str) -> Response:
    kind = file_kind(name)
    language = request.args.get("language", "")
    wish = Wish(wanted=wanted_of(request.args), language=language if language in LANGUAGES else "")
    if kind is FileKind.UBL and not current_actor().may(Permission.BUY):
        raise NotFound("There is no such file.")
    try:
        return taken_file(kind, wish)
    except NotFound:
        raise
    except DomainError as error:
        address = url_for(".take_along", **_kept())
        return redirect_with_flash(address, error.message, category="error")


def _kept() -> dict[str, Any]:
    """What narrows the list, for addresses of the same products."""
    return dict(take_query(request.args))


@bp.get("/feed.xml")
def feed() -> Response:
    """What every visitor sees, whoever asks: so it may be kept by anybody. Further parts by `?part=`."""
    count_public_read()
    written = request.args.get("part", "0")
    if not (written.isascii() and written.isdigit() and len(written) < 5):
        raise NotFound("There is no such part.")
    part, company = int(written), current_company()
    with read() as session:
        wish = Wish(most=IN_ONE_FILE, part=part, in_parts=True)
        try:
            taken = taken_along(session, wish, actor=PUBLIC, at=utc_now())
        except Invalid as error:
            raise NotFound("There is no such part.") from error
    if part and not taken.products:
        raise NotFound("There is no such part.")
    addresses = Addresses(
        product=lambda sku: public_url(url_for(".product", sku=sku)),
        picture=whole_picture_url,
        home=public_url(url_for(".home")),
        here=public_url(url_for(".feed", part=part or None)),
        next=public_url(url_for(".feed", part=part + 1)) if taken.goes_on else "",
    )
    about = company.tagline or f"What {company.name} offers"
    response = Response(
        product_feed(taken, company.name, about, addresses),
        content_type="application/rss+xml; charset=utf-8",
    )
    response.headers["Cache-Control"] = f"public, max-age={_FEED_MINUTES * 60}"
    response.add_etag()
    return response.make_conditional(request)
