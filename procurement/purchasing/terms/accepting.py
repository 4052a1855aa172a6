"""Words of what a delivery must keep to."""

from dataclasses import dataclass

from procurement.kernel.money import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRuleRow:
    """A rule as it is shown; no supplier and no product means everything. None is left to the next wider rule."""

    key: int
    supplier: str | None = None
    supplier_name: str | None = None
    product: str | None = None
    product_name: str | None = None
    over: Rate | None = None  # of the packs ordered
    least_days: int | None = None
    least_life: Rate | None = None  # of the product's shelf life
    claim_days: int | None = None

    @property
    def for_whom(self) -> str:
        if self.product_name and self.supplier_name:
            return f"{self.product_name} from {self.supplier_name}"
        return self.product_name or self.supplier_name or "Everything"
