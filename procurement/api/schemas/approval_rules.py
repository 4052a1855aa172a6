"""Approval rules."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, MoneyIn, MoneyOut, Shape
from procurement.kernel.permissions import Role
from procurement.purchasing.operations.approval_rules import NewApprovalRule
from procurement.purchasing.terms import ApprovalRuleRow


class ApprovalRuleBody(Body):
    above: MoneyIn = Field(description="Tax included, in the company's currency")
    approvals: int = Field(default=1, ge=1, le=2, description="So many people, none the drafter")
    site: Code | None = Field(default=None, description="Default: every site without rules")
    cost_centre: Code | None = Field(default=None, description="Default: every one without rules")
    roles: list[Role] = Field(default_factory=list, max_length=20)
    people: list[str] = Field(
        default_factory=list,
        max_length=100,
        description="Mail addresses; without roles and people, all who may approve orders",
    )

    def command(self, people: tuple[int, ...]) -> NewApprovalRule:
        return NewApprovalRule(
            above=self.above.money(),
            approvals=self.approvals,
            site=self.site,
            cost_centre=self.cost_centre,
            roles=tuple(self.roles),
            people=people,
        )


class ApprovalRuleShape(Shape):
    id: int
    above: MoneyOut
    approvals: int
    site: str | None
    cost_centre: str | None
    roles: list[Role]
    people: list[str] = Field(description="Their names")

    @classmethod
    def of(cls, row: ApprovalRuleRow) -> Self:
        return cls(
            id=row.id,
            above=MoneyOut.of(row.above),
            approvals=row.approvals,
            site=row.site,
            cost_centre=row.cost_centre,
            roles=[one.role for one in row.approvers if one.role],
            people=[one.name for one in row.approvers if not one.role],
        )
