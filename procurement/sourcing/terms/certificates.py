"""Words and rows of the register of certificates: safety data sheets and other papers that run out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CertificateKind(StrEnum):
    SDS = "sds"  # safety data sheet, Regulation (EC) No 1907/2006, Article 31
    ORGANIC = "organic"
    COSMOS = "cosmos"
    CRUELTY_FREE = "cruelty_free"
    ISO_22716 = "iso_22716"  # good manufacturing practice of cosmetics
    INSURANCE = "insurance"
    OTHER = "other"


class CertificateState(StrEnum):
    """On a day: good, to be renewed, or past its last day. A paper without a last day is good."""

    GOOD = "good"
    DUE = "due"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRow:
    """The version that counts of a paper, of a supplier or of one product from it."""

    number: str
    kind: CertificateKind
    supplier: str
    supplier_name: str
    product: str | None
    product_name: str
    reference: str
    issuer: str
    version: int
    valid_until: date | None
    remind_days: int
    state: CertificateState
    file_name: str
    recorded_at: datetime
    recorded_by: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class MissingCertificate:
    """A product we buy there whose kind asks for a safety data sheet, and none that holds is here."""

    supplier: str
    supplier_name: str
    product: str
    product_name: str
