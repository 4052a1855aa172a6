"""The approval of quotes, and its rules."""

from typing import Annotated, Self

from pydantic import Field

from procurement.api.schemas.values import Body, Moment, MoneyIn, MoneyOut, PercentIn, Prose, Shape
from procurement.kernel.money import Rate
from procurement.kernel.permissions import Role
from procurement.sales.operations.approval_rules import NewQuoteRule
from procurement.sales.queries.approvals import QuoteApprovalState
from procurement.sales.rules.approval import QuoteRule
from procurement.sales.terms import ApprovalStatus


class AskApprovalBody(Body):
    note: Prose = ""


class ReturnBody(Body):
    why: Prose


class ApprovalShape(Shape):
    needed: bool
    reasons: list[str]
    status: ApprovalStatus | None = Field(description="Of what was asked last")
    current: bool = Field(description="Whether that is about the quote as it stands now")
    asked_by: str
    asked_at: Moment | None
    decided_by: str
    decided_at: Moment | None
    decided_why: str

    @classmethod
    def of(cls, state: QuoteApprovalState) -> Self:
        return cls(
            needed=state.is_needed,
            reasons=list(state.reasons),
            status=state.status,
            current=state.is_current,
            asked_by=state.asked_by,
            asked_at=state.asked_at,
            decided_by=state.decided_by,
            decided_at=state.decided_at,
            decided_why=state.decided_why,
        )


class QuoteRuleBody(Body):
    discount_above: PercentIn | None = None
    margin_below: PercentIn | None = None
    amount_above: MoneyIn | None = Field(default=None, description="Tax included")
    roles: list[Annotated[Role, Field(strict=False)]] = Field(default_factory=list, max_length=20)
    people: list[int] = Field(default_factory=list, max_length=50)

    def command(self) -> NewQuoteRule:
        return NewQuoteRule(
            discount_above=Rate.parse(self.discount_above) if self.discount_above else None,
            margin_below=Rate.parse(self.margin_below) if self.margin_below else None,
            amount_above=self.amount_above.money() if self.amount_above else None,
            roles=tuple(self.roles),
            people=tuple(self.people),
        )


class QuoteRuleShape(Shape):
    id: int
    discount_above: str | None
    margin_below: str | None
    amount_above: MoneyOut | None
    roles: list[Role]
    people: list[str]

    @classmethod
    def of(cls, rule: QuoteRule) -> Self:
        return cls(
            id=rule.id,
            discount_above=rule.discount_above.percent if rule.discount_above else None,
            margin_below=rule.margin_below.percent if rule.margin_below else None,
            amount_above=MoneyOut.of(rule.amount_above) if rule.amount_above else None,
            roles=[one.role for one in rule.approvers if one.role],
            people=[one.name for one in rule.approvers if one.user_id],
        )
