"""Signed links in mails: to choose a first or a new password. Each is good once and for seven days."""

from datetime import timedelta

from flask import current_app, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from procurement.kernel.errors import NotFound

GOOD_FOR = timedelta(days=7)


def password_link(mark: str) -> str:
    """The address where the person with this mark chooses a password. Choosing one changes the mark."""
    config = current_app.extensions["config"]
    path = url_for("invitations.show", token=_serializer().dumps(mark))
    return f"{config.public_url}{path}"


def mark_of(token: str) -> str:
    try:
        return str(_serializer().loads(token, max_age=int(GOOD_FOR.total_seconds())))
    except BadSignature:
        raise NotFound("This link is used up or too old; ask for a new one.") from None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="choose-a-password")
