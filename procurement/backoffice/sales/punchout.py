"""A customer's procurement system: the connection, what their IT has to know, its secret, what was sent."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import customers_door as bp
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.punchout_connections import (
    SaveConnection,
    change_connection,
    create_connection,
    renew_secret,
)
from procurement.sales.queries.buyers import buyers
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.punchout import connection_row, message_file, messages_of
from procurement.sales.terms.punchout import ConnectionRow, Credential, DeploymentMode
from procurement.web.addresses import public_url
from procurement.web.fields import ChoiceField, ProseField, TextField, TickField, WholeNumberField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import read, write

MODES = [
    (DeploymentMode.TEST.value, "Test: orders are checked and not placed"),
    (DeploymentMode.PRODUCTION.value, "Production: orders are orders"),
]
NETWORK = "NetworkId"  # the register that most of them use


class ConnectionForm(BaseForm):
    name = TextField("Name")
    buyer = ChoiceField("Orders stand for")
    origin_domain = TextField("Register", most=64)
    origin_identity = TextField("Number there")
    sender_domain = TextField("Register", required=False, most=64)
    sender_identity = TextField("Number there", required=False)
    own_domain = TextField("Register", most=64)
    own_identity = TextField("Our number there")
    return_hosts = ProseField("Hosts that baskets go back to", most=3_000)
    mode = ChoiceField("Mode", MODES)
    framed = TickField("They show the shop in a frame")
    unspsc = TextField("UNSPSC number", required=False, most=8)
    active = TickField("Active")
    version = WholeNumberField("Version", required=False, most=10**9)

    def to_command(self) -> SaveConnection:
        return SaveConnection(
            name=self.name.data,
            buyer=self.buyer.data,
            own=Credential(self.own_domain.data, self.own_identity.data),
            origin=Credential(self.origin_domain.data, self.origin_identity.data),
            sender=Credential(self.sender_domain.data, self.sender_identity.data),
            return_hosts=tuple(self.return_hosts.data.splitlines()),
            mode=DeploymentMode(self.mode.data),
            framed=self.framed.data,
            unspsc=self.unspsc.data,
            active=self.active.data,
            version=self.version.data,
        )


@bp.route("/<path:code>/punchout/new", methods=["GET", "POST"])
def connect(code: str) -> Response | str:
    actor = current_actor()
    actor.require(Permission.EDIT_CUSTOMERS)
    fresh = {"active": True, "mode": DeploymentMode.TEST.value}
    fresh |= {"origin_domain": NETWORK, "own_domain": NETWORK}
    form = ConnectionForm.from_request() if request.method == "POST" else ConnectionForm(data=fresh)
    _offer(form, code)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                made, secret = create_connection(
                    session, code, form.to_command(), actor=actor, at=utc_now()
                )
                key = made.id
        except DomainError as error:
            form.blame(error)
        else:
            return _page(code, key, secret)
    return _form(form, code, None)


@bp.get("/<path:code>/punchout/<int:key>")
def connection(code: str, key: int) -> str:
    return _page(code, key)


@bp.route("/<path:code>/punchout/<int:key>/edit", methods=["GET", "POST"])
def edit_connection(code: str, key: int) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CUSTOMERS)
    with read() as session:
        found = connection_row(session, code, key, actor=actor)
    form = ConnectionForm.from_request() if request.method == "POST" else _filled(found)
    _offer(form, code)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                change_connection(session, code, key, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            place = url_for(".connection", code=code, key=key)
            return redirect_with_flash(place, f"{form.name.data} saved.")
    return _form(form, code, found)


@bp.post("/<path:code>/punchout/<int:key>/secret")
def renew_connection_secret(code: str, key: int) -> str:
    with write() as session:
        _, secret = renew_secret(session, code, key, actor=current_actor(), at=utc_now())
    return _page(code, key, secret)


@bp.get("/<path:code>/punchout/<int:key>/messages/<int:message>")
def connection_message(code: str, key: int, message: int) -> Response:
    with read() as session:
        paper = message_file(session, code, key, message, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type)


def _page(code: str, key: int, secret: str = "") -> str:
    actor = current_actor()
    with read() as session:
        found = connection_row(session, code, key, actor=actor)
        messages = messages_of(session, key, actor=actor)
    return render_template(
        "backoffice/sales/punchout.html",
        connection=found,
        messages=messages,
        secret=secret,
        address=public_url(url_for("cxml.take")),
        may_edit=actor.may(Permission.EDIT_CUSTOMERS),
    )


def _form(form: ConnectionForm, code: str, found: ConnectionRow | None) -> Response:
    with read() as session:
        customer = customer_page(session, code, actor=current_actor())
    return render_form(
        "backoffice/sales/punchout_form.html", form, customer=customer, connection=found
    )


def _filled(found: ConnectionRow) -> ConnectionForm:
    return ConnectionForm(
        data={
            "name": found.name,
            "buyer": found.buyer_email,
            "origin_domain": found.origin.domain,
            "origin_identity": found.origin.identity,
            "sender_domain": found.sender.domain,
            "sender_identity": found.sender.identity,
            "own_domain": found.own.domain,
            "own_identity": found.own.identity,
            "return_hosts": "\n".join(found.return_hosts),
            "mode": found.mode.value,
            "framed": found.framed,
            "unspsc": found.unspsc,
            "active": found.active,
            "version": found.version,
        }
    )


def _offer(form: ConnectionForm, code: str) -> None:
    actor = current_actor()
    with read() as session:
        customer = customer_page(session, code, actor=actor)
        people = buyers(session, customer.id, actor=actor)
    form.buyer.choices = [
        (one.email, f"{one.name}, {one.email}") for one in people if one.active
    ] or [("", "Nobody buys for them here yet")]
