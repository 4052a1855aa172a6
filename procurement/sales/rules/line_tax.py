"""The tax of one line as it is kept: code, rate, category, and what an untaxed line rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from procurement.kernel.errors import Invalid
from procurement.kernel.money import TaxRate
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.rules.taxing import Taxed, TaxProfile, tax_of


@dataclass(frozen=True, slots=True)
class TaxChoice:
    """A tax that may stand on a line, as the company has set it up."""

    rate: TaxRate
    category: TaxCategory
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LineTax:
    """The tax of one line as it is kept: `why` is ours, `detail` stands on papers; no `why` where a person chose it."""

    code: str
    rate: TaxRate
    category: TaxCategory
    detail: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taxing:
    """The taxes there are, the one for lines that say nothing, and what is known of the customer on a day."""

    choices: Mapping[str, TaxChoice]
    default: str | None
    profile: TaxProfile
    on: date

    def of(
        self,
        *,
        is_service: bool,
        own_use: bool = False,
        code: str | None = None,
        rate: TaxRate | None = None,
    ) -> LineTax:
        """A code or a rate is a person's choice. Raises Invalid naming `tax_code`."""
        taxed = tax_of(self.profile, is_service=is_service, own_use=own_use, on=self.on)
        if code:
            tax = self.choices.get(code) or _spelled_out(code)
            if tax is None:
                raise Invalid("There is no such tax.", field="tax_code")
            return chosen_tax(code, tax, taxed)
        if rate is not None:
            for known, tax in self.choices.items():
                if tax.rate == rate:
                    return chosen_tax(known, tax, taxed)
            # A rate nobody has set up still prints: its percentage stands where the letter would.
            return chosen_tax(f"{rate.percent}%", _of(rate), taxed)
        return usual_tax(taxed, self.choices, self.default)


def usual_tax(taxed: Taxed, taxes: Mapping[str, TaxChoice], default: str | None) -> LineTax:
    """The tax of a line for which nobody chose one: the company's, or the one of nothing; "0%" where none is set up."""
    if default is not None and taxed.treatment.is_taxed and default in taxes:
        tax = taxes[default]
        return LineTax(default, tax.rate, tax.category, tax.reason, taxed.why)
    free = {code: tax for code, tax in taxes.items() if not tax.rate.ppm}
    wanted = taxed.treatment.category
    code = next((code for code, tax in free.items() if tax.category is wanted), None)
    code = code or next(iter(free), "0%")
    if wanted is not None:
        return LineTax(code, TaxRate(0), wanted, taxed.detail, taxed.why)
    if code in free:
        return LineTax(code, TaxRate(0), free[code].category, free[code].reason, taxed.why)
    return LineTax(code, TaxRate(0), TaxCategory.ZERO, "", taxed.why)


def chosen_tax(code: str, tax: TaxChoice, taxed: Taxed) -> LineTax:
    """A tax that a person chose. Nothing at all is explained by what the customer's papers say, where they say so."""
    wanted = taxed.treatment.category
    if tax.category is TaxCategory.ZERO and wanted is not None:
        return LineTax(code, tax.rate, wanted, taxed.detail)
    return LineTax(code, tax.rate, tax.category, tax.reason)


def _of(rate: TaxRate) -> TaxChoice:
    """A tax that nobody has set up."""
    return TaxChoice(rate, TaxCategory.STANDARD if rate.ppm else TaxCategory.ZERO)


def _spelled_out(code: str) -> TaxChoice | None:
    """The tax of a code such as "19%"."""
    try:
        return _of(TaxRate.parse(code.removesuffix("%"))) if code.endswith("%") else None
    except ValueError:
        return None
