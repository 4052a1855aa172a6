"""Groups of customers."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.models import Customer, CustomerGroup, PriceList


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group, how many customers are in it, how many lists are for it."""

    code: str
    name: str
    customers: int
    price_lists: int


def customer_groups(session: ReadSession, *, actor: Actor) -> list[GroupRow]:
    """All of them, by name: there are few."""
    actor.require(Permission.SEE_SALES)
    members = _count(Customer)
    lists = _count(PriceList)
    rows = session.execute(
        select(CustomerGroup.code, CustomerGroup.name, members, lists).order_by(
            CustomerGroup.name, CustomerGroup.code
        )
    )
    return [GroupRow(*row) for row in rows]


def _count(table: type[Customer | PriceList]) -> ScalarSelect[int]:
    counted: ScalarSelect[int] = (
        select(func.count())
        .select_from(table)
        .where(table.group_id == CustomerGroup.id)
        .scalar_subquery()
    )
    return counted


def group_choices(session: ReadSession) -> list[tuple[str, str]]:
    """Code and name of every group, for a choice in a form."""
    rows = session.execute(
        select(CustomerGroup.code, CustomerGroup.name).order_by(CustomerGroup.name)
    )
    return [(code, name) for code, name in rows]


def group_by_code(session: ReadSession, code: str) -> CustomerGroup | None:
    found: CustomerGroup | None = session.scalar(
        select(CustomerGroup).where(CustomerGroup.code == code)
    )
    return found
