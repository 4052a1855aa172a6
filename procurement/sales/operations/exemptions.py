"""Resale and exemption certificates of customers: kept, looked at, taken away."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.sales.models import Customer, ExemptionCertificate
from procurement.sales.queries.customers import customer_for_update
from procurement.sales.rules.addresses import is_country
from procurement.sales.rules.taxing import ExemptionKind

MOST_BYTES = 5 * 1024 * 1024
_PART = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)  # ISO 3166-2


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepExemption:
    """A certificate as it is written; the file is a PDF, and may come later."""

    customer: str
    kind: ExemptionKind
    number: str
    jurisdiction: str = ""
    reason: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    content: bytes | None = None
    file_name: str = "certificate.pdf"
    verified: bool = False


def keep_exemption(
    session: Session, command: KeepExemption, *, actor: Actor, at: datetime
) -> ExemptionCertificate:
    """Keep a certificate; `verified` says that whoever keeps it has looked at it."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer = customer_for_update(session, command.customer)
    number = text.code(command.number, "number")
    place = _jurisdiction(command.jurisdiction)
    if command.valid_from and command.valid_until and command.valid_until < command.valid_from:
        raise Invalid("The last valid day comes before the first.", field="valid_until")
    same = select(ExemptionCertificate.id).where(
        ExemptionCertificate.customer_id == customer.id,
        ExemptionCertificate.kind == command.kind,
        ExemptionCertificate.number == number,
        ExemptionCertificate.jurisdiction == place,
    )
    if session.scalar(same) is not None:
        raise Conflict(
            "This certificate is kept already: take that one away first.", field="number"
        )
    found = ExemptionCertificate(
        customer_id=customer.id,
        kind=command.kind,
        number=number,
        jurisdiction=place,
        reason=text.prose(command.reason, "reason"),
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        recorded_at=at,
        recorded_by=actor.name[:200],
    )
    if command.content:
        found.file_id = _file(session, command.content, command.file_name, at)
    if command.verified:
        found.verified_at, found.verified_by = at, actor.name[:200]
    session.add(found)
    session.flush()  # its key is needed by what comes next
    record(session, "keep exemption certificate", customer.code, number, actor=actor, at=at)
    return found


def put_file(
    session: Session,
    code: str,
    certificate_id: int,
    content: bytes,
    file_name: str,
    *,
    actor: Actor,
    at: datetime,
) -> ExemptionCertificate:
    """Its paper, or another one; what was looked at before was not this one, so that it waits to be looked at."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer, found = _of_customer(session, code, certificate_id)
    found.file_id = _file(session, content, file_name, at)
    found.verified_at = found.verified_by = None
    session.flush()  # it is read back at once
    record(session, "keep certificate's paper", customer.code, found.number, actor=actor, at=at)
    return found


def verify_exemption(
    session: Session, code: str, certificate_id: int, *, actor: Actor, at: datetime
) -> ExemptionCertificate:
    """Somebody has looked at it: from now on it counts."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer, found = _of_customer(session, code, certificate_id)
    found.verified_at, found.verified_by = at, actor.name[:200]
    session.flush()  # it is read back at once
    record(session, "verify exemption certificate", customer.code, found.number, actor=actor, at=at)
    return found


def remove_exemption(
    session: Session, code: str, certificate_id: int, *, actor: Actor, at: datetime
) -> None:
    """Take it away; what was issued under it keeps its tax and its words."""
    actor.require(Permission.EDIT_CUSTOMERS)
    customer, found = _of_customer(session, code, certificate_id)
    session.delete(found)
    record(session, "remove exemption certificate", customer.code, found.number, actor=actor, at=at)


def _of_customer(
    session: Session, code: str, certificate_id: int
) -> tuple[Customer, ExemptionCertificate]:
    customer = customer_for_update(session, code)
    found = session.scalar(
        select(ExemptionCertificate).where(
            ExemptionCertificate.id == certificate_id,
            ExemptionCertificate.customer_id == customer.id,
        )
    )
    if found is None:
        raise NotFound("There is no such certificate.")
    return customer, found


def _jurisdiction(written: str) -> str:
    place = text.optional_line(written, "jurisdiction").upper()
    if place and not (_PART.fullmatch(place) and is_country(place[:2])):
        raise Invalid(
            "A country, or a country and its part, by ISO 3166: DE, US-CA.", field="jurisdiction"
        )
    return place


def _file(session: Session, content: bytes, file_name: str, at: datetime) -> int:
    if not content.startswith(b"%PDF-"):
        raise Invalid("A PDF, please.", field="file")
    if len(content) > MOST_BYTES:
        raise Invalid(f"At most {MOST_BYTES // 1024**2} MB, please.", field="file")
    return keep_paper(session, content, text.name(file_name, "file"), at=at).id
