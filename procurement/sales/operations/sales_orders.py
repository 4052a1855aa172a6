"""Sales orders drafted from an accepted quote, in whole or in part, or without one; drafts changed and dropped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.sales.errors import MoreThanAccepted, StaleVersion, WrongStatus
from procurement.sales.models import Address, Customer, Quote, SalesOrder, SalesOrderLine
from procurement.sales.operations.lines import MOST_LINES, MOST_PACKS
from procurement.sales.operations.order_lines import (
    OrderedLine,
    listed_lines,
    quoted_line,
    write_totals,
)
from procurement.sales.queries.accepted import AcceptedLine, accepted_lines, quotes_of_order
from procurement.sales.queries.agreements import require_agreed
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.quotes import revisions_for_update
from procurement.sales.queries.sales_orders import order_for_update
from procurement.sales.rules.orders import ORDER_WORDS
from procurement.sales.terms import AddressKind, QuoteStatus
from procurement.sales.terms.orders import SalesOrderStatus
from procurement.settings.queries import get_company
from procurement.stock.models import Location, Site
from procurement.stock.terms import LocationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    """Where to, when and under which number of the customer's; None leaves what is known or usual."""

    site: str | None = None  # that ships it
    deliver_to: str | None = None
    wanted_on: date | None = None
    customer_ref: str = ""
    note_to_customer: str = ""
    note_to_us: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFromQuote:
    """`packs` by position of the quote's lines; without it, all that was accepted and not ordered yet."""

    quote: str
    packs: Mapping[int, int] | None = None
    delivering: Delivering = Delivering()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSalesOrder:
    """An order without a quote."""

    customer: str
    lines: tuple[OrderedLine, ...]
    delivering: Delivering = Delivering()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSalesOrder:
    """`packs` by position of the draft's lines; 0 takes a line away, what is not named stays.

    `added` lines are priced as in a new order; of a quote in `joined` all that is left to order comes along.
    """

    number: str
    version: int | None = None
    packs: Mapping[int, int] | None = None
    delivering: Delivering = Delivering()
    added: tuple[OrderedLine, ...] = ()
    joined: tuple[str, ...] = ()


def order_from_quote(
    session: Session, command: OrderFromQuote, *, actor: Actor, at: datetime
) -> SalesOrder:
    """Draft an order of what was accepted, at the prices quoted; never more than is left of it, under the quote's lock.

    Raises WrongStatus (not accepted), MoreThanAccepted, Invalid.
    """
    actor.require(Permission.SELL)
    quote = _accepted(session, command.quote)
    known = {line.position: line for line in accepted_lines(session, quote)}
    wanted = command.packs
    if wanted is None:
        wanted = {line.position: line.left for line in known.values() if line.left}
        if not wanted:
            raise MoreThanAccepted(f"All of {quote.label} has been ordered.")
    chosen = _within(known, wanted)
    customer = session.get_one(Customer, quote.customer_id)
    order = new_order(session, customer, quote.currency, command.delivering, actor=actor, at=at)
    order.quote_id = quote.id
    order.rounding_rule = quote.rounding_rule
    order.customer_ref = order.customer_ref or _reference(quote)
    products = offered_products(session, ids={line.product_id for line, _ in chosen})
    by_id = {product.id: product for product in products.values()}
    order.lines = [
        quoted_line(position, line, packs, by_id[line.product_id])
        for position, (line, packs) in enumerate(chosen, start=1)
    ]
    return _keep(session, order, f"from {quote.label}", actor=actor, at=at)


def draft_sales_order(
    session: Session, command: DraftSalesOrder, *, actor: Actor, at: datetime
) -> SalesOrder:
    """Draft an order that no quote went before. All bad lines are named at once."""
    actor.require(Permission.SELL)
    customer = session.scalar(select(Customer).where(Customer.code == command.customer))
    if customer is None or not customer.active:
        raise Invalid(f"There is no customer {command.customer[:64]}.", field="customer")
    order = new_order(session, customer, customer.currency, command.delivering, actor=actor, at=at)
    order.lines = listed_lines(session, command.lines, customer, at)
    return _keep(session, order, f"for {customer.name}", actor=actor, at=at)


