"""A customer places an order: what is in the basket, at their own prices of today."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.sales.models import Address, Customer, SalesOrder, SalesOrderLine
from procurement.sales.operations.agreeing import ask_colleagues
from procurement.sales.operations.baskets import empty_basket
from procurement.sales.operations.freight import charge_freight
from procurement.sales.operations.handing_over import hand_over
from procurement.sales.operations.order_lines import OrderedLine, listed_lines
from procurement.sales.operations.sales_orders import (
    Delivering,
    new_order,
)
from procurement.sales.operations.wanting import (
    MOST_PARTS,
    Part,
    WantedLine,
    Wishes,
    basket_lines,
    counted_together,
    parts_of,
)
from procurement.sales.queries.buyers import powers_of
from procurement.sales.queries.samples import sample_problems
from procurement.sales.queries.shop import shop
from procurement.sales.rules.believed import Beside, differences
from procurement.sales.rules.order_terms import Standing, together
from procurement.sales.terms.orders import Payment
from procurement.settings.queries import get_company

FETCHED = "Fetched by yourselves"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Without lines the basket is ordered, and empty afterwards. The same key gives the same orders.

    `collect`: they fetch it themselves.

    `address` is the key of one of the customer's addresses; `deliver_to` another one, in words. `wishes` are of
    the basket's lines, by product and pack. Each address has an order of its own. `total`, with tax, is what the
    customer was shown of all of them: where it has changed since, nothing is ordered.
    """

    key: str
    lines: tuple[WantedLine, ...] = ()
    wishes: Wishes = field(default_factory=dict)
    address: int | None = None
    deliver_to: str = ""
    collect: bool = False
    wanted_on: date | None = None
    customer_ref: str = ""
    note: str = ""
    payment: Payment = Payment.ON_ACCOUNT
    total: Money | None = None


def place_order(session: Session, command: PlaceOrder, *, actor: Actor, at: datetime) -> SalesOrder:
    """The same where everything goes to one address; else the first of the orders."""
    return place_orders(session, command, actor=actor, at=at)[0]


def place_orders(
    session: Session, command: PlaceOrder, *, actor: Actor, at: datetime
) -> list[SalesOrder]:
    """Draft an order for each address for our people to confirm, or confirm them where the house does so at once.

    Beyond the buyer's own limit, all of them together, a colleague of theirs is asked first.

    Raises Conflict (nothing in the basket), Invalid (a line without a price, a day that is over, another total).
    """
    customer = _customer(
        session, actor
    )  # locked: of two clicks the second finds the order of the first
    keys = [_key(actor, command.key, part) for part in range(MOST_PARTS)]
    found = select(SalesOrder).where(SalesOrder.placed_key.in_(keys)).order_by(SalesOrder.id)
    if before := session.scalars(found).all():
        return list(before)
    wanted = counted_together(command.lines) or basket_lines(session, command.wishes, actor=actor)
    if not wanted:
        raise Conflict("Your basket is empty.")
    _require_days(session, command, wanted, at)
    made = [
        _drafted(session, command, customer, part, actor=actor, at=at) for part in parts_of(wanted)
    ]
    refusal = together([standing for _, standing in made]).refusal
    if refusal:
        raise Invalid(refusal, field="lines")
    orders = [order for order, _ in made]
    lines = [line for order in orders for line in order.lines]
    if given := sample_problems(session, customer.id, lines, at=at):
        raise Invalid.of(given)
    total = Money(sum(order.gross_minor for order in orders), customer.currency)
    _require_total(total, command.total)
    for order, key in zip(orders, keys, strict=False):
        order.placed_at, order.placed_by, order.placed_key = at, actor.name[:200], key
        order.number = next_number(session, Series.SALES_ORDER, _today(session, at))
        session.add(order)
        session.flush()  # its key is needed, and it is read again at once
        record(session, "place order", order.number, _detail(order), actor=actor, at=at)
    if not command.lines:
        empty_basket(session, actor=actor, at=at)
    may = powers_of(session, actor).covers(total)
    for order in orders:
        if may:
            hand_over(session, order, customer, placed_by=actor, at=at)
        else:
            ask_colleagues(session, order, actor=actor, at=at)
    return orders


