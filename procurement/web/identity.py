"""Who is signed in. Flask-Security does passwords, resets and sessions; it sees accounts through a store of ours.

The store reads in a session of its own, closed before the view runs, and writes in a transaction of its own: a user
left open under BEGIN IMMEDIATE would deadlock with the view's `write()` on SQLite.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import current_user
from flask_security import (
    MailUtil,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    user_authenticated,
)
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from procurement.accounts.operations.credentials import store_credentials
from procurement.accounts.queries import account_by_email, account_by_uniquifier
from procurement.accounts.terms import AccountRow
from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.clock import utc_now
from procurement.outbox.operations import NewMail, put_mail
from procurement.web.doors import Audience, audience_of
from procurement.web.transactions import read, write

SESSION_LIFETIME = timedelta(hours=12)
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


@dataclass(eq=False)
class SignedIn(UserMixin):
    """An account as Flask-Security knows it: a copy, written back through the store."""

    fs_uniquifier: str
    account: AccountRow
    email: str
    password: str | None
    active: bool
    id: int
    # Operations ask permissions; Flask-Security decides nothing of ours.
    roles: list[RoleMixin] = field(default_factory=list)

    @classmethod
    def of(cls, row: AccountRow) -> "SignedIn":
        return cls(row.fs_uniquifier, row, row.email, row.password, row.active, row.id)


SignedIn.fs_uniquifier = ""  # Flask-Security looks for it on the class


class NoRole(RoleMixin):
    """Roles are ours (kernel/permissions.py); Flask-Security wants a class all the same."""


@dataclass
class _Pending:
    users: dict[int, SignedIn] = field(default_factory=dict)


class AccountStore(UserDatastore):
    """Finds copies of accounts, and writes back the two things sign-in may change."""

    def find_user(self, case_insensitive: bool = False, **by: Any) -> SignedIn | None:
        del case_insensitive  # addresses are kept in lower case
        with read() as db:
            if "email" in by:
                row = account_by_email(db, str(by["email"]))
            else:
                row = account_by_uniquifier(db, str(by["fs_uniquifier"]))
        return SignedIn.of(row) if row else None

    def find_role(self, role: str) -> None:
        return None

    def put(self, model: SignedIn) -> SignedIn:
        _pending().users[model.id] = model
        return model

    def commit(self) -> None:
        changed = list(_pending().users.values())
        if not changed:
            return
        with write() as db:
            for user in changed:
                store_credentials(
                    db, user.id, password=user.password, uniquifier=user.fs_uniquifier
                )
        _pending().users.clear()


def _pending() -> _Pending:
    if "accounts_pending" not in g:
        g.accounts_pending = _Pending()
    pending: _Pending = g.accounts_pending
    return pending


class OutboxMail(MailUtil):
    """Flask-Security's mails are rows like all others."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: Any,
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        with write() as db:
            put_mail(db, NewMail(str(recipient), str(subject), body or ""), at=utc_now())


def current_actor() -> Actor:
    """Who acts in this request: the signed-in person, an API token's person, or the public."""
    token_actor: Actor | None = g.get("token_actor")
    if token_actor is not None:
        return token_actor
    account = current_account()
    return account.actor if account else PUBLIC


def current_account() -> AccountRow | None:
    """The signed-in person; None for visitors."""
    if not current_user or not current_user.is_authenticated:
        return None
    account: AccountRow = current_user.account
    return account


def install_identity(app: Flask, *, production: bool) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="stillroom",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=production,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch still works; the session's end ends it
        **_SECURITY,
    )
    csrf.init_app(app)
    Security(app, AccountStore(SignedIn, NoRole), mail_util_cls=OutboxMail)
    # Its own header and query tokens would be a second, unscoped way in.
    app.login_manager.request_loader(_no_token)  # type: ignore[attr-defined] # set by Flask-Login
    user_authenticated.connect(_start_session, app)
    app.before_request(_ask_at_the_door)


_SECURITY: dict[str, Any] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],  # argon2 salts by itself
    "SECURITY_PASSWORD_LENGTH_MIN": 12,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_RESET_URL": "/forgot-password",
    "SECURITY_CHANGE_URL": "/profile/password",
    "SECURITY_VERIFY_URL": "/confirm-password",
    "SECURITY_POST_LOGIN_VIEW": "/start",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_POST_RESET_VIEW": "/sign-in",
    "SECURITY_POST_CHANGE_VIEW": "/profile",
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=2),
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_STATIC_FOLDER_URL": "/sign-in/static",
    "SECURITY_EMAIL_SENDER": "",
    "SECURITY_EMAIL_HTML": False,
}


def _no_token(_request: Any) -> None:
    return None


def _start_session(_app: Flask, **_details: Any) -> None:
    session.permanent = True


def _ask_at_the_door() -> Response | None:
    """Let in, ask to sign in, or refuse, by the audience of the page."""
    if request.endpoint is None:
        return None  # an unknown address: its 404 follows
    audience = audience_of(current_app, request.endpoint)
    if audience in {Audience.PUBLIC, Audience.TOKEN}:
        return None
    account = current_account()
    if account is None:
        return _to_sign_in()
    admitted = {
        Audience.SIGNED_IN: True,
        Audience.STAFF: account.is_staff,
        Audience.BUYER: not account.is_staff,
    }
    if audience is None or not admitted[audience]:
        abort(403)
    return None


def _to_sign_in() -> Response:
    """The page asked for is opened again after signing in; a form's answer cannot be, its page can."""
    place = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    address = url_for("security.login", next=place)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)
