"""Words of the stock context that doors may see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class LocationKind(StrEnum):
    STOREROOM = "storeroom"
    TREATMENT_ROOM = "treatment_room"
    QUARANTINE = "quarantine"
    IN_TRANSIT = "in_transit"
    PERSON = "person"  # tools issued to a therapist
    LAUNDRY = "laundry"  # linen between its rooms and the shelf
    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    CONSUMED = "consumed"
    ADJUSTMENT = "adjustment"
    CONVERSION = "conversion"
    OPENING = "opening"

    @property
    def is_physical(self) -> bool:
        return self in PHYSICAL_KINDS


PHYSICAL_KINDS = frozenset(
    {
        LocationKind.STOREROOM,
        LocationKind.TREATMENT_ROOM,
        LocationKind.QUARANTINE,
        LocationKind.IN_TRANSIT,
        LocationKind.PERSON,
        LocationKind.LAUNDRY,
    }
)

# Virtual places exist from the start, one of each kind; their code is the kind in capitals.
VIRTUAL_CODES = {kind.value.upper(): kind for kind in LocationKind if kind not in PHYSICAL_KINDS}


class LotStatus(StrEnum):
    AVAILABLE = "available"
    QUARANTINE = "quarantine"
    RECALLED = "recalled"


class LotState(StrEnum):
    """How a lot is shown: its status, or expired where only its use-by stands in the way. Never stored."""

    AVAILABLE = "available"
    QUARANTINE = "quarantine"
    RECALLED = "recalled"
    EXPIRED = "expired"


class LabelState(StrEnum):
    """Whether a lot's label names the fragrance allergens of Regulation (EU) 2023/1545."""

    NAMED = "named"
    OLD_LABEL = "old_label"  # may be sold until 31 July 2028
    UNKNOWN = "unknown"  # nobody has looked
    OUTSIDE = "outside"  # no cosmetic product


class RecallOutcome(StrEnum):
    """What became of recalled goods at one place."""

    QUARANTINED = "quarantined"  # found and put into quarantine
    RETURNED = "returned"  # found and sent back to the supplier
    DESTROYED = "destroyed"
    NOT_FOUND = "not_found"  # written off, with the recall as its cause


class Reason(StrEnum):
    """Why a posting was made."""

    OPENING = "opening"  # stock there was when the ledger began
    RECEIPT = "receipt"
    TRANSFER = "transfer"
    CONSUMPTION = "consumption"
    WRITE_OFF = "write_off"
    ADJUSTMENT = "adjustment"
    OPEN = "open"  # a container is opened: its content goes on as a lot of its own
    DECANT = "decant"  # a container is filled from another
    COUNT = "count"  # counted less expected
    RETURN = "return"  # sent back to who delivered it
    SHIPMENT = "shipment"  # sold: sent to a customer
    CUSTOMER_RETURN = "customer_return"  # a customer sent it back
    TAG = "tag"  # a tool gets a number of its own
    REVERSAL = "reversal"


class Cause(StrEnum):
    """Why something was written off."""

    PAST_DATE = "past_date"
    DAMAGED = "damaged"  # broken or spilled
    SPOILT = "spoilt"
    LOST = "lost"
    LEFTOVER = "leftover"  # thrown away with a container that was finished
    RECALLED = "recalled"
    WORN_OUT = "worn_out"  # a tool or linen at the end of its days
    OTHER = "other"


class Told(StrEnum):
    """How somebody says what is left in an opened container."""

    DOSES = "doses"  # so many treatments taken from it
    STROKES = "strokes"  # so many strokes of its pump
    USED = "used"  # so much taken from it
    LEFT = "left"  # so much left in it
    SCALE = "scale"  # what it weighs, container and all
    EYE = "eye"  # how many quarters are left


class Rest(StrEnum):
    """What became of what was left when a container was finished."""

    USED = "used"  # there was nothing left, whatever the book says
    THROWN_AWAY = "thrown_away"


