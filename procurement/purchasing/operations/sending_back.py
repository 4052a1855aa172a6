"""One lot back to who delivered it, also in a recall: by a return, its supplier and claim found by themselves."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.purchasing.models import SupplierReturn
from procurement.purchasing.operations.returning import ReturnedLot, ReturnGoods, return_goods
from procurement.purchasing.queries.return_origins import covering_claim, suppliers_of_lots
from procurement.purchasing.terms import ReturnReason
from procurement.settings.queries import get_company
from procurement.stock.errors import InsufficientStock
from procurement.stock.models import Balance, Location, Lot
from procurement.stock.operations.recalls import found_goods, settle_item
from procurement.stock.queries.lots import lot_key
from procurement.stock.terms import LotStatus, RecallOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack:
    """`lot` is "SKU/NUMBER". Without a quantity all goes that is there and promised to nobody.

    `supplier` None: who delivered it. `reason` None: what its state says. `claim` None: one that names so much of it.
    """

    lot: str
    location: str
    why: str
    quantity: Quantity | None = None
    supplier: str | None = None
    reason: ReturnReason | None = None
    claim: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleItem:
    """What became of the goods at one place of a recall. `supplier` is asked only where nobody knows who sent them."""

    recall: str
    position: int
    outcome: RecallOutcome
    note: str = ""
    supplier: str | None = None


def send_back(session: Session, command: SendBack, *, actor: Actor, at: datetime) -> SupplierReturn:
    """Return goods of one lot, also what is held, recalled or past its use-by; `why` is told to the supplier.

    Raises NotFound (lot), Invalid naming the field, InsufficientStock.
    """
    actor.require_any(Permission.RECEIVE_GOODS, Permission.HOLD_LOTS)
    why = text.prose(command.why, "why").strip()
    if not why:
        raise Invalid("Say why it goes back.", field="why")
    lot_id = lot_key(session, command.lot)
    supplier = command.supplier or _sender(session, command.lot)
    steps = command.quantity.steps if command.quantity else _free(session, lot_id, command.location)
    claim = command.claim or covering_claim(session, lot_id, supplier, steps)
    on = today_in(get_company(session).time_zone, at)
    returned = ReturnGoods(
        supplier=supplier,
        location=command.location,
        reason=command.reason or _reason(session.get_one(Lot, lot_id), on),
        lines=(ReturnedLot(command.lot, command.quantity),),
        note=why,
        claim=claim,
        idempotency_key=command.idempotency_key,
    )
    try:
        return return_goods(session, returned, actor=actor, at=at)
    except InsufficientStock as error:
        raise InsufficientStock(error.message, field="quantity", left=error.left) from error
    except Invalid as error:
        raise Invalid.of(
            FieldError(one.field.removeprefix("lines.0."), one.message) for one in error.errors
        ) from error


def settle_recall_item(
    session: Session, command: SettleItem, *, actor: Actor, at: datetime
) -> SupplierReturn | None:
    """Deal with one place of a recall; what goes back to its supplier does so by a return, which is given.

    Raises what `settle_item` and `send_back` raise.
    """
    made = None
    if command.outcome is RecallOutcome.RETURNED:
        made = _returned(session, command, actor=actor, at=at)
    settle_item(
        session,
        command.recall,
        command.position,
        command.outcome,
        actor=actor,
        at=at,
        note=command.note,
        sent_by=made.posting_id if made else None,
    )
    return made


def _returned(
    session: Session, command: SettleItem, *, actor: Actor, at: datetime
) -> SupplierReturn | None:
    """Nothing in a drill, and where somebody took the goods away meanwhile."""
    found = found_goods(session, command.recall, command.position)
    if found.is_drill or not found.steps:
        return None
    back = SendBack(
        lot=found.lot,
        location=found.location,
        why=f"{found.reason}\n{command.note}".strip(),
        supplier=command.supplier,
        reason=ReturnReason.RECALLED,
    )
    return send_back(session, back, actor=actor, at=at)


def _sender(session: Session, lot: str) -> str:
    found = suppliers_of_lots(session, [lot]).get(lot)
    if found is None:
        raise Invalid(
            f"No delivery brought {lot}: say to which supplier it goes.", field="supplier"
        )
    return found[0]


def _free(session: Session, lot_id: int, location: str) -> int:
    free = session.scalar(
        select(Balance.on_hand - Balance.reserved)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.lot_id == lot_id, Location.code == location)
    )
    return int(free or 0)


def _reason(lot: Lot, on: date) -> ReturnReason:
    if lot.status is LotStatus.RECALLED:
        return ReturnReason.RECALLED
    is_past = lot.use_by is not None and lot.use_by < on
    return ReturnReason.EXPIRED if is_past else ReturnReason.OTHER
