"""The words over which an answer's own SHA-256 is taken: everything of it, in one fixed way of writing."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from procurement.sales.rules.totals import Choice


def choices_text(choices: Iterable[Choice]) -> str:
    """The choices as they are kept: by position, packs only where they were chosen."""
    rows = [
        {"position": one.position} | ({} if one.packs is None else {"packs": one.packs})
        for one in sorted(choices, key=lambda one: one.position)
    ]
    return json.dumps(rows, separators=(",", ":"))


def choices_of(text: str) -> tuple[Choice, ...]:
    return tuple(Choice(one["position"], one.get("packs")) for one in json.loads(text))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def record_digest(told: Mapping[str, str | int | datetime]) -> str:
    """SHA-256 over the record as JSON: names sorted, moments in UTC, no spaces."""
    plain = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in told.items()
    }
    return digest(json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
