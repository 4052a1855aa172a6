"""Applications for trade accounts: read, approved as a new customer or a known one, refused with a reason."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import applications_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.applications import (
    ApproveApplication,
    approve_application,
    refuse_application,
)
from procurement.sales.queries.alike import customers_like
from procurement.sales.queries.applications import (
    application_page,
    application_paper,
    applications,
)
from procurement.sales.queries.groups import group_choices
from procurement.sales.queries.price_lists import price_list_choices
from procurement.sales.rules.addresses import country_name, letter
from procurement.sales.rules.customers import Known
from procurement.sales.terms.applications import ApplicationPage, ApplicationStatus
from procurement.web.fields import ChoiceField, ProseField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.links import password_link
from procurement.web.listing import attachment, next_url, one_of, page_request
from procurement.web.transactions import read, write

NEW = ""


class ApproveForm(BaseForm):
    customer = ChoiceField("Becomes", required=False)
    group = ChoiceField("Group", required=False)
    price_list = ChoiceField("Price list", required=False)


class RefuseForm(BaseForm):
    reason = ProseField("Why not", most=2_000, description="The applicant reads this in a mail.")


@bp.get("")
def index() -> str:
    status = one_of(ApplicationStatus, "status")
    with read() as session:
        page = applications(session, page_request(), status=status, actor=current_actor())
    return render_template(
        "backoffice/sales/applications.html",
        page=page,
        status=status,
        statuses=[(one.value, one.value.capitalize()) for one in ApplicationStatus],
        next=next_url(page),
        tabs=sales_tabs("customers"),
    )


@bp.get("/<number>")
def show(number: str) -> Response:
    return _page(number, ApproveForm(formdata=None), RefuseForm(formdata=None))


@bp.get("/<number>/papers/<int:position>")
def paper(number: str, position: int) -> Response:
    with read() as session:
        found = application_paper(session, number, position, actor=current_actor())
    return attachment(found.content, found.file_name, found.media_type)


@bp.post("/<number>/approve")
def approve(number: str) -> Response:
    form = ApproveForm.from_request()
    _offer(form, number)
    if form.validate():
        command = ApproveApplication(
            number=number,
            customer=form.customer.data or None,
            group=form.group.data or None,
            price_list=form.price_list.data or None,
        )
        try:
            with write() as session:
                customer = approve_application(
                    session, command, link_of=password_link, actor=current_actor(), at=utc_now()
                )
                code, name = customer.code, customer.name
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(
                url_for("customers.show", code=code),
                f"{name} has an account; the mail is on its way.",
            )
    return _page(number, form, RefuseForm(formdata=None))


@bp.post("/<number>/refuse")
def refuse(number: str) -> Response:
    form = RefuseForm.from_request()
    if form.validate():
        try:
            with write() as session:
                refuse_application(
                    session, number, form.reason.data, actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(
                url_for(".show", number=number), "Refused; the mail is on its way."
            )
    return _page(number, ApproveForm(formdata=None), form)


def _offer(form: ApproveForm, number: str) -> ApplicationPage:
    """The choices of the form: customers that the applicant may be, groups, price lists."""
    actor = current_actor()
    with read() as session:
        page = application_page(session, number, actor=actor)
        known = Known("", page.row.company, (page.row.email,), page.phone, (page.vat_id,))
        alike = customers_like(session, known, actor=actor)
        groups, lists = group_choices(session), price_list_choices(session)
    form.customer.choices = [
        (NEW, "A new customer"),
        *((one.other.code, f"{one.other.name} ({', '.join(one.reasons)})") for one in alike),
    ]
    form.group.choices = [(NEW, "None"), *groups]
    form.price_list.choices = [
        (NEW, "The default"),
        *((code, f"{name}, {currency}") for code, name, currency in lists),
    ]
    return page


def _page(number: str, form: ApproveForm, refusing: RefuseForm) -> Response:
    page = _offer(form, number)
    return render_form(
        "backoffice/sales/application.html",
        form,
        refusing=refusing,
        page=page,
        address=letter(
            street=page.street,
            postal_code=page.postal_code,
            city=page.city,
            region=page.region,
            country=page.country,
        ),
        country=country_name(page.country),
        may_decide=current_actor().may(Permission.EDIT_CUSTOMERS)
        and page.row.status is ApplicationStatus.WAITING,
    )
