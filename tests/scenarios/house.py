"""A house to tell a story in: one transaction for each thing somebody does, at the hour the story has come to."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime

import pypdfium2
from sqlalchemy import select

from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.money import TaxRate, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message, MessageFile
from procurement.settings.operations.company import ChangeCompany, change_company
from procurement.settings.operations.money import create_tax
from procurement.settings.queries import get_company
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
)
from procurement.stock.queries.on_hand import StockFilter, stock, stock_as_at
from procurement.stock.terms import LocationKind
from tests.builders import an_actor

ADA = an_actor(Role.ADMINISTRATOR, name="Ada Kelleher")
MAEVE = an_actor(Role.SPA_MANAGER, name="Maeve Daly")
TOM = an_actor(Role.THERAPIST, name="Tom Wren")
KIT = an_actor(Role.STOCK_KEEPER, name="Kit Moran")
PIA = an_actor(Role.PURCHASER, name="Pia Lund")
SAL = an_actor(Role.SALES, name="Sal Reilly")


@dataclass
class House:
    """The installation, and what the clock on its wall says."""

    work: UnitOfWork
    at: datetime = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def clock(self, day: int, hour: int) -> None:
        """Time passes; the story happens in November 2026."""
        self.at = datetime(2026, 11, day, hour, 0, tzinfo=UTC)

    def do(self, act: Callable, *said, by: Actor, **more):
        """Somebody does something: one transaction."""
        with self.work.write() as session:
            return act(session, *said, actor=by, at=self.at, **more)

    def undated(self, act: Callable, *said, by: Actor):
        """The same for what is done without a date: places and rules."""
        with self.work.write() as session:
            return act(session, *said, actor=by)

    def ask(self, query: Callable, *said, by: Actor | None = None, **more):
        """Somebody looks something up."""
        if by is not None:
            more["actor"] = by
        with self.work.read() as session:
            return query(session, *said, **more)

    def shelves(self, product: str, moment: datetime | None = None) -> dict[tuple[str, str], str]:
        """What stands where, by room and lot; of a past moment where one is named."""
        wanted, page = StockFilter(product=product), PageRequest()
        if moment is None:
            rows = self.ask(stock, wanted, at=self.at, paging=page).items
        else:
            rows = self.ask(stock_as_at, wanted, moment=moment, paging=page).items
        return {(row.location, row.lot): row.on_hand.amount for row in rows}

    def mails(self, reference: str) -> list[tuple[str, str, bytes | None]]:
        """What the outbox holds about a document: to whom, what, and the paper with it."""
        found = (
            select(Message.recipient, Message.body, StoredFile.content)
            .outerjoin(
                MessageFile,
                (MessageFile.message_id == Message.id) & (MessageFile.position == 1),
            )
            .outerjoin(StoredFile, StoredFile.id == MessageFile.file_id)
            .where(Message.reference == reference)
            .order_by(Message.id)
        )
        with self.work.read() as session:
            return [tuple(row) for row in session.execute(found)]


def open_the_house(house: House) -> None:
    """A letterhead, VAT at 23 %, and a spa with a storeroom, a quarantine and two rooms."""
    house.do(create_tax, "A", "VAT", TaxRate.parse("23"), by=ADA)
    company = house.ask(get_company)
    known = {field.name: getattr(company, field.name, None) for field in fields(ChangeCompany)}
    letterhead = {
        "name": "The Linden Rooms",
        "address": "4 Quay Street\nKinsale",
        "email": "sales@linden.example",
        "currency": "EUR",
        "time_zone": "Europe/Dublin",
        "default_tax": "A",
    }
    house.do(change_company, ChangeCompany(**known | letterhead), by=ADA)
    house.undated(create_site, CreateSite("KIN", "Kinsale", "Europe/Dublin"), by=MAEVE)
    for code, name, kind in (
        ("STORE", "Storeroom", LocationKind.STOREROOM),
        ("QUARANTINE", "Quarantine", LocationKind.QUARANTINE),
        ("HARBOUR", "Harbour room", LocationKind.TREATMENT_ROOM),
        ("FERN", "Fern room", LocationKind.TREATMENT_ROOM),
    ):
        house.undated(create_location, CreateLocation(code, name, kind, "KIN"), by=MAEVE)


def ml(amount: int) -> Quantity:
    return Quantity.parse(str(amount), "ml")


def pieces(count: int) -> Quantity:
    return Quantity.parse(str(count), "piece")


def euros(amount: str) -> UnitPrice:
    return UnitPrice.parse(amount, "EUR")


def read_aloud(pdf: bytes) -> str:
    """The words on a paper, as another program finds them."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
