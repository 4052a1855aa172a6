"""What stands beside a quote's lines: when the goods can leave, treatments, safety, and what to offer instead.

It needs stock, what is on order and how long deliveries take together with the quote; every question is asked once for
all lines.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import and_, func, or_, select

from procurement.catalogue.models import Product
from procurement.catalogue.queries.compositions import compositions, safety_rules
from procurement.catalogue.rules.allergens import allergens_in
from procurement.catalogue.rules.substitutes import FOR_THE_SKIN, Candidate, ranked
from procurement.catalogue.rules.wishes import clashes_with, met
from procurement.catalogue.rules.wording import counted
from procurement.catalogue.terms import Composition, Kind, ProductStatus, SafetyRules
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import minor_digits
from procurement.kernel.permissions import Permission
from procurement.planning.queries.lead_times import product_lead_times
from procurement.planning.queries.substitutes import candidates
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.supply import DUE_ON, IS_OUTSTANDING, OUTSTANDING_STEPS
from procurement.sales.queries.offers import OfferedProduct, offered_products
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage
from procurement.sales.queries.standing import stock_of
from procurement.settings.queries import get_company

MOST_CANDIDATES = 400


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a line's packs may be sold, and when the rest comes: on a day, or in so many days from ordering."""

    available: str  # "12 cases"
    packs: int
    wanted: int
    on_hand: str  # "14 cases", where some of it is promised already
    due_on: date | None = None
    lead_days: int | None = None

    @property
    def covers(self) -> bool:
        return self.packs >= self.wanted


@dataclass(frozen=True, slots=True)
class Treatments:
    """How far a line goes at the usual dose."""

    per_pack: int
    each: Decimal  # what one costs, in the quote's currency


