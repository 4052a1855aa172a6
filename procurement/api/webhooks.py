"""What other programs tell us unasked: a payment provider says that an order is paid.

The message is believed when it is signed with the secret we share and was written within the last minutes; what has
been told once changes nothing when it comes again.
"""

from flask import current_app, jsonify, request
from pydantic import Field, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, Unauthorized
from werkzeug.wrappers import Response

from procurement.api.endpoint import LARGEST_BODY, invalid_of
from procurement.api.schemas.values import Body, Code, MoneyIn, Name
from procurement.kernel.clock import utc_now
from procurement.sales.operations.paying import PaymentTold, take_payment
from procurement.sales.rules.webhooks import is_signed
from procurement.web.doors import Audience, Door
from procurement.web.identity import csrf
from procurement.web.transactions import write

SIGNATURE = "Stillroom-Signature"

door = Door("webhooks", __name__, audience=Audience.PUBLIC, url_prefix="/webhooks")
csrf.exempt(door)  # no browser sends the signature on its own


class PaymentBody(Body):
    """An event: its number, the order, how much was paid, and the provider's reference of the payment."""

    id: Name
    order: Code
    paid: MoneyIn
    reference: Name = Field(description="Under which the provider finds the payment")


@door.post("/payments")
def payments() -> Response:
    raw = request.get_data(cache=True)
    if len(raw) > LARGEST_BODY:
        raise RequestEntityTooLarge(f"A body has at most {LARGEST_BODY:,} bytes.")
    at = utc_now()
    secret = current_app.extensions["config"].payment_secret
    if not is_signed(secret, request.headers.get(SIGNATURE, ""), raw, at):
        raise Unauthorized("The signature is missing, wrong, or not of the last five minutes.")
    try:
        body = PaymentBody.model_validate_json(raw)
    except ValidationError as error:
        if error.errors()[0]["type"] == "json_invalid":
            raise BadRequest("The body is not JSON.") from error
        raise invalid_of(error) from error
    told = PaymentTold(
        event_id=body.id, order=body.order, amount=body.paid.money(), reference=body.reference
    )
    with write() as session:
        order = take_payment(session, told, at=at)
        answer = {"order": order.number, "paid_at": order.paid_at and order.paid_at.isoformat()}
    return jsonify(answer)
