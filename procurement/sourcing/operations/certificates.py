"""Keeping certificates: the first version, the next one, and which products ask for a safety data sheet."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.settings.queries import get_company
from procurement.sourcing.models import Certificate, SafetySheetKind, Supplier
from procurement.sourcing.queries.certificates import certificate_for_update, is_replaced
from procurement.sourcing.terms import CertificateKind

MOST_BYTES = 12 * 1024 * 1024
MOST_REMIND_DAYS = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCertificate:
    """A paper as PDF. With `replaces` it is the next version of that one, whose supplier, product and kind it keeps."""

    content: bytes
    file_name: str
    kind: CertificateKind = CertificateKind.OTHER
    supplier: str = ""
    product: str | None = None
    reference: str = ""
    issuer: str = ""
    valid_until: date | None = None
    remind_days: int = 30
    replaces: str | None = None


def keep_certificate(
    session: Session, command: KeepCertificate, *, actor: Actor, at: datetime
) -> Certificate:
    """Keep a paper; a new version takes the place of the former one, which stays to be read."""
    actor.require(Permission.EDIT_SUPPLIERS)
    _check(command)
    certificate = Certificate(
        reference=text.optional_line(command.reference, "reference"),
        issuer=text.optional_line(command.issuer, "issuer"),
        valid_until=command.valid_until,
        remind_days=command.remind_days,
        recorded_at=at,
        recorded_by=actor.name,
    )
    if command.replaces is None:
        _begin(session, certificate, command)
    else:
        _follow(session, certificate, command.replaces)
    name = text.name(command.file_name, "file")
    certificate.file_id = keep_paper(session, command.content, name, at=at).id
    on = today_in(get_company(session).time_zone, at)
    certificate.number = next_number(session, Series.CERTIFICATE, on)
    session.add(certificate)
    detail = f"{certificate.kind.value}, version {certificate.version}"
    record(session, "keep certificate", certificate.number, detail, actor=actor, at=at)
    return certificate


def ask_for_safety_sheets(
    session: Session, kinds: Collection[Kind], *, actor: Actor, at: datetime
) -> None:
    """Products of these kinds, and of no others, need a safety data sheet."""
    actor.require(Permission.EDIT_SUPPLIERS)
    wanted = sorted(kind.value for kind in kinds)
    session.execute(delete(SafetySheetKind))
    if wanted:
        session.execute(insert(SafetySheetKind), [{"kind": kind} for kind in wanted])
    record(session, "ask for safety sheets", "", ", ".join(wanted), actor=actor, at=at)


def _check(command: KeepCertificate) -> None:
    errors = []
    if not command.content.startswith(b"%PDF-"):
        errors.append(FieldError("file", "A PDF, please."))
    elif len(command.content) > MOST_BYTES:
        errors.append(FieldError("file", f"At most {MOST_BYTES // 1024**2} MB, please."))
    if not 0 <= command.remind_days <= MOST_REMIND_DAYS:
        errors.append(FieldError("remind_days", f"From 0 to {MOST_REMIND_DAYS} days."))
    if errors:
        raise Invalid.of(errors)


def _begin(session: Session, certificate: Certificate, command: KeepCertificate) -> None:
    supplier = session.scalar(select(Supplier).where(Supplier.code == command.supplier))
    product = None
    if command.product:
        product = session.scalar(select(Product).where(Product.sku == command.product))
    errors = []
    if supplier is None:
        errors.append(FieldError("supplier", f"There is no supplier {command.supplier}."))
    if command.product and product is None:
        errors.append(FieldError("product", f"There is no product {command.product}."))
    if command.kind is CertificateKind.SDS and not command.product:
        errors.append(FieldError("product", "A safety data sheet is of one product; say which."))
    if errors or supplier is None:
        raise Invalid.of(errors)
    certificate.supplier_id = supplier.id
    certificate.product_id = product.id if product else None
    certificate.kind, certificate.version = command.kind, 1


def _follow(session: Session, certificate: Certificate, number: str) -> None:
    former = certificate_for_update(session, number)
    if is_replaced(session, former):
        raise Conflict(f"{number} has a later version already; look at it first.")
    certificate.supplier_id, certificate.product_id = former.supplier_id, former.product_id
    certificate.kind, certificate.version = former.kind, former.version + 1
    certificate.replaces_id = former.id
