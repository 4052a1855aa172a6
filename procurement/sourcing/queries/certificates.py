"""The register of certificates: what holds, what runs out, what is missing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, aliased

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.files.models import StoredFile
from procurement.files.queries import Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.settings.queries import get_company
from procurement.sourcing.models import Certificate, SafetySheetKind, Supplier, SupplierItem
from procurement.sourcing.rules.certificates import state_on
from procurement.sourcing.terms import (
    CertificateKind,
    CertificateRow,
    CertificateState,
    MissingCertificate,
)

_Next = aliased(Certificate)
IS_CURRENT = ~exists().where(_Next.replaces_id == Certificate.id)


def certificates(
    session: ReadSession,
    *,
    at: datetime,
    supplier: str | None = None,
    product: str | None = None,
    kind: CertificateKind | None = None,
    states: Sequence[CertificateState] = (),
) -> list[CertificateRow]:
    """What counts now, the first to run out first. With `product` also what its suppliers hold for all they sell."""
    statement = _rows().where(IS_CURRENT)
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    if kind is not None:
        statement = statement.where(Certificate.kind == kind)
    if product is not None:
        sells = select(SupplierItem.supplier_id).join(
            Product, Product.id == SupplierItem.product_id
        )
        sells = sells.where(Product.sku == product, SupplierItem.active)
        of_all = Certificate.product_id.is_(None) & Certificate.supplier_id.in_(sells)
        statement = statement.where((Product.sku == product) | of_all)
    rows = _as_rows(session, statement, at)
    return [row for row in rows if not states or row.state in states]


def papers_of_product(
    session: ReadSession, sku: str, *, actor: Actor, at: datetime
) -> list[CertificateRow]:
    """The papers that hold for a product; those its suppliers have for all they sell, for who sees purchasing."""
    rows = certificates(session, at=at, product=sku)
    return [row for row in rows if row.product or actor.may(Permission.SEE_PURCHASING)]


def certificate_versions(
    session: ReadSession, number: str, *, at: datetime
) -> list[CertificateRow]:
    """A paper with its former and later versions, the latest first."""
    found = session.scalar(select(Certificate).where(Certificate.number == number))
    if found is None:
        raise NotFound(f"There is no certificate {number}.")
    same = _rows().where(
        Certificate.kind == found.kind,
        Certificate.supplier_id == found.supplier_id,
        Certificate.product_id.is_(None)
        if found.product_id is None
        else Certificate.product_id == found.product_id,
    )
    rows = {row.number: row for row in _as_rows(session, same, at)}
    links = session.execute(
        select(Certificate.number, _Next.number)
        .outerjoin(_Next, _Next.replaces_id == Certificate.id)
        .where(Certificate.number.in_(rows))
    )
    later: dict[str, str] = {one: after for one, after in links if after}
    earlier = {after: one for one, after in later.items()}
    chain = [number]
    while chain[0] in later:
        chain.insert(0, later[chain[0]])
    while chain[-1] in earlier:
        chain.append(earlier[chain[-1]])
    return [rows[one] for one in chain]


def certificate_for_update(session: Session, number: str) -> Certificate:
    found = session.scalar(
        select(Certificate)
        .where(Certificate.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"There is no certificate {number}.")
    return found


def is_replaced(session: ReadSession, certificate: Certificate) -> bool:
    return bool(session.scalar(select(exists().where(Certificate.replaces_id == certificate.id))))


def certificate_file(session: ReadSession, number: str) -> Paper:
    file_id = session.scalar(select(Certificate.file_id).where(Certificate.number == number))
    paper = kept_paper(session, file_id) if file_id is not None else None
    if paper is None:
        raise NotFound(f"There is no certificate {number}.")
    return paper


def certificates_to_renew(session: ReadSession, *, at: datetime) -> int:
    """How many are due or past, of suppliers we still buy from."""
    due = (CertificateState.DUE, CertificateState.PAST)
    return len(certificates(session, at=at, states=due))


def safety_sheet_kinds(session: ReadSession) -> frozenset[Kind]:
    """Kinds of products that need a safety data sheet."""
    known = {kind.value for kind in Kind}
    found = session.scalars(select(SafetySheetKind.kind))
    return frozenset(Kind(kind) for kind in found if kind in known)


def missing_safety_sheets(session: ReadSession, *, at: datetime) -> list[MissingCertificate]:
    """What we buy of such kinds without a sheet that holds, by supplier and product."""
    today = today_in(get_company(session).time_zone, at)
    holds = (
        exists()
        .where(
            Certificate.supplier_id == SupplierItem.supplier_id,
            Certificate.product_id == SupplierItem.product_id,
            Certificate.kind == CertificateKind.SDS,
            Certificate.valid_until.is_(None) | (Certificate.valid_until >= today),
        )
        .where(IS_CURRENT)
    )
    rows = session.execute(
        select(Supplier.code, Supplier.name, Product.sku, Product.name)
        .distinct()
        .join(SupplierItem, SupplierItem.supplier_id == Supplier.id)
        .join(Product, Product.id == SupplierItem.product_id)
        .join(SafetySheetKind, SafetySheetKind.kind == Product.kind)
        .where(Supplier.active, SupplierItem.active, ~holds)
        .order_by(Supplier.name, Product.name, Product.sku)
    )
    return [MissingCertificate(*row) for row in rows]


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Certificate,
            Supplier.code,
            Supplier.name,
            Product.sku,
            Product.name,
            StoredFile.file_name,
            IS_CURRENT,
        )
        .join(Supplier, Supplier.id == Certificate.supplier_id)
        .join(StoredFile, StoredFile.id == Certificate.file_id)
        .outerjoin(Product, Product.id == Certificate.product_id)
        .where(Supplier.active)
        .order_by(
            Certificate.valid_until.is_(None),
            Certificate.valid_until,
            Supplier.name,
            Certificate.id,
        )
    )


def _as_rows(
    session: ReadSession, statement: Select[*tuple[Any, ...]], at: datetime
) -> list[CertificateRow]:
    today = today_in(get_company(session).time_zone, at)
    return [
        CertificateRow(
            number=one.number,
            kind=one.kind,
            supplier=code,
            supplier_name=name,
            product=sku,
            product_name=product or "",
            reference=one.reference,
            issuer=one.issuer,
            version=one.version,
            valid_until=one.valid_until,
            remind_days=one.remind_days,
            state=state_on(today, one.valid_until, one.remind_days),
            file_name=file_name,
            recorded_at=one.recorded_at,
            recorded_by=one.recorded_by,
            is_current=bool(current),
        )
        for one, code, name, sku, product, file_name, current in session.execute(statement)
    ]
