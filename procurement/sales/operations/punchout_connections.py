"""Connections to customers' procurement systems: agreed on, changed, given another secret."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_link
from procurement.sales.errors import StaleVersion
from procurement.sales.models import Customer, PunchoutConnection
from procurement.sales.queries.customers import customer_for_update
from procurement.sales.queries.punchout import no_such_connection
from procurement.sales.rules.punchout import host_of
from procurement.sales.terms.punchout import Credential, DeploymentMode

MOST = 10  # connections of a customer
MOST_HOSTS = 20
_UNSPSC = re.compile(r"[0-9]{8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveConnection:
    """What was agreed on with the customer's IT. `buyer`: the address of the account that orders stand for."""

    name: str
    buyer: str
    own: Credential
    origin: Credential  # From
    sender: Credential  # Sender; where it names nobody, the same as From
    return_hosts: tuple[str, ...]
    mode: DeploymentMode = DeploymentMode.TEST
    framed: bool = False  # those hosts show the shop inside a page of theirs
    unspsc: str = ""  # the kind of goods, where their system wants one by number
    active: bool = True
    version: int | None = None


def create_connection(
    session: Session, customer: str, command: SaveConnection, *, actor: Actor, at: datetime
) -> tuple[PunchoutConnection, str]:
    """The connection and its secret, which is told once and kept as a digest."""
    actor.require(Permission.EDIT_CUSTOMERS)
    owner = customer_for_update(session, customer)
    there = session.scalars(
        select(PunchoutConnection.id).where(PunchoutConnection.customer_id == owner.id)
    ).all()
    if len(there) >= MOST:
        raise Conflict(f"A customer has at most {MOST} connections.")
    secret, digest = new_link()
    made = PunchoutConnection(customer_id=owner.id, secret_digest=digest, secret_made_at=at)
    _fill(session, made, command, owner)
    session.add(made)
    session.flush()  # another one of the same parties is refused here
    record(session, "connect procurement system", owner.code, made.name, actor=actor, at=at)
    return made, secret


def change_connection(
    session: Session,
    customer: str,
    key: int,
    command: SaveConnection,
    *,
    actor: Actor,
    at: datetime,
) -> PunchoutConnection:
    """Raises StaleVersion, NotFound."""
    actor.require(Permission.EDIT_CUSTOMERS)
    owner, found = _of_customer(session, customer, key)
    if command.version not in {None, found.version}:
        raise StaleVersion("Somebody changed this connection meanwhile; look at it again.")
    _fill(session, found, command, owner)
    session.flush()  # another one of the same parties is refused here
    record(session, "change connection", owner.code, found.name, actor=actor, at=at)
    return found


def renew_secret(
    session: Session, customer: str, key: int, *, actor: Actor, at: datetime
) -> tuple[PunchoutConnection, str]:
    """Another secret; the one before is worth nothing from now on."""
    actor.require(Permission.EDIT_CUSTOMERS)
    owner, found = _of_customer(session, customer, key)
    secret, found.secret_digest = new_link()
    found.secret_made_at = at
    session.flush()  # its version is read back at once
    record(session, "renew connection's secret", owner.code, found.name, actor=actor, at=at)
    return found, secret


def _of_customer(session: Session, customer: str, key: int) -> tuple[Customer, PunchoutConnection]:
    owner = customer_for_update(session, customer)
    found = session.scalar(
        select(PunchoutConnection)
        .where(PunchoutConnection.id == key, PunchoutConnection.customer_id == owner.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise no_such_connection()
    return owner, found


def _fill(
    session: Session, one: PunchoutConnection, command: SaveConnection, owner: Customer
) -> None:
    one.name = text.name(command.name, "name")
    buyer = session.scalar(
        select(User).where(
            User.email == command.buyer.strip().lower(), User.customer_id == owner.id
        )
    )
    if buyer is None or not buyer.active:
        raise Invalid("Choose somebody who buys for this customer.", field="buyer")
    one.buyer_id = buyer.id
    one.own_domain, one.own_identity = _party(command.own, "own")
    one.origin_domain, one.origin_identity = _party(command.origin, "origin")
    sender = command.sender if command.sender.identity.strip() else command.origin
    one.sender_domain, one.sender_identity = _party(sender, "sender")
    one.return_hosts = _hosts(command.return_hosts)
    one.mode, one.active, one.framed = command.mode, command.active, command.framed
    one.unspsc = command.unspsc.strip()
    if one.unspsc and not _UNSPSC.fullmatch(one.unspsc):
        raise Invalid("Eight figures, as in the list of the UNSPSC.", field="unspsc")


def _party(party: Credential, field: str) -> tuple[str, str]:
    """As they write it themselves; compared without regard to capitals in the register's name."""
    domain = text.code(party.domain, f"{field}_domain")
    return domain, text.name(party.identity, f"{field}_identity")


def _hosts(typed: tuple[str, ...]) -> str:
    lines = [line for line in typed if line.strip()]
    if not 1 <= len(lines) <= MOST_HOSTS:
        raise Invalid(f"Between 1 and {MOST_HOSTS} hosts, one a line.", field="return_hosts")
    try:
        return "\n".join(dict.fromkeys(map(host_of, lines)))
    except ValueError as error:
        raise Invalid(str(error), field="return_hosts") from None
