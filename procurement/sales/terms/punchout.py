"""Words of buying through the customer's own procurement system (cXML PunchOut)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.actor import Actor
from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Quantity


class DeploymentMode(StrEnum):
    """Whether orders are meant: a test order is checked and not placed."""

    TEST = "test"
    PRODUCTION = "production"


class VisitOperation(StrEnum):
    """What the procurement system sends its person for."""

    CREATE = "create"
    EDIT = "edit"  # a basket that came back before
    INSPECT = "inspect"  # the same, only to look at it


class VisitEnd(StrEnum):
    """How a visit ended; one that only ran out has no end."""

    RETURNED = "returned"
    CANCELLED = "cancelled"


class MessageKind(StrEnum):
    """What a procurement system asked us."""

    PROFILE = "profile"
    SETUP = "setup"
    ORDER = "order"
    OTHER = "other"


class OrderChange(StrEnum):
    """What an order from outside does to one that came before under the same number."""

    NEW = "new"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Credential:
    """A party by the number that a register gave it: NetworkId AN01000000001."""

    domain: str
    identity: str


@dataclass(frozen=True, slots=True)
class Knock:
    """Who says to be there, for whom, to whom, and the secret that shows it."""

    origins: tuple[Credential, ...]
    addressed: tuple[Credential, ...]
    sender: Credential
    secret: str


@dataclass(frozen=True, slots=True)
class WantedPart:
    """A line of theirs: our SKU, our pack's code (none: the sales pack), how many, what they believe it costs, when."""

    number: str  # as they count their lines
    part: str
    auxiliary: str
    packs: int
    price: UnitPrice | None = None
    wanted_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAsked:
    """What a PunchOutSetupRequest asks for."""

    operation: VisitOperation
    buyer_cookie: str
    return_url: str
    who: str = ""
    email: str = ""
    ship_to: str = ""
    selected: str = ""  # a SKU to begin at
    parts: tuple[WantedPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderAsked:
    """What an OrderRequest asks for."""

    payload_id: str
    change: OrderChange
    number: str  # their order's
    parts: tuple[WantedPart, ...]
    ship_to: str = ""
    wanted_on: date | None = None  # where a line names no day of its own
    currency: str = ""  # that their total is in
    note: str = ""
    mode: DeploymentMode = DeploymentMode.PRODUCTION


@dataclass(frozen=True, slots=True)
class Said:
    """How a message was answered: a cXML status, its sentence, and our order where there is one."""

    code: int
    text: str
    order: str = ""

    @property
    def is_fine(self) -> bool:
        return self.code < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionRow:
    """A connection as pages show it."""

    key: int
    name: str
    customer: str  # its code
    customer_name: str
    buyer: str
    buyer_email: str
    buyer_active: bool
    own: Credential
    origin: Credential
    sender: Credential
    secret_made_at: datetime
    return_hosts: tuple[str, ...]
    mode: DeploymentMode
    unspsc: str
    framed: bool
    active: bool
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRow:
    """One message of a procurement system and our answer."""

    key: int
    connection: int  # its key
    kind: MessageKind
    received_at: datetime
    payload_id: str
    reference: str
    code: int
    said: str
    order: str | None
    has_file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A person of a procurement system who is shopping now."""

    key: int
    connection_id: int
    actor: Actor
    customer_name: str
    operation: VisitOperation
    mode: DeploymentMode
    buyer_cookie: str
    return_url: str
    own: Credential
    origin: Credential
    unspsc: str
    ends_at: datetime

    @property
    def may_change(self) -> bool:
        return self.operation is not VisitOperation.INSPECT


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketItem:
    """A line of a basket that goes back to a procurement system."""

    sku: str
    pack: str
    pack_name: str
    name: str
    size: Quantity  # of one pack
    packs: int
    price: UnitPrice
    manufacturer_part: str = ""
    manufacturer: str = ""
    category: str = ""
    lead_days: int | None = None
