"""`/customers`: all of them for staff, their own for buyers."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.customers import (
    CustomerBody,
    CustomerQuery,
    CustomerRowShape,
    CustomerShape,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.operations.customers import create_customer
from procurement.sales.queries.customers import CustomerFilter, customer_page, customers

api = Api("customers", "/customers")


@api.get("", query=CustomerQuery, gives=CustomerRowShape, many=True, summary="Customers, by name")
def list_customers(call: Call[Any]) -> Answer:
    asked = call.query
    wanted = CustomerFilter(asked.text, asked.kind)
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = customers(call.session, wanted, paging, actor=call.actor)
    return Answer(listing(page, CustomerRowShape.of))


@api.get("/<path:code>", gives=CustomerShape, summary="One customer")
def show(call: Call[Any], code: str) -> Answer:
    call.actor.require_any(Permission.SEE_SALES, Permission.BUY)
    return Answer(CustomerShape.page(customer_page(call.session, code, actor=call.actor)))


@api.post("", takes=CustomerBody, gives=CustomerShape, status=201, summary="Take in a customer")
def create(call: Call[CustomerBody]) -> Answer:
    made = create_customer(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = CustomerShape.page(customer_page(call.session, made.code, actor=call.actor))
    return Answer(shape, location=address("customers", made.code))
