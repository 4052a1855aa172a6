"""Quiet hurdles before robots on public forms, none of them a third party's.

A field that people do not see, and a signed note of when the page was opened: nobody fills it in within three seconds.
(The third is a limit for each address: web/throttle.py.)
"""

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from procurement.kernel.clock import utc_now
from procurement.web.fields import TextField
from procurement.web.forms import BaseForm

LEAST_SECONDS, MOST_SECONDS = 3, 24 * 3600


class HurdleForm(BaseForm):
    """A public form: two fields stand in it beside its own."""

    # People never see this one; whoever fills it in is a robot.
    website = TextField("Leave this empty", required=False)
    opened = TextField("", required=False, most=200)

    @property
    def is_robots(self) -> bool:
        """A robot is thanked, and nothing is kept."""
        return bool(self.website.data)

    def passes(self) -> bool:
        """Whether it is filled in well, by somebody who had the time to; what they must mend is said."""
        if not self.validate():
            return False
        if hurry := _in_a_hurry(self.opened.data):
            self.form_errors.append(hurry)
        return not hurry

    def open_again(self) -> None:
        """The form is shown once more: the clock starts anew."""
        self.opened.data = stamp()
        self.opened.raw_data = None


def stamp() -> str:
    return str(_signer().dumps("opened"))


def _in_a_hurry(opened: str) -> str:
    """Why this cannot be a person with the page open before them; empty when it can."""
    try:
        _, at = _signer().loads(opened, max_age=MOST_SECONDS, return_timestamp=True)
    except BadSignature:
        return "This page was open for too long. Nothing is lost: please send it once more."
    if (utc_now() - at).total_seconds() < LEAST_SECONDS:
        return "That was very quick. Please wait a moment and send it once more."
    return ""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="leave-a-message")
