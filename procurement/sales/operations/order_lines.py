"""The lines of a sales order: as they were quoted, or by the customer's list; and what they come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from procurement.catalogue.rules.order_rules import OrderRule
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel import text
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import Rate, TaxRate, UnitPrice
from procurement.sales.models import Customer, SalesOrder, SalesOrderLine
from procurement.sales.operations.lines import MOST_LINES, MOST_PACKS, NOTHING
from procurement.sales.queries.accepted import AcceptedLine
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import price_book
from procurement.sales.queries.taxing import taxing
from procurement.sales.rules.line_tax import LineTax
from procurement.sales.rules.totals import PricedLine, add_up
from procurement.settings.queries import get_company
from procurement.settings.terms import RoundingRule


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """So many packs. No pack: the sales pack. No price: what the list says. No tax: the company's.

    `together`: how many of the pack are ordered at once, with other lines and addresses; they set its price.
    """

    product: str
    packs: int
    pack: str | None = None
    price: UnitPrice | None = None
    discount: Rate = NOTHING
    tax_code: str | None = None
    note: str = ""
    together: int | None = None


def quoted_line(
    position: int, line: AcceptedLine, packs: int, product: OfferedProduct
) -> SalesOrderLine:
    """So many packs of what was accepted, as it was quoted."""
    pack = product.pack_by_id(line.pack_id)
    return SalesOrderLine(
        position=position,
        quote_line_id=line.line_id,
        product_id=product.id,
        pack_id=pack.id,
        name=product.name,
        pack_steps=pack.steps,
        is_goods=product.kind is not Kind.SERVICE,
        packs=packs,
        price_e4=line.price_e4,
        discount_bp=line.discount_bp,
        tax_code=line.tax_code,
        tax_ppm=line.tax_ppm,
        tax_category=line.tax_category,
        tax_detail=line.tax_detail,
        tax_reason=line.tax_reason,
        net_minor=0,
        note=line.note,
    )


def listed_lines(
    session: ReadSession,
    lines: Sequence[OrderedLine],
    customer: Customer,
    at: datetime,
    *,
    keep_rules: bool = False,
) -> list[SalesOrderLine]:
    """Lines that no quote priced: by the customer's list, or by hand. `keep_rules`: as many as packs are sold in."""
    if not 1 <= len(lines) <= MOST_LINES:
        raise Invalid(f"An order has between 1 and {MOST_LINES} lines.", field="lines")
    products = offered_products(session, skus={line.product for line in lines})
    chosen, errors = _choose(lines, products)
    if keep_rules and not errors:
        errors = _against_rules(lines, chosen)
    if errors:
        raise Invalid.of(errors)
    book = price_book(
        session,
        customer.currency,
        customer.price_list_id,
        {pack.id for _, pack in chosen},
        customer_id=customer.id,
    )
    today = today_in(get_company(session).time_zone, at)
    taxes = taxing(session, customer.id, today)
    rows: list[SalesOrderLine] = []
    for i, (line, (product, pack)) in enumerate(zip(lines, chosen, strict=True)):
        found = book.price(pack.id, line.together or line.packs, today)
        price = line.price or (found.price if found else None)
        if price is None or price.currency != customer.currency:
            said = (
                f"This order is in {customer.currency}."
                if price
                else f"No price list has {product.sku} ({pack.name}); please give a price."
            )
            errors.append(FieldError(f"lines.{i}.unit_price", said))
            continue
        try:
            tax = taxes.of(is_service=product.kind is Kind.SERVICE, code=line.tax_code)
        except Invalid as error:
            errors += [FieldError(f"lines.{i}.{one.field}", one.message) for one in error.errors]
            continue
        rows.append(_listed(i, line, (product, pack), price, tax))
    if errors:
        raise Invalid.of(errors)
    return rows


def _choose(
    lines: Sequence[OrderedLine], products: Mapping[str, OfferedProduct]
) -> tuple[list[tuple[OfferedProduct, OfferedPack]], list[FieldError]]:
    chosen: list[tuple[OfferedProduct, OfferedPack]] = []
    errors: list[FieldError] = []
    for i, line in enumerate(lines):
        product = products.get(line.product)
        pack = product.pack(line.pack) if product else None
        if product is None:
            said = f"There is no product {line.product[:64]!r}."
            errors.append(FieldError(f"lines.{i}.product", said))
        elif product.status is not ProductStatus.ACTIVE:
            errors.append(FieldError(f"lines.{i}.product", f"{product.sku} is discontinued."))
        elif pack is None:
            errors.append(FieldError(f"lines.{i}.pack", f"{product.sku} has no such pack."))
        else:
            chosen.append((product, pack))
        if not 1 <= line.packs <= MOST_PACKS:
            errors.append(FieldError(f"lines.{i}.packs", f"From 1 to {MOST_PACKS:,} packs."))
        if not 0 <= line.discount.basis_points <= 10_000:
            errors.append(
                FieldError(f"lines.{i}.discount_percent", "A discount lies between 0 and 100 %.")
            )
    return chosen, errors


def _listed(
    index: int,
    line: OrderedLine,
    chosen: tuple[OfferedProduct, OfferedPack],
    price: UnitPrice,
    tax: LineTax,
) -> SalesOrderLine:
    product, pack = chosen
    return SalesOrderLine(
        position=index + 1,
        product_id=product.id,
        pack_id=pack.id,
        name=product.name,
        pack_steps=pack.steps,
        is_goods=product.kind is not Kind.SERVICE,
        packs=line.packs,
        price_e4=price.e4,
        discount_bp=line.discount.basis_points,
        tax_code=tax.code,
        tax_ppm=tax.rate.ppm,
        tax_category=tax.category,
        tax_detail=tax.detail,
        tax_reason=tax.why,
        net_minor=0,
        note=text.optional_line(line.note, f"lines.{index}.note"),
    )


def _against_rules(
    lines: Sequence[OrderedLine], chosen: Sequence[tuple[OfferedProduct, OfferedPack]]
) -> list[FieldError]:
    """Lines of one pack count together, also those to other addresses; each address has whole steps of it."""
    here: dict[int, int] = {}
    for line, (_, pack) in zip(lines, chosen, strict=True):
        here[pack.id] = here.get(pack.id, 0) + line.packs
    errors: dict[int, FieldError] = {}
    for i, (line, (product, pack)) in enumerate(zip(lines, chosen, strict=True)):
        in_steps = OrderRule(least=pack.rule.step, step=pack.rule.step)
        problem = pack.rule.problem(max(line.together or 0, here[pack.id])) or in_steps.problem(
            here[pack.id]
        )
        if problem:
            said = f"{product.name}, {pack.name}: {problem}"
            errors.setdefault(pack.id, FieldError(f"lines.{i}.packs", said))
    return list(errors.values())


def write_totals(order: SalesOrder) -> None:
    """Write the figures of the one function onto the order and its lines."""
    totals = add_up(
        [priced_line(line, line.packs, order.currency) for line in order.lines],
        order.currency,
        RoundingRule(order.rounding_rule),
    )
    for line, amounts in zip(order.lines, totals.lines, strict=True):
        line.net_minor = amounts.net
    order.net_minor, order.tax_minor, order.gross_minor = totals.net, totals.tax, totals.gross


def priced_line(line: SalesOrderLine, packs: int, currency: str) -> PricedLine:
    """So many packs of an ordered line, as the totals need it."""
    return PricedLine(
        price=UnitPrice(line.price_e4, currency),
        packs=packs,
        discount=Rate(line.discount_bp),
        tax_code=line.tax_code,
        tax=TaxRate(line.tax_ppm),
    )
