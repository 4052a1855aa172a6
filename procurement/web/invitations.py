"""Where somebody invited chooses a password, and the set-up page of an empty installation."""

from flask import current_app, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from procurement.accounts.operations.credentials import set_first_password
from procurement.accounts.operations.users import create_first_administrator
from procurement.accounts.queries import account_by_uniquifier, has_accounts
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.web.doors import Audience, Door
from procurement.web.fields import EmailField, SecretField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.links import mark_of
from procurement.web.setup import is_setup_code
from procurement.web.throttle import limited
from procurement.web.transactions import read, write

bp = Door("invitations", __name__, audience=Audience.PUBLIC)

TWELVE = "12 characters or more; a few words do well."


class PasswordForm(BaseForm):
    password = SecretField(
        "Password", description=TWELVE, render_kw={"autocomplete": "new-password"}
    )
    again = SecretField("The same again", render_kw={"autocomplete": "new-password"})

    def chosen(self) -> str:
        if self.password.data != self.again.data:
            raise Invalid("The two are not the same.", field="again")
        return str(self.password.data)


class FoundingForm(PasswordForm):
    code = TextField(
        "Set-up code",
        description="Printed where Stillroom was started, or by: flask --app wsgi accounts setup-code",
        render_kw={"autocomplete": "off"},
    )
    name = TextField("Your name", render_kw={"autocomplete": "name"})
    email = EmailField("Mail address", render_kw={"autocomplete": "username"})


@bp.get("/invitation/<token>")
def show(token: str) -> Response:
    return _choose(token)


@bp.post("/invitation/<token>")
@limited
def accept(token: str) -> Response:
    return _choose(token)


def _choose(token: str) -> Response:
    mark = mark_of(token)
    with read() as session:
        account = account_by_uniquifier(session, mark)
    if account is None or not account.active:
        raise NotFound("This link is used up or too old; ask for a new one.")
    form = PasswordForm.from_request()
    if form.is_sent and form.validate():
        try:
            with write() as session:
                set_first_password(session, mark, form.chosen(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            logout_user()  # whoever was signed in on this browser is somebody else
            return redirect_with_flash(url_for("security.login"), "Your password is set. Sign in.")
    return _private(render_form("accounts/invitation.html", form, account=account))


def _private(response: Response) -> Response:
    """The address is a secret, and the page says whose."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/setup")
def setup() -> Response:
    return _found()


@bp.post("/setup")
@limited
def found() -> Response:
    return _found()


def _found() -> Response:
    with read() as session:
        if has_accounts(session):
            raise NotFound("This installation has its administrator.")
    form = FoundingForm.from_request()
    if form.is_sent and form.validate():
        try:
            _require_code(form)
            with write() as session:
                create_first_administrator(
                    session,
                    str(form.email.data),
                    str(form.name.data),
                    form.chosen(),
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for("security.login"), "Welcome. Sign in to begin.")
    return render_form("accounts/setup.html", form)


def _require_code(form: FoundingForm) -> None:
    if not is_setup_code(current_app.secret_key, str(form.code.data)):
        raise Invalid("That is not the code.", field="code")
