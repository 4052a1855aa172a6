"""A shipment as it is invoiced, a return as it is credited."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from procurement.catalogue.models import Pack, Product
from procurement.documents.languages.taxing import Untaxed, untaxed_words
from procurement.kernel.clock import today_in
from procurement.kernel.countries import country_of
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.quantity import Quantity
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.tax_numbers import is_eu_vat
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import (
    Address,
    Contact,
    Customer,
    CustomerReturn,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    ShipmentLine,
)
from procurement.sales.rules.invoicing import Part, PricedParts, credited_parts, priced_parts
from procurement.sales.rules.speaking import paper_locale
from procurement.sales.terms import AddressKind
from procurement.sales.terms.exports import InvoiceDraft, InvoiceLine, InvoiceTax
from procurement.settings.queries import get_company


def credit_draft(session: ReadSession, number: str) -> InvoiceDraft:
    """One return as it is credited, whether or not it was handed on. Raises OrderUnknown."""
    back = session.scalar(
        select(CustomerReturn)
        .where(CustomerReturn.number == number)
        .options(selectinload(CustomerReturn.lines))
    )
    if back is None:
        raise OrderUnknown(f"There is no return {number}.")
    return Drafting(session, (), (back,)).drafts()[0]


class Drafting:
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
        self.came_back = _came_back(session, came_with) if came_with else {}
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
        return self._draft(shipment, _steps_back(shipment, [back]), back)

    def _figures(
        self,
        lines: Sequence[SalesOrderLine],
        steps: dict[int, int],
        order: SalesOrder,
        back: CustomerReturn | None,
    ) -> PricedParts:
        """Of lines of an order; of a return as the rest to what came back of the same shipment before it."""
        if back is None:
            parts = [_part(line, steps[line.id], order.currency) for line in lines]
            return priced_parts(parts, order.currency, order.rounding_rule)
        shipment = self.sent[back.shipment_id]
        earlier = [one for one in self.came_back.get(shipment.id, ()) if one.id < back.id]
        before = _steps_back(shipment, earlier)
        others = [line for line in order.lines if line.id in before and line.id not in steps]
        every = [*lines, *others]
        parts = [_part(line, steps.get(line.id, 0), order.currency) for line in every]
        gone = [before.get(line.id, 0) for line in every]
        found = credited_parts(parts, gone, order.currency, order.rounding_rule)
        here = slice(len(lines))  # what came back before stands behind
        return replace(found, at_list=found.at_list[here], nets=found.nets[here])

    def _draft(
        self, shipment: Shipment, steps: dict[int, int], back: CustomerReturn | None
    ) -> InvoiceDraft:
        order = self.orders[shipment.order_id]
        customer = self.customers[order.customer_id]
        lines = [line for line in order.lines if line.id in steps]
        found = self._figures(lines, steps, order, back)
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
                    line,
                    _part(line, steps[line.id], order.currency),
                    Money(at_list, order.currency),
                    Money(net, order.currency),
                    words,
                )
                for line, at_list, net in zip(lines, found.at_list, found.nets, strict=True)
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


def _came_back(session: ReadSession, shipments: Collection[int]) -> dict[int, list[CustomerReturn]]:
    """What came back of shipments (by key), the first first; without what was reversed."""
    found: dict[int, list[CustomerReturn]] = {}
    for one in session.scalars(
        select(CustomerReturn)
        .where(CustomerReturn.shipment_id.in_(shipments), CustomerReturn.reversed_at.is_(None))
        .order_by(CustomerReturn.id)
        .options(selectinload(CustomerReturn.lines))
    ):
        found.setdefault(one.shipment_id, []).append(one)
    return found


def _steps_back(shipment: Shipment, backs: Sequence[CustomerReturn]) -> dict[int, int]:
    """By line of the order, however many lots it left in."""
    lines: dict[int, ShipmentLine] = {line.position: line for line in shipment.lines}
    steps: dict[int, int] = {}
    for back in backs:
        for one in back.lines:
            key = lines[one.shipment_position].order_line_id
            steps[key] = steps.get(key, 0) + one.quantity
    return steps


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
