"""Who is signed in. Flask-Security does passwords, resets and sessions; it sees accounts through a store of ours.

The store reads in a session of its own, closed before the view runs, and writes in a transaction of its own: a user
left open under BEGIN IMMEDIATE would deadlock with the view's `write()` on SQLite.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, current_user, user_logged_out
from flask_security import (
    MailUtil,
    PasswordUtil,
    RoleMixin,
    Security,
    UserDatastore,
    UserMixin,
    user_authenticated,
)
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from procurement.accounts.operations.credentials import (
    close_session,
    open_session,
    session_digest,
    store_credentials,
)
from procurement.accounts.queries import account_by_email, account_by_uniquifier, is_open
from procurement.accounts.rules.passwords import faults_of, normalised
from procurement.accounts.terms import AccountRow
from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.clock import utc_now
from procurement.outbox.operations import NewMail, put_mail
from procurement.web.doors import Audience, audience_of, permission_of
from procurement.web.guests import current_visit
from procurement.web.transactions import read, write

SESSION_LIFETIME = timedelta(hours=12)
SESSION_SECRET = "open_session"  # noqa: S105 (the name of a place in the cookie)
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


class Passwords(PasswordUtil):
    """Our rule for passwords, where Flask-Security sets one."""

    def normalize(self, password: str) -> str:
        return normalised(password)

    def validate(
        self, password: str, is_register: bool, **context: Any
    ) -> tuple[list[str] | None, str]:
        user = context.get("user")
        return faults_of(password, email=user.email if user else "") or None, normalised(password)


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
        del template, sender, html, context
        with write() as db:
            put_mail(db, NewMail(str(recipient), str(subject), body or ""), at=utc_now())


def current_actor() -> Actor:
    """Who acts in this request: a token's person, the signed-in one, a procurement system's, or the public."""
    token_actor: Actor | None = g.get("token_actor")
    if token_actor is not None:
        return token_actor
    account = current_account()
    if account is not None:
        return account.actor
    visit = current_visit()
    return visit.actor if visit else PUBLIC


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
    Security(
        app, AccountStore(SignedIn, NoRole), mail_util_cls=OutboxMail, password_util_cls=Passwords
    )
    manager: LoginManager = app.login_manager  # type: ignore[attr-defined] # set by Flask-Login
    # Its own header and query tokens would be a second, unscoped way in.
    manager.request_loader(_no_token)
    manager.user_loader(_session_loader(manager._user_callback))  # noqa: SLF001 (no public way to wrap it)
    user_authenticated.connect(_start_session, app)
    user_logged_out.connect(_end_session, app)
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
    # Looked at, not looked up: no name server is asked about an address somebody typed.
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": "Choose a new password",
    "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": "Your password was changed",
    "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": "Your password was changed",
    "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
        "If %(email)s has an account here, a mail with a link is on its way.",
        "ok",
    ),
    "SECURITY_MSG_PASSWORD_RESET": ("Your password is set. Sign in with it.", "ok"),
    "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": ("Your password is set. Sign in with it.", "ok"),
    "SECURITY_MSG_PASSWORD_CHANGE": (
        "Your password is changed; everywhere else you are signed out.",
        "ok",
    ),
    "SECURITY_MSG_INVALID_RESET_PASSWORD_TOKEN": (
        "That link is used up or incomplete. Ask for a new one here.",
        "error",
    ),
    "SECURITY_MSG_PASSWORD_RESET_EXPIRED": (
        "That link is older than two hours. Ask for a new one here.",
        "error",
    ),
    "SECURITY_EMAIL_HTML": False,
}


def _no_token(_request: Any) -> None:
    return None


def _session_loader(load: Callable[[str], SignedIn | None]) -> Callable[[str], SignedIn | None]:
    """A cookie counts only while its session is open here: signing out ends it wherever it was copied to."""

    def load_open(mark: str) -> SignedIn | None:
        secret = session.get(SESSION_SECRET)
        if not isinstance(secret, str):
            return None
        with read() as db:
            user = load(mark)
            if user is None:
                return None
            return user if is_open(db, session_digest(secret), user.id, utc_now()) else None

    return load_open


def _start_session(_app: Flask, user: SignedIn, **_details: Any) -> None:
    """A new secret at each sign-in, so that a session planted before it is worth nothing."""
    with write() as db:
        _forget(db)
        session[SESSION_SECRET] = open_session(db, user.id, at=utc_now())
    session.permanent = True
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _end_session(_app: Flask, **_details: Any) -> None:
    with write() as db:
        _forget(db)


def _forget(db: Session) -> None:
    secret = session.pop(SESSION_SECRET, None)
    if isinstance(secret, str):
        close_session(db, secret)


def _ask_at_the_door() -> Response | None:
    """Let in, ask to sign in, or refuse, by the audience of the page."""
    if request.endpoint is None:
        return None  # an unknown address: its 404 follows
    if request.blueprint == "security":
        _refuse_foreign_next()
    audience = audience_of(current_app, request.endpoint)
    if audience in {Audience.PUBLIC, Audience.TOKEN}:
        return None
    account = current_account()
    if account is None:
        if request.path.endswith(".json"):
            abort(401, "Sign in first.")  # a script could not follow to the sign-in page
        return _to_sign_in()
    admitted = {
        Audience.SIGNED_IN: True,
        Audience.STAFF: account.is_staff,
        Audience.BUYER: not account.is_staff,
    }
    if audience is None or not admitted[audience]:
        abort(403)
    if permission := permission_of(current_app, request.endpoint):
        account.actor.require(permission)
    return None


def _refuse_foreign_next() -> None:
    """After signing in one is led to a page of ours or nowhere."""
    for place in (*request.args.getlist("next"), *request.form.getlist("next")):
        if place and not is_own_page(place):
            abort(400, "That link leads away from here.")


def is_own_page(place: str) -> bool:
    """A path of this site, in plain characters, that no browser reads as the address of another."""
    return re.fullmatch(r"/(?!/)[!-~]*", place) is not None and not re.search(r"//|\\", place)


def _to_sign_in() -> Response:
    """The page asked for is opened again after signing in; a form's answer cannot be, its page can."""
    place = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    address = url_for("security.login", next=place)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)
