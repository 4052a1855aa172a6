"""Returns to suppliers: to be changed, in lists, on their page, and what could go back from a place."""

import hashlib
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.documents import content as paper
from procurement.documents.supplier_letter import render_supplier_letter
from procurement.files.queries import PDF, Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.purchasing.errors import ReturnUnknown
from procurement.purchasing.models import (
    Claim,
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    SupplierInvoice,
    SupplierReturn,
    SupplierReturnLine,
)
from procurement.purchasing.queries.papers import address_of
from procurement.purchasing.queries.return_origins import is_credit_due
from procurement.purchasing.rules.wording import RETURN_WORDS
from procurement.purchasing.terms import Returnable, ReturnLineRow, ReturnPage, ReturnRow
from procurement.settings.queries import get_company, letterhead
from procurement.sourcing.models import Supplier
from procurement.stock.models import Balance, Location, Lot, Site


def return_by_key(session: ReadSession, key: str) -> SupplierReturn | None:
    found: SupplierReturn | None = session.scalar(
        select(SupplierReturn).where(SupplierReturn.idempotency_key == key)
    )
    return found


def return_for_update(session: Session, number: str) -> SupplierReturn:
    """Raises ReturnUnknown."""
    found = session.scalar(
        select(SupplierReturn)
        .where(SupplierReturn.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ReturnUnknown(f"There is no return {number}.")
    return found


def supplier_returns(
    session: ReadSession,
    paging: PageRequest,
    *,
    supplier: str | None = None,
    credit_due: bool = False,
) -> Page[ReturnRow]:
    """Returns, the latest first; with `credit_due` those for which the supplier owes a credit note."""
    statement = _returns().order_by(SupplierReturn.id.desc()).limit(paging.limit + 1)
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    if credit_due:
        statement = statement.where(is_credit_due())
    if (after := paging.key(int)) is not None:
        statement = statement.where(SupplierReturn.id < after[0])
    found = [(row[0].id, _row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def return_page(session: ReadSession, number: str) -> ReturnPage:
    """A return with its lines. Raises ReturnUnknown."""
    row = session.execute(_returns().where(SupplierReturn.number == number)).one_or_none()
    if row is None:
        raise ReturnUnknown(f"There is no return {number}.")
    made: SupplierReturn = row[0]
    return ReturnPage(
        head=_row(*row),
        note=made.note,
        reversed_at=made.reversed_at,
        reversed_by=made.reversed_by,
        reversed_why=made.reversed_why,
        has_paper=made.pdf_id is not None,
        lines=_lines(session, made),
    )


def returnable(session: ReadSession, location: str, supplier: str) -> list[Returnable]:
    """What stands at a place and could go back, what came from the supplier first."""
    theirs = (
        select(GoodsReceiptLine.lot_id)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(Supplier.code == supplier, GoodsReceiptLine.lot_id.is_not(None))
    )
    is_theirs = Lot.id.in_(theirs).label("is_theirs")
    free = Balance.on_hand - Balance.reserved
    rows = session.execute(
        select(Product.sku, Product.name, Product.unit, Lot, free, is_theirs)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Location.code == location, Location.is_physical, free > 0, Lot.parent_id.is_(None))
        .order_by(is_theirs.desc(), func.lower(Product.name), Lot.use_by, Lot.number)
    )
    return [
        Returnable(
            name=f"{sku}/{lot.number}",
            product_name=name,
            lot=lot.number,
            expires_on=lot.expires_on,
            status=lot.status.value,
            free=Quantity(int(steps), unit),
            is_theirs=bool(from_them),
        )
        for sku, name, unit, lot, steps, from_them in rows
    ]


def return_paper(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """The delivery note of a return as it was made."""
    actor.require(Permission.SEE_PURCHASING)
    made = session.scalar(select(SupplierReturn).where(SupplierReturn.number == number))
    if made is None:
        raise ReturnUnknown(f"There is no return {number}.")
    kept = kept_paper(session, made.pdf_id) if made.pdf_id and not made.reversed_at else None
    if kept is not None:
        return kept
    pdf = render_supplier_letter(return_content(session, number))
    return Paper(f"{number}.pdf", PDF, hashlib.sha256(pdf).hexdigest(), pdf)


def return_content(session: ReadSession, number: str) -> paper.SupplierLetterContent:
    """Everything the paper of a return says; one that was taken back is marked."""
    page = return_page(session, number)
    head = page.head
    supplier = session.scalars(select(Supplier).where(Supplier.code == head.supplier)).one()
    company = get_company(session)
    credit = head.credit
    return paper.SupplierLetterContent(
        letterhead=letterhead(session, company),
        supplier=address_of(supplier),
        title="Return of goods",
        number=head.number,
        issued_on=today_in(company.time_zone, head.sent_at),
        data=(
            ("Reason", RETURN_WORDS[head.reason]),
            ("Our claim", head.claim or ""),
            ("Sent from", head.location_name),
            ("Sent by", head.sent_by),
        ),
        lines=tuple(_paper_line(line) for line in page.lines),
        locale=company.locale,
        currency=credit.currency if credit else "",
        total=credit.decimal if credit else None,
        total_word="Credit we expect",
        notes=page.note,
        watermark="TAKEN BACK" if page.reversed_at else "",
    )


def _paper_line(line: ReturnLineRow) -> paper.SupplierLetterLine:
    unit = "pieces" if line.quantity.unit is Unit.PIECE else line.quantity.unit.value
    supplier_lot = line.supplier_lot if line.supplier_lot != line.lot else None
    return paper.SupplierLetterLine(
        number=str(line.position),
        name=line.product_name,
        codes=(line.product, f"your lot {supplier_lot}" if supplier_lot else ""),
        amount=paper.Amount(line.quantity.decimal, unit),
        lot=line.lot,
        expires_on=line.expires_on,
        value=line.value.decimal if line.value else None,
    )


def _returns() -> Select[*tuple[Any, ...]]:
    lines = (
        select(func.count())
        .where(SupplierReturnLine.return_id == SupplierReturn.id)
        .scalar_subquery()
    )
    return (
        select(
            SupplierReturn,
            Supplier.code,
            Supplier.name,
            Location.code,
            Location.name,
            Site.name,
            Claim.number,
            SupplierInvoice.number,
            is_credit_due(),
            lines,
        )
        .join(Supplier, Supplier.id == SupplierReturn.supplier_id)
        .join(Location, Location.id == SupplierReturn.location_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .outerjoin(Claim, Claim.id == SupplierReturn.claim_id)
        .outerjoin(SupplierInvoice, SupplierInvoice.id == SupplierReturn.credit_note_id)
    )


def _row(*row: Any) -> ReturnRow:
    made, supplier, supplier_name, location, location_name, site, claim, note, is_due, lines = row
    credit = made.credit_minor
    return ReturnRow(
        number=made.number,
        supplier=supplier,
        supplier_name=supplier_name,
        location=location,
        location_name=f"{location_name}, {site}" if site else location_name,
        reason=made.reason,
        sent_at=made.sent_at,
        sent_by=made.sent_by,
        lines=int(lines),
        credit=None if credit is None else Money(credit, made.currency),
        claim=claim,
        credit_note=note,
        is_credit_due=bool(is_due),
        is_reversed=made.reversed_at is not None,
    )


def _lines(session: ReadSession, made: SupplierReturn) -> tuple[ReturnLineRow, ...]:
    rows = session.execute(
        select(SupplierReturnLine, Product, Lot)
        .join(Product, Product.id == SupplierReturnLine.product_id)
        .join(Lot, Lot.id == SupplierReturnLine.lot_id)
        .where(SupplierReturnLine.return_id == made.id)
        .order_by(SupplierReturnLine.position)
    )
    return tuple(
        ReturnLineRow(
            position=line.position,
            product=product.sku,
            product_name=product.name,
            lot=lot.number,
            supplier_lot=lot.supplier_lot,
            expires_on=lot.expires_on,
            quantity=Quantity(line.quantity, product.unit),
            value=None if line.value_minor is None else Money(line.value_minor, made.currency),
        )
        for line, product, lot in rows
    )
