"""People: who may sign in and as what."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.accounts.operations.users import (
    change_user,
    invite_user,
    send_password_link,
    switch_off,
    switch_on,
)
from procurement.accounts.queries import account_by_email, accounts
from procurement.accounts.terms import AccountRow, NewUser
from procurement.audit.queries import trail_of
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.permissions import Permission, Role
from procurement.sales.queries.customers import customer_by_code, customer_code
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import CodeField, EmailField, ManyField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.links import password_link
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import Session, read, write

bp = Door(
    "users",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_USERS,
    url_prefix="/settings/people",
)

WHAT_THEY_DO = {
    Role.ADMINISTRATOR: "everything, and these settings",
    Role.SPA_MANAGER: "rooms, stock, orders and their approval",
    Role.STOCK_KEEPER: "receives, moves and corrects stock",
    Role.THERAPIST: "uses and tops up stock in the rooms",
    Role.SALES: "customers, enquiries, prices and quotes",
    Role.PURCHASER: "suppliers, needs and orders",
    Role.WHOLESALE_BUYER: "a customer's buyer: prices, basket and quotes of that customer",
}


class PersonForm(BaseForm):
    name = TextField("Name")
    roles = ManyField(
        "Roles",
        [
            (role.value, f"{role.replace('_', ' ').capitalize()}: {words}")
            for role, words in WHAT_THEY_DO.items()
        ],
    )
    customer = CodeField(
        "Customer", required=False, description="Only for a wholesale buyer: the customer's code."
    )

    def chosen_roles(self) -> frozenset[Role]:
        return frozenset(Role(value) for value in self.roles.data or [])

    def customer_id(self, session: Session) -> int | None:
        if not self.customer.data:
            return None
        customer = customer_by_code(session, self.customer.data)
        if customer is None:
            raise Invalid("There is no customer with this code.", field="customer")
        return customer.id


class InvitationForm(PersonForm):
    email = EmailField("Mail address")


@bp.get("")
def index() -> Response:
    with read() as session:
        people = accounts(session)
    if wanted_format():
        header = ["Name", "Mail address", "Roles", "State", "Since"]
        return export("people", header, [_cells(person) for person in people])
    return render_form(
        "backoffice/admin/users.html", InvitationForm(), people=people, exports_of=export_urls()
    )


@bp.get("/invite")
def ask_whom() -> Response:
    return render_form("backoffice/admin/user_new.html", InvitationForm.from_request())


@bp.post("/invite")
def invite() -> Response:
    form = InvitationForm.from_request()
    if form.validate():
        try:
            with write() as session:
                user = invite_user(
                    session,
                    NewUser(
                        str(form.email.data),
                        str(form.name.data),
                        form.chosen_roles(),
                        form.customer_id(session),
                    ),
                    company=current_company().name,
                    link_of=password_link,
                    actor=current_actor(),
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), f"An invitation goes to {user.email}.")
    return render_form("backoffice/admin/user_new.html", form)


@bp.get("/<email>")
def show(email: str) -> Response:
    person = _person(email)
    with read() as session:
        code = customer_code(session, person.customer_id) if person.customer_id else ""
    form = PersonForm(data={"name": person.name, "roles": sorted(person.roles), "customer": code})
    return _person_page(person, form)


@bp.post("/<email>")
def save(email: str) -> Response:
    form = PersonForm.from_request()
    if form.validate():
        try:
            with write() as session:
                change_user(
                    session,
                    email,
                    name=str(form.name.data),
                    roles=form.chosen_roles(),
                    customer_id=form.customer_id(session),
                    actor=current_actor(),
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", email=email), "Saved.")
    return _person_page(_person(email), form)


@bp.post("/<email>/password-link")
def send_link(email: str) -> Response:
    with write() as session:
        send_password_link(
            session,
            email,
            company=current_company().name,
            link_of=password_link,
            actor=current_actor(),
            at=utc_now(),
        )
    return redirect_with_flash(
        url_for(".show", email=email), f"A link to choose a new password goes to {email}."
    )


@bp.post("/<email>/off")
def off(email: str) -> Response:
    with write() as session:
        switch_off(session, email, actor=current_actor(), at=utc_now())
    return redirect_with_flash(
        url_for(".show", email=email),
        f"{email} cannot sign in any more.",
        undo={"undo": url_for(".on", email=email), "undo_label": "Switch on again"},
    )


@bp.post("/<email>/on")
def on(email: str) -> Response:
    with write() as session:
        switch_on(session, email, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", email=email), f"{email} can sign in again.")


def _person(email: str) -> AccountRow:
    with read() as session:
        person = account_by_email(session, email)
    if person is None:
        raise NotFound("There is no such account.")
    return person


def _person_page(person: AccountRow, form: PersonForm) -> Response:
    with read() as session:
        trail = trail_of(session, person.email)
    return render_form("backoffice/admin/user.html", form, person=person, trail=trail)


def _cells(person: AccountRow) -> list[str]:
    roles = ", ".join(role.replace("_", " ") for role in sorted(person.roles))
    return [person.name, person.email, roles, _state(person), person.created_at.date().isoformat()]


def _state(person: AccountRow) -> str:
    if not person.active:
        return "switched off"
    return "may sign in" if person.password else "invited"
