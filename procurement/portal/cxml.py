"""The address to which customers' procurement systems send cXML: a profile, a visit, an order.

Every answer is a cXML Response whose Status says how it went; HTTP itself says 200 where the message could be read.
"""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from flask import request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from procurement.exchange.cxml import (
    LARGEST,
    ORDER,
    PROFILE,
    SETUP,
    Envelope,
    names,
    read_envelope,
    read_order,
    read_setup,
    without_secret,
    write_profile,
    write_setup_response,
    write_status,
)
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, FieldError, Forbidden, NotFound
from procurement.sales.operations.punchout_messages import Noted, note_message
from procurement.sales.operations.punchout_orders import take_order
from procurement.sales.operations.punchout_visits import open_visit
from procurement.sales.queries.punchout import connection_for
from procurement.sales.terms.punchout import MessageKind, Said, WantedPart
from procurement.web.addresses import public_root, public_url
from procurement.web.doors import Audience, Door
from procurement.web.identity import csrf
from procurement.web.problems import Problem
from procurement.web.throttle import against_guessing_secrets, count_system, note_wrong_secret
from procurement.web.transactions import read, write

door = Door("cxml", __name__, audience=Audience.PUBLIC)
csrf.exempt(door)  # no browser sends the shared secret on its own

KINDS = {PROFILE: MessageKind.PROFILE, SETUP: MessageKind.SETUP, ORDER: MessageKind.ORDER}
# Errors of HTTP in the words of cXML; what is not named is an error of ours.
_BY_HTTP = {
    400: names.BAD_REQUEST,
    405: names.NOT_IMPLEMENTED,
    413: names.NOT_ACCEPTABLE,
    429: names.TEMPORARY_ERROR,
    503: names.TEMPORARY_ERROR,
}


@door.post("/cxml")
@against_guessing_secrets
def take() -> Response:
    raw, at = _body(), utc_now()
    try:
        envelope = read_envelope(raw)
    except UnusableFile as error:
        return _answer(Said(names.NOT_ACCEPTABLE, error.message), at)
    with read() as session:
        connection = connection_for(session, envelope.knock)
    if connection is None:
        note_wrong_secret()
        return _answer(Said(names.UNAUTHORIZED, "No connection has these credentials."), at)
    count_system(f"connection {connection}")
    doing = {PROFILE: _profile, SETUP: _setup, ORDER: _order}.get(envelope.kind, _unknown)
    return doing(connection, envelope, raw, at)


def _profile(connection: int, envelope: Envelope, _raw: bytes, at: datetime) -> Response:
    _note(connection, envelope, Said(names.OK, ""), at)
    return _xml(write_profile(public_url(url_for(".take")), host=_host(), at=at))


def _unknown(connection: int, envelope: Envelope, _raw: bytes, at: datetime) -> Response:
    said = Said(names.NOT_IMPLEMENTED, f"{envelope.kind[:60]} is not something we answer.")
    _note(connection, envelope, said, at)
    return _answer(said, at)


def _setup(connection: int, envelope: Envelope, _raw: bytes, at: datetime) -> Response:
    def opened() -> Response:
        asked = read_setup(envelope)
        with write() as session:
            token = open_visit(
                session, connection, asked, envelope.payload_id, envelope.mode, at=at
            )
        place = public_url(url_for("punchout.start", token=token))
        return _xml(write_setup_response(place, host=_host(), at=at))

    return _or_refused(opened, connection, envelope, at)


def _order(connection: int, envelope: Envelope, raw: bytes, at: datetime) -> Response:
    parts: tuple[WantedPart, ...] = ()

    def taken() -> Response:
        nonlocal parts
        asked = read_order(envelope)
        parts = asked.parts
        kept = without_secret(raw)
        with write() as session:
            said = take_order(session, connection, asked, kept, at=at)
        return _answer(said, at)

    return _or_refused(taken, connection, envelope, at, lambda: parts)


def _or_refused(
    doing: Callable[[], Response],
    connection: int,
    envelope: Envelope,
    at: datetime,
    parts: Callable[[], tuple[WantedPart, ...]] = tuple,
) -> Response:
    """What was refused is written down by itself: nothing else of it has happened."""
    try:
        return doing()
    except DomainError as error:
        said = _refusal(error, parts())
    _note(connection, envelope, said, at)
    return _answer(said, at)


def _refusal(error: DomainError, parts: tuple[WantedPart, ...]) -> Said:
    """An unknown product is an expectation that failed; each fault names their line."""
    words = "; ".join(_at_line(one, parts) for one in error.errors) or error.message
    if isinstance(error, NotFound) or any(
        re.fullmatch(r"lines\.[0-9]+\.(product|pack)", one.field) for one in error.errors
    ):
        return Said(names.EXPECTATION_FAILED, words)
    if isinstance(error, Conflict):
        return Said(names.CONFLICT, words)
    if isinstance(error, Forbidden):
        return Said(names.FORBIDDEN, words)
    return Said(names.BAD_REQUEST, words)


def _at_line(one: FieldError, parts: tuple[WantedPart, ...]) -> str:
    found = re.match(r"lines\.([0-9]+)", one.field)
    if found is None or int(found[1]) >= len(parts):
        return one.message
    return f"Line {parts[int(found[1])].number}: {one.message}"


def _note(connection: int, envelope: Envelope, said: Said, at: datetime) -> None:
    noted = Noted(
        kind=KINDS.get(envelope.kind, MessageKind.OTHER),
        payload_id=envelope.payload_id,
        said=said,
        reference=envelope.reference,
    )
    with write() as session:
        note_message(session, connection, noted, at=at)


def _body() -> bytes:
    if (request.content_length or 0) > LARGEST:
        raise RequestEntityTooLarge(f"A message has at most {LARGEST:,} bytes.")
    raw = request.get_data(cache=True)
    if len(raw) > LARGEST:
        raise RequestEntityTooLarge(f"A message has at most {LARGEST:,} bytes.")
    return raw


def problem_cxml(problem: Problem) -> Response:
    """A refusal before or beside the message, in the same language."""
    said = Said(_BY_HTTP.get(problem.status, names.SERVER_ERROR), problem.message)
    return Response(
        write_status(said, host=_host(), at=utc_now()), problem.status, content_type=_TYPE
    )


_TYPE = "text/xml; charset=utf-8"


def _answer(said: Said, at: datetime) -> Response:
    return _xml(write_status(said, host=_host(), at=at))


def _xml(content: bytes) -> Response:
    return Response(content, content_type=_TYPE)


def _host() -> str:
    return urlsplit(public_root()).netloc or "localhost"
