"""What a customer accepted of a quote, and how much of it has been ordered already."""

from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from procurement.kernel.db import ReadSession
from procurement.kernel.money import Rate, TaxRate, UnitPrice
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.models import Customer, Quote, QuoteLine, SalesOrder, SalesOrderLine
from procurement.sales.queries.answers import kept_choices
from procurement.sales.rules.totals import PricedLine, Step, as_chosen
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.orders import SalesOrderStatus

MOST_TO_JOIN = 20


@dataclass(frozen=True, slots=True)
class AcceptedLine:
    """A line as it was accepted: so many packs at a price; `ordered` of them stand on orders."""

    line_id: int
    position: int
    product_id: int
    pack_id: int
    packs: int
    price_e4: int
    discount_bp: int
    tax_code: str
    tax_ppm: int
    tax_category: TaxCategory
    tax_detail: str
    tax_reason: str
    note: str
    ordered: int

    @property
    def left(self) -> int:
        return max(0, self.packs - self.ordered)


def accepted_lines(
    session: ReadSession, quote: Quote, *, but: int | None = None
) -> list[AcceptedLine]:
    """The lines that were accepted, samples too; `but` is the key of an order that does not count as ordered."""
    ordered = _ordered(session, quote, but)
    lines = session.scalars(
        select(QuoteLine)
        .where(QuoteLine.quote_id == quote.id)
        .options(selectinload(QuoteLine.offers))
        .order_by(QuoteLine.position)
    ).all()
    priced = [_priced(line, quote.currency) for line in lines]
    chosen = as_chosen(priced, kept_choices(session, quote.id))
    return [
        AcceptedLine(
            line_id=line.id,
            position=line.position,
            product_id=line.product_id,
            pack_id=line.pack_id,
            packs=wanted.packs,
            price_e4=wanted.price.e4,
            discount_bp=wanted.discount.basis_points,
            tax_code=line.tax_code,
            tax_ppm=line.tax_ppm,
            tax_category=line.tax_category,
            tax_detail=line.tax_detail,
            tax_reason=line.tax_reason,
            note=line.note,
            ordered=ordered.get(line.id, 0),
        )
        for line, (wanted, counted) in zip(lines, chosen, strict=True)
        if counted and line.product_id and line.pack_id
    ]


def _priced(line: QuoteLine, currency: str) -> PricedLine:
    return PricedLine(
        price=UnitPrice(line.price_e4 or 0, currency),
        packs=line.packs,
        discount=Rate(line.discount_bp),
        tax_code=line.tax_code,
        tax=TaxRate(line.tax_ppm),
        kind=line.kind,
        choice=line.choice,
        group=line.choice_group,
        chosen=line.chosen,
        offers=tuple(
            Step(offer.packs, UnitPrice(offer.price_e4, currency), Rate(offer.discount_bp))
            for offer in line.offers
        ),
    )


def _ordered(session: ReadSession, quote: Quote, but: int | None) -> dict[int, int]:
    """Packs on orders by line; of what was closed short only what was shipped."""
    packs = case((SalesOrderLine.closed, SalesOrderLine.shipped), else_=SalesOrderLine.packs)
    statement = (
        select(SalesOrderLine.quote_line_id, func.sum(packs))
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .join(QuoteLine, QuoteLine.id == SalesOrderLine.quote_line_id)
        .where(QuoteLine.quote_id == quote.id, SalesOrder.status != SalesOrderStatus.CANCELLED)
        .group_by(SalesOrderLine.quote_line_id)
    )
    if but is not None:
        statement = statement.where(SalesOrder.id != but)
    return {line_id: int(count) for line_id, count in session.execute(statement)}


def quotes_of_order(session: ReadSession, number: str) -> set[str]:
    """The numbers of the quotes that lines of an order come from."""
    rows = session.scalars(
        select(Quote.number)
        .join(QuoteLine, QuoteLine.quote_id == Quote.id)
        .join(SalesOrderLine, SalesOrderLine.quote_line_id == QuoteLine.id)
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .where(SalesOrder.number == number)
        .distinct()
    )
    return set(rows)


def joinable(session: ReadSession, customer: str, currency: str) -> list[str]:
    """A customer's accepted quotes of which nothing was ordered yet, the newest first."""
    ordered = (
        select(SalesOrderLine.id)
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .join(QuoteLine, QuoteLine.id == SalesOrderLine.quote_line_id)
        .where(QuoteLine.quote_id == Quote.id, SalesOrder.status != SalesOrderStatus.CANCELLED)
    )
    rows = session.scalars(
        select(Quote.number)
        .join(Customer, Customer.id == Quote.customer_id)
        .where(
            Customer.code == customer,
            Quote.currency == currency,
            Quote.status == QuoteStatus.ACCEPTED,
            ~ordered.exists(),
        )
        .order_by(Quote.id.desc())
        .limit(MOST_TO_JOIN)
    )
    return list(rows)
