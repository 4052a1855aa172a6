"""Lists a buyer keeps: made from a basket, an order or a quick order, changed, and put into the basket again."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, DomainError, Invalid
from procurement.planning.queries.shop import pack_badges_of
from procurement.portal.basket import keep_beside
from procurement.portal.door import bp
from procurement.portal.lines import Line, lines_of, total_of
from procurement.portal.prices import price_book_for
from procurement.portal.seller import current_basket
from procurement.portal.stock_words import StockWords, stock_words
from procurement.sales.operations.baskets import set_basket
from procurement.sales.operations.saved_lists import (
    ListLineInput,
    add_to_list,
    change_list,
    copy_list,
    create_list,
    delete_list,
)
from procurement.sales.queries.baskets import BasketRow
from procurement.sales.queries.own_orders import own_order_page
from procurement.sales.queries.saved_lists import (
    SavedListPage,
    saved_list_page,
    saved_lists,
    usuals,
)
from procurement.web.doors import Audience, open_to
from procurement.web.fields import TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor, is_own_page
from procurement.web.transactions import read, write

MOST_PACKS = 1_000_000


class ListForm(BaseForm):
    name = TextField("Name of the list", most=200)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with today's price and stock."""

    line: Line
    stock: StockWords
    note: str = ""
    typed: str = ""
    error: str = ""


@bp.get("/account/lists")
@open_to(Audience.BUYER)
def lists() -> Response:
    return _all(ListForm())


def _all(form: ListForm) -> Response:
    with read() as session:
        rows = saved_lists(session, actor=current_actor())
    return render_form("portal/lists.html", form, rows=rows, basket=current_basket())


@bp.post("/account/lists")
@open_to(Audience.BUYER)
def keep_list() -> Response:
    """From an order where the form names one, else from what is in the basket."""
    form, actor = ListForm.from_request(), current_actor()
    order = request.form.get("order", "")
    if not form.validate():
        return _all(form)
    try:
        with write() as session:
            packs = _of_order(session, order) if order else current_basket()
            wanted = [ListLineInput(key, number) for key, number in packs.items()]
            kept = create_list(session, form.name.data, wanted, actor=actor, at=utc_now())
            ref = kept.ref
    except DomainError as error:
        form.blame(error)
        return _all(form)
    return redirect_with_flash(url_for(".list_page", ref=ref), f"{form.name.data} is kept.")


def _of_order(session: ReadSession, number: str) -> dict[int, int]:
    packs: dict[int, int] = {}
    for line in own_order_page(session, number, actor=current_actor()).lines:
        packs[line.pack_id] = packs.get(line.pack_id, 0) + line.packs
    return packs


@bp.post("/account/lists/add")
@open_to(Audience.BUYER)
def put_on_list() -> Response:
    """One pack, from its product's page: onto a list there is, or onto a new one."""
    actor, ref = current_actor(), request.form.get("list", "")
    back = request.form.get("back", "")
    back = back if is_own_page(back) else url_for(".lists")
    key = request.form.get("pack_id", "")
    if not (key.isascii() and key.isdigit() and len(key) < 16):
        return redirect_with_flash(back, "There is no such pack.", category="error")
    try:
        with write() as session:
            if ref:
                kept = add_to_list(session, ref, {int(key): 1}, actor=actor, at=utc_now())
            else:
                new = [ListLineInput(int(key), 1)]
                name = request.form.get("name", "") or "My list"
                kept = create_list(session, name, new, actor=actor, at=utc_now())
            said = f"It is on {kept.name}."
    except (Conflict, Invalid) as error:
        return redirect_with_flash(back, error.message, category="error")
    return redirect_with_flash(back, said)


@bp.get("/account/lists/<ref>")
@open_to(Audience.BUYER)
def list_page(ref: str) -> Response:
    return _one(ref, None)


def _one(ref: str, form: ListForm | None) -> Response:
    with read() as session:
        page = saved_list_page(session, ref, actor=current_actor())
        shown = _shown(session, page)
    lines = [one.line for one in shown if one.line.row.is_offered]
    return render_form(
        "portal/list.html",
        form or ListForm(data={"name": page.head.name}),
        status=422 if form else 200,
        page=page,
        head=page.head,
        shown=shown,
        total=total_of(lines),
        unpriced=sum(line.tag is None for line in lines),
    )


def _shown(session: ReadSession, page: SavedListPage) -> list[Shown]:
    rows = [one.row for one in page.lines]
    notes = {one.row.pack_id: one.note for one in page.lines}
    shown = _today(session, rows)
    return [
        Shown(
            one.line,
            one.stock,
            notes[one.line.row.pack_id],
            request.form.get(f"packs-{one.line.row.pack_id}", str(one.line.row.packs)),
            _error(one.line.row.pack_id),
        )
        for one in shown
    ]


def _error(pack_id: int) -> str:
    """What is wrong with the number that was sent for a line."""
    typed = request.form.get(f"packs-{pack_id}")
    return "" if typed is None or _number(typed) is not None else f"0 to {MOST_PACKS:,}, please."


