"""Taxes, currencies and dated exchange rates."""

from datetime import date
from decimal import Decimal

from flask import url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.tax_categories import TaxCategory
from procurement.settings.operations.money import (
    create_tax,
    enable_currency,
    remove_rate,
    set_rate,
    switch_tax,
)
from procurement.settings.queries import currencies, exchange_rates, get_company, taxes
from procurement.web.doors import Audience, Door
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    DecimalField,
    TaxRateField,
    TextField,
)
from procurement.web.filters import today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door(
    "taxes",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings",
)


_UNTAXED = {
    TaxCategory.EXEMPT.value: "Exempt",
    TaxCategory.REVERSE_CHARGE.value: "Reverse charge",
    TaxCategory.INTRA_COMMUNITY.value: "Intra-Community supply",
    TaxCategory.EXPORT.value: "Export",
    TaxCategory.OUTSIDE.value: "Outside the scope of the tax",
}


class TaxForm(BaseForm):
    code = CodeField("Code", most=8, description="The letter printed beside a line.")
    name = TextField("Name", most=60, description="As in VAT reduced rate.")
    rate = TaxRateField("Rate", description="In percent of the net.")
    category = ChoiceField(
        "Kind",
        [("", "Standard or zero rated, by its rate"), *_UNTAXED.items()],
        required=False,
        description="What invoices say of its lines.",
    )
    reason = TextField(
        "Why it is not charged",
        required=False,
        most=200,
        description="Printed with an exemption, as in art. 132 (1) (b), Directive 2006/112/EC.",
    )


class RateForm(BaseForm):
    currency = CodeField("Currency", most=3, description="As in USD.")
    valid_from = DateField("From", description="The first day it holds.")
    rate = DecimalField(
        "Rate", most=Decimal(1_000_000), description="What one unit is worth in your own currency."
    )


class CurrencyForm(BaseForm):
    currency = CodeField("Currency", most=3, description="As in USD.")


@bp.get("/taxes")
def show_taxes() -> Response:
    if wanted_format():
        with read() as session:
            rows = taxes(session, only_active=False)
        cells = [
            (
                row.code,
                row.name,
                Decimal(row.rate.percent),
                row.category.value,
                row.reason,
                str(row.active).lower(),
            )
            for row in rows
        ]
        return export("taxes", ("Code", "Name", "Rate %", "Kind", "Why", "Active"), cells)
    return _tax_page(TaxForm())


@bp.post("/taxes")
def add_tax() -> Response:
    form = TaxForm.from_request()
    if form.validate():
        try:
            with write() as session:
                create_tax(
                    session,
                    str(form.code.data),
                    str(form.name.data),
                    form.rate.data,
                    category=TaxCategory(form.category.data) if form.category.data else None,
                    reason=str(form.reason.data or ""),
                    actor=current_actor(),
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show_taxes"), "The tax can now be used.")
    return _tax_page(form)


@bp.post("/taxes/<code>/<any(on, off):state>")
def switch(code: str, state: str) -> Response:
    with write() as session:
        switch_tax(session, code, active=state == "on", actor=current_actor(), at=utc_now())
    word = "offered for new lines" if state == "on" else "no longer offered"
    return redirect_with_flash(url_for(".show_taxes"), f"Tax {code} is {word}.")


@bp.get("/currencies")
def show_currencies() -> Response:
    if wanted_format():
        with read() as session:
            own, rows = get_company(session).currency, exchange_rates(session)
        cells = [(row.currency, row.valid_from, row.rate, own) for row in rows]
        return export("rates", ("Currency", "From", "One is worth", "In"), cells)
    return _currency_page(RateForm(valid_from=today()))


@bp.post("/currencies")
def enable() -> Response:
    form = CurrencyForm.from_request(prefix="add-")
    if form.validate():
        try:
            with write() as session:
                code = str(form.currency.data).upper()
                enable_currency(session, code, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show_currencies"), f"{code} can now be used.")
    return _currency_page(RateForm(valid_from=today()), add=form)


@bp.post("/currencies/rates")
def add_rate() -> Response:
    form = RateForm.from_request()
    if form.validate():
        try:
            with write() as session:
                set_rate(
                    session,
                    str(form.currency.data).upper(),
                    form.valid_from.data,
                    form.rate.data,
                    actor=current_actor(),
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show_currencies"), "The rate is set.")
    return _currency_page(form)


@bp.post("/currencies/rates/<currency>/<day>/remove")
def drop_rate(currency: str, day: str) -> Response:
    try:
        valid_from = date.fromisoformat(day)
    except ValueError:
        raise NotFound("There is no such rate.") from None
    with write() as session:
        remove_rate(session, currency, valid_from, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show_currencies"), "The rate is removed.")


def _tax_page(form: TaxForm) -> Response:
    with read() as session:
        rows, company = taxes(session, only_active=False), get_company(session)
    return render_form(
        "backoffice/admin/taxes.html",
        form,
        rows=rows,
        kinds=_UNTAXED,
        default=company.default_tax_code,
        exports_of=export_urls(),
    )


def _currency_page(form: RateForm, *, add: CurrencyForm | None = None) -> Response:
    with read() as session:
        own, *others = currencies(session)
        rates = exchange_rates(session)
    return render_form(
        "backoffice/admin/currencies.html",
        form,
        add=add or CurrencyForm(prefix="add-"),
        own=own,
        others=others,
        rates=rates,
        exports_of=export_urls(),
    )
