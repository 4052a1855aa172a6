"""What the shop shows to people who have not signed in."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.queries.price_lists import price_list_choices
from procurement.sales.queries.shop import shop
from procurement.sales.terms.shop import SampleRule, VisitorPrices
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, TickField, WholeNumberField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door(
    "shop_window",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/shop",
)
SHOWN = {
    VisitorPrices.NONE: "no prices: they sign in, or ask for a quote",
    VisitorPrices.RETAIL: "recommended retail prices",
    VisitorPrices.LIST: "the prices of your default list",
}


class ShopForm(BaseForm):
    visitor_prices = ChoiceField(
        "Visitors see", [(one.value, words) for one, words in SHOWN.items()]
    )
    retail_list = ChoiceField(
        "Retail prices stand on",
        required=False,
        description="Buyers see them beside their own price, with what is left to them.",
    )

    may_collect = TickField("Buyers may fetch what they order")
    samples_most = WholeNumberField(
        "Samples an order",
        required=False,
        most=1_000,
        description="A pack that a list prices at 0 is a sample. Left empty: any number.",
    )
    sample_days = WholeNumberField("The same again after so many days", required=False, most=3_650)

    def offer(self, lists: list[tuple[str, str, str]]) -> None:
        self.retail_list.choices = [
            ("", "no list"),
            *((code, f"{name}, {currency}") for code, name, currency in lists),
        ]


@bp.get("")
def show() -> Response:
    with read() as session:
        now, lists = shop(session), price_list_choices(session)
    form = ShopForm(
        data={
            "visitor_prices": now.visitor_prices,
            "retail_list": now.retail_list or "",
            "may_collect": now.may_collect,
            "samples_most": now.samples.most,
            "sample_days": now.samples.days,
        }
    )
    form.offer(lists)
    return render_form("backoffice/admin/shop.html", form)


@bp.post("")
def save() -> Response:
    form = ShopForm.from_request()
    with read() as session:
        form.offer(price_list_choices(session))
    if form.validate():
        try:
            with write() as session:
                arrange_shop(
                    session,
                    VisitorPrices(form.visitor_prices.data),
                    form.retail_list.data or None,
                    may_collect=form.may_collect.data,
                    samples=SampleRule(form.samples_most.data, form.sample_days.data or 0),
                    actor=current_actor(),
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show"), "The shop is arranged.")
    return render_form("backoffice/admin/shop.html", form)
