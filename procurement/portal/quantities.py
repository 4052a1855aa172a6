"""How many of what somebody writes about: a pack and a number beside each product named in the address."""

from collections.abc import Sequence

from wtforms import FormField

from procurement.catalogue.terms import ProductStatus
from procurement.kernel.db import ReadSession
from procurement.portal.hopes import HopesForm
from procurement.sales.operations.enquiries import AskedProduct
from procurement.sales.operations.lines import MOST_PACKS
from procurement.sales.queries.offers import OfferedProduct, offered_products
from procurement.web.fields import ChoiceField, TextField, WholeNumberField
from procurement.web.forms import LineForm, LineList


class WantedForm(LineForm):
    """`name` is the product's, for the page."""

    product = TextField("Product", required=False, most=64)
    pack = ChoiceField("Pack", required=False, validate_choice=False)
    packs = WholeNumberField("How many", required=False, least=1, most=MOST_PACKS)
    name = ""

    def to_asked(self) -> AskedProduct:
        return AskedProduct(self.product.data, self.pack.data or None, self.packs.data)


class QuantitiesForm(HopesForm):
    wanted = LineList(FormField(WantedForm), least=0, spare=0)

    def name_products(self, named: Sequence[OfferedProduct]) -> None:
        """A row for each product on a page just opened; the packs each can be had in, always."""
        if not self.is_sent:
            rows = [{"product": one.sku, "pack": _usual(one)} for one in named]
            self.wanted.process(None, rows)
        known = {one.sku: one for one in named}
        for entry in self.wanted.entries:
            product = known.get(entry.form.product.data)
            if product is not None:
                entry.form.name = product.name
                entry.form.pack.choices = [(pack.code, pack.name) for pack in product.packs]

    @property
    def skus(self) -> list[str]:
        return [entry.form.product.data for entry in self.wanted.entries]

    def asked(self) -> tuple[AskedProduct, ...]:
        return tuple(entry.form.to_asked() for entry in self.wanted.entries)


def asked_about(session: ReadSession, skus: Sequence[str]) -> list[OfferedProduct]:
    """Those of them that are sold, in the order they were named."""
    found = offered_products(session, skus=skus)
    return [
        found[sku]
        for sku in dict.fromkeys(skus)
        if sku in found and found[sku].status is ProductStatus.ACTIVE
    ]


def _usual(product: OfferedProduct) -> str:
    pack = product.pack(None)
    return pack.code if pack else ""
