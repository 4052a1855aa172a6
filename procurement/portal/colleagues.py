"""Colleagues: who else buys for the same company, and what each of them may do."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.portal.door import bp
from procurement.sales.operations.buyers import (
    InviteColleague,
    change_colleague,
    invite_colleague,
    let_go,
    take_back,
)
from procurement.sales.queries.buyers import buyers, own_currency, powers_of
from procurement.sales.terms.buyers import BuyerRow, Powers
from procurement.web.doors import Audience, open_to
from procurement.web.fields import EmailField, MoneyField, TextField, TickField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.links import password_link
from procurement.web.transactions import read, write


class PowersForm(BaseForm):
    order_limit = MoneyField(
        "One order up to", required=False, description="With tax. Empty: whatever it comes to."
    )
    may_approve = TickField("May approve colleagues' orders")
    may_manage = TickField("May invite colleagues and change what they may do")

    def to_powers(self) -> Powers:
        return Powers(
            may_manage=self.may_manage.data,
            may_approve=self.may_approve.data,
            order_limit=self.order_limit.data,
        )


class ColleagueForm(PowersForm):
    name = TextField("Name")
    email = EmailField("Mail address")


@bp.get("/account/colleagues")
@open_to(Audience.BUYER)
def colleagues() -> Response:
    return _page(ColleagueForm(formdata=None))


@bp.post("/account/colleagues")
@open_to(Audience.BUYER)
def invite() -> Response:
    form = ColleagueForm.from_request()
    _, form.order_limit.currency = _company()
    if form.validate():
        command = InviteColleague(
            email=form.email.data, name=form.name.data, powers=form.to_powers()
        )
        try:
            with write() as session:
                invite_colleague(
                    session, command, link_of=password_link, actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            return _back(f"{command.name} is invited; the mail is on its way.")
    return _page(form)


@bp.get("/account/colleagues/<email>")
@open_to(Audience.BUYER)
def colleague(email: str) -> Response:
    found = _colleague(email)
    powers = found.powers
    form = PowersForm(
        formdata=None,
        data={
            "order_limit": powers.order_limit,
            "may_approve": powers.may_approve,
            "may_manage": powers.may_manage,
        },
    )
    return _one(found, form)


@bp.post("/account/colleagues/<email>")
@open_to(Audience.BUYER)
def change(email: str) -> Response:
    form = PowersForm.from_request()
    _, form.order_limit.currency = _company()
    found = _colleague(email)
    if form.validate():
        try:
            with write() as session:
                change_colleague(
                    session, email, form.to_powers(), actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            return _back(f"{found.name}: changed.")
    return _one(found, form)


@bp.post("/account/colleagues/<email>/let-go")
@open_to(Audience.BUYER)
def switch_off(email: str) -> Response:
    found = _colleague(email)
    with write() as session:
        let_go(session, email, actor=current_actor(), at=utc_now())
    return _back(f"{found.name} signs in no more.")


@bp.post("/account/colleagues/<email>/take-back")
@open_to(Audience.BUYER)
def switch_on(email: str) -> Response:
    found = _colleague(email)
    with write() as session:
        take_back(session, email, actor=current_actor(), at=utc_now())
    return _back(f"{found.name} may sign in again.")


def _colleague(email: str) -> BuyerRow:
    found = next((one for one in _all() if one.email == email.lower()), None)
    if found is None:
        raise NotFound("There is no such colleague.")
    return found


def _all() -> list[BuyerRow]:
    actor = current_actor()
    with read() as session:
        return buyers(session, actor.customer_id or 0, actor=actor)


def _company() -> tuple[bool, str]:
    """Whether the acting buyer manages it, and the currency it pays in."""
    actor = current_actor()
    with read() as session:
        return powers_of(session, actor).may_manage, own_currency(session, actor)


def _page(form: ColleagueForm) -> Response:
    may_manage, form.order_limit.currency = _company()
    return render_form("portal/colleagues.html", form, people=_all(), may_manage=may_manage)


def _one(found: BuyerRow, form: PowersForm) -> Response:
    may_manage, form.order_limit.currency = _company()
    return render_form("portal/colleague.html", form, one=found, may_manage=may_manage)


def _back(words: str) -> Response:
    return redirect_with_flash(url_for(".colleagues"), words)
