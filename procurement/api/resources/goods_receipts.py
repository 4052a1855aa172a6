"""`/goods-receipts`: what arrived. They are made below their order."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.receipts import (
    ReceiptQuery,
    ReceiptReversalBody,
    ReceiptRowShape,
    ReceiptShape,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.queries.receipts import receipt_page, receipts

api = Api("goods_receipts", "/goods-receipts")


@api.get(
    "", query=ReceiptQuery, gives=ReceiptRowShape, many=True, summary="Receipts, the latest first"
)
def list_receipts(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = receipts(call.session, paging, order=asked.purchase_order, supplier=asked.supplier)
    return Answer(listing(page, ReceiptRowShape.of))


@api.get("/<number>", gives=ReceiptShape, summary="One receipt with its lines")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return Answer(ReceiptShape.of(receipt_page(call.session, number)))


@api.post(
    "/<number>/reverse",
    takes=ReceiptReversalBody,
    gives=ReceiptShape,
    summary="Take a receipt back; the order expects the goods again",
)
def reverse(call: Call[ReceiptReversalBody], number: str) -> Answer:
    reverse_receipt(call.session, number, why=call.body.why, actor=call.actor, at=call.at)
    return Answer(ReceiptShape.of(receipt_page(call.session, number)))
