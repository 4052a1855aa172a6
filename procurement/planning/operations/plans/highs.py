"""The solver: HiGHS through highspy, one thread and a fixed seed, so that the same programme has the same answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from procurement.planning.operations.plans.programme import Programme

try:
    import highspy as found
except ImportError:  # an installation without it plans by a simpler rule, and says so
    highspy: Any = None
else:
    highspy = found


_WORTH_USING = 1e-5  # of the whole cost: how much dearer a column may make the relaxation
_TINY = 1e-9

Stop = Callable[[], bool]  # asked again and again while the solver works


class StoppedError(Exception):
    """Whoever waited for the answer wants it no more."""


def never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best values found, the bound below which no answer costs, and why the solver stopped."""

    values: Sequence[float] | None
    bound: float
    is_infeasible: bool
    ran_out_of_time: bool


def is_there() -> bool:
    return highspy is not None


def run(made: Programme, *, seconds: float, gap: float, stop: Stop = never) -> Outcome:
    """Solve, to the relative gap or until the seconds are over. Raises StoppedError soon after `stop` says so."""
    if not made.columns:
        return Outcome(None, 0.0, is_infeasible=True, ran_out_of_time=False)
    model = _model(made)
    highs = _solver(model, seconds, gap, stop)
    if gap:
        start = _start(model, seconds, gap, stop)
        if start is not None:
            highs.setSolution(start)
    _run(highs, stop)
    status = highs.getModelStatus()
    kinds = highspy.HighsModelStatus
    if status in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Outcome(None, 0.0, is_infeasible=True, ran_out_of_time=False)
    info = highs.getInfo()
    values = list(highs.getSolution().col_value) if _is_feasible(highs) else None
    late = status != kinds.kOptimal
    return Outcome(values, info.mip_dual_bound, is_infeasible=False, ran_out_of_time=late)


def _run(highs: Any, stop: Stop) -> None:
    if stop():
        raise StoppedError
    highs.run()
    if stop():
        raise StoppedError


def _start(model: Any, seconds: float, gap: float, stop: Stop) -> Any | None:
    """A good answer to begin with: the programme of only the columns that the relaxation finds worth using.

    With one at hand the solver can stop at the gap instead of looking for its first answer for long.
    """
    relaxed = _solver(model, seconds, gap, stop)
    relaxed.setOptionValue("solve_relaxation", True)
    _run(relaxed, stop)
    solution = relaxed.getSolution()
    worth = abs(relaxed.getInfo().objective_function_value) * _WORTH_USING
    upper = [
        0.0 if value < _TINY and dual > worth and not low else high
        for value, dual, low, high in zip(
            solution.col_value, solution.col_dual, model.col_lower_, model.col_upper_, strict=True
        )
    ]
    few = _solver(model, seconds / 4, gap / 2, stop)
    few.changeColsBounds(len(upper), list(range(len(upper))), list(model.col_lower_), upper)
    _run(few, stop)
    return few.getSolution() if _is_feasible(few) else None


def _is_feasible(highs: Any) -> bool:
    found = highs.getInfo().primal_solution_status
    return bool(found == highspy.SolutionStatus.kSolutionStatusFeasible)


def _solver(model: Any, seconds: float, gap: float, stop: Stop) -> Any:
    highs = highspy.Highs()
    options = {
        "output_flag": False,
        "threads": 1,
        "parallel": "off",
        "random_seed": 0,
        "mip_rel_gap": gap,
        "mip_abs_gap": 1e-4,
        "mip_feasibility_tolerance": 1e-7,
        "primal_feasibility_tolerance": 1e-7,
        "time_limit": float(seconds),
    }
    for name, value in options.items():
        highs.setOptionValue(name, value)
    highs.passModel(model)
    if stop is not never:
        for asked in (highs.cbSimplexInterrupt, highs.cbMipInterrupt):
            asked.subscribe(lambda event: event.interrupt(stop()))
    return highs


def _model(made: Programme) -> Any:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(made.columns), len(made.rows)
    lp.col_cost_ = [column.cost for column in made.columns]
    lp.col_lower_ = [column.lower for column in made.columns]
    lp.col_upper_ = [column.upper for column in made.columns]
    lp.row_lower_ = [row[0] for row in made.rows]
    lp.row_upper_ = [row[1] for row in made.rows]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    starts, indices, values = [0], [], []
    for _, _, at, factors in made.rows:
        indices += at
        values += factors
        starts.append(len(indices))
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, indices, values
    lp.integrality_ = [highspy.HighsVarType.kInteger] * len(made.columns)
    return lp
