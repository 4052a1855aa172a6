"""Resale and exemption certificates on a customer's page: one more, looked at, taken away, its file."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import customers_door as bp
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.exemptions import (
    MOST_BYTES,
    KeepExemption,
    keep_exemption,
    remove_exemption,
    verify_exemption,
)
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.taxing import exemption_file
from procurement.sales.rules.taxing import ExemptionKind
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    TextField,
    TickField,
    UploadField,
)
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import read, write

KINDS = [
    (ExemptionKind.RESALE.value, "Resale: what they sell on is not taxed"),
    (ExemptionKind.EXEMPT.value, "Exemption: nothing they buy is taxed"),
]


class ExemptionForm(BaseForm):
    kind = ChoiceField("It is for", KINDS)
    number = CodeField("Its number")
    jurisdiction = TextField("Where it holds", required=False, most=6)
    reason = TextField("Reason", required=False)
    valid_from = DateField("From", required=False)
    valid_until = DateField("Until, that day included", required=False)
    file = UploadField("PDF", most_bytes=MOST_BYTES, required=False)
    verified = TickField("I have looked at it: it is genuine and complete")

    def to_command(self, customer: str) -> KeepExemption:
        return KeepExemption(
            customer=customer,
            kind=ExemptionKind(self.kind.data),
            number=self.number.data,
            jurisdiction=self.jurisdiction.data,
            reason=self.reason.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            content=self.file.data,
            file_name=self.file.file_name or "certificate.pdf",
            verified=self.verified.data,
        )


@bp.route("/<path:code>/certificates/new", methods=["GET", "POST"])
def new_exemption(code: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CUSTOMERS)
    with read() as session:
        customer = customer_page(session, code, actor=actor)
    form = ExemptionForm.from_request() if request.method == "POST" else ExemptionForm()
    if form.is_sent and form.validate():
        try:
            with write() as session:
                keep_exemption(session, form.to_command(code), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=code), "The certificate is kept.")
    return render_form("backoffice/sales/exemption_form.html", form, customer=customer)


@bp.post("/<path:code>/certificates/<int:key>/verify")
def verify(code: str, key: int) -> Response:
    with write() as session:
        found = verify_exemption(session, code, key, actor=current_actor(), at=utc_now())
    return redirect_with_flash(
        url_for(".show", code=code), f"Certificate {found.number} counts from now on."
    )


@bp.post("/<path:code>/certificates/<int:key>/remove")
def remove(code: str, key: int) -> Response:
    with write() as session:
        remove_exemption(session, code, key, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", code=code), "The certificate is gone.")


@bp.get("/<path:code>/certificates/<int:key>/file")
def certificate_file(code: str, key: int) -> Response:
    with read() as session:
        paper = exemption_file(session, code, key, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type)
