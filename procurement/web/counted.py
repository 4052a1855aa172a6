"""Forms that count in one product's unit."""

from typing import Any

from procurement.kernel.quantity import Unit
from procurement.web.fields import QuantityField
from procurement.web.forms import BaseForm


class CountedForm(BaseForm):
    """A form whose quantities are in one product's unit, known before what was typed is read."""

    def process(  # type: ignore[override] # one keyword more than WTForms knows
        self, *arguments: Any, unit: Unit = Unit.PIECE, **more: Any
    ) -> None:
        for field in self:
            if isinstance(field, QuantityField):
                field.unit = unit
        super().process(*arguments, **more)
