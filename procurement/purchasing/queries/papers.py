"""An order and a delivery as their papers say it."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product, ProductPicture
from procurement.catalogue.rules.wording import PackSize, pack_word, plural
from procurement.documents import content as paper
from procurement.documents.languages import words_for
from procurement.documents.languages.tax_names import taxed_words
from procurement.documents.purchase_order import render_purchase_order
from procurement.files.models import Rendition
from procurement.files.queries import PDF, Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.purchasing.errors import OrderUnknown
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.orders import pack_sizes
from procurement.purchasing.queries.receipts import receipt_page
from procurement.purchasing.queries.revisions import latest_changes
from procurement.purchasing.queries.trade import is_acquired, trade_terms
from procurement.purchasing.rules.acquiring import NOTE
from procurement.purchasing.rules.totals import TaxedLine, taxes_of
from procurement.purchasing.rules.wording import order_amounts
from procurement.purchasing.terms import Condition, OrderStatus, ReceiptLineRow
from procurement.settings.queries import get_company, letterhead
from procurement.settings.terms import CompanyProfile
from procurement.sourcing.models import Supplier
from procurement.stock.models import Location, Site

# An approved order that was not placed yet is no order to the supplier either.
_WATERMARKS = {
    OrderStatus.DRAFT: "DRAFT",
    OrderStatus.APPROVED: "NOT PLACED",
    OrderStatus.CANCELLED: "CANCELLED",
}


def order_paper(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """The PDF of an order: as it was placed, or drawn now and marked while nobody has sent it."""
    actor.require(Permission.SEE_PURCHASING)
    pdf_id = session.scalar(select(PurchaseOrder.pdf_id).where(PurchaseOrder.number == number))
    kept = kept_paper(session, pdf_id) if pdf_id else None
    if kept is not None:
        return kept
    content = order_content(session, number)
    pdf = render_purchase_order(content)
    name = f"{number}-draft.pdf" if content.watermark else f"{number}.pdf"
    return Paper(name, PDF, hashlib.sha256(pdf).hexdigest(), pdf)


def order_content(session: ReadSession, number: str) -> paper.PurchaseOrderContent:
    """Everything the paper of an order says; a draft is marked as one."""
    row = session.execute(
        select(PurchaseOrder, Supplier, Location, Site)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .where(PurchaseOrder.number == number)
    ).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no purchase order {number}.")
    order, supplier, place, site = row
    company = get_company(session)
    zone = site.time_zone if site else company.time_zone
    changes = latest_changes(session, order)
    content = paper.PurchaseOrderContent(
        letterhead=letterhead(session, company),
        supplier=address_of(supplier),
        number=order.number,
        revision=order.revision,
        issued_on=today_in(zone, changes.issued_at or order.placed_at or order.drafted_at),
        currency=order.currency,
        totals=paper.Totals(
            *(
                Money(minor, order.currency).decimal
                for minor in (order.net_minor, order.tax_minor, order.gross_minor)
            )
        ),
        lines=_lines(session, order, changes.by_position),
        locale=company.locale,
        ordered_by=order.drafted_by,
        approved_by=order.approved_by or "",
        approved_on=today_in(zone, order.approved_at) if order.approved_at else None,
        arrangements=(
            *_arrangements(order, company, place, site),
            *_tax_note(order, supplier, company, site),
            *changes.notes,
        ),
        taxes=_taxes(session, order, company),
        tax_word=taxed_words(words_for("en"), company.country).vat,  # the rest of it is English
        freight=order.freight.decimal if order.freight is not None else None,
        requests=tuple(line for line in company.order_requests.splitlines() if line.strip()),
        watermark=_WATERMARKS.get(order.status, ""),
    )
    to = (place, site) if place and site else None
    trade = trade_terms(session, content, order, supplier, company=company, place=to)
    return replace(content, trade=trade)


def receipt_content(session: ReadSession, number: str) -> paper.GoodsReceiptContent:
    """Everything the paper of a delivery says; one that was taken back is marked."""
    receipt = receipt_page(session, number)
    supplier = session.scalars(select(Supplier).where(Supplier.code == receipt.supplier)).one()
    company = get_company(session)
    return paper.GoodsReceiptContent(
        letterhead=letterhead(session, company),
        supplier=address_of(supplier),
        number=receipt.number,
        received_on=today_in(company.time_zone, receipt.received_at),
        lines=tuple(_receipt_line(line) for line in receipt.lines),
        locale=company.locale,
        order_number=receipt.order,
        delivery_note=receipt.delivery_note,
        received_by=receipt.received_by,
        watermark="TAKEN BACK" if receipt.reversed_at else "",
    )


def _receipt_line(line: ReceiptLineRow) -> paper.GoodsReceiptLine:
    word = pack_word(line.pack_value.name)
    unit = "pieces" if line.quantity.unit is Unit.PIECE else line.quantity.unit.value
    remarks = (
        line.remark,
        "" if line.condition is Condition.GOOD else line.condition.capitalize(),
        line.why,
        "The rest will not come" if line.close_short else "",
        f"{line.noted_packs} on the delivery note"
        if line.noted_packs not in {None, line.packs}
        else "",
        f"{line.noted_price} a pack, ordered at {line.ordered_price}" if line.price_differs else "",
    )
    return paper.GoodsReceiptLine(
        number=str(line.position),
        name=line.product_name,
        sku=line.product,
        received=paper.Amount(Decimal(line.packs), word if line.packs == 1 else plural(word)),
        lot=line.lot or "",
        location=line.into_name or "Went back",
        base=paper.Amount(line.quantity.decimal, unit),
        supplier_code=line.supplier_code,
        expires_on=line.expires_on,
        remark=". ".join(remark for remark in remarks if remark),
    )


def address_of(supplier: Supplier) -> tuple[str, ...]:
    """As it stands at the head of a letter."""
    return (
        supplier.name,
        *((supplier.contact,) if supplier.contact else ()),
        *supplier.address.splitlines(),
    )


def _arrangements(
    order: PurchaseOrder, company: CompanyProfile, place: Location | None, site: Site | None
) -> Iterable[paper.Note]:
    to = (site.address if site else "") or company.delivery_address or company.address
    name = f"{place.name}, {site.name}" if place and site else company.name
    yield paper.Note("Deliver to", "\n".join(part for part in (name, to) if part))
    if order.due_on:
        yield paper.Note("When", f"By {order.due_on:%A} {order.due_on.day} {order.due_on:%B %Y}")
    invoice = "\n".join(part for part in (company.email, f"with {order.number} on it") if part)
    yield paper.Note("Invoice to", invoice)
    if order.note_to_supplier:
        yield paper.Note("Please note", order.note_to_supplier)


def _tax_note(
    order: PurchaseOrder, supplier: Supplier, company: CompanyProfile, site: Site | None
) -> Iterable[paper.Note]:
    """Who owes the tax, where the order bears none for that reason."""
    if not order.tax_minor and is_acquired(company, supplier, site.address if site else ""):
        yield paper.Note("VAT", NOTE.format(vat_id=company.vat_id.strip()))


def _lines(
    session: ReadSession, order: PurchaseOrder, changed: Mapping[int, str]
) -> tuple[paper.PurchaseOrderLine, ...]:
    rows = session.execute(
        select(PurchaseOrderLine, Product, Pack.name)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .where(PurchaseOrderLine.order_id == order.id, ~PurchaseOrderLine.dropped)
        .order_by(PurchaseOrderLine.position)
    ).all()
    pictures = lead_pictures(session, {line.product_id for line, *_ in rows})
    lines = []
    sizes = pack_sizes(session, {line.product_id for line, *_ in rows})
    for line, product, pack_name in rows:
        pack = PackSize(pack_name, line.pack_steps)
        price = UnitPrice(line.price_e4, order.currency)
        others = sizes[line.product_id]
        ordered, each, base = order_amounts(line.packs, price, pack, product.unit, others)
        lines.append(
            paper.PurchaseOrderLine(
                number=str(line.position),
                name=line.name,
                sku=product.sku,
                supplier_code=line.supplier_code,
                packs=ordered,
                price=each,
                net=Money(line.net_minor, order.currency).decimal,
                base=base,
                wanted_by=line.wanted_by or order.due_on,
                detail=changed.get(line.position, ""),
                picture=pictures.get(line.product_id),
            )
        )
    return tuple(lines)


def _taxes(
    session: ReadSession, order: PurchaseOrder, company: CompanyProfile
) -> tuple[paper.TaxLine, ...]:
    rows = session.execute(
        select(PurchaseOrderLine.net_minor, PurchaseOrderLine.tax_ppm).where(
            PurchaseOrderLine.order_id == order.id, ~PurchaseOrderLine.dropped
        )
    )
    taxed = [TaxedLine(Money(net, order.currency), TaxRate(rate)) for net, rate in rows]
    taxed += order.charges
    return tuple(
        paper.TaxLine("", part.rate.fraction * 100, part.net.decimal, part.tax.decimal)
        for part in taxes_of(taxed, company.rounding_rule)
    )


def lead_pictures(session: ReadSession, product_ids: Iterable[int]) -> dict[int, bytes]:
    """The smallest rendition of each product's first picture; papers print them an inch wide at most."""
    rows = session.execute(
        select(ProductPicture.product_id, Rendition.content)
        .join(Rendition, Rendition.file_id == ProductPicture.file_id)
        .where(ProductPicture.product_id.in_(set(product_ids)), ProductPicture.position == 0)
        .order_by(ProductPicture.product_id, Rendition.width.desc())
    )
    return dict(list(rows))  # the last, smallest, wins