class TransferStatus(StrEnum):
    REQUESTED = "requested"  # somebody asks for goods; nothing is promised yet
    DRAFT = "draft"  # picked and reserved at its source, not yet carried
    IN_TRANSIT = "in_transit"
    PARTLY_ARRIVED = "partly_arrived"
    DONE = "done"  # carried, or all of it arrived or explained
    CANCELLED = "cancelled"


class CountStatus(StrEnum):
    OPEN = "open"  # people count
    REVIEW = "review"  # somebody looks at the differences; entries are still taken
    POSTED = "posted"
    CANCELLED = "cancelled"

    @property
    def is_active(self) -> bool:
        return self in {CountStatus.OPEN, CountStatus.REVIEW}


class How(StrEnum):
    """How somebody came to the figure of a count."""

    SCANNED = "scanned"
    TAPPED = "tapped"
    TYPED = "typed"
    REST_IS_ZERO = "rest_is_zero"  # nobody counted it; somebody said that nothing of it is there
    DECIDED = "decided"  # a conflict was decided: one of the figures, their sum, or as counted


class CountCause(StrEnum):
    """Why a count found something else than expected."""

    LOST = "lost"
    DAMAGED = "damaged"
    TAKEN = "taken"  # used or given away without being booked
    MISCOUNTED = "miscounted"  # counted or received wrongly before
    MISPLACED = "misplaced"  # it stands elsewhere, or was found again
    OTHER = "other"


class CountConflict(StrEnum):
    """What keeps a line of a count from being posted."""

    DISAGREE = "disagree"  # two figures lead to different differences
    RECOUNT = "recount"  # far off, and nobody has counted a second time
    GONE = "gone"  # what is missing was moved or promised since, and cannot be taken away
    ELSEWHERE = "elsewhere"  # an opened container that the ledger has in another room


# What may follow what; everything else is refused.
TRANSFER_TRANSITIONS: dict[TransferStatus, frozenset[TransferStatus]] = {
    TransferStatus.REQUESTED: frozenset({TransferStatus.DRAFT, TransferStatus.CANCELLED}),
    TransferStatus.DRAFT: frozenset(
        {TransferStatus.IN_TRANSIT, TransferStatus.DONE, TransferStatus.CANCELLED}
    ),
    TransferStatus.IN_TRANSIT: frozenset({TransferStatus.PARTLY_ARRIVED, TransferStatus.DONE}),
    TransferStatus.PARTLY_ARRIVED: frozenset({TransferStatus.PARTLY_ARRIVED, TransferStatus.DONE}),
    TransferStatus.DONE: frozenset(),
    TransferStatus.CANCELLED: frozenset(),
}

# Goods of a transfer of one of these are neither here nor there.
UNDER_WAY = frozenset({TransferStatus.IN_TRANSIT, TransferStatus.PARTLY_ARRIVED})


class Difference(StrEnum):
    """Why less arrived than was sent."""

    LOST = "lost"
    DAMAGED = "damaged"
    WORN_OUT = "worn_out"
    LEFT_BEHIND = "left_behind"  # sent too few: it still stands where it came from


@dataclass(frozen=True, slots=True)
class Place:
    """A location as the ledger needs it. `time_zone` is its site's; a virtual place has none."""

    id: int
    code: str
    name: str
    kind: LocationKind
    site: str | None
    time_zone: str | None

    @property
    def is_physical(self) -> bool:
        return self.kind.is_physical


@dataclass(frozen=True, slots=True)
class PostedMove:
    """One movement as it was posted; `line` is the caller's own name for the move that caused it."""

    movement_id: int
    product_id: int
    lot_id: int
    lot: str
    source: str
    destination: str
    quantity: int
    line: str


@dataclass(frozen=True, slots=True)
class Posted:
    """A posting as it was written; a move without a lot may have become several, one for each lot picked."""

    id: int
    ref: str
    reason: Reason
    occurred_at: datetime
    moves: tuple[PostedMove, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done to opened containers in one go: the containers it made or was about, and its postings."""

    containers: tuple[str, ...]
    postings: tuple[Posted, ...]


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something the ledger and the figures kept beside it disagree about."""

    what: str
    expected: int
    found: int
