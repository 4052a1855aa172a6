"""Claim a request's key, keep its answer, give it again.

The key is claimed first, in the transaction of the effect: a second request under it waits for the first to end and
then finds its answer. Refusals roll the claim back with everything else, so they are not kept.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.idempotency.models import IdempotencyKey
from procurement.kernel.errors import Conflict, Invalid

LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Whose key it is ("user:7"), the key, and the fingerprint of the request it came with."""

    owner: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, owner: str, key: str, *parts: bytes) -> "RequestKey":
        if not key.isascii() or not key.isprintable() or not 0 < len(key) <= LONGEST_KEY:
            raise Invalid(
                f"A key has 1 to {LONGEST_KEY} printable ASCII characters.", field="Idempotency-Key"
            )
        digest = hashlib.sha256()
        for part in parts:
            digest.update(len(part).to_bytes(8, "big") + part)
        return cls(owner, key, digest.hexdigest())

    @property
    def derived(self) -> str:
        """A key of its owner's own, for documents that keep one: two people may choose the same word."""
        return hashlib.sha256(f"{self.owner}\n{self.key}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    status: int
    body: str
    location: str


def claim(session: Session, request: RequestKey, *, at: datetime) -> KeptAnswer | None:
    """None: the key is ours, go on and `keep` the answer. Otherwise the answer given the first time.

    Raises Invalid when the key came with another request before.
    """
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    claimed = session.execute(
        insert(IdempotencyKey)
        .values(
            actor=request.owner,
            key=request.key,
            request_hash=request.fingerprint,
            claimed_at=at,
            answer="",
            location="",
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    ).scalar_one_or_none()
    if claimed is not None:
        return None
    kept = session.execute(
        select(IdempotencyKey).where(
            IdempotencyKey.actor == request.owner, IdempotencyKey.key == request.key
        )
    ).scalar_one()
    if kept.request_hash != request.fingerprint:
        raise Invalid("This key was used for another request.", field="Idempotency-Key")
    if kept.status is None:
        raise Conflict("The first request under this key has not been answered.")
    return KeptAnswer(kept.status, kept.answer, kept.location)


def keep(session: Session, request: RequestKey, answer: KeptAnswer) -> None:
    """Write the answer beside the claim, in the same transaction as its effect."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.actor == request.owner, IdempotencyKey.key == request.key)
        .values(status=answer.status, answer=answer.body, location=answer.location)
    )
