"""A gallon into bottles."""

import uuid
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.stock.bottles import OnceForm, row_of
from procurement.backoffice.stock.taps import carry_out, key_of, label_of, undo_of
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.queries.places import places
from procurement.stock.queries.rooms import packs_of
from procurement.web.doors import Audience, Door
from procurement.web.fields import (
    ChoiceField,
    DateField,
    QuantityField,
    TickField,
    WholeNumberField,
)
from procurement.web.forms import redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read

bp = Door("decanting", __name__, audience=Audience.STAFF)


class DecantForm(OnceForm):
    bottles = WholeNumberField("Bottles", least=1, most=200)
    each = QuantityField("Into each")
    pack = ChoiceField("Which bottle", required=False)
    to = ChoiceField("Where they stand then")
    loss = QuantityField("Lost in pouring", required=False, zero=True)
    finish = TickField("The rest is lost too: it is empty now")
    expires_on = DateField("An earlier date for them", required=False)

    def process(  # type: ignore[override] # one keyword more than WTForms knows
        self, *arguments: Any, unit: Unit = Unit.PIECE, **more: Any
    ) -> None:
        self.each.unit = self.loss.unit = unit
        super().process(*arguments, **more)

    def to_command(self, number: str, key: str | None) -> Decant:
        fill = Fill(self.bottles.data, self.each.data, self.pack.data or None)
        return Decant(
            number,
            (fill,),
            to=self.to.data,
            expires_on=self.expires_on.data,
            loss=self.loss.data,
            finish=self.finish.data,
            idempotency_key=key,
        )


@bp.route("/open/<number>/decant", methods=["GET", "POST"])
def pour(number: str) -> Response:
    """A gallon into bottles."""
    current_actor().require(Permission.USE_STOCK)
    row = row_of(number)
    with read() as session:
        rooms = places(session)
        packs = packs_of(session, row.product)
    form = DecantForm.from_request(
        unit=row.left.unit, data={"once": uuid.uuid4().hex, "to": row.location, "bottles": 1}
    )
    form.to.choices = [(place.code, place.name) for place in rooms]
    form.pack.choices = [("", "Any bottle")] + [(pack.code, pack.name) for pack in packs]
    if request.method == "POST" and form.validate():
        try:
            done = carry_out(
                lambda session, key: decant(
                    session,
                    form.to_command(number, key or None),
                    actor=current_actor(),
                    at=utc_now(),
                ),
                key_of("decant", number),
            )
        except DomainError as error:
            form.blame(error)
        else:
            back = url_for("rooms.show", code=row.location)
            if done is None:
                return redirect_with_flash(back, "That was done already.")
            names = ", ".join(done.containers)
            return redirect_with_flash(
                back,
                f"Filled {names}.",
                undo=(undo_of(done, back) or {}) | label_of(*done.containers),
            )
    return render_form("backoffice/stock/decant.html", form, row=row)
