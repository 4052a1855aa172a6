"""Words of purchase plans."""

from enum import StrEnum


class PlanStatus(StrEnum):
    """Where a plan stands. A stale one was made for needs that others have drafted since: it is planned again."""

    COMPUTING = "computing"
    READY = "ready"
    DRAFTED = "drafted"
    STALE = "stale"


class DecisionKind(StrEnum):
    """What a person has decided about a plan."""

    PIN = "pin"  # buy it here, in this pack, so many or as many as are right
    FORBID = "forbid"  # not from this supplier, at all or for one product
    LEAVE_OUT = "leave_out"  # do not buy it in this plan
