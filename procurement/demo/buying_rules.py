"""Who approves the demo's orders: small ones their drafter, others a manager, the largest two people."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.demo.cast import Cast
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.purchasing.operations.approval_rules import NewApprovalRule, add_approval_rule

_MANAGERS = (Role.SPA_MANAGER, Role.ADMINISTRATOR)
_RULES = ((50_000, 1, _MANAGERS), (2_000_000, 2, _MANAGERS))


def set_buying_rules(session: Session, cast: Cast, *, at: datetime) -> None:
    for above, approvals, roles in _RULES:
        rule = NewApprovalRule(above=Money(above, "EUR"), approvals=approvals, roles=roles)
        add_approval_rule(session, rule, actor=cast.administrator, at=at)
