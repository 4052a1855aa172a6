"""What doors may see of the outbox without its tables."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class MessageStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    KEPT = "kept"  # no mail server is set: readable in the application
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A mail as the list shows it."""

    id: int
    recipient: str
    subject: str
    reference: str
    status: MessageStatus
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a mail: `position` counts from 1, `size` is in bytes."""

    position: int
    file_id: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A whole mail with its files in their order."""

    row: MessageRow
    body: str
    files: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A file of a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail ready to be handed to a mail server."""

    id: int
    recipient: str
    subject: str
    body: str
    attempts: int
    files: tuple[LetterFile, ...]
    choices: str = ""
