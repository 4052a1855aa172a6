"""`/lots`: what they are fit for, holding them back, what their labels name, and the trace both ways."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.claims import ReturnShape
from procurement.api.schemas.lots import (
    DeliveryShape,
    GoneShape,
    HeldShape,
    LabelBody,
    LotQuery,
    LotShape,
    MadeFromShape,
    SendBackBody,
    StandingShape,
    TraceShape,
    WhyBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.clock import today_in
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.queries.origins import trace
from procurement.purchasing.operations.sending_back import send_back
from procurement.purchasing.queries.returns import return_page
from procurement.settings.queries import get_company
from procurement.stock.operations.holding import (
    Promised,
    hold_lot,
    release_lot,
    say_what_labels_name,
)
from procurement.stock.queries.lots import LotDetail, LotFilter, lot_detail, lot_key, lots

api = Api("lots", "/lots")


@api.get("", query=LotQuery, gives=LotShape, many=True, summary="Lots, of one product or all")
def list_lots(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    wanted = LotFilter(product=asked.product, state=asked.status, label=asked.label)
    on = today_in(get_company(call.session).time_zone, call.at)
    return Answer(listing(lots(call.session, wanted, on=on, paging=paging), LotShape.of))


@api.get("/<path:name>/trace", gives=TraceShape, summary="Where it came from and went")
def show_trace(call: Call[Any], name: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    found = trace(call.session, lot_key(call.session, name))
    sees_suppliers = call.actor.may(Permission.SEE_PURCHASING)
    return Answer(
        TraceShape(
            made_from=[MadeFromShape.of(row) for row in found.made_from],
            deliveries=[DeliveryShape.of(row) for row in found.deliveries if sees_suppliers],
            stands=[StandingShape.of(row) for row in found.stands],
            went=[GoneShape.of(row) for row in found.went],
        )
    )


@api.get("/<path:name>", gives=LotShape, summary="One lot, named SKU/NUMBER")
def show(call: Call[Any], name: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return Answer(LotShape.of(_lot(call, name).row))


@api.post(
    "/<path:name>/hold", takes=WhyBody, gives=HeldShape, summary="Hold it and all made from it"
)
def hold(call: Call[WhyBody], name: str) -> Answer:
    promised = hold_lot(call.session, name, call.body.why, actor=call.actor, at=call.at)
    return Answer(_held(call, name, promised))


@api.post("/<path:name>/release", takes=WhyBody, gives=LotShape, summary="Let it be used again")
def release(call: Call[WhyBody], name: str) -> Answer:
    release_lot(call.session, name, call.body.why, actor=call.actor, at=call.at)
    return Answer(LotShape.of(_lot(call, name).row))


@api.post(
    "/<path:name>/send-back",
    takes=SendBackBody,
    gives=ReturnShape,
    status=201,
    summary="Back to the supplier by a return, also what is held or past its date",
)
def return_it(call: Call[SendBackBody], name: str) -> Answer:
    command = call.body.command(name, call.key)
    made = send_back(call.session, command, actor=call.actor, at=call.at)
    call.session.flush()  # it is read again for the answer
    page = return_page(call.session, made.number)
    return Answer(ReturnShape.whole(page), location=address("supplier-returns", made.number))


@api.post(
    "/<path:name>/label",
    takes=LabelBody,
    gives=LotShape,
    summary="Whether its label names the allergens of Regulation (EU) 2023/1545",
)
def label(call: Call[LabelBody], name: str) -> Answer:
    told = call.body.told
    say_what_labels_name(call.session, [name], told, actor=call.actor, at=call.at)
    return Answer(LotShape.of(_lot(call, name).row))


def _lot(call: Call[Any], name: str) -> LotDetail:
    on = today_in(get_company(call.session).time_zone, call.at)
    return lot_detail(call.session, name, on=on)


def _held(call: Call[Any], name: str, promised: tuple[Promised, ...]) -> HeldShape:
    detail = _lot(call, name)
    return HeldShape.of(detail.row, promised, detail.unit)
