"""What the demo's suppliers ask of an order: least values, freight, and from where there is none."""

from dataclasses import dataclass

from procurement.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Asked:
    """Amounts in the supplier's currency, as they would be typed; empty is nothing."""

    minimum: str = ""
    freight: str = ""
    free_from: str = ""

    def money(self, amount: str, currency: str) -> Money | None:
        return Money.parse(amount, currency) if amount else None


# Freight as such houses really take it: free above a few hundred, or flat.
ASKED = {
    "VERDELAND": Asked(minimum="150", freight="18.40", free_from="400"),
    "SALTMARSH": Asked(freight="12.50", free_from="250"),
    "FORKED": Asked(minimum="300", freight="64.00", free_from="1500"),
    "TARNSIDE": Asked(freight="22.00", free_from="350"),
    "LINHO": Asked(minimum="80", freight="15.00", free_from="300"),
    "PAPERLEAF": Asked(freight="9.50"),
    "POLEGAR": Asked(freight="11.90", free_from="200"),
}
NOTHING = Asked()
