"""A spa with rules, stock and suppliers, for the stories about needs."""

from sqlalchemy.orm import Session

from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.queries.needs import needs
from procurement.planning.terms import Drafted, Need, Needs
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from tests.builders import a_company, a_product, a_supplier, a_supplier_item, an_actor
from tests.stock.builders import MORNING, a_spa, ml

ANA = an_actor(name="Ana")


def a_planned_spa(session: Session, *, rooms: int = 2) -> None:
    """Almond oil, in bottles of 500 ml at 8.60 from CORRIB; no stock, no rules."""
    a_company(session)
    a_spa(session, rooms=rooms)
    a_product(session, name="Sweet Almond Oil", packs={"bottle": "500", "case": "6000"})
    a_supplier(session)
    a_supplier_item(session, pack="bottle")


def a_rule(
    session: Session,
    location: str,
    par_level: int,
    reorder_point: int,
    *,
    product: str = "ALM-500",
) -> None:
    rule = SetStockingRule(location, product, ml(par_level), ml(reorder_point))
    set_stocking_rules(session, [rule], actor=ANA)
    session.flush()


def needed(session: Session, **more: object) -> Needs:
    session.flush()
    return needs(session, at=MORNING, **more)


def told(need: Need) -> tuple[str, str, str | None, str, str | None, int]:
    """Where, how short, from which storeroom, how much, from which supplier, how many packs."""
    return (
        need.location,
        need.short.amount,
        need.transfer_from,
        need.transfer.amount,
        need.supplier,
        need.packs,
    )


def drafted(session: Session, **more: object) -> Drafted:
    found = draft_orders(session, DraftOrders(**more), actor=ANA, at=MORNING)
    session.flush()
    return found
