"""What is typed about a product, turned into a draft."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

from wtforms.fields import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its stubs
from wtforms.validators import ValidationError

from procurement.backoffice.catalogue.products import KINDS, STATUSES
from procurement.catalogue.queries.pages import ProductPage
from procurement.catalogue.rules.label_text import ReadLabel, read_label
from procurement.catalogue.terms import (
    CLEARED,
    STATED_TRAITS,
    Kind,
    OrderRuleDraft,
    PackDraft,
    ProductDraft,
    ProductStatus,
)
from procurement.kernel.quantity import Quantity, Unit
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DecimalField,
    ProseField,
    QuantityField,
    TextField,
    TickField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm

UNITS = [
    (Unit.ML.value, "Millilitres"),
    (Unit.G.value, "Grams"),
    (Unit.PIECE.value, "Pieces"),
]
_LISTED = re.compile(r"\n|,\s+")  # a comma inside "1,2-Hexanediol" is part of the name


class TicksField(SelectMultipleField):
    """Any number of names out of those the page knows."""

    def offer(self, names: list[str]) -> None:
        self.choices = [SelectChoice(name, name) for name in names]

    def pre_validate(self, form: Any) -> None:
        """A name that went away since the page was opened is simply kept: tags are made of names."""


class _Described(BaseForm):
    """What a new product and a changed one have in common."""

    name = TextField("Name")
    kind = ChoiceField("Kind", KINDS)
    brand = TextField("Brand", required=False)
    category = TextField("Category", required=False)
    family = CodeField("Family (its code)", required=False)
    options = ProseField("How it differs from its siblings", required=False, most=2_000)
    description = ProseField("Description", required=False)
    label_text = ProseField("Text of the label", required=False)
    ingredients = ProseField("Ingredients by INCI name", required=False)
    may_contain = ProseField("May contain", required=False, most=2_000)
    ingredients_complete = TickField("The list is complete: the whole label stands here")
    vegan = TickField("Vegan")
    organic = TickField("Organic")
    material = ProseField("Material", required=False, most=2_000)
    shelf_life_days = WholeNumberField("Shelf life", least=1, most=36_500, required=False)
    period_after_opening_months = WholeNumberField(
        "Good after opening", least=1, most=600, required=False
    )
    dose = QuantityField("One treatment takes", required=False)
    pump_stroke = QuantityField("One pump stroke gives", required=False)
    density = DecimalField("Density", required=False, least=Decimal("0.001"), most=Decimal(25))
    areas = TicksField("Body areas")
    more_areas = TextField("Other body areas", required=False)
    techniques = TicksField("Techniques")
    more_techniques = TextField("Other techniques", required=False)
    skin_feels = TicksField("How it feels on the skin")
    more_skin_feels = TextField("Feels otherwise", required=False)
    scents = TicksField("Scents")
    more_scents = TextField("Other scents", required=False)

    def read_the_label(self) -> ReadLabel:
        """Fill the lists from the label's text, for a person to look at before anything is saved."""
        label = read_label(self.label_text.data or "")
        for field, names in (
            (self.ingredients, label.names),
            (self.may_contain, label.may_names),
        ):
            field.data = "\n".join(names)
            field.raw_data = [field.data]  # else what was typed before is shown again
        return label

    def count_in(self, unit: Unit) -> None:
        """What is typed as a dose or a stroke is in the product's unit."""
        self.dose.unit = self.pump_stroke.unit = unit

    def validate_options(self, field: ProseField) -> None:
        for line in (field.data or "").splitlines():
            name, found, value = line.partition(":")
            if line.strip() and not (found and name.strip() and value.strip()):
                raise ValidationError("One a line, such as size: 500 ml.")

    def described(self, sku: str) -> ProductDraft:
        return ProductDraft(
            sku=sku,
            name=self.name.data,
            kind=Kind(self.kind.data),
            family=self.family.data,
            category=self.category.data,
            brand=self.brand.data,
            description=self.description.data,
            material=self.material.data,
            shelf_life_days=self.shelf_life_days.data or CLEARED,
            period_after_opening_months=self.period_after_opening_months.data or CLEARED,
            dose=self.dose.data.steps if self.dose.data else CLEARED,
            pump_stroke=self.pump_stroke.data.steps if self.pump_stroke.data else CLEARED,
            density=_thousandths(self.density.data) or CLEARED,
            options=tuple(
                (name.strip(), value.strip())
                for name, _, value in (
                    line.partition(":") for line in self.options.data.splitlines() if line.strip()
                )
            ),
            ingredients=listed(self.ingredients.data),
            may_contain=listed(self.may_contain.data),
            ingredients_complete=self.ingredients_complete.data,
            traits=tuple(trait for trait in STATED_TRAITS if self[trait].data),
            body_areas=(*(self.areas.data or ()), *listed(self.more_areas.data)),
            techniques=(*(self.techniques.data or ()), *listed(self.more_techniques.data)),
            skin_feels=(*(self.skin_feels.data or ()), *listed(self.more_skin_feels.data)),
            scents=(*(self.scents.data or ()), *listed(self.more_scents.data)),
        )


