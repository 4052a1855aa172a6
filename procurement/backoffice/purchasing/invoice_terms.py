"""When supplier invoices are due and how far they may differ: for all, and for single suppliers."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing.invoice_file import bp
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.settling import SetInvoiceTerms, set_invoice_terms
from procurement.purchasing.queries.invoice_terms import own_invoice_terms, terms_of
from procurement.purchasing.terms.invoices import (
    InvoiceTermsRow,
)
from procurement.sourcing.queries import supplier_choices
from procurement.web.fields import MoneyField, PercentField, TickField, WholeNumberField
from procurement.web.filters import today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

__all__ = ["bp"]  # the invoices' door, with the pages below


class TermsForm(BaseForm):
    payment_days = WholeNumberField(
        "Due after", most=365, description="Days from the invoice's date."
    )
    percent = PercentField("A difference passes up to")
    tolerance = MoneyField("and at most")
    reset = TickField("None of its own: what holds for all")

    def __init__(self, *sent: Any, currency: str, **options: Any) -> None:
        self.currency = currency
        super().__init__(*sent, **options)

    def process(self, *sent: Any, **options: Any) -> None:
        self.tolerance.currency = self.currency
        super().process(*sent, **options)


@bp.get("/terms")
def terms() -> Response:
    return _page(None, None)


@bp.post("/terms")
def save_terms() -> Response:
    return _save(None)


@bp.get("/terms-of")
def find_terms() -> Any:
    """From the choice of a supplier to its page."""
    return redirect(url_for(".supplier_terms", supplier=request.args.get("supplier") or "none"))


@bp.get("/terms/<supplier>")
def supplier_terms(supplier: str) -> Response:
    return _page(None, supplier)


@bp.post("/terms/<supplier>")
def save_supplier_terms(supplier: str) -> Response:
    return _save(supplier)


def _save(supplier: str | None) -> Response:
    with read() as session:
        row = terms_of(session, supplier, today())
    form = TermsForm.from_request(currency=row.tolerance.amount.currency)
    if form.validate():
        command = SetInvoiceTerms(
            form.payment_days.data,
            form.percent.data,
            form.tolerance.data,
            supplier=supplier,
            reset=form.reset.data,
        )
        try:
            with write() as session:
                set_invoice_terms(session, command, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".terms"), "Saved.")
    return _page(form, supplier)


def _page(form: TermsForm | None, supplier: str | None) -> Response:
    current_actor().require(Permission.APPROVE_INVOICES)
    with read() as session:
        row = terms_of(session, supplier, today())
        others = own_invoice_terms(session, today()) if supplier is None else []
        suppliers = supplier_choices(session)
    form = form or TermsForm(currency=row.tolerance.amount.currency, data=_as_typed(row))
    return render_form(
        "backoffice/purchasing/invoice_terms.html",
        form,
        own=row,
        others=others,
        suppliers=suppliers,
    )


def _as_typed(row: InvoiceTermsRow) -> dict[str, object]:
    return {
        "payment_days": row.payment_days,
        "percent": row.tolerance.percent,
        "tolerance": row.tolerance.amount,
    }
