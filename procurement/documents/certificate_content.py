"""What stands on a certificate of acceptance."""

from dataclasses import dataclass
from datetime import date

from procurement.documents.content import Letterhead


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """`signature` is the d of an SVG path on 1000 x 300, empty for a typed name."""

    letterhead: Letterhead
    recipient: tuple[str, ...]
    title: str
    issued_on: date
    data: tuple[tuple[str, str], ...]
    said: tuple[str, ...]  # paragraphs
    proof: tuple[tuple[str, str], ...]  # what it is, and its SHA-256
    signature: str = ""
    signed_by: str = ""
    locale: str = "en_IE"
