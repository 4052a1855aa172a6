"""Connections to customers' procurement systems, and visits from there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission, Role
from procurement.sales.models import Customer, PunchoutConnection, PunchoutVisit
from procurement.sales.operations.punchout_connections import SaveConnection, create_connection
from procurement.sales.operations.punchout_visits import open_visit
from procurement.sales.terms.punchout import (
    Credential,
    DeploymentMode,
    VisitAsked,
    VisitOperation,
)
from tests.builders import NOON
from tests.doors import an_account
from tests.exchange.cxml_client import FROM, OURS, RETURN
from tests.sales.stories import SELLER

HOST = "buy.linden.example"


def connect(session, code, *, origin=FROM, mode=DeploymentMode.PRODUCTION, hosts=(HOST,)) -> str:
    customer = session.scalars(select(Customer).where(Customer.code == code)).one()
    buyer = an_account(session, Role.WHOLESALE_BUYER, customer_id=customer.id)
    command = SaveConnection(
        name="Ariba",
        buyer=buyer.email,
        own=Credential(*OURS),
        origin=Credential(*origin),
        sender=Credential("", ""),
        return_hosts=hosts,
        mode=mode,
        unspsc="53131600",
    )
    return create_connection(session, code, command, actor=SELLER, at=NOON)[1]


def a_visit(session: Session, code="LINDEN", *, who="", email="", at=NOON) -> tuple[int, Actor]:
    """Its key, and who shops there."""
    connection, customer = session.execute(
        select(PunchoutConnection.id, Customer.id)
        .join(Customer, Customer.id == PunchoutConnection.customer_id)
        .where(Customer.code == code)
    ).one()
    asked = VisitAsked(
        operation=VisitOperation.CREATE, buyer_cookie="c", return_url=RETURN, who=who, email=email
    )
    open_visit(session, connection, asked, f"setup {at}", DeploymentMode.PRODUCTION, at=at)
    session.flush()  # the note is read back
    key = session.scalars(select(PunchoutVisit.id).order_by(PunchoutVisit.id.desc())).first()
    return key, Actor(None, who, frozenset({Permission.BUY}), customer_id=customer, visit=key)
