"""The drainer: sends what waits in the outbox, or keeps it readable where there is no mail server.

It runs as a thread of the one-process server and as `flask --app wsgi worker run` beside several processes. Any number
of them may run: a mail is claimed before it is sent.
"""

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from procurement.kernel.clock import utc_now
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.operations.sending import claim_next, keep_waiting, mark_failed, mark_sent
from procurement.outbox.queries import is_anything_due
from procurement.outbox.terms import Letter
from procurement.worker.mail import MailRefused, send

if TYPE_CHECKING:
    from config import Config

PAUSE = 5.0  # seconds between looks
AT_ONCE = 50  # mails in one round, so that stopping is quick
log = logging.getLogger(__name__)

Sender = Callable[[Letter], None]


class Drainer:
    def __init__(
        self, uow: UnitOfWork, config: "Config", send_letter: Sender | None = None
    ) -> None:
        self._uow = uow
        self._send: Sender | None = send_letter or _by_smtp(config)
        self._stopping = threading.Event()

    def start(self) -> threading.Thread:
        """Drain in the background until the process ends."""
        thread = threading.Thread(target=self.run, name="outbox", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.drain_once()
            except SQLAlchemyError:
                # The database is away or busy: what waits still waits, and the next look may find it.
                log.warning("the outbox could not be read", exc_info=True)
            self._stopping.wait(PAUSE)

    def stop(self) -> None:
        self._stopping.set()

    def drain_once(self) -> int:
        """Deal with everything that is due; says how many mails went out."""
        with self._uow.read() as session:
            if not is_anything_due(session, utc_now()):
                return 0
        if self._send is None:
            with self._uow.write() as session:
                keep_waiting(session)
            return 0
        sent = 0
        for _ in range(AT_ONCE):
            letter = self._claim()
            if letter is None or self._stopping.is_set():
                break
            sent += self._deliver(letter, self._send)
        return sent

    def _claim(self) -> Letter | None:
        with self._uow.write() as session:
            return claim_next(session, at=utc_now())

    def _deliver(self, letter: Letter, send_letter: Sender) -> int:
        """Outside any transaction while the server is spoken to."""
        try:
            send_letter(letter)
        except MailRefused as refusal:
            with self._uow.write() as session:
                mark_failed(session, letter, str(refusal), at=utc_now())
            return 0
        with self._uow.write() as session:
            mark_sent(session, letter, at=utc_now())
        return 1


def _by_smtp(config: "Config") -> Sender | None:
    server = config.smtp
    if server is None:
        return None
    return lambda letter: send(
        letter, server, sender=config.mail_from, public_url=config.public_url
    )