class NewProductForm(_Described):
    sku = CodeField("SKU")
    unit = ChoiceField("Counted in", UNITS)
    pack_code = CodeField("Its first pack, as a code", required=False)
    pack_name = TextField("Name of the pack", required=False)
    pack_size = QuantityField("One pack holds", required=False)
    gtin = TextField("Barcode (GTIN)", most=14, required=False)

    def process(self, formdata: Any = None, *arguments: Any, **more: Any) -> None:
        typed = formdata.get("unit", "") if formdata else ""
        self.count_in(Unit(typed) if typed in set(Unit) else Unit.ML)
        self.pack_size.unit = self.dose.unit
        super().process(formdata, *arguments, **more)

    def to_draft(self) -> ProductDraft:
        draft = self.described(self.sku.data)
        return _without_cleared(draft, Unit(self.unit.data))

    def to_packs(self) -> list[PackDraft]:
        if not self.pack_code.data:
            return []
        size = self.pack_size.data
        return [
            PackDraft(
                self.sku.data,
                self.pack_code.data,
                self.pack_name.data or self.pack_code.data,
                size.steps if size else None,
                self.gtin.data or None,
                is_sales_pack=True,
            )
        ]


def _without_cleared(draft: ProductDraft, unit: Unit) -> ProductDraft:
    """There is nothing to clear on a new product."""
    return replace(
        draft,
        unit=unit,
        shelf_life_days=draft.shelf_life_days or None,
        period_after_opening_months=draft.period_after_opening_months or None,
        dose=draft.dose or None,
        pump_stroke=draft.pump_stroke or None,
        density=draft.density or None,
    )


def _thousandths(figure: Decimal | None) -> int:
    """Grams as milligrams; finer than that nobody weighs."""
    return int((figure or Decimal(0)).scaleb(3).to_integral_value())


class ProductForm(_Described):
    status = ChoiceField("Status", STATUSES)
    version = WholeNumberField("", most=10**9)

    def process(  # type: ignore[override] # one keyword more than WTForms knows
        self, formdata: Any = None, *arguments: Any, unit: Unit = Unit.PIECE, **more: Any
    ) -> None:
        self.count_in(unit)
        super().process(formdata, *arguments, **more)

    def to_draft(self, sku: str) -> ProductDraft:
        return replace(self.described(sku), status=ProductStatus(self.status.data))


class PackForm(BaseForm):
    name = TextField("Name")
    gtin = TextField("Barcode (GTIN)", most=14, required=False)
    tare_grams = DecimalField(
        "Empty it weighs", required=False, least=Decimal("0.001"), most=Decimal(10**6)
    )
    is_sales_pack = TickField("Prices mean this pack when none is named")
    order_least = WholeNumberField("At least", required=False, least=1, most=1_000_000)
    order_step = WholeNumberField("In steps of", required=False, least=1, most=1_000_000)
    order_most = WholeNumberField("At most", required=False, least=1, most=1_000_000)

    def to_draft(self, sku: str, code: str) -> PackDraft:
        return PackDraft(
            sku,
            code,
            self.name.data,
            gtin=self.gtin.data or None,
            is_sales_pack=True if self.is_sales_pack.data else None,
            tare=self.tare,
            rule=self.rule,
        )

    @property
    def rule(self) -> OrderRuleDraft:
        """What is empty says: any number will do."""
        said = (self.order_least.data, self.order_step.data, self.order_most.data)
        return OrderRuleDraft(*(number or CLEARED for number in said))

    @property
    def tare(self) -> int | None:
        """In mg; None keeps what is there."""
        return _thousandths(self.tare_grams.data) or None


class NewPackForm(PackForm):
    code = CodeField("Code")
    size = QuantityField("One pack holds")

    def process(  # type: ignore[override] # one keyword more than WTForms knows
        self, formdata: Any = None, *arguments: Any, unit: Unit = Unit.PIECE, **more: Any
    ) -> None:
        self.size.unit = unit
        super().process(formdata, *arguments, **more)


def listed(text: str) -> tuple[str, ...]:
    """Names one a line, or behind each other as on a label."""
    return tuple(dict.fromkeys(name.strip() for name in _LISTED.split(text) if name.strip()))


def typed_of(page: ProductPage) -> dict[str, Any]:
    """A product as it stands in its form."""
    product = page.product
    return {
        "name": product.name,
        "kind": product.kind,
        "status": product.status,
        "brand": product.brand,
        "category": product.category,
        "family": product.family,
        "options": "\n".join(f"{name}: {value}" for name, value in product.options),
        "description": product.description,
        "ingredients": "\n".join(product.ingredients),
        "may_contain": "\n".join(product.may_contain),
        "ingredients_complete": product.ingredients_complete,
        **{trait.value: trait in product.traits for trait in STATED_TRAITS},
        "material": product.material,
        "shelf_life_days": product.shelf_life_days,
        "period_after_opening_months": product.period_after_opening_months,
        "dose": Quantity(product.dose, product.unit) if product.dose else None,
        "pump_stroke": Quantity(product.pump_stroke, product.unit) if product.pump_stroke else None,
        "density": Decimal(product.density).scaleb(-3) if product.density else None,
        "areas": list(product.body_areas),
        "techniques": list(product.techniques),
        "skin_feels": list(product.skin_feels),
        "scents": list(product.scents),
        "version": page.version,
    }
