"""Lots with a story in the demo: labels read, one lot held, a drill half way through."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from procurement.catalogue.models import Product
from procurement.demo import goods, house
from procurement.demo.days import moment
from procurement.demo.history import History
from procurement.stock.models import Balance, Lot
from procurement.stock.operations.holding import hold_lot, say_what_labels_name
from procurement.stock.operations.posting import StockMove
from procurement.stock.operations.recalls import StartRecall, settle_item, start_recall
from procurement.stock.queries.recalls import recall_page
from procurement.stock.rules.labelling import NEW_GOODS_FROM, OLD_STOCK_UNTIL, cosmetic_kinds
from procurement.stock.terms import Reason, RecallOutcome

# Every so many-th lot's label was not read yet, or is of the old kind.
_UNREAD, _OLD = 9, 14
_OLD_BOTTLES = 3


def tell_lot_stories(history: History) -> None:
    """After everything else: these lots are the last thing that was looked at this morning."""
    session, cast = history.session, history.cast
    at = moment(house.sites()[0], history.today - timedelta(days=1), 20, 40)
    lots = session.execute(
        select(Product.sku, Lot.number, Lot.use_by)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.parent_id.is_(None), Product.kind.in_(cosmetic_kinds()))
        .order_by(Product.sku, Lot.number)
    ).all()
    names = [f"{sku}/{number}" for sku, number, _ in lots]
    old = names[_OLD // 2 :: _OLD]
    read = [name for index, name in enumerate(names) if index % _UNREAD and name not in old]
    say_what_labels_name(session, read, told=True, actor=cast.keeper, at=at)
    say_what_labels_name(session, old, told=False, actor=cast.keeper, at=at)
    _hold_a_lot(history, at)
    _drill(history, at)
    _find_old_bottles(history)


def _hold_a_lot(history: History, at: datetime) -> None:
    """Past its date already, so that nothing runs short because of it."""
    past = history.session.execute(
        select(Product.sku, Lot.number)
        .join(Product, Product.id == Lot.product_id)
        .join(Balance, Balance.lot_id == Lot.id)
        .where(Lot.parent_id.is_(None), Lot.use_by < at.date(), Balance.on_hand > 0)
        .order_by(Lot.use_by, Lot.number)
        .limit(1)
    ).first()
    if past is not None:
        why = "Smells rancid; a sample is with the supplier"
        name = f"{past.sku}/{past.number}"
        hold_lot(history.session, name, why, actor=history.cast.keeper, at=at)


def _find_old_bottles(history: History) -> None:
    """Bought before new goods had to name their allergens, and found behind the towels: nobody has read the labels."""
    site = house.sites()[0]
    bought = moment(site, NEW_GOODS_FROM - timedelta(days=40), 9)
    if bought >= history.at:
        return
    stored = [one for one in goods.products() if one.kind in cosmetic_kinds()][:_OLD_BOTTLES]
    moves = [
        StockMove(
            one.sku,
            "OPENING",
            site.store_of(one.kind),
            one.packs[0].size,
            lot="A0626",
            expires_on=OLD_STOCK_UNTIL - timedelta(days=60),
        )
        for one in stored
    ]
    history.post(Reason.OPENING, moves, at=bought, note="Found behind the towels")


def _drill(history: History, at: datetime) -> None:
    """The lot that stands in most places, half of them found."""
    session, cast = history.session, history.cast
    root = func.coalesce(Lot.parent_id, Lot.id).label("root")
    places = (
        select(root, func.count().label("places"))
        .join(Balance, Balance.lot_id == Lot.id)
        .where(Balance.on_hand > 0)
        .group_by(root)
        .subquery()
    )
    widest = session.execute(
        select(Product.sku, Lot.number)
        .join(places, places.c.root == Lot.id)
        .join(Product, Product.id == Lot.product_id)
        .where(Lot.parent_id.is_(None), Product.kind.in_(cosmetic_kinds()))
        .order_by(places.c.places.desc(), Lot.number)
        .limit(1)
    ).one()
    drill = StartRecall(widest.sku, (widest.number,), "Autumn drill: how fast do we find it?", True)
    number = start_recall(session, drill, actor=cast.manager, at=at).number
    items = recall_page(session, number).items
    for minutes, item in enumerate(items[: len(items) * 3 // 5], start=2):
        settle_item(
            session,
            number,
            item.position,
            RecallOutcome.QUARANTINED,
            actor=cast.therapist,
            at=at + timedelta(minutes=minutes),
        )
