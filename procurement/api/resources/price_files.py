"""`/price-files`: suppliers' prices compared with ours, applied on a day, undone."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.price_files import (
    ApplyPricesBody,
    PriceFileBody,
    PriceFileQuery,
    PriceFileRowShape,
    PriceFileShape,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.queries.price_effects import price_effects
from procurement.sourcing.errors import SupplierUnknown
from procurement.sourcing.operations.price_files import (
    apply_prices,
    discard_prices,
    take_in_prices,
    undo_prices,
)
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.queries.price_files import price_file_page, price_files

api = Api("price_files", "/price-files")


@api.get(
    "",
    query=PriceFileQuery,
    gives=PriceFileRowShape,
    many=True,
    summary="Price files, latest first",
)
def list_price_files(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = price_files(call.session, paging, supplier=asked.supplier, status=asked.status)
    return Answer(listing(page, PriceFileRowShape.of))


@api.get("/<number>", gives=PriceFileShape, summary="One price file with its difference")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _file(call, number)


@api.post(
    "", takes=PriceFileBody, gives=PriceFileShape, status=201, summary="Compare rows or a file"
)
def create(call: Call[PriceFileBody]) -> Answer:
    call.actor.require(Permission.EDIT_SUPPLIERS)
    try:
        currency = supplier_page(call.session, call.body.supplier).currency
    except SupplierUnknown as error:
        raise Invalid(error.message, field="supplier") from error
    command = call.body.command(currency)
    file = take_in_prices(call.session, command, actor=call.actor, at=call.at)
    return Answer(_shape(call, file.number), location=address("price-files", file.number))


@api.post(
    "/<number>/apply", takes=ApplyPricesBody, gives=PriceFileShape, summary="Apply it on a day"
)
def apply(call: Call[ApplyPricesBody], number: str) -> Answer:
    apply_prices(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _file(call, number)


@api.post(
    "/<number>/undo", takes=Nothing, gives=PriceFileShape, summary="Bring the former prices back"
)
def undo(call: Call[Nothing], number: str) -> Answer:
    undo_prices(call.session, number, actor=call.actor, at=call.at)
    return _file(call, number)


@api.post("/<number>/discard", takes=Nothing, gives=PriceFileShape, summary="Never apply it")
def discard(call: Call[Nothing], number: str) -> Answer:
    discard_prices(call.session, number, actor=call.actor, at=call.at)
    return _file(call, number)


def _file(call: Call[Any], number: str) -> Answer:
    return Answer(_shape(call, number))


def _shape(call: Call[Any], number: str) -> PriceFileShape:
    page = price_file_page(call.session, number)
    effects = price_effects(call.session, page, actor=call.actor, at=call.at)
    return PriceFileShape.of(page, effects)
