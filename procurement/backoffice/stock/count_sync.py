"""What the counting phone says and hears (docs/counting.md): thin JSON over the operations of the pages."""

import contextlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from werkzeug.wrappers import Response

from procurement.backoffice.stock.count_answers import (
    conflict_shape,
    count_shape,
    entered_shape,
    sheet_shape,
)
from procurement.kernel import text
from procurement.kernel.clock import utc_now
from procurement.kernel.db import Session
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock.errors import CountRunning
from procurement.stock.operations.counting.closing import submit_count
from procurement.stock.operations.counting.entering import (
    EnterCounted,
    Entered,
    Entry,
    Outcome,
    enter_counted,
)
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import active_counts, count_of
from procurement.stock.queries.counting.review import count_lines
from procurement.stock.queries.counting.sheets import countable_products
from procurement.stock.queries.places import places
from procurement.stock.terms import CountConflict, How, LocationKind
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_actor
from procurement.web.problems import MEDIA_TYPE
from procurement.web.scripts import body_as, faults_of, json_answer
from procurement.web.transactions import read, write

bp = Door(
    "count_sync",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.COUNT_STOCK,
    url_prefix="/counts",
)

MOST_ENTRIES = 500
_AT_THE_SHELF = {CountConflict.DISAGREE, CountConflict.RECOUNT}
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Said(BaseModel):
    """What a script sends. Types are not coerced; a word of a newer phone that we do not know is no matter."""

    model_config = ConfigDict(strict=True, extra="ignore")


class StartBody(Said):
    location: str = Field(max_length=64)
    blind: bool = False
    due_only: bool = False


class QuantityBody(Said):
    amount: str
    unit: str


class EntryBody(Said):
    id: str = Field(max_length=36)
    product: str = Field(max_length=64)
    lot: str | None = Field(default=None, max_length=64)
    supplier_lot: str | None = Field(default=None, max_length=64)
    expires_on: date | None = None
    quantity: QuantityBody
    counted_at: AwareDatetime
    how: Literal["scanned", "tapped", "typed"] = "tapped"
    recount: bool = False
    supersedes: list[str] = Field(default_factory=list, max_length=50)
    note: str = Field(default="", max_length=1000)

    @field_validator("counted_at")
    @classmethod
    def _reasonable(cls, moment: datetime) -> datetime:
        if not _FIRST <= moment <= _LAST:
            raise ValueError("The year lies between 2000 and 2200.")
        return moment

    def entry(self) -> Entry:
        """Raises ValueError, Invalid."""
        return Entry(
            uid=uid_of(self.id),
            product=text.code(self.product, "product"),
            quantity=Quantity.parse(self.quantity.amount, self.quantity.unit),
            counted_at=self.counted_at,
            lot=text.code(self.lot, "lot") if self.lot else None,
            supplier_lot=text.code(self.supplier_lot, "supplier_lot")
            if self.supplier_lot
            else None,
            expires_on=self.expires_on,
            how=How(self.how),
            again=self.recount,
            supersedes=tuple(uid_of(one) for one in self.supersedes),
            note=text.prose(self.note, "note"),
        )


class EntriesBody(Said):
    device_now: AwareDatetime | None = None
    entries: list[dict[str, Any]] = Field(max_length=MOST_ENTRIES)

    @field_validator("device_now")
    @classmethod
    def _reasonable(cls, moment: datetime | None) -> datetime | None:
        if moment is not None and not _FIRST <= moment <= _LAST:
            raise ValueError("The year lies between 2000 and 2200.")
        return moment


def uid_of(written: str) -> str:
    """A UUID in its one way of writing."""
    try:
        return str(UUID(written))
    except ValueError as error:
        raise Invalid("An id is a UUID.", field="id") from error


@bp.get("/open.json")
def list_open() -> Response:
    at = utc_now()
    with read() as session:
        rooms = [place for place in places(session) if place.kind is not LocationKind.IN_TRANSIT]
        counts = active_counts(session)
    return json_answer(
        {
            "counts": [count_shape(count) for count in counts],
            "rooms": [{"code": p.code, "name": p.name, "site": p.site} for p in rooms],
        },
        at=at,
    )


