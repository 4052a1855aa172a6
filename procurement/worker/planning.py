"""The planner behind the pages: computes purchase plans that are too large to wait for.

Any number of them may run; a plan is claimed before it is computed, and computed outside any transaction. One that is
cancelled meanwhile is not computed to its end.
"""

import logging
import threading
import time
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from procurement.kernel.clock import utc_now
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.operations.plans.highs import StoppedError
from procurement.planning.operations.plans.making import claim_plan, keep_answer
from procurement.planning.operations.plans.solving import solve
from procurement.planning.queries.purchase_plans import is_any_computing, is_claimed

LOOK = 1.0  # seconds between looks whether a plan is still wanted
PAUSE = 2.0  # seconds between looks; somebody waits for it
log = logging.getLogger(__name__)


class Watch:
    """Whether somebody cancelled or changed a plan while it is computed; looked up no more than once a second."""

    def __init__(
        self, uow: UnitOfWork, number: str, claimed_at: datetime, *, every: float = LOOK
    ) -> None:
        self._uow = uow
        self._number = number
        self._claimed_at = claimed_at
        self._every = every
        self._next = time.monotonic() + every
        self._is_over = False

    def __call__(self) -> bool:
        now = time.monotonic()
        if not self._is_over and now >= self._next:
            self._next = now + self._every
            try:
                with self._uow.read() as session:
                    self._is_over = not is_claimed(session, self._number, self._claimed_at)
            except SQLAlchemyError:  # away for a moment: the answer is worth having
                log.warning("%s could not be looked up", self._number, exc_info=True)
        return self._is_over


class Planner:
    def __init__(self, uow: UnitOfWork, seconds: float) -> None:
        self._uow = uow
        self._seconds = seconds
        self._stopping = threading.Event()

    def start(self) -> threading.Thread:
        """Compute in the background until the process ends."""
        thread = threading.Thread(target=self.run, name="planner", daemon=True)
        thread.start()
        return thread

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.plan_once()
            except SQLAlchemyError:
                # The database is away or busy: the plan still waits, and the next look finds it.
                log.warning("plans could not be read", exc_info=True)
            self._stopping.wait(PAUSE)

    def stop(self) -> None:
        self._stopping.set()

    def plan_once(self) -> int:
        """Compute the next plan that waits; says how many it was."""
        with self._uow.read() as session:
            if not is_any_computing(session):
                return 0
        with self._uow.write() as session:
            now = utc_now()
            claimed = claim_plan(session, at=now)
        if claimed is None:
            return 0
        number, problem = claimed
        try:
            answer = solve(problem, seconds=self._seconds, stop=Watch(self._uow, number, now))
        except StoppedError:
            log.info("%s was cancelled while it was computed", number)
            return 1
        with self._uow.write() as session:
            keep_answer(session, number, answer, at=utc_now())
        return 1
