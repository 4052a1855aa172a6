"""Slowing down those who guess, by the address they come from and the account they try.

Only failures count: a right password from another address always works.
"""

from collections.abc import Callable
from typing import Any, ParamSpec

from flask import Flask, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

P = ParamSpec("P")
PER_ACCOUNT = "8 per 15 minutes"
PER_ADDRESS = "60 per 15 minutes"
PUBLIC_FORMS = "20 per hour"
PUBLIC_READS = "3000 per hour"
PER_SYSTEM = "1200 per hour"  # messages of one procurement system

limiter = Limiter(get_remote_address, strategy="moving-window")


def install_throttle(app: Flask, *, storage: str, api_limit: str = "") -> None:
    """`api_limit` holds for each account behind API tokens; empty: they are not counted."""
    app.config["RATELIMIT_STORAGE_URI"] = storage
    app.extensions["api_limit"] = parse(api_limit) if api_limit else None
    limiter.init_app(app)
    for endpoint in ("security.login", "security.verify", "security.change_password"):
        app.view_functions[endpoint] = _against_guessing(app.view_functions[endpoint])
    for endpoint in ("security.forgot_password", "security.reset_password"):
        app.view_functions[endpoint] = limited(app.view_functions[endpoint])


def limited(view: Callable[P, Any]) -> Callable[P, Any]:
    """For forms that anybody can send: what is refused and what is taken both count."""
    decorated: Callable[P, Any] = limiter.limit(PUBLIC_FORMS, methods=["POST"])(view)
    return decorated


def count_public_form(name: str) -> None:
    """What anybody may send without a token, by the address it comes from."""
    _count(parse(PUBLIC_FORMS), name, get_remote_address())


def count_public_read() -> None:
    """What anybody may read without a token: enough for a shop's own site, too little to empty ours in a minute."""
    _count(parse(PUBLIC_READS), "read", get_remote_address())


def count_token(owner: str) -> None:
    limit = current_app.extensions["api_limit"]
    if limit is not None:
        _count(limit, "api", owner)


def _count(limit: RateLimitItem, *key: str) -> None:
    if not limiter.limiter.hit(limit, *key):
        raise TooManyRequests(
            f"No more than {limit} here; please try again later.", retry_after=limit.get_expiry()
        )


def _against_guessing(view: Callable[P, Any]) -> Callable[P, Any]:
    by_account = limiter.limit(
        PER_ACCOUNT, key_func=_account_tried, methods=["POST"], deduct_when=_failed
    )
    by_address = limiter.limit(PER_ADDRESS, methods=["POST"], deduct_when=_failed)
    decorated: Callable[P, Any] = by_address(by_account(view))
    return decorated


def against_guessing_devices(view: Callable[P, Any]) -> Callable[P, Any]:
    """For what a browser asks about passkeys: there is no account to count by, and what is refused counts."""
    decorated: Callable[P, Any] = limiter.limit(
        PER_ADDRESS, methods=["POST"], deduct_when=lambda response: response.status_code >= 400
    )(view)
    return decorated


def against_guessing_secrets(view: Callable[P, Any]) -> Callable[P, Any]:
    """For programs that show a secret: a view that saw a wrong one says so by `note_wrong_secret`, and that counts."""
    decorated: Callable[P, Any] = limiter.limit(
        PER_ADDRESS, methods=["POST"], deduct_when=lambda _: g.get("wrong_secret", False)
    )(view)
    return decorated


def note_wrong_secret() -> None:
    g.wrong_secret = True


def count_system(name: str) -> None:
    """What a known procurement system may send, in whatever order."""
    _count(parse(PER_SYSTEM), "system", name)


def _account_tried() -> str:
    tried = request.form.get("email", "").strip().lower()[:254]
    return f"{get_remote_address()} {tried}"


def _failed(response: Response) -> bool:
    return response.status_code not in {302, 303}
