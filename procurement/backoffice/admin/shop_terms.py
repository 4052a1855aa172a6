"""What customers' orders have to come to, and what bringing them costs: by currency, for everybody or a group."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.order_terms import (
    SetOrderTerms,
    drop_order_terms,
    set_order_terms,
)
from procurement.sales.queries.groups import group_choices
from procurement.sales.queries.order_terms import order_terms
from procurement.sales.terms.order_terms import OrderTermsShown
from procurement.settings.queries import currencies, get_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, MoneyField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door(
    "shop_terms",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/shop/terms",
)
HEADER = ("currency", "group", "first_order", "later_orders", "freight", "free_from")
FIGURES = ("opening", "reorder", "freight", "free_from")


class TermsForm(BaseForm):
    currency = ChoiceField("Orders in")
    group = ChoiceField("Of", required=False)
    opening = MoneyField("A first order comes to at least", required=False)
    reorder = MoneyField("Every later one to at least", required=False)
    freight = MoneyField("Bringing it costs", required=False)
    free_from = MoneyField("And nothing from goods of", required=False)

    @property
    def figures(self) -> tuple[MoneyField, ...]:
        return (self.opening, self.reorder, self.freight, self.free_from)

    def offer(self, session: ReadSession) -> None:
        company = get_company(session).currency
        self.currency.choices = [(code, code) for code in currencies(session)]
        self.group.choices = [("", "everybody"), *group_choices(session)]
        self.currency.data = self.currency.data or company
        for field in self.figures:
            field.currency = self.currency.data

    def show(self, row: OrderTermsShown) -> None:
        """As it is set, to be changed."""
        self.currency.data, self.group.data = row.currency, row.group or ""
        for field in self.figures:
            field.currency = row.currency
            field.data = getattr(row, field.name)

    def to_command(self) -> SetOrderTerms:
        return SetOrderTerms(
            currency=self.currency.data,
            group=self.group.data or None,
            **{name: self[name].data for name in FIGURES},
        )


@bp.get("")
def index() -> Response:
    form = TermsForm()
    with read() as session:
        rows = order_terms(session)
        form.offer(session)
    if wanted_format():
        return export(
            "order-terms", HEADER, [(row.currency, row.group, *_figures(row)) for row in rows]
        )
    changed = next((row for row in rows if str(row.id) == request.args.get("change")), None)
    if changed:
        form.show(changed)
    return _page(form, is_change=changed is not None)


@bp.post("")
def save() -> Response:
    form = TermsForm.from_request()
    with read() as session:
        form.offer(session)
    if form.validate():
        try:
            with write() as session:
                set_order_terms(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), "These terms hold from now on.")
    return _page(form)


@bp.post("/<int:terms_id>/remove")
def remove(terms_id: int) -> Response:
    with write() as session:
        drop_order_terms(session, terms_id, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), "They hold no longer.")


def _figures(row: OrderTermsShown) -> list[str | None]:
    said = [getattr(row, name) for name in FIGURES]
    return [money.amount if money else None for money in said]


def _page(form: TermsForm, *, is_change: bool = False) -> Response:
    with read() as session:
        rows = order_terms(session)
    return render_form(
        "backoffice/admin/shop_terms.html",
        form,
        rows=rows,
        is_change=is_change,
        exports_of=export_urls(),
    )
