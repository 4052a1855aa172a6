"""The transaction at the door: `with write() as session` once per request, `with read() as session` for queries.

A deadlock, a serialization failure or a busy SQLite is nobody's fault: the whole request runs again from its kept body,
with a fresh context, up to three times. After that the caller hears 503 and when to come back.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Flask, current_app, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from procurement.kernel.db import KEPT
from procurement.kernel.unit_of_work import UnitOfWork

__all__ = ["Session", "ask_again", "install_retries", "is_transient", "read", "write"]

ATTEMPTS = 4  # the first and three more
KEPT_IN_MEMORY = 256 * 1024
_AGAIN = "stillroom.again"
_READING = "reading"  # the session that is open, in `g`

Environ = dict[str, Any]
WSGIApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@contextmanager
def write(*, dry_run: bool = False) -> Iterator[Session]:
    """One business transaction: commits on leaving, rolls back on any exception."""
    g.pop(_READING, None)  # who looks after this looks anew
    try:
        with _unit_of_work().write(dry_run=dry_run) as session:
            yield session
    finally:
        g.pop(KEPT, None)


@contextmanager
def read() -> Iterator[Session]:
    """A session that cannot write; what it asks by `once` is kept until the request writes, or ends.

    Who reads while somebody reads looks through the same session.
    """
    outer: Session | None = g.get(_READING)
    if outer is not None:
        yield outer
        return
    with _unit_of_work().read() as session:
        session.info[KEPT] = g.setdefault(KEPT, {})
        g.reading = session
        try:
            yield session
        finally:
            g.pop(_READING, None)


def _unit_of_work() -> UnitOfWork:
    uow: UnitOfWork = current_app.extensions["uow"]
    return uow


def is_transient(error: BaseException) -> bool:
    """Whether the same request may well succeed when it is simply made again."""
    if not isinstance(error, DBAPIError):
        return False
    if getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}:
        return True
    if getattr(error.orig, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return True
    # A commit whose answer was lost may have happened: only a request with a key can be repeated safely.
    return error.connection_invalidated and "Idempotency-Key" in request.headers


def ask_again() -> None:
    """Tell the outer loop that this request deserves another attempt."""
    request.environ[_AGAIN] = True


def install_retries(app: Flask) -> None:
    most: int = app.config["MAX_CONTENT_LENGTH"]
    app.wsgi_app = Retries(app.wsgi_app, most)  # type: ignore[method-assign] # Flask's documented way


class Retries:
    """WSGI layer that keeps the body and dispatches again when the request asked for it."""

    def __init__(self, inner: WSGIApp, largest_body: int) -> None:
        self._inner = inner
        self._largest_body = largest_body

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        with _kept_body(environ, self._largest_body) as rewind:
            for attempt in range(1, ATTEMPTS + 1):
                answer = _Answer()
                body = self._inner(environ, answer)
                if attempt == ATTEMPTS or not environ.pop(_AGAIN, False):
                    return _forward(body, answer, start_response)
                _close(body)
                rewind()
                # Those who collided would only collide again at the same moment.
                time.sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 (spreads load, no secret)
        raise AssertionError("unreachable")


class _Answer:
    """What the application said to start_response, held back until it is final."""

    def __init__(self) -> None:
        self.arguments: tuple[Any, ...] = ()

    def __call__(self, *arguments: Any) -> Callable[[bytes], object]:
        self.arguments = arguments
        return _no_write


def _no_write(_data: bytes) -> object:
    raise RuntimeError("the write() callable of WSGI is not offered here")


def _forward(
    body: Iterable[bytes], answer: _Answer, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    start_response(*answer.arguments)
    return body


def _close(body: Iterable[bytes]) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


@contextmanager
def _kept_body(environ: Environ, most: int) -> Iterator[Callable[[], object]]:
    """Copy the body aside so that it can be read twice; one that will be refused for its size is left alone."""
    stream = environ["wsgi.input"]
    written = environ.get("CONTENT_LENGTH") or "0"
    length = int(written) if written.isascii() and written.isdigit() else 0
    if not 0 < length <= most:
        yield lambda: None
        return
    with SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as kept:
        remaining = length
        while remaining and (chunk := stream.read(min(remaining, 65536))):
            kept.write(chunk)
            remaining -= len(chunk)
        kept.seek(0)
        environ["wsgi.input"] = kept
        yield lambda: kept.seek(0)