@bp.post("/start.json")
def start() -> Response:
    body, at = body_as(StartBody), utc_now()
    command = StartCount(text.code(body.location, "location"), body.blind, body.due_only)
    try:
        with write() as session:
            number = start_count(session, command, actor=current_actor(), at=at).number
    except CountRunning as error:
        running = error.number or _running(command.location)
        problem = {"type": "about:blank", "title": "Conflict", "status": 409}
        answer = json_answer(
            problem | {"detail": error.message, "number": running}, at=at, status=409
        )
        answer.content_type = MEDIA_TYPE
        return answer
    return _sheet(number, at, status=201)


def _running(location: str) -> str | None:
    """Of two who start at once the second hears of the first only from the database."""
    with read() as session:
        return next((count.number for count in active_counts(session, location=location)), None)


@bp.get("/<number>/sheet.json")
def sheet(number: str) -> Response:
    return _sheet(number, utc_now())


def _sheet(number: str, at: datetime, status: int = 200) -> Response:
    with read() as session:
        count = count_of(session, number)
        lines = count_lines(session, count)
        products = countable_products(session, count.place)
    body = sheet_shape(count, lines, products, actor=current_actor(), at=at)
    return json_answer(body, at=at, status=status)


@bp.post("/<number>/entries.json")
def enter(number: str) -> Response:
    """Whatever becomes of single entries, the answer says it of each, in their order."""
    body, at, actor = body_as(EntriesBody), utc_now(), current_actor()
    parsed = [_parsed(index, raw) for index, raw in enumerate(body.entries)]
    good = tuple(one for one in parsed if isinstance(one, Entry))
    with write() as session:
        command = EnterCounted(number, good, body.device_now)
        stored = iter(enter_counted(session, command, actor=actor, at=at))
        answers = [next(stored) if isinstance(one, Entry) else one for one in parsed]
        body_out = _after(session, number, answers)
    return json_answer(body_out, at=at)


def _after(session: Session, number: str, answers: Sequence[Entered]) -> dict[str, Any]:
    actor = current_actor()
    count = count_of(session, number)
    lines = count_lines(session, count) if count.status.is_active else []
    return {
        "count": count_shape(count),
        "results": [entered_shape(answer) for answer in answers],
        "conflicts": [
            conflict_shape(line, actor) for line in lines if line.conflict in _AT_THE_SHELF
        ],
    }


def _parsed(index: int, raw: dict[str, Any]) -> Entry | Entered:
    """The entry, or why it can never be stored. Without an id nobody would know which: then the batch is refused."""
    uid = raw.get("id")
    if not isinstance(uid, str) or len(uid) > 36:
        raise Invalid("An id is a UUID.", field=f"entries.{index}.id")
    try:
        return EntryBody.model_validate(_with_moments(raw)).entry()
    except ValidationError as error:
        return Entered(uid, Outcome.REFUSED, fault=faults_of(error)[0])
    except Invalid as error:
        return Entered(uid, Outcome.REFUSED, fault=FieldError(error.field, error.message))
    except ValueError as error:
        return Entered(uid, Outcome.REFUSED, fault=FieldError("quantity", str(error)))


def _with_moments(raw: dict[str, Any]) -> dict[str, Any]:
    """Entries are checked one by one as Python values; their moment and day are text still."""
    read_as: dict[str, Any] = {}
    for name, kind in (("counted_at", datetime), ("expires_on", date)):
        said = raw.get(name)
        if isinstance(said, str):
            with contextlib.suppress(ValueError):  # the shape says what is wrong with it
                read_as[name] = kind.fromisoformat(said)
    return raw | read_as


@bp.post("/<number>/submit.json")
def submit(number: str) -> Response:
    at = utc_now()
    with write() as session:
        submit_count(session, number, actor=current_actor(), at=at)
        session.flush()  # the answer reads what was set
        count = count_of(session, number)
    return json_answer(
        {"count": count_shape(count), "not_counted": count.lines - count.counted}, at=at
    )
