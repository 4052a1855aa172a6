"""A buyer's own data: to take along, and to have erased."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.exchange.own_data import ZIP, zipped
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.portal.door import bp
from procurement.sales.operations.leaving import ask_to_leave, stay
from procurement.sales.operations.own_data import take_data
from procurement.sales.queries.leaving import leaves_at
from procurement.web.company import current_company
from procurement.web.doors import Audience, open_to
from procurement.web.fields import SecretField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.throttle import limited
from procurement.web.transactions import read, write


class PasswordForm(BaseForm):
    password = SecretField("Your password, once more")


@bp.get("/account/data")
@open_to(Audience.BUYER)
def data() -> Response:
    return _page(
        PasswordForm(prefix="take", formdata=None), PasswordForm(prefix="leave", formdata=None)
    )


@bp.post("/account/data/take")
@open_to(Audience.BUYER)
@limited
def take() -> Response:
    form = PasswordForm.from_request(prefix="take")
    if form.validate():
        at = utc_now()
        try:
            with write() as session:
                sections = take_data(session, form.password.data, actor=current_actor(), at=at)
        except DomainError as error:
            form.blame(error)
        else:
            content = zipped(sections, company=current_company().name, at=at)
            return attachment(content, f"my-data-{at:%Y-%m-%d}.zip", ZIP)
    return _page(form, PasswordForm(prefix="leave", formdata=None))


@bp.post("/account/data/leave")
@open_to(Audience.BUYER)
@limited
def leave() -> Response:
    form = PasswordForm.from_request(prefix="leave")
    if form.validate():
        try:
            with write() as session:
                ask_to_leave(session, form.password.data, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".data"), "We have noted it; a mail says so, too.")
    return _page(PasswordForm(prefix="take", formdata=None), form)


@bp.post("/account/data/stay")
@open_to(Audience.BUYER)
def remain() -> Response:
    with write() as session:
        stay(session, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".data"), "Your account stays.")


def _page(taking: PasswordForm, leaving: PasswordForm) -> Response:
    with read() as session:
        due = leaves_at(session, actor=current_actor())
    return render_form("portal/own_data.html", taking, taking=taking, leaving=leaving, due=due)