def change_sales_order(
    session: Session, command: ChangeSalesOrder, *, actor: Actor, at: datetime
) -> SalesOrder:
    """Change a draft: where to, when, how many, what else. Raises WrongStatus, StaleVersion, MoreThanAccepted."""
    actor.require(Permission.SELL)
    numbers = quotes_of_order(session, command.number) | set(command.joined)
    quotes = {one: _accepted(session, one) for one in sorted(numbers)}  # locked before the order
    order = order_for_update(session, command.number)
    _require_draft(order)
    require_agreed(session, order)
    if command.version not in {None, order.version}:
        raise StaleVersion(f"Somebody changed {order.number} meanwhile; look at it again.")
    _deliver(session, order, command.delivering)
    if command.packs is not None:
        _set_packs(session, order, quotes.values(), command.packs)
    if command.added:
        _append(order, _added(session, order, command.added, at))
    for number in dict.fromkeys(command.joined):
        _append(order, _joined(session, order, quotes[number]))
    write_totals(order)
    detail = ", ".join((*(f"with {one}" for one in command.joined), *_told(command.added)))
    record(session, "change order", order.number, detail[:200], actor=actor, at=at)
    return order


def _told(added: Sequence[OrderedLine]) -> tuple[str, ...]:
    return tuple(f"{line.packs} x {line.product}" for line in added)


def _append(order: SalesOrder, lines: Sequence[SalesOrderLine]) -> None:
    """After the last line; positions once given stay."""
    last = max((line.position for line in order.lines), default=0)
    if len(order.lines) + len(lines) > MOST_LINES:
        raise Invalid(f"An order has between 1 and {MOST_LINES} lines.", field="lines")
    for position, line in enumerate(lines, start=last + 1):
        line.position = position
        order.lines.append(line)


def _added(
    session: Session, order: SalesOrder, lines: Sequence[OrderedLine], at: datetime
) -> list[SalesOrderLine]:
    customer = session.get_one(Customer, order.customer_id)
    try:
        return listed_lines(session, lines, customer, at)
    except Invalid as error:  # beside the lines that are there already
        raise Invalid.of(
            FieldError(f"add_{one.field}", one.message) for one in error.errors
        ) from None


def _joined(session: Session, order: SalesOrder, quote: Quote) -> list[SalesOrderLine]:
    """What is left to order of another accepted quote of the same customer, at the prices quoted."""
    if quote.customer_id != order.customer_id:
        raise Invalid(f"{quote.label} is another customer's.", field="join_quotes")
    if quote.currency != order.currency or quote.rounding_rule is not order.rounding_rule:
        raise Conflict(f"{quote.label} is not reckoned as {order.number} is.", field="join_quotes")
    here = {line.quote_line_id for line in order.lines}
    left = [one for one in accepted_lines(session, quote) if one.left and one.line_id not in here]
    if not left:
        raise MoreThanAccepted(f"All of {quote.label} has been ordered.", field="join_quotes")
    found = offered_products(session, ids={line.product_id for line in left})
    by_id = {product.id: product for product in found.values()}
    return [quoted_line(0, line, line.left, by_id[line.product_id]) for line in left]


def _accepted(session: Session, number: str) -> Quote:
    """The revision that was accepted, locked: two people ordering from it wait for each other."""
    revisions = revisions_for_update(session, number)
    for quote in revisions:
        if quote.status is QuoteStatus.ACCEPTED:
            return quote
    newest = revisions[-1]
    raise WrongStatus(f"{newest.label} is {newest.status}: only what was accepted is ordered.")


def _within(
    known: Mapping[int, AcceptedLine], wanted: Mapping[int, int]
) -> list[tuple[AcceptedLine, int]]:
    errors, over, chosen = [], [], []
    for position, packs in sorted(wanted.items()):
        line, field = known.get(position), f"lines.{position}.packs"
        if packs == 0:
            continue
        if line is None:
            errors.append(FieldError(field, f"Line {position} was not accepted."))
        elif packs < 0:
            errors.append(FieldError(field, "Nothing or more."))
        elif packs > line.left:
            left = f"{line.left} of {line.packs} packs are" if line.left else "nothing of it is"
            over.append((field, f"Of line {position} {left} left to order."))
        else:
            chosen.append((line, packs))
    if errors:
        raise Invalid.of(errors)
    if over:
        raise MoreThanAccepted(over[0][1], field=over[0][0])
    if not chosen:
        raise Invalid("An order has at least one line.", field="lines")
    return chosen


