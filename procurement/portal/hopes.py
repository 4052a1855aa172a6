"""What somebody hopes to pay for a pack: a price beside each line of a basket that asks for a quote."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import FormField

from procurement.kernel.money import UnitPrice
from procurement.portal.lines import Line
from procurement.sales.operations.enquiries import AskedProduct
from procurement.web.company import current_company
from procurement.web.fields import PriceField, WholeNumberField
from procurement.web.forms import BaseForm, LineForm, LineList


class HopeForm(LineForm):
    """The pack (by key) and its price; nothing typed is no hope."""

    pack = WholeNumberField("Pack", least=1, most=10**12)
    price = PriceField("You hope for", required=False)


class HopesForm(BaseForm):
    """A form with such a price for each line; `offer` names the lines and the currency."""

    hopes = LineList(FormField(HopeForm), least=0, spare=0)

    def offer(self, lines: Iterable[Line], currency: str | None = None) -> None:
        """One field a line on a page just opened; the currency prices are typed in, by default the company's."""
        if not self.is_sent:
            self.hopes.process(None, [{"pack": one.row.pack_id} for one in lines])
        for entry in self.hopes.entries:
            entry.form.price.currency = currency or current_company().currency

    @property
    def hope_fields(self) -> dict[int, Any]:
        """The rows by their pack."""
        return {entry.form.pack.data: entry.form for entry in self.hopes.entries}

    def hoped(self) -> dict[int, UnitPrice]:
        return {pack: row.price.data for pack, row in self.hope_fields.items() if row.price.data}


def asked_of(lines: Sequence[Line], hoped: dict[int, UnitPrice]) -> tuple[AskedProduct, ...]:
    """The lines as they are asked for."""
    return tuple(
        AskedProduct(
            one.row.product, one.row.pack, one.row.packs, target=hoped.get(one.row.pack_id)
        )
        for one in lines
        if one.row.is_offered
    )
