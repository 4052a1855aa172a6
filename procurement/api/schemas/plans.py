"""Purchase plans: what is asked, what is decided, what they buy and why."""

from datetime import date, datetime
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Moment,
    MoneyIn,
    MoneyOut,
    Packs,
    PercentIn,
    QuantityOut,
    Shape,
)
from procurement.kernel.money import Money, Rate
from procurement.planning.operations.plans.making import (
    MOST_PATIENCE_DAYS,
    Decide,
    MakePlan,
    PlanLimits,
)
from procurement.planning.queries.purchase_plans import (
    DecisionRow,
    LineView,
    OrderView,
    PlanPage,
    PlanRow,
)
from procurement.planning.rules.purchase.problem import PREFERENCE, Unmet
from procurement.planning.rules.purchase.status import DecisionKind, PlanStatus


class LimitsBody(Body):
    preference_percent: PercentIn = Field(
        default=PREFERENCE.percent,
        description="A preferred item is taken unless it is dearer by more than this",
    )
    patience_days: int = Field(
        default=0, ge=0, le=MOST_PATIENCE_DAYS, description="How late a delivery may come"
    )
    budget: MoneyIn | None = Field(default=None, description="For goods and freight, before tax")

    def limits(self) -> PlanLimits:
        budget = self.budget.money() if self.budget else None
        return PlanLimits(Rate.parse(self.preference_percent), self.patience_days, budget)


class PlanBody(LimitsBody):
    site: Code | None = None

    def command(self) -> MakePlan:
        return MakePlan(self.site, self.limits())


class PinBody(Body):
    deliver_to: Code
    product: Code
    supplier: Code
    pack: Code
    packs: Packs | None = Field(default=None, description="Default: as many as are right")

    def command(self, number: str) -> Decide:
        return Decide(number=number, kind=DecisionKind.PIN, **self.model_dump())


class ForbidBody(Body):
    supplier: Code
    product: Code | None = Field(default=None, description="Default: for everything")
    pack: Code | None = None

    def command(self, number: str) -> Decide:
        return Decide(
            number=number,
            kind=DecisionKind.FORBID,
            supplier=self.supplier,
            product=self.product or "",
            pack=self.pack or "",
        )


class LeaveOutBody(Body):
    deliver_to: Code
    product: Code

    def command(self, number: str) -> Decide:
        return Decide(number=number, kind=DecisionKind.LEAVE_OUT, **self.model_dump())


class UndoBody(Body):
    decision: int = Field(ge=1, le=2**53)


class PlanRowShape(Shape):
    number: str
    status: PlanStatus
    site: str | None
    made_at: datetime
    made_by: str
    needs: int
    cost: MoneyOut | None
    usual: MoneyOut | None

    @classmethod
    def of(cls, row: PlanRow) -> Self:
        return cls(
            number=row.number,
            status=row.status,
            site=row.site,
            made_at=row.made_at,
            made_by=row.made_by,
            needs=row.demands,
            cost=_money(row.cost),
            usual=_money(row.usual),
        )


class PlanLineShape(Shape):
    product: str
    needed: QuantityOut
    wanted_by: date | None
    pack: str
    blanket_order: str | None = Field(description="The blanket order whose price it has")
    packs: int
    goods: MoneyOut
    arrives_on: date
    why: list[str]

    @classmethod
    def of(cls, view: LineView) -> Self:
        line = view.line
        return cls(
            product=line.demand.product,
            needed=QuantityOut.of(line.demand.quantity),
            wanted_by=line.demand.wanted_by,
            pack=line.supply.pack,
            blanket_order=line.supply.blanket or None,
            packs=line.packs,
            goods=MoneyOut.of(line.goods),
            arrives_on=line.supply.arrives_on,
            why=list(view.why),
        )


class PlanOrderShape(Shape):
    supplier: str
    deliver_to: str
    goods: MoneyOut
    freight: MoneyOut
    why_freight: str | None
    lines: list[PlanLineShape]

    @classmethod
    def of(cls, view: OrderView) -> Self:
        return cls(
            supplier=view.order.supplier,
            deliver_to=view.order.deliver_to,
            goods=MoneyOut.of(view.order.goods),
            freight=MoneyOut.of(view.order.freight),
            why_freight=view.freight.note if view.freight else None,
            lines=[PlanLineShape.of(line) for line in view.lines],
        )


class UnmetShape(Shape):
    deliver_to: str
    product: str
    needed: QuantityOut
    why: str

    @classmethod
    def of(cls, one: Unmet) -> Self:
        return cls(
            deliver_to=one.demand.deliver_to,
            product=one.demand.product,
            needed=QuantityOut.of(one.demand.quantity),
            why=one.reason,
        )


class DecisionShape(Shape):
    decision: int = Field(description="What undoes it")
    kind: DecisionKind
    deliver_to: str | None
    product: str | None
    supplier: str | None
    pack: str | None
    packs: int | None

    @classmethod
    def of(cls, row: DecisionRow) -> Self:
        return cls(
            decision=row.key,
            kind=row.kind,
            deliver_to=row.deliver_to or None,
            product=row.product or None,
            supplier=row.supplier or None,
            pack=row.pack or None,
            packs=row.packs,
        )


class PlanShape(PlanRowShape):
    cheapest_line: MoneyOut | None
    freight: MoneyOut | None
    computing_since: Moment | None = Field(description="While it is computing; null: it waits")
    gap_percent: str | None = Field(
        description="No plan is cheaper by more than this; null: nothing is proved"
    )
    note: str
    preference_percent: str
    patience_days: int
    budget: MoneyOut | None
    orders: list[PlanOrderShape]
    unmet: list[UnmetShape]
    decisions: list[DecisionShape]
    purchase_orders: list[str]

    @classmethod
    def page(cls, page: PlanPage) -> Self:
        return cls(
            number=page.number,
            status=page.status,
            site=page.site,
            made_at=page.made_at,
            made_by=page.made_by,
            needs=page.demands,
            cost=_money(page.cost),
            usual=_money(page.usual),
            cheapest_line=_money(page.cheapest),
            freight=_money(page.freight),
            computing_since=page.claimed_at if page.status is PlanStatus.COMPUTING else None,
            gap_percent=None
            if page.gap_e6 is None
            else f"{page.gap_e6 // 10_000}.{page.gap_e6 % 10_000:04d}",
            note=page.note,
            preference_percent=page.preference.percent,
            patience_days=page.patience_days,
            budget=_money(page.budget),
            orders=[PlanOrderShape.of(view) for view in page.orders],
            unmet=[UnmetShape.of(one) for one in page.unmet],
            decisions=[DecisionShape.of(one) for one in page.decisions],
            purchase_orders=list(page.drafted_orders),
        )


def _money(money: Money | None) -> MoneyOut | None:
    return MoneyOut.of(money) if money else None
