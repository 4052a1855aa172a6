"""What was shipped or came back and is not handed on to be invoiced yet; the batches there are."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload, undefer

from procurement.catalogue.models import Pack, Product
from procurement.documents.languages.taxing import Untaxed, untaxed_words
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.countries import country_of
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.tax_numbers import is_eu_vat
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import (
    Address,
    Contact,
    Customer,
    CustomerReturn,
    InvoiceExport,
    InvoiceExportItem,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    ShipmentLine,
)
from procurement.sales.rules.invoicing import Part, priced_parts
from procurement.sales.rules.speaking import paper_locale
from procurement.sales.terms import AddressKind
from procurement.sales.terms.exports import (
    Exportable,
    ExportItemRow,
    ExportPage,
    ExportRow,
    InvoiceDraft,
    InvoiceLine,
    InvoiceTax,
)
from procurement.settings.queries import get_company

MOST_IN_A_BATCH = 500  # documents; the next batch has the rest


def is_exported(
    session: ReadSession, *, shipment: int | None = None, back: int | None = None
) -> str:
    """The number of the batch that a shipment or a return is in; empty while it is in none."""
    statement = select(InvoiceExport.number).join(
        InvoiceExportItem, InvoiceExportItem.export_id == InvoiceExport.id
    )
    if shipment is not None:
        statement = statement.where(InvoiceExportItem.shipment_id == shipment)
    else:
        statement = statement.where(InvoiceExportItem.return_id == back)
    return str(session.scalar(statement) or "")


def exportable(session: ReadSession) -> Exportable:
    shipments = select(func.count()).select_from(Shipment).where(*_shipments_left())
    returns = select(func.count()).select_from(CustomerReturn).where(*_returns_left())
    row = session.execute(select(shipments.scalar_subquery(), returns.scalar_subquery())).one()
    return Exportable(int(row[0]), int(row[1]))


def drafts_for_update(session: Session) -> list[InvoiceDraft]:
    """Everything that is in no batch, locked: what is being reversed meanwhile is not among it."""
    shipments = session.scalars(
        select(Shipment)
        .where(*_shipments_left())
        .order_by(Shipment.id)
        .limit(MOST_IN_A_BATCH)
        .options(selectinload(Shipment.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    returns = session.scalars(
        select(CustomerReturn)
        .where(*_returns_left())
        .order_by(CustomerReturn.id)
        .limit(MOST_IN_A_BATCH)
        .options(selectinload(CustomerReturn.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return _Drafting(session, shipments, returns).drafts()


def exports(session: ReadSession, paging: PageRequest, *, actor: Actor) -> Page[ExportRow]:
    """Batches, the latest first."""
    actor.require(Permission.SEE_SALES)
    statement = _exports().order_by(InvoiceExport.id.desc()).limit(paging.limit + 1)
    if (after := paging.key(int)) is not None:
        statement = statement.where(InvoiceExport.id < after[0])
    found = [(row[0].id, _row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def export_page(session: ReadSession, number: str, *, actor: Actor) -> ExportPage:
    """A batch with what is in it. Raises OrderUnknown."""
    actor.require(Permission.SEE_SALES)
    row = session.execute(_exports().where(InvoiceExport.number == number)).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no export {number}.")
    items = session.execute(
        select(InvoiceExportItem, InvoiceExportItem.ubl.is_not(None))
        .where(InvoiceExportItem.export_id == row[0].id)
        .order_by(InvoiceExportItem.position)
    )
    return ExportPage(
        _row(*row),
        tuple(
            ExportItemRow(
                number=item.number,
                is_credit=item.return_id is not None,
                customer_name=item.customer_name,
                net=Money(item.net_minor, item.currency),
                tax=Money(item.tax_minor, item.currency),
                gross=Money(item.gross_minor, item.currency),
                has_ubl=bool(has_ubl),
                why=item.why,
            )
            for item, has_ubl in items
        ),
    )


def kept_csv(session: ReadSession, number: str, *, actor: Actor) -> str:
    """The batch as it was made. Raises OrderUnknown."""
    actor.require(Permission.SEE_SALES)
    found: str | None = session.scalar(
        select(InvoiceExport.csv).where(InvoiceExport.number == number)
    )
    if found is None:
        raise OrderUnknown(f"There is no export {number}.")
    return found


def kept_documents(session: ReadSession, number: str, *, actor: Actor) -> list[tuple[str, str]]:
    """Name and text of each UBL document of a batch, in their order. Raises OrderUnknown."""
    actor.require(Permission.SEE_SALES)
    export_id = session.scalar(select(InvoiceExport.id).where(InvoiceExport.number == number))
    if export_id is None:
        raise OrderUnknown(f"There is no export {number}.")
    items = session.scalars(
        select(InvoiceExportItem)
        .where(InvoiceExportItem.export_id == export_id, InvoiceExportItem.ubl.is_not(None))
        .order_by(InvoiceExportItem.position)
        .options(undefer(InvoiceExportItem.ubl))
    )
    return [(item.number, item.ubl) for item in items]


def _shipments_left() -> tuple[Any, ...]:
    return (
        Shipment.reversed_at.is_(None),
        ~select(InvoiceExportItem.shipment_id)
        .where(InvoiceExportItem.shipment_id == Shipment.id)
        .exists(),
    )


def _returns_left() -> tuple[Any, ...]:
    return (
        CustomerReturn.reversed_at.is_(None),
        ~select(InvoiceExportItem.return_id)
        .where(InvoiceExportItem.return_id == CustomerReturn.id)
        .exists(),
    )


def credit_draft(session: ReadSession, number: str) -> InvoiceDraft:
    """One return as it is credited, whether or not it was handed on. Raises OrderUnknown."""
    back = session.scalar(
        select(CustomerReturn)
        .where(CustomerReturn.number == number)
        .options(selectinload(CustomerReturn.lines))
    )
    if back is None:
        raise OrderUnknown(f"There is no return {number}.")
    return _Drafting(session, (), (back,)).drafts()[0]


class _Drafting:
    """Everything the drafts need, read in a few statements, whatever their number."""

    def __init__(
        self,
        session: ReadSession,
        shipments: Sequence[Shipment],
        returns: Sequence[CustomerReturn],
    ) -> None:
        self.shipments, self.returns = shipments, returns
        company = get_company(session)
        self.zone, self.locale = company.time_zone, company.locale
        came_with = {one.shipment_id for one in returns}
        self.sent = {
            one.id: one
            for one in session.scalars(
                select(Shipment)
                .where(Shipment.id.in_({one.id for one in shipments} | came_with))
                .options(selectinload(Shipment.lines))
            )
        }
        orders = {one.order_id for one in self.sent.values()}
        self.orders = {
            one.id: one
            for one in session.scalars(
                select(SalesOrder)
                .where(SalesOrder.id.in_(orders))
                .options(selectinload(SalesOrder.lines))
            )
        }
        customers = {one.customer_id for one in self.orders.values()}
        self.customers = {
            one.id: one
            for one in session.scalars(
                select(Customer)
                .where(Customer.id.in_(customers))
                .options(selectinload(Customer.contacts), selectinload(Customer.addresses))
            )
        }
        products = {line.product_id for one in self.orders.values() for line in one.lines}
        rows = session.execute(
            select(Pack.id, Product.sku, Product.unit, Pack.name, Pack.gtin)
            .join(Product, Product.id == Pack.product_id)
            .where(Product.id.in_(products))
        )
        self.packs = {row[0]: row for row in rows}

    def drafts(self) -> list[InvoiceDraft]:
        return [
            *(self._invoice(one) for one in self.shipments),
            *(self._credit(one) for one in self.returns),
        ]

    def _invoice(self, shipment: Shipment) -> InvoiceDraft:
        steps: dict[int, int] = {}
        for line in shipment.lines:
            steps[line.order_line_id] = steps.get(line.order_line_id, 0) + line.quantity
        return self._draft(shipment, steps, None)

    def _credit(self, back: CustomerReturn) -> InvoiceDraft:
        shipment = self.sent[back.shipment_id]
        lines: dict[int, ShipmentLine] = {line.position: line for line in shipment.lines}
        steps: dict[int, int] = {}
        for one in back.lines:
            key = lines[one.shipment_position].order_line_id
            steps[key] = steps.get(key, 0) + one.quantity
        return self._draft(shipment, steps, back)

    def _draft(
        self, shipment: Shipment, steps: dict[int, int], back: CustomerReturn | None
    ) -> InvoiceDraft:
        order = self.orders[shipment.order_id]
        customer = self.customers[order.customer_id]
        lines = [line for line in order.lines if line.id in steps]
        parts = [_part(line, steps[line.id], order.currency) for line in lines]
        found = priced_parts(parts, order.currency, order.rounding_rule)
        contact: Contact | None = next(iter(customer.contacts), None)
        words = untaxed_words(paper_locale(customer.locale, self.locale))
        at = back.taken_at if back else shipment.shipped_at
        return InvoiceDraft(
            shipment_id=None if back else shipment.id,
            return_id=back.id if back else None,
            number=back.number if back else shipment.number,
            of_shipment=shipment.number,
            on=today_in(self.zone, at),
            order=order.number,
            customer_ref=order.customer_ref,
            customer=customer.code,
            customer_name=customer.name,
            bill_to=_bill_to(customer.addresses),
            vat_id=_vat_id(customer, lines),
            peppol_id=customer.peppol_id,
            email=customer.email or (contact.email if contact else ""),
            contact=contact.name if contact else "",
            deliver_to=tuple(order.deliver_to.splitlines()),
            deliver_country=country_of(order.deliver_to) or _deliver_country(customer.addresses),
            payment_terms=customer.payment_terms,
            currency=order.currency,
            lines=tuple(
                self._line(
                    line, part, Money(at_list, order.currency), Money(net, order.currency), words
                )
                for line, part, at_list, net in zip(
                    lines, parts, found.at_list, found.nets, strict=True
                )
            ),
            taxes=tuple(
                InvoiceTax(
                    key.code,
                    key.rate,
                    key.category,
                    Money(net, order.currency),
                    Money(tax, order.currency),
                )
                for key, net, tax in found.taxes
            ),
            net=Money(found.net, order.currency),
            tax=Money(found.tax, order.currency),
            gross=Money(found.net + found.tax, order.currency),
        )

    def _line(
        self, line: SalesOrderLine, part: Part, at_list: Money, net: Money, words: Untaxed
    ) -> InvoiceLine:
        _, sku, unit, pack, gtin = self.packs[line.pack_id]
        packs = Decimal(part.steps) / line.pack_steps
        return InvoiceLine(
            position=line.position,
            sku=sku,
            name=line.name,
            pack=pack,
            size=Quantity(line.pack_steps, unit),
            gtin=gtin or "",
            packs=packs,
            price=part.price,
            discount=part.discount,
            tax_code=line.tax_code,
            tax=part.tax,
            category=line.tax_category,
            why_untaxed=words.why(line.tax_category, line.tax_detail),
            at_list=at_list,
            net=net,
        )


def _bill_to(addresses: Sequence[Address]) -> tuple[str, ...]:
    """The billing address, else any there is."""
    best = sorted(addresses, key=lambda one: one.kind is not AddressKind.BILLING)
    return tuple(best[0].lines.splitlines()) if best else ()


def _deliver_country(addresses: Sequence[Address]) -> str:
    """Where goods go by the customer's own addresses, as their tax was decided."""
    best = sorted(
        (one for one in addresses if one.country),
        key=lambda one: one.kind is not AddressKind.DELIVERY,
    )
    return best[0].country if best else ""


def _vat_id(customer: Customer, lines: Sequence[SalesOrderLine]) -> str:
    """Of several numbers the one that made a line untaxed: the invoice has to name it (art. 226 (4))."""
    numbered = {TaxCategory.INTRA_COMMUNITY, TaxCategory.REVERSE_CHARGE}
    told = (line.tax_detail for line in lines if line.tax_category in numbered)
    return next((number for number in told if is_eu_vat(number)), customer.vat_id)


def _exports() -> Any:
    items = (
        select(func.count())
        .where(InvoiceExportItem.export_id == InvoiceExport.id)
        .correlate(InvoiceExport)
        .scalar_subquery()
    )
    return select(InvoiceExport, items)


def _row(export: InvoiceExport, items: int) -> ExportRow:
    return ExportRow(export.number, export.made_at, export.made_by, int(items))


def _part(line: SalesOrderLine, steps: int, currency: str) -> Part:
    """So much of an ordered line, priced as it was ordered."""
    return Part(
        UnitPrice(line.price_e4, currency),
        steps,
        line.pack_steps,
        Rate(line.discount_bp),
        line.tax_code,
        TaxRate(line.tax_ppm),
        line.tax_category,
    )
