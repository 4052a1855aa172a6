"""`/suppliers` and `/supplier-items`."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.sourcing import (
    SupplierBody,
    SupplierItemBody,
    SupplierItemQuery,
    SupplierItemShape,
    SupplierPageShape,
    SupplierQuery,
    SupplierShape,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.sourcing.operations.suppliers import (
    save_supplier,
    save_supplier_item,
)
from procurement.sourcing.queries import (
    supplier_item_row,
    supplier_items,
    supplier_page,
    suppliers,
)

api = Api("suppliers", "/suppliers")
items = Api("supplier_items", "/supplier-items")


@api.get("", query=SupplierQuery, gives=SupplierShape, many=True, summary="Suppliers, by name")
def list_suppliers(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    return Answer(listing(suppliers(call.session, paging, text=asked.text), SupplierShape.of))


@api.get("/<path:code>", gives=SupplierPageShape, summary="One supplier")
def show(call: Call[Any], code: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return Answer(SupplierPageShape.page(supplier_page(call.session, code)))


@api.post("", takes=SupplierBody, gives=SupplierPageShape, status=201, summary="Take in a supplier")
def create(call: Call[SupplierBody]) -> Answer:
    supplier = save_supplier(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = SupplierPageShape.page(supplier_page(call.session, supplier.code))
    return Answer(shape, location=address("suppliers", supplier.code))


@items.get(
    "",
    query=SupplierItemQuery,
    gives=SupplierItemShape,
    many=True,
    summary="What suppliers sell, and at which price",
)
def list_items(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = supplier_items(call.session, paging, supplier=asked.supplier, product=asked.product)
    return Answer(listing(page, SupplierItemShape.of))


@items.post(
    "",
    takes=SupplierItemBody,
    gives=SupplierItemShape,
    status=201,
    summary="Say what a supplier sells; said again, it is changed",
)
def save(call: Call[SupplierItemBody]) -> Answer:
    command = call.body.command()
    item = save_supplier_item(call.session, command, actor=call.actor, at=call.at)
    shape = SupplierItemShape.of(supplier_item_row(call.session, item))
    where = address("supplier-items", supplier=shape.supplier, product=shape.product)
    return Answer(shape, location=where)
