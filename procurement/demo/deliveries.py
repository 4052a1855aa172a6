"""What became of deliveries in the demo: rules they are held to, doubted goods claimed, one lot sent back."""

from datetime import timedelta

from sqlalchemy import select

from procurement.demo import house
from procurement.demo.days import moment
from procurement.demo.history import History
from procurement.kernel.money import Rate
from procurement.kernel.quantity import Quantity
from procurement.purchasing.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrder
from procurement.purchasing.operations.accepting import SaveDeliveryRule, save_delivery_rule
from procurement.purchasing.operations.claiming import (
    ClaimAnswer,
    ClaimedLine,
    MakeClaim,
    answer_claim,
    make_claim,
    send_claim,
    settle_claim,
)
from procurement.purchasing.operations.returning import ReturnedLot, ReturnGoods, return_goods
from procurement.purchasing.queries.returns import returnable
from procurement.purchasing.terms import Condition, Fault, Remedy, ReturnReason
from procurement.sourcing.models import Supplier
from procurement.stock.queries.places import place_of_kind
from procurement.stock.terms import LocationKind


def tell_of_deliveries(history: History) -> None:
    """After all deliveries: an old claim is settled, one waits for its answer, the latest is still to be sent."""
    session, cast = history.session, history.cast
    at = moment(house.sites()[0], history.today - timedelta(days=1), 19, 20)
    first = SaveDeliveryRule(over=Rate.parse("5"), claim_days=14)
    save_delivery_rule(session, first, actor=cast.purchaser, at=at)
    receipts = session.execute(
        select(GoodsReceipt.number, Supplier.code)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .order_by(GoodsReceipt.received_at.desc(), GoodsReceipt.id.desc())
    ).all()
    doubted = session.scalars(
        select(GoodsReceipt.number)
        .join(GoodsReceiptLine, GoodsReceiptLine.receipt_id == GoodsReceipt.id)
        .where(GoodsReceiptLine.condition != Condition.GOOD)
        .distinct()
        .order_by(GoodsReceipt.number.desc())
        .limit(1)
    ).all()
    for number in doubted:
        make_claim(session, MakeClaim(receipt=number), actor=cast.keeper, at=at)
    broken = ClaimedLine(position=1, fault=Fault.DAMAGED, packs=1, note="Two bottles leak")
    later = [number for number, _ in receipts[3:9] if number not in doubted]
    for index, number in enumerate(later[:2]):
        claim = MakeClaim(receipt=number, lines=(broken,), note="Pictures follow by mail.")
        made = make_claim(session, claim, actor=cast.keeper, at=at).number
        session.flush()  # it is read from the tables before it is sent
        send_claim(session, made, actor=cast.keeper, at=at)
        if index:
            said = ClaimAnswer(remedy=Remedy.CREDIT, text="With our apologies")
            answer_claim(session, made, said, actor=cast.purchaser, at=at)
            settle_claim(session, made, actor=cast.purchaser, at=at)
    _send_back(history, [supplier for _, supplier in receipts])


def _send_back(history: History, suppliers: list[str]) -> None:
    """Of a lot that waits in quarantine half goes back to who sent it; the rest is still looked at."""
    session = history.session
    at = moment(house.sites()[0], history.today - timedelta(days=1), 19, 40)
    for supplier in dict.fromkeys(suppliers):
        for site in house.sites():
            place = place_of_kind(session, LocationKind.QUARANTINE, site=site.code).code
            lots = [lot for lot in returnable(session, place, supplier) if lot.is_theirs]
            if not lots:
                continue
            half = Quantity(max(1, lots[0].free.steps // 2), lots[0].free.unit)
            command = ReturnGoods(
                supplier=supplier,
                location=place,
                reason=ReturnReason.DAMAGED,
                lines=(ReturnedLot(lots[0].name, half),),
                note="Please collect it with your next delivery.",
            )
            return_goods(session, command, actor=history.cast.keeper, at=at)
            return
