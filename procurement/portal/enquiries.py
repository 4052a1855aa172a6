"""Leave a message: anybody may write; the sales inbox reads it."""

from collections.abc import Sequence

from flask import g, render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.money import UnitPrice
from procurement.portal.hopes import asked_of
from procurement.portal.hurdles import HurdleForm, stamp
from procurement.portal.lines import Line, lines_of
from procurement.portal.quantities import QuantitiesForm, asked_about
from procurement.portal.seller import keep_for_visitor, visitors_basket
from procurement.sales.operations.enquiries import (
    CONSENT,
    AskedProduct,
    LeaveMessage,
    leave_message,
)
from procurement.sales.queries.baskets import basket_rows
from procurement.sales.terms import CustomerKind
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, EmailField, ProseField, TextField, TickField
from procurement.web.identity import current_actor
from procurement.web.speaking import asked_language
from procurement.web.throttle import limited
from procurement.web.transactions import read, write

bp = Door("messages", __name__, audience=Audience.PUBLIC, url_prefix="/message")

MOST_PRODUCTS = 50
KINDS = [
    (CustomerKind.SPA_OWNER.value, "I own a spa"),
    (CustomerKind.WELLNESS_CENTRE.value, "A wellness centre"),
    (CustomerKind.INDIVIDUAL.value, "For myself"),
]


class MessageForm(HurdleForm, QuantitiesForm):
    name = TextField("Your name")
    email = EmailField("Your mail address")
    kind = ChoiceField("Who is it for?", KINDS)
    company = TextField("Company", required=False)
    phone = TextField("Telephone", required=False)
    message = ProseField("Your message", most=5_000)
    consent = TickField(CONSENT)

    def to_command(self) -> LeaveMessage:
        return LeaveMessage(
            name=self.name.data,
            email=self.email.data,
            kind=CustomerKind(self.kind.data),
            message=self.message.data,
            company=self.company.data,
            phone=self.phone.data,
            products=self.asked() or asked_for(self.hoped()),
            consent=CONSENT,
            language=asked_language() or "",
        )


class BasketForm(MessageForm):
    """What goes with a basket: the products speak for themselves."""

    message = ProseField("Anything we should know", required=False, most=5_000)


def asked_for(hoped: dict[int, UnitPrice] | None = None) -> tuple[AskedProduct, ...]:
    """The visitor's basket with its quantities, or products named in the address (`?product=SKU`)."""
    if basket := _basket():
        return asked_of(basket, hoped or {})
    named = request.form.getlist("product") if request.form else request.args.getlist("product")
    kept = dict.fromkeys(sku.strip()[:64] for sku in named[:MOST_PRODUCTS] if sku.strip())
    return tuple(AskedProduct(sku) for sku in kept)


def _basket() -> list[Line]:
    """What the browser has put aside and we still offer, where the message is about it."""
    if request.values.get("about") != "basket":
        return []
    if "asked_basket" not in g:
        with read() as session:
            rows = basket_rows(session, visitors_basket())
        g.asked_basket = lines_of([row for row in rows if row.is_offered], None)
    lines: list[Line] = g.asked_basket
    return lines


def _kind_of_form() -> type[MessageForm]:
    return BasketForm if _basket() else MessageForm


@bp.get("/")
def write_one() -> Response:
    form = _kind_of_form()(opened=stamp())
    form.offer(_basket())
    _name_products(form, () if _basket() else [one.product for one in asked_for()])
    return _page(form, 200)


def _name_products(form: MessageForm, skus: Sequence[str]) -> None:
    """What is not sold here is left out of a page just opened; a form that was sent says it."""
    with read() as session:
        form.name_products(asked_about(session, skus))


@bp.post("/")
@limited
def send() -> Response:
    form = _kind_of_form().from_request()
    form.offer(_basket())
    _name_products(form, form.skus)
    passes = form.passes()
    if not form.consent.data:
        form.consent.errors = ["Please agree, or we may not keep your message."]
        passes = False
    if passes and form.is_robots:
        return _thanks()
    if passes:
        try:
            with write() as session:
                leave_message(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            if _basket():
                keep_for_visitor({})  # it has become the message
            return _thanks()
    form.open_again()
    return _page(form, 422)


@bp.get("/thanks")
def thanks() -> str:
    return render_template("portal/message_sent.html", company=current_company())


def _thanks() -> Response:
    return Response(status=303, headers={"Location": url_for(".thanks")})


def _page(form: MessageForm, status: int) -> Response:
    body = render_template(
        "portal/message.html",
        form=form,
        basket=_basket(),
        company=current_company(),
    )
    return Response(body, status, content_type="text/html; charset=utf-8")
