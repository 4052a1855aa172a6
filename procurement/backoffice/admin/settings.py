"""The company's settings. Also the example of a screen: a form beside its view, one operation, one template.

To add a screen: a `Door` that names its audience, forms made of `web/fields.py`, views that parse, call and present,
a template below `templates/backoffice/`, the door in its area's DOORS, and its place in `web/places.py` if it has one.
"""

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.money import Money, Rate
from procurement.kernel.permissions import Permission
from procurement.settings.operations.company import (
    ChangeCompany,
    change_company,
)
from procurement.settings.queries import get_company, taxes
from procurement.settings.terms import LOCALES, CompanyProfile, RoundingRule, TaxRow
from procurement.web.doors import Audience, Door
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    MoneyField,
    PercentField,
    ProseField,
    TextField,
    TickField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door(
    "settings",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings",
)

ROUNDING = {
    RoundingRule.LINE: "at each line",
    RoundingRule.DOCUMENT: "once for each tax of the document",
}


class CompanyForm(BaseForm):
    version = WholeNumberField("Version", most=10**9)
    name = TextField("Name")
    address = ProseField("Address", most=1000, description="Line by line, as printed.")
    phone = TextField("Telephone", required=False)
    email = TextField("Mail address", required=False)
    vat_id = TextField("VAT number", required=False)
    peppol_id = TextField(
        "Peppol address", required=False, most=60, description="As in 0088:7300010000001."
    )
    currency = CodeField("Own currency", most=3, description="As in EUR.")
    time_zone = TextField("Time zone", description="As in Europe/Dublin.")
    locale = ChoiceField("Figures and dates as in", list(LOCALES.items()))
    rounding_rule = ChoiceField(
        "Tax is rounded", [(rule.value, words) for rule, words in ROUNDING.items()]
    )
    default_tax = ChoiceField("Tax of new lines", required=False)
    count_tolerance = PercentField(
        "Count again above",
        description="Of what was expected; and the difference is worth more than",
    )
    count_tolerance_value = MoneyField("this amount")
    count_approval = MoneyField(
        "A count's differences need approval above",
        description="Together, by somebody who may adjust stock.",
    )
    delivery_address = ProseField("Deliveries go to", required=False, most=1000)
    order_requests = ProseField(
        "With the goods, please", required=False, most=2000, description="One request a line."
    )
    order_answer_days = WholeNumberField(
        "Ask a supplier that has not answered an order after",
        least=1,
        most=60,
        default=3,
        description="Such orders stand under Today.",
    )
    quote_validity_days = WholeNumberField("Quotes are valid for", least=1, most=365)
    quote_terms = ProseField("Terms of quotes", required=False)
    quote_reminder_days = WholeNumberField(
        "Customers are reminded of a quote",
        most=60,
        default=3,
        description="Before its last day, once, unless they have answered; 0 for never.",
    )
    confirms_orders = TickField(
        "Orders that customers place are confirmed at once",
        description="Beyond their credit limit they wait for somebody of the house all the same.",
    )
    answer_hours = WholeNumberField(
        "Enquiries are answered within",
        least=1,
        most=720,
        description="By the clock, nights and Sundays too. Today shows whoever has waited longer.",
    )

    def offer(self, company: CompanyProfile, offered: list[TaxRow]) -> None:
        """What can be chosen, and the currency amounts are typed in."""
        self.default_tax.choices = [("", "none")] + [
            (tax.code, f"{tax.name}, {tax.rate.percent} %") for tax in offered
        ]
        for field in (self.count_tolerance_value, self.count_approval):
            field.currency = company.currency

    def to_command(self, company: CompanyProfile) -> ChangeCompany:
        return ChangeCompany(
            name=self.name.data,
            tagline=company.tagline,
            address=self.address.data,
            phone=self.phone.data,
            email=self.email.data,
            vat_id=self.vat_id.data,
            peppol_id=self.peppol_id.data,
            footer=company.footer,
            brand_colour=company.brand_colour,
            currency=self.currency.data.upper(),
            time_zone=self.time_zone.data,
            locale=self.locale.data,
            rounding_rule=RoundingRule(self.rounding_rule.data),
            default_tax=self.default_tax.data or None,
            quote_validity_days=self.quote_validity_days.data,
            quote_terms=self.quote_terms.data,
            order_answer_days=self.order_answer_days.data,
            answer_hours=self.answer_hours.data,
            confirms_orders=self.confirms_orders.data,
            quote_reminder_days=self.quote_reminder_days.data,
            order_requests=self.order_requests.data,
            delivery_address=self.delivery_address.data,
            count_tolerance_bp=self.count_tolerance.data.basis_points,
            count_tolerance_minor=self.count_tolerance_value.data.minor,
            count_approval_minor=self.count_approval.data.minor,
            version=self.version.data,
        )


@bp.get("")
def show() -> Response:
    company, offered = _known()
    form = CompanyForm(data=_as_typed(company))
    form.offer(company, offered)
    return render_form("backoffice/admin/company.html", form, company=company)


@bp.post("")
def save() -> Response:
    form = CompanyForm.from_request()
    company, offered = _known()
    form.offer(company, offered)
    if form.validate():
        try:
            with write() as session:
                change_company(
                    session, form.to_command(company), actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show"), "The settings are saved.")
    return render_form("backoffice/admin/company.html", form, company=company)


def _known() -> tuple[CompanyProfile, list[TaxRow]]:
    with read() as session:
        return get_company(session), taxes(session)


def _as_typed(company: CompanyProfile) -> dict[str, Any]:
    return {name: getattr(company, name) for name in CompanyProfile.__slots__} | {
        "default_tax": company.default_tax_code,
        "count_tolerance": Rate(company.count_tolerance_bp),
        "count_tolerance_value": Money(company.count_tolerance_minor, company.currency),
        "count_approval": Money(company.count_approval_minor, company.currency),
    }
