"""The address book of a buyer's company: where bills go, and where goods go."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.portal.door import bp
from procurement.sales.errors import OtherTaxPlace
from procurement.sales.operations.address_book import (
    add_address,
    change_address,
    make_usual,
    propose_address,
    remove_address,
)
from procurement.sales.operations.customers import AddressInput
from procurement.sales.queries.address_book import BookedAddress, address_book
from procurement.sales.queries.buyers import powers_of
from procurement.sales.rules.addresses import countries
from procurement.sales.terms import AddressKind
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ChoiceField, ProseField, TextField, TickField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form, render_page
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

KINDS = [(AddressKind.DELIVERY.value, "Deliveries"), (AddressKind.BILLING.value, "Bills")]


class AddressForm(BaseForm):
    label = TextField(
        "Called", required=False, description="For you, such as: Spa Nord, back door."
    )
    kind = ChoiceField("Used for", KINDS)
    attention = TextField(
        "Who takes it in",
        required=False,
        description="A name and a telephone for the carrier; the first line of the label.",
    )
    street = ProseField("Street", most=500)
    postal_code = TextField("Postal code", required=False, most=20)
    city = TextField("Town", most=200)
    region = TextField("Region", required=False, most=200)
    country = ChoiceField("Country", [("", "Choose"), *countries()])
    usual = TickField("The usual one")

    def to_input(self) -> AddressInput:
        return AddressInput(
            AddressKind(self.kind.data),
            street=self.street.data,
            postal_code=self.postal_code.data or "",
            city=self.city.data,
            region=self.region.data or "",
            country=self.country.data,
            label=self.label.data or "",
            attention=self.attention.data or "",
        )


@bp.get("/account/addresses")
@open_to(Audience.BUYER)
def addresses() -> Response:
    with read() as session:
        book = address_book(session, actor=current_actor())
        may_manage = powers_of(session, current_actor()).may_manage
    return render_page("portal/addresses.html", book=book, may_manage=may_manage)


@bp.route("/account/addresses/new", methods=["GET", "POST"])
@open_to(Audience.BUYER)
def add_address_page() -> Response:
    return _edit(None)


@bp.route("/account/addresses/<int:address_id>", methods=["GET", "POST"])
@open_to(Audience.BUYER)
def address(address_id: int) -> Response:
    with read() as session:
        book = address_book(session, actor=current_actor())
    found = next((one for one in book if one.id == address_id), None)
    if found is None:
        raise NotFound("There is no such address; somebody may have changed it meanwhile.")
    return _edit(found)


@bp.post("/account/addresses/<int:address_id>/usual")
@open_to(Audience.BUYER)
def usual_address(address_id: int) -> Response:
    try:
        with write() as session:
            make_usual(session, address_id, actor=current_actor(), at=utc_now())
    except OtherTaxPlace as error:
        return redirect_with_flash(url_for(".addresses"), error.message, category="error")
    return _back("The usual address is another one now.")


@bp.post("/account/addresses/<int:address_id>/remove")
@open_to(Audience.BUYER)
def drop_address(address_id: int) -> Response:
    try:
        with write() as session:
            remove_address(session, address_id, actor=current_actor(), at=utc_now())
    except OtherTaxPlace as error:
        return redirect_with_flash(url_for(".addresses"), error.message, category="error")
    return _back("The address is gone. What was ordered to it stays as it was written.")


def _edit(found: BookedAddress | None) -> Response:
    """The form of a new address, or of one that is there; what is ours to look at can be sent to us."""
    form = AddressForm.from_request(data=_filled(found))
    asks = False
    if form.is_sent and form.validate():
        try:
            return _save(form, found)
        except NotFound:
            raise
        except OtherTaxPlace as error:
            asks = True
            form.blame(error)
        except DomainError as error:
            form.blame(error)
    return render_form("portal/address.html", form, one=found, asks=asks)


def _save(form: AddressForm, found: BookedAddress | None) -> Response:
    actor, at, given = current_actor(), utc_now(), form.to_input()
    with write() as session:
        if "ask" in request.form:
            number = propose_address(session, given, actor=actor, at=at)
            return _back(f"{number} is with us; we answer by mail.")
        if found is None:
            add_address(session, given, usual=form.usual.data, actor=actor, at=at)
        else:
            change_address(session, found.id, given, usual=form.usual.data, actor=actor, at=at)
    return _back("The address is kept.")


def _filled(found: BookedAddress | None) -> dict[str, object]:
    if found is None:
        return {"kind": AddressKind.DELIVERY.value}
    # One that was written freely begins with its lines, so that they can be put into their places.
    return {
        "label": found.label,
        "kind": found.kind.value,
        "attention": found.attention,
        "street": found.street or (found.lines if not found.country else ""),
        "postal_code": found.postal_code,
        "city": found.city,
        "region": found.region,
        "country": found.country,
        "usual": found.is_usual,
    }


def _back(words: str) -> Response:
    return redirect_with_flash(url_for(".addresses"), words)
