"""Refusals about the settings."""

from procurement.kernel.errors import Conflict, register_constraint


class ChangedMeanwhile(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed the settings while you were typing. Open them again and repeat your change."
        )


class TaxCodeTaken(Conflict):
    def __init__(self) -> None:
        super().__init__("There is a tax with this code already.", field="code")


class RatesStandOnCurrency(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "The exchange rates are set against the present currency; remove them first.",
            field="currency",
        )


register_constraint("uq_tax_code", TaxCodeTaken)
