"""Cost centres."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Name, Shape
from procurement.purchasing.operations.cost_centres import SaveCostCentre
from procurement.purchasing.terms import CostCentreRow


class CostCentreValues(Body):
    name: Name
    site: Code | None = Field(default=None, description="Default: of every site")
    active: bool = True

    def command(self, code: str) -> SaveCostCentre:
        return SaveCostCentre(code=code, name=self.name, site=self.site, active=self.active)


class CostCentreBody(CostCentreValues):
    code: Code


class CostCentreShape(Shape):
    code: str
    name: str
    site: str | None
    active: bool

    @classmethod
    def of(cls, row: CostCentreRow) -> Self:
        return cls(code=row.code, name=row.name, site=row.site, active=row.active)
