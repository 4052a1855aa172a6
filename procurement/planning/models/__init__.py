"""Tables of planning: runs, the use that was measured, what people said about needs, and purchase plans."""

from procurement.planning.models.demand import (
    DemandFactor,
    MeasuredLevel,
    MeasuredUse,
    MeasuringRule,
)
from procurement.planning.models.purchase_plans import (
    PlanDecision,
    PlanOrder,
    PurchasePlan,
)
from procurement.planning.models.runs import PlanningRun
from procurement.planning.models.snoozes import NeedSnooze

__all__ = [
    "DemandFactor",
    "MeasuredLevel",
    "MeasuredUse",
    "MeasuringRule",
    "NeedSnooze",
    "PlanDecision",
    "PlanOrder",
    "PlanningRun",
    "PurchasePlan",
]
