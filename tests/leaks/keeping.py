"""What a customer of `world.py` keeps in the shop: lists, own codes, a password and a passkey, a procurement system."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import Passkey, User
from procurement.accounts.rules.passwords import hash_password
from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.outbox.models import Message, MessageFile
from procurement.sales.models import MailChoices, PunchoutConnection
from procurement.sales.operations.mails import choose_mails
from procurement.sales.operations.own_codes import OwnCodeInput, keep_own_codes
from procurement.sales.operations.punchout_connections import SaveConnection, create_connection
from procurement.sales.operations.punchout_visits import open_visit
from procurement.sales.operations.saved_lists import ListLineInput, create_list
from procurement.sales.queries.offers import offered_products
from procurement.sales.terms.mails import Topic
from procurement.sales.terms.punchout import (
    Credential,
    DeploymentMode,
    VisitAsked,
    VisitOperation,
)
from procurement.web.links import password_link
from tests.builders import NOON, an_actor
from tests.documents.papers import text_of
from tests.leaks.routes import PASSWORD
from tests.leaks.secrets import Secrets

HOST = "buy.rooms.example"


def keeps(session: Session, own: Secrets, user: User, buyer: Actor) -> dict[str, str]:
    """Answers what stands in gaps."""
    user.password = hash_password(PASSWORD)
    passkey = Passkey(
        user_id=user.id,
        label=own.word("passkey"),
        credential=own.word("credential"),
        public_key=b"key",
        sign_count=0,
        created_at=NOON,
    )
    session.add(passkey)
    choose_mails(session, list(Topic), actor=buyer, at=NOON)
    keep_own_codes(session, [OwnCodeInput(own.word("code"), "BLM-50")], actor=buyer, at=NOON)
    session.flush()
    token = session.scalars(select(MailChoices.token).where(MailChoices.user_id == user.id)).one()
    return {
        "ref": a_list(session, own, buyer, "favourites"),
        "passkey_id": str(passkey.id),
        "mails": token,
        "invitation": password_link(user.fs_uniquifier).rpartition("/")[2],
    }


def a_list(session: Session, own: Secrets, buyer: Actor, about: str) -> str:
    product = offered_products(session, skus={"BLM-50"})["BLM-50"]
    lines = [ListLineInput(product.pack(None).id, 4, own.word("linenote"))]
    return create_list(session, own.word(about), lines, shared=True, actor=buyer, at=NOON).ref


def a_system(session: Session, own: Secrets, user: User, about: str = "system") -> None:
    """The customer's procurement system, which sends people here."""
    command = SaveConnection(
        name=own.word(about),
        buyer=user.email,
        own=Credential("NetworkId", "AN-SPA"),
        origin=Credential("DUNS", own.word(about)),
        sender=Credential("", ""),
        return_hosts=(HOST,),
        mode=DeploymentMode.PRODUCTION,
    )
    create_connection(session, own.name.upper(), command, actor=an_actor(name="Tom"), at=NOON)


def way_in(session: Session, own: Secrets, customer: int, *, at: datetime) -> str:
    """The address at which one visit from their system begins."""
    connection = session.scalars(
        select(PunchoutConnection.id)
        .where(PunchoutConnection.customer_id == customer)
        .order_by(PunchoutConnection.id)
        .limit(1)
    ).one()
    asked = VisitAsked(
        operation=VisitOperation.CREATE,
        buyer_cookie=own.word("cookie"),
        return_url=f"https://{HOST}/back",
        who=own.word("guest"),
        email=own.email("guest"),
    )
    token = open_visit(session, connection, asked, "1", DeploymentMode.PRODUCTION, at=at)
    return f"/punchout/{token}"


def keeps_more(session: Session, own: Secrets, user: User, buyer: Actor) -> None:
    a_list(session, own, buyer, "otherlist")
    a_system(session, own, user, "othersystem")
    keep_own_codes(session, [OwnCodeInput(own.word("othercode"), "GEL-200")], actor=buyer, at=NOON)
    choose_mails(session, [Topic.QUOTE_SENT], actor=buyer, at=NOON)


def mails(session: Session) -> Iterator[tuple[str, str]]:
    """Who is written to, and all of what stands in the mail and its files."""
    for message in session.scalars(select(Message)):
        files = session.execute(
            select(MessageFile.name, StoredFile.content)
            .join(StoredFile, StoredFile.id == MessageFile.file_id)
            .where(MessageFile.message_id == message.id)
        )
        told = [message.subject, message.body, message.reference]
        for name, content in files:
            told += [name, text_of(content) if content.startswith(b"%PDF") else ""]
        yield message.recipient, "\n".join(told)
