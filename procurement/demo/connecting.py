"""A customer of the demo buys through their own procurement system: the connection, a visit, an order that came.

The two messages beside are what `docs/punchout.md` has sent by hand; the demo's own have other numbers.
"""

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from procurement.demo import house
from procurement.demo.cast import Cast
from procurement.exchange.cxml import read_envelope, read_order, read_setup, without_secret
from procurement.kernel.secrets import digest_of
from procurement.sales.operations.punchout_connections import SaveConnection, create_connection
from procurement.sales.operations.punchout_messages import Noted, note_message
from procurement.sales.operations.punchout_orders import take_order
from procurement.sales.operations.punchout_visits import open_visit
from procurement.sales.terms.punchout import Credential, DeploymentMode, MessageKind, Said

_DATA = Path(__file__).with_name("data")
_NUMBERS = ((b"4500017", b"4500009"), (b"visit-1@", b"visit-0@"), (b"linden-0001", b"linden-0000"))


def connect_system(session: Session, cast: Cast, *, at: datetime) -> None:
    """Nothing where the house has no buyer. Its secret is everybody's password here: a demo has nothing to hide."""
    buyer = next((user for user in house.users() if user.customer), None)
    if buyer is None:
        return
    agreed = at - timedelta(days=40)
    command = SaveConnection(
        name="Linden Procurement",
        buyer=buyer.email,
        own=Credential("NetworkId", "AN-FERNHALLOW"),
        origin=Credential("DUNS", "316940817"),
        sender=Credential("", ""),
        return_hosts=("buy.lindenrooms.example", "localhost:9000"),
        mode=DeploymentMode.PRODUCTION,
        unspsc="53131600",
    )
    made, _ = create_connection(session, buyer.customer, command, actor=cast.seller, at=agreed)
    made.secret_digest = digest_of(house.password())
    session.flush()  # what follows looks it up
    profile = Noted(kind=MessageKind.PROFILE, payload_id="profile-1", said=Said(200, ""))
    note_message(session, made.id, profile, at=agreed + timedelta(hours=2))
    _visit(session, made.id, at=at - timedelta(hours=27))
    _order(session, made.id, at=at - timedelta(hours=2))


def _visit(session: Session, connection: int, *, at: datetime) -> None:
    envelope = read_envelope(_message("punchout_setup.xml"))
    asked = read_setup(envelope)
    open_visit(session, connection, asked, envelope.payload_id, envelope.mode, at=at)


def _order(session: Session, connection: int, *, at: datetime) -> None:
    """At a price that is not ours any more, so that our people look at it first."""
    raw = _message("punchout_order.xml")
    asked = read_order(read_envelope(raw))
    take_order(session, connection, asked, without_secret(raw), at=at)


def _message(name: str) -> bytes:
    written = (_DATA / name).read_bytes()
    for number, another in _NUMBERS:
        written = written.replace(number, another)
    return written
