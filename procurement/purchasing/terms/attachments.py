"""Rows of files attached to orders."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """A file beside an order; `size` in bytes."""

    position: int
    name: str
    media_type: str
    size: int
    for_supplier: bool
    added_at: datetime
    added_by: str
