"""Customers: the list, one with everything about them, and the form."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.sales.doors import customers_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.documents.languages import LANGUAGES
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.paging import PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.customers import (
    AddressInput,
    ContactInput,
    SaveCustomer,
    change_customer,
    create_customer,
)
from procurement.sales.queries.customers import (
    CustomerFilter,
    CustomerPage,
    CustomerRow,
    customer_page,
    customers,
)
from procurement.sales.queries.groups import group_choices
from procurement.sales.queries.inbox import EnquiryFilter, enquiries
from procurement.sales.queries.pipeline import QuoteFilter, pipeline, quotes
from procurement.sales.queries.price_lists import price_list_choices
from procurement.sales.terms import AddressKind, CustomerKind
from procurement.settings.queries import currencies
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    EmailField,
    ProseField,
    TextField,
    TickField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read, write

KINDS = [(kind.value, kind.value.replace("_", " ").capitalize()) for kind in CustomerKind]
ADDRESS_KINDS = [(kind.value, kind.value.capitalize()) for kind in AddressKind]
SHOWN = 10
HEADER = ("Code", "Name", "Kind", "Email", "Phone", "Currency", "Price list", "Active")


class ContactForm(LineForm):
    key = WholeNumberField("Key", required=False, most=10**15)
    name = TextField("Name", required=False)
    role = TextField("Role", required=False)
    email = EmailField("Email", required=False)
    phone = TextField("Phone", required=False)


class AddressForm(LineForm):
    lines = ProseField("Address", required=False, most=1_000)
    kind = ChoiceField("Used for", ADDRESS_KINDS, required=False)


class CustomerForm(BaseForm):
    code = CodeField("Code", required=False)
    name = TextField("Name")
    kind = ChoiceField("Kind", KINDS)
    email = EmailField("Email", required=False)
    phone = TextField("Phone", required=False)
    vat_id = TextField("VAT number", required=False)
    currency = ChoiceField("Currency")
    price_list = ChoiceField("Price list", required=False)
    group = ChoiceField("Group", required=False)
    locale = ChoiceField("Language of papers", required=False)
    payment_terms = TextField("Payment", required=False)
    note = ProseField("Note for us", required=False)
    active = TickField("Active")
    contacts = LineList(FormField(ContactForm), "Contacts", spare=1, least=0)
    addresses = LineList(FormField(AddressForm), "Addresses", spare=1, least=0)
    version = WholeNumberField("Version", required=False, most=10**9)

    def to_command(self) -> SaveCustomer:
        return SaveCustomer(
            code=self.code.data,
            name=self.name.data,
            kind=CustomerKind(self.kind.data),
            email=self.email.data,
            phone=self.phone.data,
            vat_id=self.vat_id.data,
            currency=self.currency.data,
            locale=self.locale.data or "en",
            price_list=self.price_list.data or None,
            group=self.group.data or None,
            payment_terms=self.payment_terms.data,
            note=self.note.data,
            active=self.active.data,
            contacts=tuple(_contact(entry.form) for entry in self.contacts if _is_kept(entry.form)),
            addresses=tuple(
                AddressInput(AddressKind(entry.form.kind.data), entry.form.lines.data)
                for entry in self.addresses
                if entry.form.lines.data
            ),
            version=self.version.data,
        )


def _contact(form: ContactForm) -> ContactInput:
    return ContactInput(
        form.name.data, form.role.data, form.email.data, form.phone.data, form.key.data
    )


def _is_kept(form: ContactForm) -> bool:
    """A contact whose fields were all emptied is taken away."""
    return any((form.name.data, form.role.data, form.email.data, form.phone.data))


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    wanted = CustomerFilter(text=search_text(), kind=one_of(CustomerKind, "kind"))
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: customers(session, wanted, paging, actor=actor))
            return export("customers", HEADER, [_exported(row) for row in rows])
        page = customers(session, wanted, page_request(), actor=actor)
    return render_template(
        "backoffice/sales/customers.html",
        tabs=sales_tabs("customers"),
        page=page,
        wanted=wanted,
        kinds=KINDS,
        next=next_url(page),
        exports=export_urls(),
        may_edit=actor.may(Permission.EDIT_CUSTOMERS),
    )


def _exported(row: CustomerRow) -> Sequence[Cell]:
    return (
        row.code,
        row.name,
        row.kind.value,
        row.email,
        row.phone,
        row.currency,
        row.price_list or "",
        "yes" if row.active else "no",
    )


@bp.get("/<path:code>")
def show(code: str) -> str:
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SEE_SALES)
    wanted = QuoteFilter(customer=code)
    with read() as session:
        customer = customer_page(session, code, actor=actor)
        offers = quotes(session, wanted, PageRequest(SHOWN), actor=actor, at=at)
        sums = pipeline(session, wanted, actor=actor, at=at)
        messages = enquiries(session, PageRequest(SHOWN), EnquiryFilter(customer=code), actor=actor)
    return render_template(
        "backoffice/sales/customer.html",
        customer=customer,
        quotes=offers,
        sums=sums,
        enquiries=messages,
        may_edit=actor.may(Permission.EDIT_CUSTOMERS),
        may_sell=actor.may(Permission.SELL),
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CUSTOMERS)
    form = CustomerForm.from_request() if request.method == "POST" else CustomerForm(active=True)
    _offer(form)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                made = create_customer(session, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=made.code), f"{made.name} saved.")
    return render_form("backoffice/sales/customer_form.html", form, customer=None)


@bp.route("/<path:code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CUSTOMERS)
    with read() as session:
        customer = customer_page(session, code, actor=actor)
    form = CustomerForm.from_request() if request.method == "POST" else _filled(customer)
    _offer(form)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                change_customer(session, code, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=code), f"{form.name.data} saved.")
    return render_form("backoffice/sales/customer_form.html", form, customer=customer)


def _filled(customer: CustomerPage) -> CustomerForm:
    contacts = [
        {"key": c.id, "name": c.name, "role": c.role, "email": c.email, "phone": c.phone}
        for c in customer.contacts
    ]
    addresses = [{"lines": a.lines, "kind": a.kind.value} for a in customer.addresses]
    return CustomerForm(obj=customer, data={"contacts": contacts, "addresses": addresses})


def _offer(form: CustomerForm) -> None:
    with read() as session:
        form.currency.choices = [(code, code) for code in currencies(session)]
        lists = price_list_choices(session)
        form.group.choices = [("", "none"), *group_choices(session)]
    form.price_list.choices = [("", "Their group's, or the default")] + [
        (code, f"{name}, {currency}") for code, name, currency in lists
    ]
    form.locale.choices = [(words.language, words.own_name) for words in LANGUAGES.values()]
    if form.locale.data and form.locale.data not in LANGUAGES:
        # A language with its country comes by the API; it is kept.
        form.locale.choices.append((form.locale.data, form.locale.data.replace("_", "-")))
