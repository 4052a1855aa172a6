"""From weeks of use to a week to come, and from that to the levels of a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from procurement.planning.rules.demand import Estimate, estimate
from procurement.planning.rules.factors import PLAIN, Course, mean_season
from procurement.planning.rules.safety import (
    WEEK,
    LeadTime,
    Levels,
    levels,
    neat,
    safety_stock,
    whole,
)
from procurement.planning.terms import Method

AHEAD_DAYS = 28  # a week to come is a quarter of the next four
FEWEST_DELIVERIES = 3  # fewer say nothing of how lead times vary


@dataclass(frozen=True, slots=True)
class Measured:
    """A week to come at one place, in steps; `usual` is the estimate before season and growth."""

    method: Method
    weeks: int
    per_week: int
    deviation: int
    used_per_week: int
    usual: Decimal
    usual_deviation: Decimal


@dataclass(frozen=True, slots=True)
class Following:
    """How the levels of a place follow its use."""

    service_permille: int
    cover_days: int
    review_days: int
    lead: LeadTime
    container: int
    grain: int = 1  # steps of its unit
    shelf_life_days: int | None = None


def measure(
    left: Sequence[int], used: Sequence[int], course: Course, today: date, grain: int = 1
) -> tuple[Estimate, Measured]:
    """The estimate of the usual week, and the week to come; weeks are whole, the oldest first, and end before today."""
    usual = estimate(_usual(left, course, today))
    ahead = coming(usual.per_week, course, today, AHEAD_DAYS) * WEEK / AHEAD_DAYS
    share = Decimal(sum(used)) / sum(left) if sum(left) else Decimal(0)
    per_week = neat(ahead, grain)
    return usual, Measured(
        usual.method,
        len(left),
        per_week,
        neat(usual.deviation * mean_season(course, today, AHEAD_DAYS), grain),
        min(whole(ahead * share), per_week),
        usual.per_week,
        usual.deviation,
    )


def coming(per_week: Decimal, course: Course, today: date, days: int, *, after: int = 0) -> Decimal:
    """What so many days will use, `after` so many from today, when a usual week of today uses `per_week`."""
    if course == PLAIN or days <= 0:
        return per_week * days / WEEK
    season = mean_season(course, today + timedelta(days=after), days)
    return per_week * days / WEEK * season * course.grown(after + days // 2)


def levels_of(usual: Estimate, following: Following, course: Course, today: date) -> Levels:
    """What a place should hold, so that it lasts through the lead time and until the next look."""
    until = int(following.lead.days.to_integral_value()) + following.review_days
    ahead = usual.per_week * (following.lead.days + following.review_days) / WEEK
    ahead *= mean_season(course, today, until) * course.grown(until // 2)
    cover = coming(usual.per_week, course, today, following.cover_days, after=until)
    season = mean_season(course, today, until)
    safety = safety_stock(
        following.service_permille,
        usual.per_week * season,
        usual.deviation * season,
        following.lead,
        following.review_days,
    )
    most = None
    if following.shelf_life_days is not None:
        most = int(coming(usual.per_week, course, today, following.shelf_life_days))
    return levels(
        ahead=ahead,
        ahead_to_cover=cover,
        safety=safety,
        container=following.container,
        grain=following.grain,
        most=most,
    )


def measured_lead_time(days: Sequence[int]) -> LeadTime | None:
    """Mean and variance (over n - 1) of the days deliveries took; None of too few."""
    if len(days) < FEWEST_DELIVERIES:
        return None
    mean = Decimal(sum(days)) / len(days)
    squares = sum(((taken - mean) ** 2 for taken in days), Decimal(0))
    return LeadTime(mean, squares / (len(days) - 1), len(days))


def _usual(left: Sequence[int], course: Course, today: date) -> list[Decimal]:
    """The weeks as they would be in a usual month of today: the season taken out, growth brought up to date."""
    if course == PLAIN:
        return [Decimal(steps) for steps in left]
    usual = []
    for index, steps in enumerate(left):
        days = WEEK * (len(left) - index)
        season = mean_season(course, today - timedelta(days=days), WEEK)
        usual.append(Decimal(steps) / season * course.grown(days - WEEK // 2))
    return usual
