"""Passkeys in the browser: asked for and answered in JSON by static/js/passkeys.js; signing in, adding, removing."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from flask import abort, current_app, flash, url_for
from flask_security.utils import login_user
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from procurement.accounts.operations.passkeys import (
    add_passkey,
    ask_new_passkey,
    ask_passkey,
    remove_passkey,
    whose_passkey,
)
from procurement.accounts.terms import AccountRow, RelyingParty
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door, open_to
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import SignedIn, current_account, is_own_page
from procurement.web.scripts import body_as, json_answer
from procurement.web.throttle import against_guessing_devices
from procurement.web.transactions import write

bp = Door("passkeys", __name__, audience=Audience.SIGNED_IN, url_prefix="/passkeys")


class Asked(BaseModel):
    password: str = Field(max_length=1000)


class Made(BaseModel):
    label: str = Field(max_length=200)
    credential: dict[str, Any]


class Shown(BaseModel):
    credential: dict[str, Any]
    next: str = ""


def relying_party() -> RelyingParty | None:
    """Where passkeys are good; None where browsers make none: at a bare number, or without HTTPS beyond localhost."""
    origin = urlsplit(str(current_app.extensions["config"].public_url))
    host = origin.hostname or ""
    is_local = host == "localhost" or host.endswith(".localhost")
    if _is_number(host) or not (origin.scheme == "https" or is_local):
        return None
    return RelyingParty(host, f"{origin.scheme}://{origin.netloc}", current_company().name)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _party() -> RelyingParty:
    party = relying_party()
    if party is None:
        raise NotFound("There are no passkeys at this address; sign in with your password.")
    return party


@bp.post("/sign-in/ask")
@open_to(Audience.PUBLIC)
@against_guessing_devices
def ask() -> Response:
    at = utc_now()
    with write() as session:
        options = ask_passkey(session, party=_party(), at=at)
    return json_answer({"options": options}, at=at)


@bp.post("/sign-in")
@open_to(Audience.PUBLIC)
@against_guessing_devices
def sign_in() -> Response:
    at, shown = utc_now(), body_as(Shown)
    try:
        with write() as session:
            account = whose_passkey(session, shown.credential, party=_party(), at=at)
    except DomainError as error:
        return _refused(error)
    login_user(SignedIn.of(account), authn_via=["passkey"])
    place = shown.next if is_own_page(shown.next) else url_for("start.start")
    return json_answer({"to": place}, at=at)


@bp.post("/ask")
@against_guessing_devices
def ask_new() -> Response:
    at, asked = utc_now(), body_as(Asked)
    try:
        with write() as session:
            options = ask_new_passkey(session, _me().id, asked.password, party=_party(), at=at)
    except DomainError as error:
        return _refused(error)
    return json_answer({"options": options}, at=at)


@bp.post("")
def add() -> Response:
    at, made = utc_now(), body_as(Made)
    try:
        with write() as session:
            add_passkey(session, _me().id, made.label, made.credential, party=_party(), at=at)
    except DomainError as error:
        return _refused(error)
    flash("From now on this passkey signs you in.", "ok")
    return json_answer({"to": url_for("profile.show")}, at=at)


@bp.post("/<int:passkey_id>/remove")
def remove(passkey_id: int) -> Response:
    with write() as session:
        remove_passkey(session, _me().id, passkey_id, at=utc_now())
    return redirect_with_flash(url_for("profile.show"), "The passkey is removed.")


def _refused(error: DomainError) -> Response:
    return json_answer({"error": error.message, "field": error.field}, at=utc_now(), status=400)


def _me() -> AccountRow:
    account = current_account()
    if account is None:
        abort(403)
    return account
