"""Claims against suppliers: to be changed, in lists, on their page, on paper, and those somebody must see to."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.rules.wording import pack_word, plural
from procurement.documents import content as paper
from procurement.documents.supplier_letter import render_supplier_letter
from procurement.files.models import Rendition, StoredFile
from procurement.files.queries import PDF, Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.purchasing.errors import ClaimUnknown
from procurement.purchasing.models import (
    Claim,
    ClaimLine,
    GoodsReceipt,
    GoodsReceiptLine,
    GoodsReceiptPhoto,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierReturn,
)
from procurement.purchasing.queries.papers import address_of
from procurement.purchasing.rules.wording import FAULT_WORDS
from procurement.purchasing.terms import ClaimLineRow, ClaimPage, ClaimRow, ClaimStatus
from procurement.settings.queries import get_company, letterhead
from procurement.sourcing.models import Supplier
from procurement.stock.models import Lot

WARNED_DAYS = 3  # before its deadline somebody is told


def claim_by_key(session: ReadSession, key: str) -> Claim | None:
    found: Claim | None = session.scalar(select(Claim).where(Claim.idempotency_key == key))
    return found


def claim_for_update(session: Session, number: str) -> Claim:
    """Raises ClaimUnknown."""
    found = session.scalar(
        select(Claim)
        .where(Claim.number == number)
        .options(selectinload(Claim.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ClaimUnknown(f"There is no claim {number}.")
    return found


def claimed_before(session: ReadSession, receipt_id: int) -> dict[tuple[int, str], str]:
    """Which claim names a line and fault of a receipt already; withdrawn ones do not count."""
    rows = session.execute(
        select(ClaimLine.receipt_position, ClaimLine.fault, Claim.number)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(ClaimLine.receipt_id == receipt_id, Claim.status != ClaimStatus.WITHDRAWN)
    )
    return {(position, fault): number for position, fault, number in rows}


def claims(
    session: ReadSession,
    paging: PageRequest,
    *,
    supplier: str | None = None,
    statuses: Iterable[ClaimStatus] | None = None,
    receipt: str | None = None,
) -> Page[ClaimRow]:
    """Claims, the latest first."""
    statement = _claims().order_by(Claim.id.desc()).limit(paging.limit + 1)
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    if statuses is not None:
        statement = statement.where(Claim.status.in_(sorted(statuses)))
    if receipt is not None:
        statement = statement.where(GoodsReceipt.number == receipt)
    if (after := paging.key(int)) is not None:
        statement = statement.where(Claim.id < after[0])
    found = [(row[0].id, _row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def claims_due(session: ReadSession, day: date, *, limit: int = 50) -> list[ClaimRow]:
    """Claims to be sent within three days, and sent ones whose deadline went by without an answer."""
    statement = (
        _claims()
        .where(
            or_(
                (Claim.status == ClaimStatus.OPEN)
                & (Claim.deadline <= day + timedelta(days=WARNED_DAYS)),
                (Claim.status == ClaimStatus.SENT) & (Claim.deadline < day),
            )
        )
        .order_by(Claim.deadline, Claim.id)
        .limit(limit)
    )
    return [_row(*row) for row in session.execute(statement)]


def claim_page(session: ReadSession, number: str) -> ClaimPage:
    """A claim with its lines. Raises ClaimUnknown."""
    row = session.execute(_claims().where(Claim.number == number)).one_or_none()
    if row is None:
        raise ClaimUnknown(f"There is no claim {number}.")
    made, supplier, receipt = row[0], row[1], row[3]
    returns = session.scalars(
        select(SupplierReturn.number)
        .where(SupplierReturn.claim_id == made.id, SupplierReturn.reversed_at.is_(None))
        .order_by(SupplierReturn.id)
    )
    return ClaimPage(
        head=_row(*row),
        version=made.version,
        supplier_email=supplier.email,
        currency=made.currency,
        delivery_note=receipt.delivery_note,
        received_at=receipt.received_at,
        note=made.note,
        answer=made.answer,
        sent_at=made.sent_at,
        answered_at=made.answered_at,
        settled_at=made.settled_at,
        lines=_lines(session, made),
        photos=_photos(session, made),
        returns=tuple(returns),
    )


def claim_paper(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """The claim as it was sent last, or drawn now and marked while nobody has sent it."""
    actor.require(Permission.SEE_PURCHASING)
    made = session.scalar(select(Claim).where(Claim.number == number))
    if made is None:
        raise ClaimUnknown(f"There is no claim {number}.")
    kept = kept_paper(session, made.pdf_id) if made.pdf_id else None
    if kept is not None:
        return kept
    pdf = render_supplier_letter(claim_content(session, number))
    return Paper(f"{number}.pdf", PDF, hashlib.sha256(pdf).hexdigest(), pdf)


def claim_content(session: ReadSession, number: str) -> paper.SupplierLetterContent:
    """Everything the paper of a claim says."""
    page = claim_page(session, number)
    head = page.head
    supplier = session.scalars(select(Supplier).where(Supplier.code == head.supplier)).one()
    company = get_company(session)
    pictures = _pictures(session, number)
    return paper.SupplierLetterContent(
        letterhead=letterhead(session, company),
        supplier=address_of(supplier),
        title="Claim",
        number=head.number,
        issued_on=today_in(company.time_zone, page.sent_at or head.made_at),
        data=(
            ("Our order", head.order),
            ("Delivery note", page.delivery_note),
            ("Received", f"{today_in(company.time_zone, page.received_at):%d %B %Y}"),
            ("Answer by", f"{head.deadline:%d %B %Y}"),
            ("Written by", head.made_by),
        ),
        lines=tuple(_paper_line(line, pictures.get(line.position)) for line in page.lines),
        locale=company.locale,
        currency=page.currency,
        total=head.asked.decimal,
        total_word="We ask for",
        notes=page.note,
        watermark={ClaimStatus.OPEN: "NOT SENT", ClaimStatus.WITHDRAWN: "WITHDRAWN"}.get(
            head.status, ""
        ),
    )


def _paper_line(line: ClaimLineRow, picture: bytes | None) -> paper.SupplierLetterLine:
    word = pack_word(line.pack_value.name)
    return paper.SupplierLetterLine(
        number=str(line.position),
        name=line.product_name,
        codes=(f"your item {line.supplier_code}" if line.supplier_code else "", line.product),
        remark=". ".join(part for part in (FAULT_WORDS[line.fault], line.note) if part),
        amount=paper.Amount(Decimal(line.packs), word if line.packs == 1 else plural(word)),
        lot=line.lot or "",
        expires_on=line.expires_on,
        value=line.asked.decimal,
        picture=picture,
    )


def _claims() -> Select[*tuple[Any, ...]]:
    lines = select(func.count()).where(ClaimLine.claim_id == Claim.id).scalar_subquery()
    return (
        select(Claim, Supplier, PurchaseOrder.number, GoodsReceipt, lines)
        .join(Supplier, Supplier.id == Claim.supplier_id)
        .join(GoodsReceipt, GoodsReceipt.id == Claim.receipt_id)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
    )


def _row(*row: Any) -> ClaimRow:
    made, supplier, order, receipt, lines = row
    agreed = made.agreed_minor
    return ClaimRow(
        number=made.number,
        status=made.status,
        supplier=supplier.code,
        supplier_name=supplier.name,
        order=order,
        receipt=receipt.number,
        made_at=made.made_at,
        made_by=made.made_by,
        deadline=made.deadline,
        lines=int(lines),
        asked=Money(made.asked_minor, made.currency),
        agreed=None if agreed is None else Money(agreed, made.currency),
        remedy=made.remedy,
    )


def _lines(session: ReadSession, made: Claim) -> tuple[ClaimLineRow, ...]:
    rows = session.execute(
        select(ClaimLine, PurchaseOrderLine, Product, Pack.name, Lot)
        .join(
            GoodsReceiptLine,
            (GoodsReceiptLine.receipt_id == ClaimLine.receipt_id)
            & (GoodsReceiptLine.position == ClaimLine.receipt_position),
        )
        .join(PurchaseOrderLine, PurchaseOrderLine.id == GoodsReceiptLine.order_line_id)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .outerjoin(Lot, Lot.id == GoodsReceiptLine.lot_id)
        .where(ClaimLine.claim_id == made.id)
        .order_by(ClaimLine.position)
    )
    return tuple(
        ClaimLineRow(
            position=line.position,
            receipt_position=line.receipt_position,
            product=product.sku,
            product_name=ordered.name,
            supplier_code=ordered.supplier_code,
            pack_value=PackValue(pack_name, Quantity(ordered.pack_steps, product.unit)),
            packs=line.packs,
            fault=line.fault,
            lot=lot.number if lot else None,
            expires_on=lot.expires_on if lot else None,
            note=line.note,
            asked=Money(line.asked_minor, made.currency),
        )
        for line, ordered, product, pack_name, lot in rows
    )


def _of_lines(statement: Any) -> Any:
    """Joined to the pictures of the lines that a claim names."""
    return statement.join(
        GoodsReceiptPhoto,
        (GoodsReceiptPhoto.receipt_id == ClaimLine.receipt_id)
        & (GoodsReceiptPhoto.position == ClaimLine.receipt_position),
    )


def _photos(session: ReadSession, made: Claim) -> tuple[str, ...]:
    joined = _of_lines(select(StoredFile.sha256, StoredFile.id).select_from(ClaimLine))
    rows = session.execute(
        joined.join(StoredFile, StoredFile.id == GoodsReceiptPhoto.file_id)
        .where(ClaimLine.claim_id == made.id)
        .distinct()
        .order_by(StoredFile.id)
    )
    return tuple(sha256 for sha256, _ in rows)


def _pictures(session: ReadSession, number: str) -> dict[int, bytes]:
    """The smallest rendition of the first picture of each line."""
    joined = _of_lines(select(ClaimLine.position, Rendition.file_id, Rendition.content))
    rows = session.execute(
        joined.join(Rendition, Rendition.file_id == GoodsReceiptPhoto.file_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(Claim.number == number)
        .order_by(ClaimLine.position, Rendition.file_id, Rendition.width)
    )
    found: defaultdict[int, list[bytes]] = defaultdict(list)
    for position, _, content in rows:
        found[position].append(content)
    return {position: several[0] for position, several in found.items()}