def new_order(
    session: Session,
    customer: Customer,
    currency: str,
    delivering: Delivering,
    *,
    actor: Actor,
    at: datetime,
) -> SalesOrder:
    """A draft that has no lines, number or key yet."""
    company = get_company(session)
    order = SalesOrder(
        status=SalesOrderStatus.DRAFT,
        customer_id=customer.id,
        currency=currency,
        rounding_rule=company.rounding_rule,
        site_id=_site(session, delivering.site).id,
        deliver_to=_usual_address(session, customer),
        drafted_at=at,
        drafted_by=actor.name[:200],
        drafted_by_id=actor.id,
        note_to_customer="",
        note_to_us="",
        customer_ref="",
        number="",
    )
    _deliver(session, order, delivering)
    return order


def _deliver(session: Session, order: SalesOrder, told: Delivering) -> None:
    if told.site is not None:
        order.site_id = _site(session, told.site).id
    if told.deliver_to is not None:
        order.deliver_to = text.prose(told.deliver_to, "deliver_to")
    order.wanted_on = told.wanted_on
    order.customer_ref = text.optional_line(told.customer_ref, "customer_ref")
    order.note_to_customer = text.prose(told.note_to_customer, "note_to_customer")
    order.note_to_us = text.prose(told.note_to_us, "note_to_us")


def _site(session: Session, code: str | None) -> Site:
    """The site that ships: the one named, else the first that has a storeroom."""
    stores = (
        select(Location.id)
        .where(
            Location.site_id == Site.id,
            Location.kind == LocationKind.STOREROOM,
            Location.active,
        )
        .exists()
    )
    statement = select(Site).where(stores).order_by(Site.id).limit(1)
    if code is not None:
        statement = statement.where(Site.code == code)
    site = session.scalar(statement)
    if site is None:
        which = f"{code[:64]} is no site" if code else "There is no site"
        raise Invalid(f"{which} with a storeroom to ship from.", field="site")
    return site


def _usual_address(session: Session, customer: Customer) -> str:
    """Where the customer takes deliveries, else where bills go."""
    rows = session.execute(
        select(Address.kind, Address.lines)
        .where(Address.customer_id == customer.id)
        .order_by(Address.position)
    ).all()
    wanted = sorted(rows, key=lambda row: row.kind is not AddressKind.DELIVERY)
    return f"{customer.name}\n{wanted[0].lines}" if wanted else customer.name


def _reference(quote: Quote) -> str:
    """What was written when accepting, where it is short enough to be an order number."""
    first = quote.answer_note.split("\n", 1)[0].strip()
    return first if len(first) <= text.CODE_LENGTH and "option" not in first else ""


def _set_packs(
    session: Session, order: SalesOrder, quotes: Iterable[Quote], packs: Mapping[int, int]
) -> None:
    lines = {line.position: line for line in order.lines}
    errors = [
        FieldError(f"lines.{position}.packs", f"From 0 to {MOST_PACKS:,} packs of a line there is.")
        for position, count in packs.items()
        if position not in lines or not 0 <= count <= MOST_PACKS
    ]
    if errors:
        raise Invalid.of(errors)
    after = {position: packs.get(position, line.packs) for position, line in lines.items()}
    if not any(after.values()):
        raise Invalid("An order has at least one line; cancel it instead.", field="lines")
    left = {
        line.line_id: line.left
        for quote in quotes
        for line in accepted_lines(session, quote, but=order.id)
    }
    for position, line in lines.items():
        if line.quote_line_id and after[position] > (most := left.get(line.quote_line_id, 0)):
            raise MoreThanAccepted(
                f"Of line {position} {most} packs are left to order.",
                field=f"lines.{position}.packs",
            )
    for position, line in lines.items():
        if after[position]:
            line.packs = after[position]
        else:
            order.lines.remove(line)


def _keep(
    session: Session, order: SalesOrder, detail: str, *, actor: Actor, at: datetime
) -> SalesOrder:
    write_totals(order)
    order.number = next_number(
        session, Series.SALES_ORDER, today_in(get_company(session).time_zone, at)
    )
    session.add(order)
    session.flush()  # its key is needed, and lists read it at once
    record(session, "draft order", order.number, detail, actor=actor, at=at)
    return order


def _require_draft(order: SalesOrder) -> None:
    if order.status is not SalesOrderStatus.DRAFT:
        raise WrongStatus(f"{order.number} is {ORDER_WORDS[order.status]}, no longer a draft.")