@dataclass(frozen=True, slots=True)
class Substitute:
    """A product that can be offered instead, and why."""

    sku: str
    name: str
    pack: str
    reason: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One line's surroundings."""

    standing: Standing | None = None  # for those who see stock; not of a service
    treatments: Treatments | None = None
    allergens: tuple[str, ...] = ()
    opened_months: int | None = None
    clashes: tuple[str, ...] = ()
    substitute: Substitute | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    kind: Kind
    category_id: int | None
    dose: int | None
    opened_months: int | None
    name: str
    sku: str


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that is asked for all lines at once."""

    facts: Mapping[int, _Facts]
    made_of: Mapping[int, Composition]
    rules: SafetyRules
    stock: Mapping[int, tuple[int, int]] | None
    due: Mapping[int, list[tuple[date | None, int]]]
    lead: Mapping[int, int]


def beside_lines(
    session: ReadSession,
    page: QuotePage,
    *,
    actor: Actor,
    at: datetime,
    only: Collection[int] | None = None,
    instead: Collection[int] | None = None,
) -> tuple[Beside, ...]:
    """In the order of the lines, or of `only` these positions; a line of words has nothing beside it.

    What to offer instead is looked up for all of them, or for those at the positions `instead`.
    """
    actor.require(Permission.SEE_SALES)
    lines = page.at_positions(only)
    keys = {row.product_id for row in lines if row.is_goods}
    if not keys:
        return tuple(Beside() for _ in lines)
    known = _known(session, keys, actor=actor, at=at)
    found = [_beside(row, page, known) if row.is_goods else Beside() for row in lines]
    wanted = {
        row.position: row
        for row, one in zip(lines, found, strict=True)
        if row.is_goods
        and (instead is None or row.position in instead)
        and (one.clashes or (one.standing and not one.standing.covers))
    }
    others = _substitutes(session, page, wanted, known, actor=actor, at=at) if wanted else {}
    return tuple(
        Beside(
            one.standing,
            one.treatments,
            one.allergens,
            one.opened_months,
            one.clashes,
            others.get(row.position),
        )
        for row, one in zip(lines, found, strict=True)
    )


def _known(session: ReadSession, keys: set[int], *, actor: Actor, at: datetime) -> _Known:
    sees_stock = actor.may(Permission.SEE_STOCK)
    return _Known(
        facts=_facts(session, keys),
        made_of=compositions(session, keys),
        rules=safety_rules(session),
        stock=stock_of(session, keys, actor=actor, at=at) if sees_stock else None,
        due=_due(session, keys) if sees_stock else {},
        lead={
            key: int(lead.days.to_integral_value(ROUND_HALF_UP))
            for key, lead in product_lead_times(session).items()
            if key in keys
        }
        if sees_stock
        else {},
    )


def _facts(session: ReadSession, keys: Collection[int]) -> dict[int, _Facts]:
    rows = session.execute(
        select(
            Product.id,
            Product.kind,
            Product.category_id,
            Product.dose,
            Product.period_after_opening_months,
            Product.name,
            Product.sku,
        ).where(Product.id.in_(keys))
    )
    return {key: _Facts(*facts) for key, *facts in rows}


def _due(session: ReadSession, keys: Collection[int]) -> dict[int, list[tuple[date | None, int]]]:
    """What is still to come of each product, the earliest first; what has no day last."""
    due: defaultdict[int, list[tuple[date | None, int]]] = defaultdict(list)
    rows = session.execute(
        select(PurchaseOrderLine.product_id, DUE_ON, func.sum(OUTSTANDING_STEPS))
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(*IS_OUTSTANDING, PurchaseOrderLine.product_id.in_(keys))
        .group_by(PurchaseOrderLine.product_id, DUE_ON)
        .order_by(DUE_ON.is_(None), DUE_ON)
    )
    for key, on, steps in rows:
        due[key].append((on, int(steps)))
    return due


def _beside(row: QuoteLineRow, page: QuotePage, known: _Known) -> Beside:
    facts, made_of = known.facts[row.product_id], known.made_of[row.product_id]
    return Beside(
        standing=None if facts.kind is Kind.SERVICE else _standing(row, known),
        treatments=_treatments(row, facts.dose),
        allergens=allergens_in(made_of, known.rules),
        opened_months=facts.opened_months,
        clashes=clashes_with(
            page.wishes, made_of, known.rules, touches_skin=facts.kind in FOR_THE_SKIN
        ),
    )


def _standing(row: QuoteLineRow, known: _Known) -> Standing | None:
    if known.stock is None:
        return None
    on_hand, free = known.stock.get(row.product_id, (0, 0))
    packs, there = free // row.size.steps, on_hand // row.size.steps
    missing, due_on = row.quantity.steps - free, None
    for on, steps in known.due.get(row.product_id, ()):
        missing -= steps
        if missing <= 0:
            due_on = on
            break
    return Standing(
        available=counted(packs, row.pack_name),
        packs=packs,
        wanted=row.packs,
        on_hand=counted(there, row.pack_name) if there != packs else "",
        due_on=due_on,
        lead_days=known.lead.get(row.product_id),
    )


def _treatments(row: QuoteLineRow, dose: int | None) -> Treatments | None:
    if not dose or row.size.steps < dose or row.price is None:
        return None
    digits = Decimal(1).scaleb(-max(minor_digits(row.net.currency), 2))
    price = row.price.decimal * (1 - row.discount.fraction)
    each = (price * dose / row.size.steps).quantize(digits, ROUND_HALF_UP)
    return Treatments(row.size.steps // dose, each)


def _substitutes(
    session: ReadSession,
    page: QuotePage,
    wanted: Mapping[int, QuoteLineRow],
    known: _Known,
    *,
    actor: Actor,
    at: datetime,
) -> dict[int, Substitute]:
    """For each line by position: of the same kind and category, there, priced, and meeting every wish."""
    kinds = {
        (facts.kind, facts.category_id)
        for row in wanted.values()
        if (facts := known.facts[row.product_id]).category_id is not None
    }
    if not kinds or known.stock is None:
        return {}
    ids = session.scalars(
        select(Product.id)
        .where(
            Product.status == ProductStatus.ACTIVE,
            or_(*(and_(Product.kind == kind, Product.category_id == one) for kind, one in kinds)),
        )
        .order_by(Product.name, Product.id)
        .limit(MOST_CANDIDATES)
    ).all()
    products = {p.id: p for p in offered_products(session, ids=[*ids, *known.facts]).values()}
    book = price_book(
        session,
        page.currency,
        page.price_list_id,
        {pack.id for product in products.values() for pack in product.packs},
        customer_id=page.customer_id,
    )
    stock = stock_of(session, ids, actor=actor, at=at)
    choice = _Choice(
        page=page,
        products=products,
        candidates=candidates(session, products, book, stock, at=at),
        rules=known.rules,
        stock=stock,
        book=book,
        on=today_in(get_company(session).time_zone, at),
    )
    offered = {row.product_id for row in page.lines}
    found = {
        position: choice.best(row, [key for key in ids if key not in offered])
        for position, row in wanted.items()
    }
    return {position: one for position, one in found.items() if one}


@dataclass(frozen=True, slots=True)
class _Choice:
    page: QuotePage
    products: Mapping[int, OfferedProduct]
    candidates: Mapping[int, Candidate]
    rules: SafetyRules
    stock: Mapping[int, tuple[int, int]]
    book: PriceBook
    on: date

    def best(self, row: QuoteLineRow, ids: Iterable[int]) -> Substitute | None:
        """The best on its shelf in packs as large, of which there is enough, at what this quote's customer pays."""
        own = replace(self.candidates[row.product_id], price=row.price, size=row.size)
        there = dict(filter(None, (self._enough(key, own, row) for key in ids)))
        best = next(iter(ranked(own, there.values(), self.page.wishes, self.rules)), None)
        if best is None:
            return None
        product = self.products[best.id]
        pack = next(pack for pack in product.packs if pack.steps == row.size.steps)
        said = f"{counted(self.stock[best.id][1] // pack.steps, pack.name)} available"
        return Substitute(
            best.sku, best.name, pack.code, ", ".join(filter(None, (met(self.page.wishes), said)))
        )

    def _enough(self, key: int, own: Candidate, row: QuoteLineRow) -> tuple[int, Candidate] | None:
        product, one = self.products.get(key), self.candidates.get(key)
        if product is None or one is None or one.category_id != own.category_id:
            return None
        if self.stock.get(key, (0, 0))[1] < row.quantity.steps:
            return None
        pack = next((pack for pack in product.packs if pack.steps == row.size.steps), None)
        found = self.book.price(pack.id, row.packs, self.on) if pack else None
        return (key, replace(one, price=found.price, size=row.size)) if found else None
