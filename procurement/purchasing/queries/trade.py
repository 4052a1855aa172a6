"""What an order says to machines: who trades, and each line with the codes of both sides."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.documents.content import PurchaseOrderContent, from_json, to_json
from procurement.documents.trade import TradeLine, TradeParty, TradeTerms
from procurement.kernel.actor import Actor
from procurement.kernel.countries import country_of
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict
from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import OrderUnknown
from procurement.purchasing.models import OrderPaper, PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.rules.acquiring import is_acquisition
from procurement.purchasing.rules.units import unit_code
from procurement.settings.terms import CompanyProfile
from procurement.sourcing.models import Supplier
from procurement.stock.models import Location, Site

ANSWER_DAYS = 7  # how long an order waits for its supplier's answer


def trade_terms(
    session: ReadSession,
    content: PurchaseOrderContent,
    order: PurchaseOrder,
    supplier: Supplier,
    *,
    company: CompanyProfile,
    place: tuple[Location, Site] | None,
) -> TradeTerms:
    """As the order stands now; `content` is its paper, `place` where it is delivered."""
    home = country_of(company.address) or _of_vat_id(company.vat_id)
    buyer = TradeParty(
        name=company.name,
        address=_without_country(company.address),
        country=home,
        vat_id=company.vat_id.replace(" ", ""),
        phone=company.phone,
        email=company.email,
        contact=content.ordered_by,
        endpoint=company.peppol_id,
    )
    # A supplier whose address names no country is taken to be at home.
    seller = TradeParty(
        name=supplier.name,
        address=_without_country(supplier.address),
        country=country_of(supplier.address) or home,
        phone=supplier.phone,
        email=supplier.email,
        contact=supplier.contact,
        endpoint=supplier.peppol_id,
    )
    return TradeTerms(
        buyer=buyer,
        seller=seller,
        ship_to=_ship_to(buyer, company, place),
        lines=_lines(session, order),
        due_on=order.due_on,
        answer_by=content.issued_on + timedelta(days=ANSWER_DAYS),
        note=order.note_to_supplier,
        freight=order.freight.decimal if order.freight is not None else Decimal(0),
        freight_tax_rate=TaxRate(order.freight_tax_ppm).fraction * 100,
        is_acquired=is_acquired(company, supplier, place[1].address if place else ""),
    )


def is_acquired(company: CompanyProfile, supplier: Supplier, delivery: str) -> bool:
    """Whether goods of this supplier, sent to this address of ours, are an intra-Community acquisition."""
    home = country_of(company.address) or _of_vat_id(company.vat_id)
    to = country_of(delivery or company.delivery_address) or home
    return is_acquisition(country_of(supplier.address) or home, to, home, company.vat_id)


def address_of_place(session: ReadSession, location_id: int | None) -> str:
    """The address of the site a place belongs to; "" where none is known."""
    if location_id is None:
        return ""
    query = select(Site.address).join(Location, Location.site_id == Site.id)
    return session.scalar(query.where(Location.id == location_id)) or ""


def _ship_to(
    buyer: TradeParty, company: CompanyProfile, place: tuple[Location, Site] | None
) -> TradeParty:
    address = (place[1].address if place else "") or company.delivery_address or company.address
    name = f"{place[0].name}, {place[1].name}" if place else buyer.name
    return TradeParty(
        name=name,
        address=_without_country(address),
        country=country_of(address) or buyer.country,
    )


def _lines(session: ReadSession, order: PurchaseOrder) -> tuple[TradeLine, ...]:
    rows = session.execute(
        select(PurchaseOrderLine, Product.sku, Product.unit, Pack.name, Pack.gtin)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .where(PurchaseOrderLine.order_id == order.id, ~PurchaseOrderLine.dropped)
        .order_by(PurchaseOrderLine.position)
    )
    return tuple(
        TradeLine(
            position=line.position,
            name=line.name,
            sku=sku,
            supplier_code=line.supplier_code,
            gtin=gtin or "",
            pack=pack,
            unit_code=unit_code(pack, unit, line.pack_steps),
            packs=line.packs,
            price=UnitPrice(line.price_e4, order.currency).decimal,
            off=UnitPrice(_off(line), order.currency).decimal,
            net=Money(line.net_minor, order.currency).decimal,
            tax_rate=TaxRate(line.tax_ppm).fraction * 100,
            wanted_by=line.wanted_by or order.due_on,
        )
        for line, sku, unit, pack, gtin in rows
    )


def _off(line: PurchaseOrderLine) -> int:
    return max(0, (line.list_price_e4 or 0) - line.price_e4)


def frozen_json(content: PurchaseOrderContent) -> str:
    """The content without what machines do not read, and without the private link, which only the supplier has."""
    lines = tuple(replace(line, picture=None) for line in content.lines)
    letterhead = replace(content.letterhead, logo=None)
    return to_json(replace(content, lines=lines, letterhead=letterhead, confirmation=None))


def issued_order(session: ReadSession, number: str, *, actor: Actor) -> PurchaseOrderContent:
    """What an order said when it was last issued. Conflict while it was not, or before such things were kept."""
    actor.require(Permission.SEE_PURCHASING)
    row = session.execute(
        select(PurchaseOrder.placed_at, OrderPaper.content)
        .outerjoin(OrderPaper, OrderPaper.order_id == PurchaseOrder.id)
        .where(PurchaseOrder.number == number)
        .order_by(OrderPaper.revision.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no purchase order {number}.")
    if row.placed_at is None:
        raise Conflict(f"{number} has not been placed; there is nothing to send yet.")
    if row.content is None:
        raise Conflict(
            f"{number} was placed before orders could be exported; its PDF is all there is."
        )
    return from_json(PurchaseOrderContent, row.content)


def _without_country(address: str) -> tuple[str, ...]:
    lines = tuple(line.strip() for line in address.splitlines() if line.strip())
    return lines[:-1] if len(lines) > 1 and country_of(lines[-1]) else lines


def _of_vat_id(vat_id: str) -> str:
    """Greek numbers begin with EL (Council Directive 2006/112/EC, article 215)."""
    prefix = vat_id.strip()[:2].upper()
    return {"EL": "GR"}.get(prefix, prefix) if prefix.isalpha() and len(prefix) == 2 else ""
