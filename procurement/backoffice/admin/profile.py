"""One's own account: name and roles, password, passkeys, API tokens to make and revoke, light or dark."""

from datetime import UTC, datetime

from flask import abort, url_for
from werkzeug.wrappers import Response

from procurement.accounts.operations.tokens import issue_token, revoke_token
from procurement.accounts.queries import passkeys_of, tokens_of
from procurement.accounts.terms import AccountRow
from procurement.kernel.clock import end_of_day, utc_now
from procurement.kernel.errors import DomainError, Invalid
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import DateField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_account
from procurement.web.transactions import read, write

bp = Door("profile", __name__, audience=Audience.SIGNED_IN, url_prefix="/profile")


class TokenForm(BaseForm):
    label = TextField("What it is for", description="A till, a script, a shop.")
    until = DateField("Good until", required=False, description="Empty: until you revoke it.")

    def ends_at(self) -> datetime | None:
        if self.until.data is None:
            return None
        end = end_of_day(self.until.data, current_company().time_zone).astimezone(UTC)
        if end <= utc_now():
            raise Invalid("That day is over.", field="until")
        return end


@bp.get("")
def show() -> Response:
    return _page(TokenForm())


@bp.post("/tokens")
def make_token() -> Response:
    form = TokenForm.from_request()
    if form.validate():
        try:
            ends_at = form.ends_at()
            with write() as session:
                token = issue_token(
                    session, _me().email, str(form.label.data), at=utc_now(), expires_at=ends_at
                )
        except DomainError as error:
            form.blame(error)
        else:
            # Shown on this answer alone: it is in no address, no cookie and no log.
            return _page(TokenForm(formdata=None), token=token)
    return _page(form)


@bp.post("/tokens/<int:token_id>/revoke")
def revoke(token_id: int) -> Response:
    with write() as session:
        revoke_token(session, _me().id, token_id, at=utc_now())
    return redirect_with_flash(url_for(".show"), "The token is revoked.")


def _page(form: TokenForm, *, token: str = "") -> Response:
    with read() as session:
        tokens = tokens_of(session, _me().id)
        passkeys = passkeys_of(session, _me().id)
    return render_form(
        "backoffice/admin/profile.html" if _me().is_staff else "portal/security.html",
        form,
        status=200 if token else None,
        account=_me(),
        tokens=tokens,
        passkeys=passkeys,
        token=token,
    )


def _me() -> AccountRow:
    account = current_account()
    if account is None:
        abort(403)
    return account
