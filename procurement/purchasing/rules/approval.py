"""Who may approve an order: one who may approve orders, or its drafter while it stays under the company's limit."""

from procurement.kernel.actor import Actor
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission


def may_approve(
    actor: Actor, *, drafted_by_id: int | None, gross: Money, limit: Money | None
) -> bool:
    """`limit` None: every order needs one who may approve. A limit in another currency says nothing."""
    if actor.may(Permission.APPROVE_ORDERS):
        return True
    is_own = actor.id is not None and actor.id == drafted_by_id
    is_small = limit is not None and limit.currency == gross.currency and gross.minor <= limit.minor
    return actor.may(Permission.DRAFT_ORDERS) and is_own and is_small
