"""A request for quotation as its paper says it to one supplier."""

from decimal import Decimal

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.rules.wording import pack_word, plural
from procurement.documents import content as paper
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Unit
from procurement.purchasing.errors import RequestUnknown
from procurement.purchasing.models import Invitation, RequestForQuotation
from procurement.purchasing.queries.quotations import request_page
from procurement.purchasing.terms.quotations import RequestLineRow, RequestStatus
from procurement.settings.queries import get_company, letterhead
from procurement.sourcing.models import Supplier, SupplierItem

_WATERMARKS = {RequestStatus.DRAFT: "DRAFT", RequestStatus.CANCELLED: "CANCELLED"}


def request_content(
    session: ReadSession, number: str, supplier: str
) -> paper.QuotationRequestContent:
    """Everything the paper says, with the supplier's own codes where we know them."""
    found = session.execute(
        select(RequestForQuotation, Supplier)
        .join(Invitation, Invitation.request_id == RequestForQuotation.id)
        .join(Supplier, Supplier.id == Invitation.supplier_id)
        .where(RequestForQuotation.number == number, Supplier.code == supplier)
    ).one_or_none()
    if found is None:
        raise RequestUnknown(f"{supplier} was not asked in {number}.")
    request, to = found
    asked_at = request.sent_at or request.drafted_at
    page = request_page(session, number, at=asked_at)
    company = get_company(session)
    codes = _codes(session, to.id)
    where = company.delivery_address or company.address
    name = page.deliver_to_name or company.name
    notes = [paper.Note("Deliver to", "\n".join(part for part in (name, where) if part))]
    if page.note:
        notes.append(paper.Note("Please note", page.note))
    return paper.QuotationRequestContent(
        letterhead=letterhead(session, company),
        supplier=(
            to.name,
            *((to.contact,) if to.contact else ()),
            *to.address.splitlines(),
        ),
        number=page.number,
        issued_on=today_in(company.time_zone, asked_at),
        answer_by=page.answer_by,
        currency=to.currency,
        asked_by=page.drafted_by,
        lines=tuple(_line(line, codes.get((line.product, line.pack), "")) for line in page.lines),
        locale=company.locale,
        notes=tuple(notes),
        watermark=_WATERMARKS.get(page.status, ""),
    )


def _codes(session: ReadSession, supplier_id: int) -> dict[tuple[str, str], str]:
    """The supplier's own codes by product and pack."""
    rows = session.execute(
        select(Product.sku, Pack.code, SupplierItem.code)
        .join(Pack, Pack.id == SupplierItem.pack_id)
        .join(Product, Product.id == SupplierItem.product_id)
        .where(SupplierItem.supplier_id == supplier_id)
    )
    return {(sku, pack): code for sku, pack, code in rows}


def _line(line: RequestLineRow, code: str) -> paper.QuotationRequestLine:
    word = pack_word(line.pack_value.name)
    unit = "pieces" if line.quantity.unit is Unit.PIECE else line.quantity.unit.value
    return paper.QuotationRequestLine(
        number=str(line.position),
        name=line.product_name,
        sku=line.product,
        supplier_code=code,
        packs=paper.Amount(Decimal(line.packs), word if line.packs == 1 else plural(word)),
        base=paper.Amount(line.quantity.decimal, unit),
        detail=line.pack_value.name,
        wanted_by=line.wanted_by,
    )
