"""Words of applications for a trade account."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from procurement.sales.terms import CustomerKind


class ApplicationStatus(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application in the list."""

    number: str
    status: ApplicationStatus
    company: str
    name: str
    email: str
    received_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    papers: int
    key: int


@dataclass(frozen=True, slots=True)
class ApplicationPaperRow:
    """A document that came with it."""

    position: int
    file_name: str
    media_type: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationPage:
    """Everything that was written."""

    row: ApplicationRow
    kind: CustomerKind
    phone: str
    vat_id: str
    homepage: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    message: str
    consented_at: datetime
    consent: str
    reason: str  # why it was refused
    customer: str | None  # code of the customer it became, or was joined to
    papers: tuple[ApplicationPaperRow, ...]
