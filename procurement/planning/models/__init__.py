"""Tables of planning: its runs, the use that was measured, and what people said about needs."""

from procurement.planning.models.demand import (
    DemandFactor,
    MeasuredLevel,
    MeasuredUse,
    MeasuringRule,
)
from procurement.planning.models.runs import PlanningRun
from procurement.planning.models.snoozes import NeedSnooze

__all__ = [
    "DemandFactor",
    "MeasuredLevel",
    "MeasuredUse",
    "MeasuringRule",
    "NeedSnooze",
    "PlanningRun",
]