def _today(session: ReadSession, rows: list[BasketRow]) -> list[Shown]:
    packs = {row.pack_id for row in rows}
    book = price_book_for(session, packs, current_actor())
    badges = pack_badges_of(session, packs, at=utc_now())
    return [Shown(line, stock_words(badges.get(line.row.pack_id))) for line in lines_of(rows, book)]


@bp.post("/account/lists/<ref>")
@open_to(Audience.BUYER)
def change_kept_list(ref: str) -> Response:
    """Name, numbers, notes, shared or not; a line with none is taken off."""
    form, actor = ListForm.from_request(), current_actor()
    with read() as session:
        page = saved_list_page(session, ref, actor=actor)
    numbers = {
        one.row.pack_id: _number(request.form.get(f"packs-{one.row.pack_id}", str(one.row.packs)))
        for one in page.lines
    }
    if not form.validate() or None in numbers.values():
        return _one(ref, form)
    lines = [
        ListLineInput(key, number, request.form.get(f"note-{key}", one.note)[:200])
        for one in page.lines
        if (number := numbers[key := one.row.pack_id])
    ]
    try:
        with write() as session:
            change_list(
                session,
                ref,
                form.name.data,
                lines,
                shared=bool(request.form.get("shared")),
                actor=actor,
                at=utc_now(),
            )
    except (Conflict, Invalid) as error:
        form.blame(error)
        return _one(ref, form)
    return redirect_with_flash(url_for(".list_page", ref=ref), "The list is kept as it is now.")


def _number(text: str) -> int | None:
    typed = text.strip() or "0"
    if not (typed.isascii() and typed.isdigit() and len(typed) < 8):
        return None
    return int(typed) if int(typed) <= MOST_PACKS else None


@bp.post("/account/lists/<ref>/basket")
@open_to(Audience.BUYER)
def list_to_basket(ref: str) -> Response:
    """What is chosen, or all of it: beside what the basket holds, or so many from now on."""
    actor, back = current_actor(), url_for(".list_page", ref=ref)
    with read() as session:
        page = saved_list_page(session, ref, actor=actor)
    chosen = set(request.form.getlist("line"))
    packs = {key: n for key, n in page.packs.items() if not chosen or str(key) in chosen}
    numbers = {key: _number(request.form.get(f"packs-{key}", str(n))) for key, n in packs.items()}
    wanted = {key: number for key, number in numbers.items() if number}
    if None in numbers.values():
        return _one(ref, ListForm.from_request())
    return _into_basket(wanted, back, replacing=request.form.get("how") == "replace")


def _into_basket(wanted: dict[int, int], back: str, *, replacing: bool = False) -> Response:
    actor = current_actor()
    if not wanted:
        return redirect_with_flash(back, "Nothing of it can be ordered now.", category="error")
    try:
        if replacing:
            with write() as session:
                set_basket(session, wanted, actor=actor, at=utc_now())
        else:
            keep_beside(wanted, actor)
    except (Conflict, Invalid) as error:
        return redirect_with_flash(back, error.message, category="error")
    how = "in the numbers of the list" if replacing else "beside what was there"
    return redirect_with_flash(url_for(".basket"), f"It is in your basket, {how}.")


@bp.post("/account/lists/<ref>/copy")
@open_to(Audience.BUYER)
def copy_kept_list(ref: str) -> Response:
    try:
        with write() as session:
            kept = copy_list(session, ref, actor=current_actor(), at=utc_now())
            new, name = kept.ref, kept.name
    except (Conflict, Invalid) as error:
        return redirect_with_flash(url_for(".list_page", ref=ref), error.message, category="error")
    return redirect_with_flash(url_for(".list_page", ref=new), f"This is your own: {name}.")


@bp.post("/account/lists/<ref>/delete")
@open_to(Audience.BUYER)
def forget_list(ref: str) -> Response:
    with write() as session:
        delete_list(session, ref, actor=current_actor())
    return redirect_with_flash(url_for(".lists"), "The list is gone.")


@bp.get("/account/usuals")
@open_to(Audience.BUYER)
def your_usuals() -> str:
    """What the company orders again and again, with today's price and stock."""
    with read() as session:
        found = usuals(session, actor=current_actor())
        shown = _today(session, [one.row for one in found])
    return render_template("portal/usuals.html", rows=list(zip(found, shown, strict=True)))


@bp.post("/account/usuals/basket")
@open_to(Audience.BUYER)
def usual_to_basket() -> Response:
    """One of them, or those that are ticked, in the number of the last time."""
    asked = set(request.form.getlist("line"))
    with read() as session:
        found = usuals(session, actor=current_actor())
    packs = {
        one.row.pack_id: one.row.packs
        for one in found
        if str(one.row.pack_id) in asked and one.row.is_offered
    }
    return _into_basket(packs, url_for(".your_usuals"))
