"""The purchase plan that waits for the demo's purchaser."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.demo.cast import Cast
from procurement.planning.operations.plans.making import MakePlan, PlanLimits, make_plan

_PATIENCE_DAYS = 7  # nobody waits in a treatment room for what a storeroom is short of


def plan_the_purchase(session: Session, cast: Cast, *, at: datetime) -> None:
    """What is short today, as cheaply as it can be had within a week of the day it runs out."""
    limits = PlanLimits(patience_days=_PATIENCE_DAYS)
    make_plan(session, MakePlan(limits=limits), actor=cast.purchaser, at=at)
