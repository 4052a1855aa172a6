"""A customer places an order: what is in the basket, at their own prices of today."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, FieldError, Forbidden, Invalid
from procurement.kernel.money import Money
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
from procurement.sales.queries.baskets import basket_of, basket_rows
from procurement.sales.queries.buyers import powers_of
from procurement.sales.queries.shop import shop
from procurement.sales.rules.order_terms import Standing
from procurement.sales.terms.orders import Payment
from procurement.settings.queries import get_company

FETCHED = "Fetched by yourselves"


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many packs, at whatever they cost this customer. No pack: the sales pack."""

    product: str
    packs: int
    pack: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Without lines the basket is ordered, and empty afterwards. The same key gives the same order.

    `collect`: they fetch it themselves.

    `address` is the place among the customer's addresses, from 0; `deliver_to` another one, in words. `total`, with
    tax, is what the customer was shown: where it has changed since, nothing is ordered.
    """

    key: str
    lines: tuple[WantedLine, ...] = ()
    address: int | None = None
    deliver_to: str = ""
    collect: bool = False
    wanted_on: date | None = None
    customer_ref: str = ""
    note: str = ""
    payment: Payment = Payment.ON_ACCOUNT
    total: Money | None = None


def place_order(session: Session, command: PlaceOrder, *, actor: Actor, at: datetime) -> SalesOrder:
    """Draft the order for our people to confirm, or confirm it at once where the house does so and credit allows.

    Beyond the buyer's own limit a colleague of theirs is asked first.

    Raises Conflict (nothing in the basket), Invalid (a line without a price, a day that is over, another total).
    """
    customer = _customer(
        session, actor
    )  # locked: of two clicks the second finds the order of the first
    key = hashlib.sha256(f"{actor.id}\n{command.key}".encode()).hexdigest()
    before = session.scalar(select(SalesOrder).where(SalesOrder.placed_key == key))
    if before is not None:
        return before
    wanted = command.lines or _basket(session, actor)
    if not wanted:
        raise Conflict("Your basket is empty.")
    company = get_company(session)
    today = today_in(company.time_zone, at)
    if command.wanted_on is not None and command.wanted_on < today:
        raise Invalid("That day is over.", field="wanted_on")
    delivering = Delivering(
        deliver_to=_deliver_to(session, customer, command),
        wanted_on=command.wanted_on,
        customer_ref=command.customer_ref,
        note_to_us=command.note,
    )
    order = new_order(session, customer, customer.currency, delivering, actor=actor, at=at)
    order.lines = _lines(session, wanted, customer, at)
    order.placed_at, order.placed_by, order.placed_key = at, actor.name[:200], key
    order.payment = command.payment
    standing = charge_freight(session, order, customer, at, collected=command.collect)
    if standing.refusal:
        raise Invalid(standing.refusal, field="lines")
    _require_total(order, command.total)
    order.number = next_number(session, Series.SALES_ORDER, today)
    session.add(order)
    session.flush()  # its key is needed, and it is read again at once
    if not command.lines:
        empty_basket(session, actor=actor)
    record(session, "place order", order.number, _detail(order), actor=actor, at=at)
    if powers_of(session, actor).covers(Money(order.gross_minor, order.currency)):
        hand_over(session, order, customer, placed_by=actor, at=at)
    else:
        ask_colleagues(session, order, actor=actor, at=at)
    return order


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

    @property
    def freight(self) -> Money | None:
        """In the net."""
        return self.standing.freight if self.standing else None

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
    collect: bool = False,
) -> Preview:
    """As `place_order` would reckon it; nothing is kept."""
    actor.require(Permission.BUY)
    customer = session.scalar(select(Customer).where(Customer.id == actor.customer_id))
    if customer is None:
        raise _buys_for_nobody(actor)
    wanted = lines or _basket(session, actor)
    nothing = Money(0, customer.currency)
    if not wanted:
        return Preview(nothing, nothing, nothing)
    try:
        rows = _lines(session, wanted, customer, at)
    except Invalid as error:
        return Preview(nothing, nothing, nothing, tuple(error.errors))
    order = SalesOrder(
        currency=customer.currency,
        rounding_rule=get_company(session).rounding_rule,
        lines=rows,
        customer_id=customer.id,
    )
    standing = charge_freight(session, order, customer, at, collected=collect)
    refused = (FieldError("lines", standing.refusal),) if standing.refusal else ()
    return Preview(
        Money(order.net_minor, order.currency),
        Money(order.tax_minor, order.currency),
        Money(order.gross_minor, order.currency),
        refused,
        standing,
    )


def _customer(session: Session, actor: Actor) -> Customer:
    actor.require(Permission.BUY)
    customer = session.scalars(
        select(Customer).where(Customer.id == actor.customer_id).with_for_update()
    ).one_or_none()
    if customer is None or not customer.active:
        raise _buys_for_nobody(actor)
    return customer


def _buys_for_nobody(actor: Actor) -> Forbidden:
    return Forbidden(f"{actor.name} buys for nobody who orders here.")


def _basket(session: ReadSession, actor: Actor) -> tuple[WantedLine, ...]:
    rows = basket_rows(session, basket_of(session, actor=actor))
    return tuple(WantedLine(row.product, row.packs, row.pack) for row in rows)


def _deliver_to(session: Session, customer: Customer, command: PlaceOrder) -> str | None:
    """None: where they usually take deliveries."""
    if command.collect:
        if not shop(session).may_collect:
            raise Invalid("Orders cannot be fetched here.", field="collect")
        return f"{customer.name}\n{FETCHED}"
    if command.deliver_to.strip():
        return text.prose(command.deliver_to, "deliver_to")
    if command.address is None:
        return None
    addresses = session.scalars(
        select(Address.lines)
        .where(Address.customer_id == customer.id)
        .order_by(Address.position, Address.id)
    ).all()
    if not 0 <= command.address < len(addresses):
        raise Invalid("Choose one of your addresses.", field="address")
    return f"{customer.name}\n{addresses[command.address]}"


def _lines(
    session: ReadSession, wanted: Sequence[WantedLine], customer: Customer, at: datetime
) -> list[SalesOrderLine]:
    try:
        asked = [OrderedLine(line.product, line.packs, line.pack) for line in wanted]
        return listed_lines(session, asked, customer, at, keep_rules=True)
    except Invalid as error:
        raise Invalid.of(_for_buyers(one, wanted) for one in error.errors) from None


def _for_buyers(error: FieldError, wanted: Sequence[WantedLine]) -> FieldError:
    """Where no list has a price, the house is asked for one."""
    name, _, rest = error.field.partition(".")
    index, _, about = rest.partition(".")
    if name == "lines" and about == "unit_price" and index.isdigit():
        line = wanted[int(index)]
        said = f"{line.product} has no price for {line.packs:,}: please ask for a quote of it."
        return FieldError(f"lines.{index}.product", said)
    return error


def _require_total(order: SalesOrder, shown: Money | None) -> None:
    now = Money(order.gross_minor, order.currency)
    if shown is not None and shown != now:
        raise Invalid(
            f"It comes to {now} now, no longer to {shown}; please look again.", field="total"
        )


def _detail(order: SalesOrder) -> str:
    how = "prepaid" if order.payment is Payment.PREPAID else "on account"
    return f"{Money(order.gross_minor, order.currency)}, {how}"
