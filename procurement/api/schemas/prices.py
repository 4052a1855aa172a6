"""Price rules, customer groups, and what something costs somebody and why."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from procurement.api.schemas.values import (
    DECIMAL,
    Body,
    Code,
    Day,
    Line,
    MoneyOut,
    Name,
    Packs,
    PercentIn,
    Shape,
    Whole,
)
from procurement.kernel.money import Rate
from procurement.sales.operations.price_rules import SavePriceRule
from procurement.sales.queries.groups import GroupRow
from procurement.sales.queries.price_rules import RuleRow
from procurement.sales.queries.why import PriceAnswer, PriceAsked
from procurement.sales.rules.price_rules import CostBasis, RuleKind
from procurement.sales.rules.pricing import NextBreak, Step, WhyKind, WhyRow


class GroupBody(Body):
    code: Code
    name: Name


class GroupShape(Shape):
    code: str
    name: str
    customers: int
    price_lists: int

    @classmethod
    def of(cls, row: GroupRow) -> Self:
        return cls.model_validate(row, from_attributes=True)


def _up_to_a_thousand(value: str) -> str:
    Rate.parse(value, most=1000)
    return value


class PriceRuleBody(Body):
    name: Name
    kind: RuleKind = Field(strict=False)
    percent: Annotated[
        str, Field(pattern=DECIMAL, examples=["8"]), AfterValidator(_up_to_a_thousand)
    ] = Field(description="Off the list price, or on top of the cost")
    priority: int = Field(default=100, ge=1, le=999, description="1 is tried before 2")
    basis: CostBasis = Field(
        default=CostBasis.LAST_PURCHASE,
        strict=False,
        description="What the cost is counted by, of cost-plus and of the least margin",
    )
    customer: Code | None = None
    group: Code | None = None
    product: Code | None = None
    family: Code | None = None
    brand: Line = ""
    currency: str | None = Field(default=None, min_length=3, max_length=3)
    from_packs: Packs = 1
    valid_from: Day | None = None
    valid_until: Day | None = None
    least_margin: PercentIn | None = None
    active: bool = True

    def command(self) -> SavePriceRule:
        return SavePriceRule(
            name=self.name,
            kind=self.kind,
            percent=Rate.parse(self.percent, most=1000),
            priority=self.priority,
            basis=self.basis,
            customer=self.customer,
            group=self.group,
            product=self.product,
            family=self.family,
            brand=self.brand,
            currency=self.currency,
            from_packs=self.from_packs,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            least_margin=Rate.parse(self.least_margin) if self.least_margin else None,
            active=self.active,
        )


class PriceRuleShape(Shape):
    id: int
    name: str
    kind: RuleKind
    percent: str
    priority: int
    basis: CostBasis
    customer: str | None
    group: str | None
    product: str | None
    family: str | None
    brand: str
    currency: str | None
    from_packs: int
    valid_from: Day | None
    valid_until: Day | None
    least_margin: str | None
    active: bool

    @classmethod
    def of(cls, row: RuleRow) -> Self:
        return cls(
            id=row.id,
            name=row.name,
            kind=row.kind,
            percent=row.percent.percent,
            priority=row.priority,
            basis=row.basis,
            customer=row.customer,
            group=row.group,
            product=row.product,
            family=row.family,
            brand=row.brand,
            currency=row.currency,
            from_packs=row.from_packs,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            least_margin=row.least_margin.percent if row.least_margin is not None else None,
            active=row.active,
        )


class PriceQuery(BaseModel):
    """Whose price of what, on which day."""

    model_config = ConfigDict(extra="forbid")

    product: str = Field(max_length=64)
    pack: str | None = Field(
        default=None, max_length=64, description="Default: the product's sales pack"
    )
    packs: Whole = Field(default=1, ge=1, le=1_000_000)
    customer: str | None = Field(
        default=None,
        max_length=64,
        description="Default: somebody without a list of their own; a buyer asks about themselves",
    )
    on: Day | None = Field(default=None, description="Default: today")

    def asked(self) -> PriceAsked:
        return PriceAsked(
            product=self.product, packs=self.packs, pack=self.pack, customer=self.customer
        )


class WhyShape(Shape):
    step: WhyKind
    words: str
    unit_price: MoneyOut | None = Field(
        description="The price after this step; of a cost, the cost"
    )

    @classmethod
    def of(cls, row: WhyRow) -> Self:
        price = MoneyOut.of(row.price) if row.price is not None else None
        return cls(step=row.kind, words=row.words, unit_price=price)


class StepShape(Shape):
    from_packs: int
    unit_price: MoneyOut

    @classmethod
    def of(cls, step: Step | NextBreak) -> Self:
        return cls(from_packs=step.from_packs, unit_price=MoneyOut.of(step.price))


class PriceAnswerShape(Shape):
    product: str
    pack: str
    packs: int
    on: Day
    customer: str | None
    currency: str
    unit_price: MoneyOut | None = Field(description="Null: nothing gives a price, it is asked for")
    total: MoneyOut | None
    ladder: list[StepShape]
    next_break: StepShape | None
    why: list[WhyShape] = Field(description="Empty for buyers; costs only for who sees margins")

    @classmethod
    def of(cls, answer: PriceAnswer) -> Self:
        found = answer.found
        next_break = found.next_break if found else None
        return cls(
            product=answer.product,
            pack=answer.pack,
            packs=answer.packs,
            on=answer.on,
            customer=answer.customer,
            currency=answer.currency,
            unit_price=MoneyOut.of(found.price) if found else None,
            total=MoneyOut.of(found.price.total(answer.packs)) if found else None,
            ladder=[StepShape.of(step) for step in found.steps] if found else [],
            next_break=StepShape.of(next_break) if next_break else None,
            why=[WhyShape.of(row) for row in answer.why],
        )