@dataclass(frozen=True, slots=True)
class PreviewPart:
    """What goes to one address; "" is the one for everything else."""

    to: str
    gross: Money
    freight: Money | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the basket comes to now; with `problems` it cannot be ordered as it is."""

    net: Money
    tax: Money
    gross: Money
    problems: tuple[FieldError, ...] = ()
    standing: Standing | None = (
        None  # to the least value and to freight; None where nothing adds up
    )
    parts: tuple[PreviewPart, ...] = ()  # where it goes to more than one address

    @property
    def freight(self) -> Money | None:
        """In the net."""
        if not self.parts:
            return self.standing.freight if self.standing else None
        charged = [part.freight for part in self.parts if part.freight]
        return sum(charged[1:], start=charged[0]) if charged else None

    @property
    def goods(self) -> Money:
        """The net without freight."""
        return self.net - self.freight if self.freight else self.net


def preview_order(
    session: ReadSession,
    *,
    actor: Actor,
    at: datetime,
    lines: tuple[WantedLine, ...] = (),
    wishes: Wishes | None = None,
    collect: bool = False,
) -> Preview:
    """As `place_orders` would reckon it; nothing is kept."""
    actor.require(Permission.BUY)
    customer = session.scalar(select(Customer).where(Customer.id == actor.customer_id))
    if customer is None:
        raise _buys_for_nobody(actor)
    nothing = Money(0, customer.currency)
    try:
        wanted = counted_together(lines) or basket_lines(session, wishes or {}, actor=actor)
    except Invalid as error:
        return Preview(nothing, nothing, nothing, tuple(error.errors))
    if not wanted:
        return Preview(nothing, nothing, nothing)
    rule = get_company(session).rounding_rule
    made: list[tuple[SalesOrder, Standing]] = []
    parts = parts_of(wanted)
    for part in parts:
        try:
            rows = _lines(session, part, customer, at)
        except Invalid as error:
            return Preview(nothing, nothing, nothing, tuple(error.errors))
        order = SalesOrder(
            currency=customer.currency, rounding_rule=rule, lines=rows, customer_id=customer.id
        )
        made.append((order, charge_freight(session, order, customer, at, collected=collect)))
    given = [line for order, _ in made for line in order.lines]
    problems = sample_problems(session, customer.id, given, at=at)
    return _previewed(session, customer, parts, made, problems)


def _previewed(
    session: ReadSession,
    customer: Customer,
    parts: Sequence[Part],
    made: Sequence[tuple[SalesOrder, Standing]],
    problems: Sequence[FieldError],
) -> Preview:
    standing = together([one for _, one in made])
    refused = (FieldError("lines", standing.refusal),) if standing.refusal else ()
    refused = (*refused, *problems)
    addresses = _addresses(session, customer) if len(parts) > 1 else {}
    told = [
        PreviewPart(
            ", ".join(addresses[part.address].splitlines()) if part.address else "",
            Money(order.gross_minor, order.currency),
            one.freight,
        )
        for part, (order, one) in zip(parts, made, strict=True)
        if part.address is None or part.address in addresses
    ]
    net, tax, gross = (
        Money(sum(getattr(order, name) for order, _ in made), customer.currency)
        for name in ("net_minor", "tax_minor", "gross_minor")
    )
    return Preview(net, tax, gross, refused, standing, tuple(told) if len(told) > 1 else ())


def _key(actor: Actor, said: str, part: int) -> str:
    """Of one order; the first is as it was before an order could have parts."""
    return hashlib.sha256(
        "\n".join([str(actor.id), said, *([str(part)] if part else [])]).encode()
    ).hexdigest()


def _require_days(
    session: ReadSession, command: PlaceOrder, wanted: Sequence[WantedLine], at: datetime
) -> None:
    today = _today(session, at)
    days = [("wanted_on", command.wanted_on)]
    days += [(f"lines.{index}.wanted_on", line.wanted_on) for index, line in enumerate(wanted)]
    over = [FieldError(name, "That day is over.") for name, day in days if day and day < today]
    if over:
        raise Invalid.of(over)


def _drafted(
    session: Session,
    command: PlaceOrder,
    customer: Customer,
    part: Part,
    *,
    actor: Actor,
    at: datetime,
) -> tuple[SalesOrder, Standing]:
    """What goes to one address, reckoned and not kept yet."""
    days = {line.wanted_on or command.wanted_on for _, line in part.lines}
    wanted_on = days.pop() if len(days) == 1 else command.wanted_on
    delivering = Delivering(
        deliver_to=_deliver_to(session, customer, command, part.address),
        wanted_on=wanted_on,
        customer_ref=command.customer_ref,
        note_to_us=command.note,
    )
    order = new_order(session, customer, customer.currency, delivering, actor=actor, at=at)
    order.lines = _lines(session, part, customer, at)
    for row, (_, line) in zip(order.lines, part.lines, strict=True):
        row.wanted_on = line.wanted_on if line.wanted_on != wanted_on else None
    order.look_first = differences(
        [
            Beside(index, line.product, UnitPrice(row.price_e4, order.currency), line.believed)
            for row, (index, line) in zip(order.lines, part.lines, strict=True)
        ]
    )
    order.payment = command.payment
    collected = command.collect and part.address is None
    return order, charge_freight(session, order, customer, at, collected=collected)


def _today(session: ReadSession, at: datetime) -> date:
    return today_in(get_company(session).time_zone, at)


def _customer(session: Session, actor: Actor) -> Customer:
    actor.require(Permission.BUY)
    if actor.visit is not None:
        raise Forbidden("Their own procurement system sends the order.")
    customer = session.scalars(
        select(Customer).where(Customer.id == actor.customer_id).with_for_update()
    ).one_or_none()
    if customer is None or not customer.active:
        raise _buys_for_nobody(actor)
    return customer


def _buys_for_nobody(actor: Actor) -> Forbidden:
    return Forbidden(f"{actor.name} buys for nobody who orders here.")


def _deliver_to(
    session: Session, customer: Customer, command: PlaceOrder, address: int | None
) -> str | None:
    """None: where they usually take deliveries."""
    if address is None:
        if command.collect:
            if not shop(session).may_collect:
                raise Invalid("Orders cannot be fetched here.", field="collect")
            return f"{customer.name}\n{FETCHED}"
        if command.deliver_to.strip():
            return text.prose(command.deliver_to, "deliver_to")
        address = command.address
    if address is None:
        return None
    addresses = _addresses(session, customer)
    if address not in addresses:
        raise Invalid("Choose one of your addresses.", field="address")
    return f"{customer.name}\n{addresses[address]}"


def _addresses(session: ReadSession, customer: Customer) -> dict[int, str]:
    """The lines by key: places move when somebody adds an address meanwhile."""
    rows = session.execute(
        select(Address.id, Address.lines).where(Address.customer_id == customer.id)
    )
    return {key: lines for key, lines in rows}  # noqa: C416 (a Row is not a pair to the type checker)


def _lines(
    session: ReadSession, part: Part, customer: Customer, at: datetime
) -> list[SalesOrderLine]:
    asked = [
        OrderedLine(line.product, line.packs, line.pack, together=line.together)
        for _, line in part.lines
    ]
    try:
        return listed_lines(session, asked, customer, at, keep_rules=True)
    except Invalid as error:
        raise Invalid.of(_for_buyers(one, part) for one in error.errors) from None


def _for_buyers(error: FieldError, part: Part) -> FieldError:
    """A line is named by its place in all that is wanted; where no list has a price, the house is asked for one."""
    name, _, rest = error.field.partition(".")
    place, _, about = rest.partition(".")
    if name != "lines" or not place.isdigit():
        return error
    index, line = part.lines[int(place)]
    if about == "unit_price":
        said = f"{line.product} has no price for {line.packs:,}: please ask for a quote of it."
        return FieldError(f"lines.{index}.product", said)
    return FieldError(f"lines.{index}.{about}", error.message)


def _require_total(now: Money, shown: Money | None) -> None:
    if shown is not None and shown != now:
        raise Invalid(
            f"It comes to {now} now, no longer to {shown}; please look again.", field="total"
        )


def _detail(order: SalesOrder) -> str:
    how = "prepaid" if order.payment is Payment.PREPAID else "on account"
    return f"{Money(order.gross_minor, order.currency)}, {how}"
