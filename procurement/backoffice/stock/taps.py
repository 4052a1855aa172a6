"""One tap at a shelf or a board: use, finish, open the next, discard, open, ask. A second tap does nothing more."""

from collections.abc import Callable
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.db import Session
from procurement.kernel.errors import DomainError, Forbidden, Invalid, Unavailable
from procurement.kernel.quantity import Quantity
from procurement.stock.errors import StillGood
from procurement.stock.operations.containers.finishing import (
    DiscardContainer,
    FinishContainer,
    discard_container,
    finish_and_open_next,
    finish_container,
)
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.using import use_dose
from procurement.stock.operations.requests import AskForTopUp, ask_for_top_up, settle_top_up
from procurement.stock.queries.containers import container_name, was_posted
from procurement.stock.queries.rooms import product_name
from procurement.stock.terms import Cause, Done
from procurement.web.filters import show_quantity
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

Step = Callable[[Session, str], Done]
MOST_KEY = 40


def key_of(*parts: str) -> str:
    """The key of one tap: the page's own, which changes whenever it is shown, and what was tapped on it."""
    once = request.form.get("once", "")[:MOST_KEY]
    return ":".join(("tap", once, *parts))[:190] if once else ""


def carry_out(step: Step, key: str) -> Done | None:
    """Do it once. None: a first tap has done it already. Raises what the operation raises."""
    try:
        with write() as session:
            return step(session, key)
    except (Forbidden, Unavailable):
        raise
    except DomainError:
        with read() as session:
            if key and was_posted(session, key):
                return None
        raise


def tap_container(verb: str, number: str, back: str) -> Response:
    """Use a dose, finish, finish and open the next, or discard what is past its date; then back to the page."""
    if verb not in _CONTAINER:
        raise Invalid("There is no such step.")
    with read() as session:
        name = container_name(session, number)
    step, words = _CONTAINER[verb]
    key = key_of(verb, number)
    try:
        done = carry_out(lambda session, key: step(session, number, key or None), key)
    except (Forbidden, Unavailable):
        raise
    except StillGood:  # why it is thrown away all the same, its own page asks
        return redirect(url_for("bottles.damaged_bottle", number=number), 303)
    except DomainError as error:
        return redirect_with_flash(back, error.message, category="error")
    if done is None:
        return redirect_with_flash(back, "That was done already.")
    moved = sum(move.quantity for move in done.postings[0].moves)
    text = words.format(
        quantity=show_quantity(Quantity(moved, name.unit)),
        product=name.product_name,
        number=number,
        next=done.containers[-1],
    )
    undo = undo_of(done, back) or {}
    if verb == "next":
        undo |= label_of(done.containers[-1])
    return redirect_with_flash(back, text, undo=undo)


def tap_product(verb: str, code: str, sku: str, back: str) -> Response:
    """Open the next container of a product, say that it runs low, or that what was asked for is not needed."""
    with read() as session:
        name = product_name(session, sku)
    try:
        if verb == "low":
            with write() as session:
                ask_for_top_up(session, AskForTopUp(code, sku), actor=current_actor(), at=utc_now())
            return redirect_with_flash(back, f"{name}: a top-up is asked for.")
        if verb == "settle":
            with write() as session:
                settle_top_up(session, code, sku, actor=current_actor(), at=utc_now())
            return redirect_with_flash(back, f"{name}: no top-up is asked for any more.")
        done = carry_out(
            lambda session, key: open_container(
                session,
                OpenContainer(code, sku, idempotency_key=key or None),
                actor=current_actor(),
                at=utc_now(),
            ),
            key_of("open", code, sku),
        )
    except (Forbidden, Unavailable):
        raise
    except DomainError as error:
        return redirect_with_flash(back, error.message, category="error")
    if done is None:
        return redirect_with_flash(back, "That was done already.")
    lot = done.postings[0].moves[0].lot
    text = (
        f"Opened {name} of lot {lot}, the one to be used first. Write {done.containers[0]} on it."
    )
    undo = (undo_of(done, back) or {}) | label_of(*done.containers)
    return redirect_with_flash(back, text, undo=undo)


def label_of(*containers: str) -> dict[str, Any]:
    """The toast's link to a label for what was just opened or filled."""
    return {
        "link": url_for("labels.new", kind="container", name=containers),
        "link_label": "Print label" if len(containers) == 1 else "Print labels",
    }


def undo_of(done: Done, back: str) -> dict[str, Any] | None:
    """The toast's undo: all postings of the step, so that they go back together."""
    if not done.postings:
        return None
    refs = ",".join(posted.ref for posted in done.postings)
    return {
        "undo": url_for("bottles.undo"),
        "undo_label": "Undo",
        "undo_fields": {"refs": refs, "back": back},
    }


def _use(session: Session, number: str, key: str | None) -> Done:
    return use_dose(session, number, actor=current_actor(), at=utc_now(), key=key)


def _finish(session: Session, number: str, key: str | None) -> Done:
    command = FinishContainer(number, idempotency_key=key)
    return finish_container(session, command, actor=current_actor(), at=utc_now())


def _next(session: Session, number: str, key: str | None) -> Done:
    command = FinishContainer(number, idempotency_key=key)
    return finish_and_open_next(session, command, actor=current_actor(), at=utc_now())


def _discard(session: Session, number: str, key: str | None) -> Done:
    command = DiscardContainer(number, Cause.PAST_DATE, idempotency_key=key)
    return discard_container(session, command, actor=current_actor(), at=utc_now())


_CONTAINER: dict[str, tuple[Callable[[Session, str, str | None], Done], str]] = {
    "use": (_use, "Used {quantity} of {product}."),
    "finish": (_finish, "Finished {number}, {product}."),
    "next": (_next, "Finished {number} and opened {next} of {product}."),
    "discard": (_discard, "Thrown away: {quantity} of {product}, {number}."),
}
