"""The basket: a buyer's is kept with their account, a visitor's in their browser until they write or sign in."""

from collections.abc import Mapping

from flask import g, request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.queries.pages import product_page
from procurement.catalogue.rules.wording import counted
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.portal.door import bp
from procurement.portal.hopes import HopesForm, asked_of
from procurement.portal.lines import lines_of, own_standing_of, total_of
from procurement.portal.prices import price_book_for
from procurement.portal.seller import (
    current_basket,
    keep_for_visitor,
    message_url,
    visitors_basket,
)
from procurement.portal.visiting import visit_basket
from procurement.sales.operations.baskets import add_to_basket, empty_basket, set_basket
from procurement.sales.operations.enquiries import RequestQuote, request_quote
from procurement.sales.queries.baskets import basket_rows
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ProseField, WholeNumberField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.guests import current_visit
from procurement.web.identity import current_actor, is_own_page
from procurement.web.transactions import read, write

MOST_PACKS = 1_000_000
MOST_OF_VISITOR = 50  # the browser keeps them in a cookie of 4 kB


class AskForm(HopesForm):
    message = ProseField("Anything we should know", required=False, most=5_000)


class LineForm(BaseForm):
    packs = WholeNumberField("How many", most=MOST_PACKS)


@bp.get("/basket")
def basket() -> Response:
    return _page(AskForm())


def _page(form: AskForm) -> Response:
    if visit := current_visit():
        return visit_basket(visit)
    actor, packs = current_actor(), current_basket()
    with read() as session:
        rows = basket_rows(session, packs)
        book = price_book_for(session, set(packs), actor)
        lines = lines_of(rows, book)
        standing = own_standing_of(session, lines, actor)
    form.offer(lines, book.currency if book else None)
    return render_form(
        "portal/basket.html",
        form,
        lines=lines,
        total=total_of(lines),
        standing=standing,
        unpriced=sum(line.tag is None for line in lines),
        sees_prices=book is not None,
        may_ask=actor.may(Permission.BUY),
        visit=None,
        problems=(),
        may_change=True,
        at_line={},
        left=visitors_basket() if actor.may(Permission.BUY) else {},
        message_url=message_url(about="basket"),
    )


@bp.post("/basket/<path:sku>/<pack>")
def put(sku: str, pack: str) -> Response:
    """So many of this pack from now on; none takes it out again."""
    form = LineForm.from_request()
    if not form.validate():
        return redirect_with_flash(_back(), " ".join(form.packs.errors), category="error")
    with read() as session:
        page = product_page(session, sku, offered=form.packs.data > 0)
    found = page.product.packs.get(pack)
    if found is None:
        raise NotFound("There is no such pack.")
    try:
        keep({found.id: form.packs.data}, current_actor())
    except DomainError as error:
        return redirect_with_flash(_back(), error.message, category="error")
    if form.packs.data == 0:
        return redirect_with_flash(_back(), f"{page.product.name} is out of your basket.")
    words = counted(form.packs.data, found.name)
    problem = found.rule.problem(form.packs.data)
    said = f"{page.product.name}, {words}: in your basket. {problem}".strip()
    return redirect_with_flash(_back(), said)


def keep(packs: dict[int, int], actor: Actor) -> None:
    """So many of each pack (by key) from now on: in the account's basket, or the browser's."""
    if actor.may(Permission.BUY):
        with write() as session:
            set_basket(session, packs, actor=actor, at=utc_now())
        return
    kept = {**visitors_basket(), **packs}
    if len([number for number in kept.values() if number]) > MOST_OF_VISITOR:
        raise NotFound(f"A basket holds {MOST_OF_VISITOR} products; sign in to keep more.")
    keep_for_visitor(kept)


def keep_beside(packs: Mapping[int, int], actor: Actor) -> None:
    """So many more of each pack (by key), beside what is there."""
    if not actor.may(Permission.BUY):
        there = visitors_basket()
        wanted = {key: there.get(key, 0) + number for key, number in packs.items()}
        if any(number > MOST_PACKS for number in wanted.values()):
            raise Invalid(f"A basket holds at most {MOST_PACKS:,} of a pack.", field="packs")
        keep(wanted, actor)
        return
    with write() as session:
        add_to_basket(session, packs, actor=actor, at=utc_now())
    g.pop("basket", None)


def _back() -> str:
    """The page the button stood on, at the product it stood beside."""
    place = request.form.get("back", "")
    return place if is_own_page(place) else url_for(".basket")


def _currency(actor: Actor) -> str | None:
    """What the buyer is quoted in."""
    with read() as session:
        book = price_book_for(session, (), actor)
    return book.currency if book else None


@bp.post("/basket/take-over")
@open_to(Audience.BUYER)
def take_over() -> Response:
    """What was put aside before signing in joins the account's basket."""
    with write() as session:
        set_basket(session, visitors_basket(), actor=current_actor(), at=utc_now())
    keep_for_visitor({})
    return redirect_with_flash(url_for(".basket"), "All in one basket now.")


@bp.post("/basket/ask")
@open_to(Audience.BUYER)
def ask() -> Response:
    """The basket becomes a request in the sales inbox, and is empty again."""
    form, actor = AskForm.from_request(), current_actor()
    form.offer((), _currency(actor))
    if not form.validate():
        return _page(form)
    try:
        with write() as session:
            lines = lines_of(basket_rows(session, current_basket()), None)
            command = RequestQuote(lines=asked_of(lines, form.hoped()), message=form.message.data)
            enquiry = request_quote(session, command, actor=actor, at=utc_now())
            empty_basket(session, actor=actor, at=utc_now())
    except DomainError as error:
        form.blame(error)
        return _page(form)
    text = f"Thank you. {enquiry.number} is with us; the quote will appear here."
    return redirect_with_flash(url_for(".quotes"), text)
