"""What a buyer's company calls our packs: quick order reads it, and papers of their orders tell it."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, FieldError, Invalid, NotFound
from procurement.portal.door import bp
from procurement.sales.operations.own_codes import (
    OwnCodeInput,
    forget_own_code,
    keep_own_codes,
)
from procurement.sales.queries.buyers import powers_of
from procurement.sales.queries.own_codes import own_codes
from procurement.sales.rules.own_codes import read_code
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ProseField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import next_url, page_request
from procurement.web.transactions import read, write

_MOST_ERRORS = 5


class CodesForm(BaseForm):
    codes = ProseField(
        "Your codes and ours",
        most=10_000,
        description="A line each, as from a spreadsheet: your code, our SKU, maybe the pack's code.",
    )

    def to_inputs(self) -> list[OwnCodeInput]:
        """Raises Invalid naming the lines that are not understood."""
        lines = [line for line in (self.codes.data or "").splitlines() if line.strip()]
        read = [read_code(line) for line in lines]
        unread = [
            f"Line {at}, “{line.strip()[:40]}”: your code, then our SKU, please."
            for at, (line, one) in enumerate(zip(lines, read, strict=True), start=1)
            if one is None
        ]
        if unread:
            raise Invalid.of(FieldError("codes", said) for said in unread[:_MOST_ERRORS])
        return [OwnCodeInput(one.code, one.product, one.pack or None) for one in read if one]


@bp.get("/account/codes")
@open_to(Audience.BUYER)
def codes() -> Response:
    return _page(CodesForm())


@bp.post("/account/codes")
@open_to(Audience.BUYER)
def keep_codes() -> Response:
    form = CodesForm.from_request()
    if not form.validate():
        return _page(form)
    try:
        inputs = form.to_inputs()
        with write() as session:
            keep_own_codes(session, inputs, actor=current_actor(), at=utc_now())
    except Invalid as error:
        form.blame(Invalid.of(_on_lines(error)))
        return _page(form)
    except DomainError as error:
        form.blame(error)
        return _page(form)
    number = len(inputs)
    said = "1 code is kept." if number == 1 else f"{number:,} codes are kept."
    return redirect_with_flash(url_for(".codes"), said)


@bp.post("/account/codes/forget")
@open_to(Audience.BUYER)
def forget_code() -> Response:
    code = request.form.get("code", "")
    try:
        with write() as session:
            forget_own_code(session, code, actor=current_actor(), at=utc_now())
    except NotFound:
        return redirect_with_flash(url_for(".codes"), "That code was gone already.")
    return redirect_with_flash(url_for(".codes"), f"{code} is forgotten.")


def _page(form: CodesForm) -> Response:
    actor = current_actor()
    with read() as session:
        page = own_codes(session, page_request(), actor=actor)
        may_manage = powers_of(session, actor).may_manage
    return render_form(
        "portal/own_codes.html", form, page=page, next_url=next_url(page), may_manage=may_manage
    )


def _on_lines(error: Invalid) -> list[FieldError]:
    """What is wrong with `codes.3.product` stands at the one field there is, with its line's number."""
    told = []
    for one in error.errors[:_MOST_ERRORS]:
        place = one.field.split(".")[1] if one.field.startswith("codes.") else ""
        said = f"Line {int(place) + 1}: {one.message}" if place.isdigit() else one.message
        told.append(FieldError("codes", said))
    return told
