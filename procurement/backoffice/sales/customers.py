"""Customers: the list, one with everything about them, and the form."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.sales.doors import customers_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.documents.languages import LANGUAGES
from procurement.exchange.export import Cell
from procurement.kernel.clock import today_in, utc_now
from procurement.kernel.errors import DomainError, Invalid
from procurement.kernel.paging import PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.customers import (
    MOST_DAYS,
    AddressInput,
    ContactInput,
    SaveCustomer,
    change_customer,
    create_customer,
    note_vat_check,
)
from procurement.sales.queries.alike import customers_like
from procurement.sales.queries.buyers import buyers
from procurement.sales.queries.credit import credit_of
from procurement.sales.queries.customers import (
    CustomerFilter,
    CustomerPage,
    CustomerRow,
    code_today,
    customer_page,
    customers,
)
from procurement.sales.queries.groups import group_choices
from procurement.sales.queries.inbox import EnquiryFilter, enquiries
from procurement.sales.queries.pipeline import QuoteFilter, pipeline, quotes
from procurement.sales.queries.price_lists import price_list_choices
from procurement.sales.queries.punchout import connections_of
from procurement.sales.queries.sales_orders import SalesOrderFilter, sales_orders
from procurement.sales.queries.shipments import ShipmentFilter, shipments
from procurement.sales.queries.taxing import exemptions_of
from procurement.sales.queries.timeline import timeline
from procurement.sales.rules.addresses import countries
from procurement.sales.rules.customers import Alike, Known
from procurement.sales.terms import AddressKind, CustomerKind, DeliveryTerm
from procurement.settings.queries import currencies, get_company
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    EmailField,
    MoneyField,
    PercentField,
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
TERM_WORDS = {
    DeliveryTerm.EXW: "Ex works",
    DeliveryTerm.FCA: "Free carrier",
    DeliveryTerm.CPT: "Carriage paid to",
    DeliveryTerm.CIP: "Carriage and insurance paid to",
    DeliveryTerm.DAP: "Delivered at place",
    DeliveryTerm.DPU: "Delivered at place unloaded",
    DeliveryTerm.DDP: "Delivered duty paid",
    DeliveryTerm.FAS: "Free alongside ship",
    DeliveryTerm.FOB: "Free on board",
    DeliveryTerm.CFR: "Cost and freight",
    DeliveryTerm.CIF: "Cost, insurance and freight",
}
DELIVERY_TERMS = [
    ("", "as agreed"),
    *((term.value, f"{term}, {word}") for term, word in TERM_WORDS.items()),
]
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
    street = ProseField("Street", required=False, most=500)
    postal_code = TextField("Postal code", required=False, most=20)
    city = TextField("Town", required=False)
    region = TextField("Region", required=False)
    country = ChoiceField("Country", [("", "–"), *countries()], required=False)  # noqa: RUF001
    kind = ChoiceField("Used for", ADDRESS_KINDS, required=False)
    label = TextField("Called", required=False)
    attention = TextField("Who takes it in", required=False)


class CustomerForm(BaseForm):
    code = CodeField("Code", required=False)
    name = TextField("Name")
    kind = ChoiceField("Kind", KINDS)
    email = EmailField("Email", required=False)
    phone = TextField("Phone", required=False)
    vat_id = TextField("VAT number", required=False)
    peppol_id = TextField("Peppol address", required=False, most=60)
    currency = ChoiceField("Currency")
    price_list = ChoiceField("Price list", required=False)
    group = ChoiceField("Group", required=False)
    locale = ChoiceField("Language of papers", required=False)
    tax_numbers = ProseField("Further tax numbers", required=False, most=2_000)
    payment_terms = TextField("Payment", required=False)
    payment_days = WholeNumberField("To be paid within", required=False, most=MOST_DAYS)
    discount_days = WholeNumberField("Less, if paid within", required=False, most=MOST_DAYS)
    discount = PercentField("by", required=False)
    credit_limit = MoneyField("Credit limit", required=False)
    delivery_term = ChoiceField("Delivery term", DELIVERY_TERMS, required=False)
    delivery_place = TextField("Its place", required=False)
    note = ProseField("Note for us", required=False)
    active = TickField("Active")
    another = TickField("None of these: it is another customer")
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
            peppol_id=self.peppol_id.data,
            currency=self.currency.data,
            locale=self.locale.data or "en",
            price_list=self.price_list.data or None,
            group=self.group.data or None,
            tax_numbers=tuple(self.tax_numbers.data.split("\n")) if self.tax_numbers.data else (),
            payment_terms=self.payment_terms.data,
            payment_days=self.payment_days.data,
            discount_days=self.discount_days.data,
            discount=self.discount.data,
            credit_limit=self.credit_limit.data,
            delivery_term=DeliveryTerm(self.delivery_term.data)
            if self.delivery_term.data
            else None,
            delivery_place=self.delivery_place.data,
            note=self.note.data,
            active=self.active.data,
            contacts=tuple(_contact(entry.form) for entry in self.contacts if _is_kept(entry.form)),
            addresses=tuple(
                _address(entry.form) for entry in self.addresses if _is_written(entry.form)
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


def _address(form: AddressForm) -> AddressInput:
    return AddressInput(
        AddressKind(form.kind.data),
        street=form.street.data,
        postal_code=form.postal_code.data,
        city=form.city.data,
        region=form.region.data,
        country=form.country.data,
        label=form.label.data,
        attention=form.attention.data,
    )


def _is_written(form: AddressForm) -> bool:
    return any((form.street.data, form.postal_code.data, form.city.data, form.region.data))


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
def show(code: str) -> str | Response:
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SEE_SALES)
    with read() as session:
        if (now := code_today(session, code)) is not None:
            return redirect(url_for(".show", code=now), 301)
    wanted = QuoteFilter(customer=code)
    with read() as session:
        customer = customer_page(session, code, actor=actor)
        offers = quotes(session, wanted, PageRequest(SHOWN), actor=actor, at=at)
        sums = pipeline(session, wanted, actor=actor, at=at)
        credit = credit_of(session, code, actor=actor)
        lately = timeline(session, code, PageRequest(SHOWN), actor=actor)
        papers = exemptions_of(session, code, actor=actor)
        systems = connections_of(session, code, actor=actor)
        today = today_in(get_company(session).time_zone, at)
        orders = sales_orders(
            session, SalesOrderFilter(customer=code), PageRequest(SHOWN), actor=actor
        )
        sent = shipments(session, ShipmentFilter(customer=code), PageRequest(SHOWN), actor=actor)
        people = buyers(session, customer.id, actor=actor)
        messages = enquiries(session, PageRequest(SHOWN), EnquiryFilter(customer=code), actor=actor)
    return render_template(
        "backoffice/sales/customer.html",
        customer=customer,
        quotes=offers,
        orders=orders,
        shipments=sent,
        sums=sums,
        papers=papers,
        systems=systems,
        credit=credit,
        lately=lately,
        today=today,
        enquiries=messages,
        people=people,
        check_form=CheckForm(on=today),
        may_edit=actor.may(Permission.EDIT_CUSTOMERS),
        may_sell=actor.may(Permission.SELL),
    )


class CheckForm(BaseForm):
    on = DateField("Asked on")


@bp.post("/<path:code>/vat-check")
def vat_check(code: str) -> Response:
    form = CheckForm.from_request()
    if not form.validate():
        raise Invalid("Please give the day you asked on.", field="on")
    with write() as session:
        found = note_vat_check(session, code, form.on.data, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", code=code), f"{found.vat_id} was checked.")


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CUSTOMERS)
    form = CustomerForm.from_request() if request.method == "POST" else CustomerForm(active=True)
    _offer(form)
    alike: list[Alike] = []
    if form.is_sent and form.validate() and not form.another.data:
        with read() as session:
            alike = customers_like(session, _as_known(form), actor=actor)
    if form.is_sent and not form.errors and not alike:
        try:
            with write() as session:
                made = create_customer(session, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=made.code), f"{made.name} saved.")
    return render_form("backoffice/sales/customer_form.html", form, customer=None, alike=alike)


def _as_known(form: CustomerForm) -> Known:
    mails = [entry.form.email.data for entry in form.contacts] + [form.email.data]
    numbers = [form.vat_id.data, *(form.tax_numbers.data or "").split("\n")]
    return Known(
        code="",
        name=form.name.data,
        emails=tuple(filter(None, mails)),
        phone=form.phone.data or "",
        tax_numbers=tuple(number.replace(" ", "") for number in numbers if number),
    )


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
    addresses = [
        {
            "street": a.street or (a.lines if not a.country else ""),
            "postal_code": a.postal_code,
            "city": a.city,
            "region": a.region,
            "country": a.country,
            "kind": a.kind.value,
            "label": a.label,
            "attention": a.attention,
        }
        for a in customer.addresses
    ]
    lists = {"contacts": contacts, "addresses": addresses}
    form = CustomerForm(obj=customer, data=lists)
    form.tax_numbers.data = "\n".join(customer.tax_numbers)  # one a line
    return form


def _offer(form: CustomerForm) -> None:
    with read() as session:
        form.currency.choices = [(code, code) for code in currencies(session)]
        lists = price_list_choices(session)
        form.group.choices = [("", "none"), *group_choices(session)]
        form.credit_limit.currency = form.currency.data or get_company(session).currency
    form.price_list.choices = [("", "Their group's, or the default")] + [
        (code, f"{name}, {currency}") for code, name, currency in lists
    ]
    form.locale.choices = [(words.language, words.own_name) for words in LANGUAGES.values()]
    if form.locale.data and form.locale.data not in LANGUAGES:
        # A language with its country comes by the API; it is kept.
        form.locale.choices.append((form.locale.data, form.locale.data.replace("_", "-")))
