"""Budgets."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Day, MoneyBody, MoneyOut, Name, Shape
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money
from procurement.purchasing.operations.budgeting import SaveBudget
from procurement.purchasing.terms import BudgetPeriod, BudgetRow


class BudgetValues(Body):
    name: Name
    owner: str = Field(max_length=254, description="Mail address of somebody who works here")
    period: BudgetPeriod
    amount: MoneyBody
    site: Code | None = None
    family: Code | None = None
    cost_centre: Code | None = None
    active: bool = True

    def command(self, code: str, owner: int) -> SaveBudget:
        try:
            amount = Money.parse(self.amount.amount, self.amount.currency)
        except ValueError as error:
            raise Invalid(str(error), field="amount") from error
        return SaveBudget(
            code=code,
            name=self.name,
            owner=owner,
            period=self.period,
            amount=amount,
            site=self.site,
            family=self.family,
            cost_centre=self.cost_centre,
            active=self.active,
        )


class BudgetBody(BudgetValues):
    code: Code


class BudgetShape(Shape):
    code: str
    name: str
    owner_name: str
    period: BudgetPeriod
    site: str | None
    family: str | None
    cost_centre: str | None
    active: bool
    amount: MoneyOut
    first_day: Day
    last_day: Day
    committed: MoneyOut = Field(description="Approved or ordered, not received yet")
    spent: MoneyOut = Field(description="Received")
    left: MoneyOut

    @classmethod
    def of(cls, row: BudgetRow) -> Self:
        return cls(
            code=row.code,
            name=row.name,
            owner_name=row.owner_name,
            period=row.period,
            site=row.site,
            family=row.family,
            cost_centre=row.cost_centre,
            active=row.active,
            amount=MoneyOut.of(row.amount),
            first_day=row.first_day,
            last_day=row.last_day,
            committed=MoneyOut.of(row.committed),
            spent=MoneyOut.of(row.spent),
            left=MoneyOut.of(row.left),
        )
