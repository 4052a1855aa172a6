"""The printer behind the pages: draws batches of quotes, each quote in a transaction of its own.

Any number of them may run; a batch is claimed, and one whose printer has gone is taken up where it stands.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.operations.batching import claim_batch, draw_next, note_fault
from procurement.sales.queries.batches import is_any_running

PAUSE = 2.0  # seconds between looks; somebody waits for it
log = logging.getLogger(__name__)


class Printer:
    def __init__(self, uow: UnitOfWork, now: Callable[[], datetime] = utc_now) -> None:
        self._uow = uow
        self._now = now
        self._stopping = threading.Event()

    def start(self) -> threading.Thread:
        """Draw in the background until the process ends."""
        thread = threading.Thread(target=self.run, name="printer", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.print_once()
            except SQLAlchemyError:
                # The database is away or busy: the batch still waits, and the next look finds it.
                log.warning("batches could not be read", exc_info=True)
            self._stopping.wait(PAUSE)

    def stop(self) -> None:
        self._stopping.set()

    def print_once(self) -> int:
        """Draw the next batch that waits to its end; says how many quotes it was."""
        with self._uow.read() as session:
            if not is_any_running(session):
                return 0
        with self._uow.write() as session:
            number = claim_batch(session, at=self._now())
        if number is None:
            return 0
        drawn = 0
        while not self._stopping.is_set() and self._draw(number):
            drawn += 1
        return drawn

    def _draw(self, number: str) -> bool:
        try:
            with self._uow.write() as session:
                return draw_next(session, number, at=self._now())
        except DomainError as error:
            with self._uow.write() as session:
                note_fault(session, number, error.message, at=self._now())
            return True
