"""What is only observed (a search, a page viewed, a token used) is queued and written in a transaction of its own.

A request that reads writes nothing, and never waits for this: a full queue forgets, a busy database is let be. Each
process has its own queue and the one thread that empties it, started with the first thing noticed.
"""

import logging
import threading
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from procurement.accounts.operations.tokens import digest_of, note_uses
from procurement.kernel.clock import utc_now
from procurement.sales.operations.interest import keep_looks
from procurement.sales.terms.interest import Looked
from procurement.web.identity import current_account, current_actor

if TYPE_CHECKING:
    from procurement.kernel.unit_of_work import UnitOfWork

MOST_WAITING = 2_000
TOKEN_PAUSE = timedelta(minutes=1)  # in which a token that is used again is not written again
PAUSE = 1.0  # seconds in which what is noticed gathers
log = logging.getLogger(__name__)


class Notebook:
    """What was noticed and is not written yet."""

    def __init__(self, uow: "UnitOfWork") -> None:
        self._uow = uow
        self._waiting: deque[Looked] = deque(maxlen=MOST_WAITING)
        self._tokens: deque[tuple[str, datetime]] = deque(maxlen=MOST_WAITING)
        self._last_used: dict[str, datetime] = {}
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._something = threading.Event()

    def note(self, look: Looked) -> None:
        self._waiting.append(look)
        self._something.set()

    def note_token(self, token: str, at: datetime) -> bool:
        """Whether it is to be written."""
        digest = digest_of(token)
        before = self._last_used.get(digest)
        if before is not None and at - before < TOKEN_PAUSE:
            return False
        self._last_used[digest] = at
        self._tokens.append((digest, at))
        self._something.set()
        return True

    def start(self) -> None:
        """Write in the background; a process that was forked since starts a thread of its own."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="noticing", daemon=True)
                self._thread.start()

    def write_down(self) -> int:
        """Everything that waits, in one transaction; says how much was kept."""
        looks = [self._waiting.popleft() for _ in range(len(self._waiting))]
        uses = [self._tokens.popleft() for _ in range(len(self._tokens))]
        if not looks and not uses:
            return 0
        with self._uow.write() as session:
            note_uses(session, dict(uses))
            return keep_looks(session, looks) + len(uses)

    def _run(self) -> None:
        while True:
            self._something.wait()
            self._something.clear()
            threading.Event().wait(PAUSE)
            try:
                self.write_down()
            except SQLAlchemyError:
                log.info(
                    "what was noticed is forgotten: the database is away or busy", exc_info=True
                )


def install_noticing(app: Flask) -> None:
    app.extensions["notebook"] = Notebook(app.extensions["uow"])


def notice_search(text: str, hits: int) -> None:
    """A buyer or visitor searched; of pages turned and of what staff look at nothing is kept."""
    if not request.args.get("cursor"):
        _notice(text=text, hits=hits)


def notice_product(product_id: int) -> None:
    """A buyer or visitor opened the page of a product."""
    _notice(product_id=product_id)


def notice_token(token: str, at: datetime) -> None:
    """Somebody's token, one that opens something, was used: its owner is told when that was last."""
    notebook: Notebook = current_app.extensions["notebook"]
    if notebook.note_token(token, at):
        notebook.start()


def _notice(*, text: str = "", hits: int = 0, product_id: int | None = None) -> None:
    account = current_account()
    if request.method != "GET" or (account is not None and account.is_staff):
        return
    notebook: Notebook = current_app.extensions["notebook"]
    customer_id = current_actor().customer_id
    notebook.note(Looked(utc_now(), customer_id, text, hits, product_id))
    notebook.start()
