"""The sweeper does what nobody asks for: quotes run out, use is measured, prices change, standing orders are drafted.

Any number of them may run; a quote is locked before it is written, and one that another has locked is left to it.
"""

import logging
import threading
from datetime import date

from sqlalchemy.exc import SQLAlchemyError

from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.operations.measuring import measure_use, read_use
from procurement.planning.queries.measuring import is_measuring_due
from procurement.purchasing.operations.standing import draft_standing, skip_standing
from procurement.purchasing.queries.templates import due_standing
from procurement.sales.operations.answering import expire_quotes
from procurement.sales.operations.interest import forget_looks
from procurement.sales.operations.leaving import erase_due
from procurement.sales.operations.punchout_forgetting import forget_visits
from procurement.sales.operations.reminding import remind_customers
from procurement.sales.queries.interest import is_anything_old
from procurement.sales.queries.leaving import is_anybody_due
from procurement.sales.queries.pipeline import is_any_overdue
from procurement.sales.queries.punchout import is_any_visit_old
from procurement.sales.queries.reminders import is_anybody_to_remind
from procurement.sourcing.operations.price_files import apply_due_prices
from procurement.sourcing.queries.price_files import is_any_price_due

PAUSE = 600.0  # seconds between looks; nobody waits for it
log = logging.getLogger(__name__)


class Sweeper:
    def __init__(self, uow: UnitOfWork, public_url: str = "") -> None:
        self._uow = uow
        self._public_url = public_url
        self._stopping = threading.Event()

    def start(self) -> threading.Thread:
        """Sweep in the background until the process ends."""
        thread = threading.Thread(target=self.run, name="sweeper", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.sweep_once()
                self.remind_once()
                self.measure_once()
                self.reprice_once()
                self.draft_once()
                self.forget_once()
                self.erase_once()
            except SQLAlchemyError:
                # The database is away or busy: readers see expired quotes as expired all the same, and needs as before.
                log.warning("the sweep was cut short", exc_info=True)
            self._stopping.wait(PAUSE)

    def stop(self) -> None:
        self._stopping.set()

    def draft_once(self) -> int:
        """Draft the standing orders that are due, each in a transaction of its own; says how many there were."""
        at = utc_now()
        with self._uow.read() as session:
            due = due_standing(session, at)
        return sum(self._draft(number, day) for number, day in due)

    def _draft(self, number: str, day: date) -> bool:
        try:
            with self._uow.write() as session:
                drafted = draft_standing(session, number, day, actor=SYSTEM, at=utc_now())
        except DomainError as refusal:
            with self._uow.write() as session:
                skip_standing(session, number, day, refusal.message, actor=SYSTEM, at=utc_now())
            return False
        return drafted is not None

    def sweep_once(self) -> int:
        """Expire what is due; a look that finds nothing takes no lock."""
        at = utc_now()
        with self._uow.read() as session:
            if not is_any_overdue(session, at):
                return 0
        with self._uow.write() as session:
            return expire_quotes(session, actor=SYSTEM, at=at)

    def remind_once(self) -> int:
        """Remind the customers whose quotes end soon; says how many."""
        at = utc_now()
        with self._uow.read() as session:
            if not is_anybody_to_remind(session, at):
                return 0
        with self._uow.write() as session:
            return remind_customers(session, public_url=self._public_url, actor=SYSTEM, at=at)

    def forget_once(self) -> int:
        """Forget what buyers looked for, and who visited, longer ago than is kept; says how much."""
        at = utc_now()
        with self._uow.read() as session:
            looks, visits = is_anything_old(session, at), is_any_visit_old(session, at)
        if not looks and not visits:
            return 0
        with self._uow.write() as session:
            gone = forget_looks(session, at=at) if looks else 0
            return gone + (forget_visits(session, at=at) if visits else 0)

    def erase_once(self) -> int:
        """Erase the accounts of buyers who asked for it long enough ago; says how many."""
        at = utc_now()
        with self._uow.read() as session:
            if not is_anybody_due(session, at):
                return 0
        with self._uow.write() as session:
            return erase_due(session, actor=SYSTEM, at=at)

    def measure_once(self) -> int:
        """Measure the use where that was not done today; says how many uses were measured."""
        at = utc_now()
        with self._uow.read() as session:
            if not is_measuring_due(session, at):
                return 0
            reading = read_use(session, at=at)  # nobody who writes waits for it
        with self._uow.write() as session:
            return measure_use(session, actor=SYSTEM, at=at, reading=reading).measured

    def reprice_once(self) -> int:
        """Apply the price files whose day has come; says how many."""
        at = utc_now()
        with self._uow.read() as session:
            if not is_any_price_due(session, at):
                return 0
        with self._uow.write() as session:
            return apply_due_prices(session, actor=SYSTEM, at=at)
