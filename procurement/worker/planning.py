"""The planner behind the pages: computes purchase plans that are too large to wait for.

Any number of them may run; a plan is claimed before it is computed, and computed outside any transaction.
"""

import logging
import threading

from sqlalchemy.exc import SQLAlchemyError

from procurement.kernel.clock import utc_now
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.operations.plans.making import claim_plan, keep_answer
from procurement.planning.operations.plans.solving import solve
from procurement.planning.queries.purchase_plans import is_any_computing

PAUSE = 2.0  # seconds between looks; somebody waits for it
log = logging.getLogger(__name__)


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
            claimed = claim_plan(session, at=utc_now())
        if claimed is None:
            return 0
        number, problem = claimed
        answer = solve(problem, seconds=self._seconds)
        with self._uow.write() as session:
            keep_answer(session, number, answer, at=utc_now())
        return 1
