"""Quotes: entities to change, the page of one, the revisions of a number."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.queries.compositions import heard
from procurement.catalogue.terms import Wishes
from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.models import (
    Contact,
    Customer,
    Enquiry,
    PriceList,
    Quote,
    QuoteLine,
    QuoteLineOffer,
)
from procurement.sales.rules.totals import PricedLine, QuoteTotals, Step, add_up
from procurement.sales.rules.validity import status_on
from procurement.sales.terms import LineChoice, LineKind, PaperLook, QuoteStatus
from procurement.settings.queries import get_company
from procurement.settings.terms import RoundingRule


@dataclass(frozen=True, slots=True)
class QuoteOfferRow:
    """Another quantity of a line."""

    packs: int
    price: UnitPrice
    discount: Rate
    net: Money


@dataclass(frozen=True, slots=True)
class QuoteLineRow:
    """A line as it is stored, with the words for its product and pack.

    Words (a line of kind text) have no product: its names are empty and its keys 0.
    """

    position: int
    section: str
    product: str
    product_name: str
    pack: str
    pack_name: str
    size: Quantity  # of one pack
    packs: int
    price: UnitPrice | None
    list_price: UnitPrice | None
    price_reason: str
    discount: Rate
    tax_code: str
    tax: TaxRate
    note: str
    net: Money
    product_id: int
    pack_id: int
    kind: LineKind = LineKind.PRODUCT
    choice: LineChoice = LineChoice.INCLUDED
    choice_group: str = ""
    chosen: bool = False
    own_use: bool = False
    tax_reason: str = ""  # why this tax, where the customer's papers say it
    tax_category: TaxCategory = TaxCategory.STANDARD
    tax_detail: str = ""  # what an untaxed line rests on: a certificate, a VAT number
    text: str = ""
    offers: tuple[QuoteOfferRow, ...] = ()

    @property
    def is_goods(self) -> bool:
        """Whether it has a product; else it is words."""
        return self.kind is not LineKind.TEXT

    @property
    def optional(self) -> bool:
        return self.choice is LineChoice.OPTIONAL

    @property
    def is_suggested(self) -> bool:
        """Whether it stands in the quote as we suggest it; options and other alternatives do not."""
        return self.choice is LineChoice.INCLUDED or self.chosen

    @property
    def quantity(self) -> Quantity:
        return self.size * self.packs

    @property
    def is_list_price(self) -> bool:
        """Whether the price follows the list; else somebody typed it."""
        return self.price is not None and self.price == self.list_price


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision of a number."""

    revision: int
    status: QuoteStatus
    gross: Money
    drafted_at: datetime
    issued_at: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotePage:
    """One revision with its lines and totals. `link_token`, notes and reasons are for staff only."""

    id: int
    number: str
    revision: int
    status: QuoteStatus
    customer: str
    customer_name: str
    customer_id: int
    contact_id: int | None
    contact_name: str
    mail_to: str
    currency: str
    price_list: str | None
    price_list_name: str | None
    price_list_id: int | None
    rounding_rule: RoundingRule
    wishes: Wishes
    look: PaperLook
    enquiry: str | None
    valid_until: date
    introduction: str
    terms: str
    drafted_at: datetime
    drafted_by: str
    changed_at: datetime
    changed_by: str
    issued_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    answer_note: str
    decline_reason: str
    link_token: str | None
    pdf_sha256: str | None
    version: int
    lines: tuple[QuoteLineRow, ...]
    totals: QuoteTotals
    revisions: tuple[RevisionRow, ...] = ()

    @property
    def label(self) -> str:
        return self.number if self.revision == 1 else f"{self.number}, revision {self.revision}"

    @property
    def is_draft(self) -> bool:
        return self.status is QuoteStatus.DRAFT

    def at_positions(self, only: Collection[int] | None) -> Sequence[QuoteLineRow]:
        """Its lines, or those at these positions."""
        return [line for line in self.lines if only is None or line.position in only]

    @property
    def net(self) -> Money:
        return self.totals.money(self.totals.net)

    @property
    def tax(self) -> Money:
        return self.totals.money(self.totals.tax)

    @property
    def gross(self) -> Money:
        return self.totals.money(self.totals.gross)


def quote_page(
    session: ReadSession,
    number: str,
    *,
    actor: Actor,
    at: datetime,
    revision: int | None = None,
) -> QuotePage:
    """A revision, or the newest one the actor may see: staff all, a buyer what was issued to them."""
    revisions = _visible_revisions(session, number, actor)
    quote = next((q for q in revisions if revision in (None, q.revision)), None)
    if quote is None:
        raise no_such_quote()
    today = today_in(get_company(session).time_zone, at)
    return page_of(session, quote, today, revisions, staff=actor.may(Permission.SEE_SALES))


def _visible_revisions(session: ReadSession, number: str, actor: Actor) -> list[Quote]:
    query = select(Quote).where(Quote.number == number, *visible_to(actor))
    return list(session.scalars(query.order_by(Quote.revision.desc())))


def visible_to(actor: Actor) -> list[ColumnElement[bool]]:
    """The one rule of who sees which quote; every list and every page starts from it."""
    if actor.may(Permission.SEE_SALES):
        return []
    if actor.may(Permission.BUY) and actor.customer_id is not None:
        return [Quote.customer_id == actor.customer_id, Quote.issued_at.is_not(None)]
    if not actor.may(Permission.BUY):
        actor.require(Permission.SEE_SALES)
    raise no_such_quote()


def page_of(
    session: ReadSession,
    quote: Quote,
    today: date,
    revisions: Sequence[Quote],
    *,
    staff: bool = True,
) -> QuotePage:
    """The page of a revision somebody has the right to see."""
    head = _head(session, quote)
    lines = tuple(quote_lines(session, quote, staff=staff))
    return QuotePage(
        id=quote.id,
        number=quote.number,
        revision=quote.revision,
        status=status_on(quote.status, quote.valid_until, today),
        customer=head.code,
        customer_name=head.customer_name,
        customer_id=quote.customer_id,
        contact_id=quote.contact_id,
        contact_name=head.contact_name or "",
        mail_to=head.contact_email or head.customer_email,
        currency=quote.currency,
        price_list=head.list_code if staff else None,
        price_list_name=head.list_name if staff else None,
        price_list_id=quote.price_list_id,
        rounding_rule=quote.rounding_rule,
        wishes=heard(session, quote.wishes) if staff else Wishes(),
        look=quote.look,
        enquiry=head.enquiry if staff else None,
        valid_until=quote.valid_until,
        introduction=quote.introduction,
        terms=quote.terms,
        drafted_at=quote.drafted_at,
        drafted_by=quote.drafted_by,
        changed_at=quote.changed_at,
        changed_by=quote.changed_by,
        issued_at=quote.issued_at,
        answered_at=quote.answered_at,
        answered_by=quote.answered_by,
        answer_note=quote.answer_note,
        decline_reason=quote.decline_reason,
        link_token=quote.link_token if staff and quote.link_ended_at is None else None,
        pdf_sha256=head.sha256,
        version=quote.version,
        lines=lines,
        totals=add_up([priced(line) for line in lines], quote.currency, quote.rounding_rule),
        revisions=tuple(_revision(one, today) for one in revisions),
    )


def _head(session: ReadSession, quote: Quote) -> Row[Any]:
    """The names of everything a quote's head points at."""
    return session.execute(
        select(
            Customer.code,
            Customer.name.label("customer_name"),
            Customer.email.label("customer_email"),
            Contact.name.label("contact_name"),
            Contact.email.label("contact_email"),
            PriceList.code.label("list_code"),
            PriceList.name.label("list_name"),
            Enquiry.number.label("enquiry"),
            StoredFile.sha256,
        )
        .select_from(Quote)
        .join(Customer, Customer.id == Quote.customer_id)
        .outerjoin(Contact, Contact.id == Quote.contact_id)
        .outerjoin(PriceList, PriceList.id == Quote.price_list_id)
        .outerjoin(Enquiry, Enquiry.id == Quote.enquiry_id)
        .outerjoin(StoredFile, StoredFile.id == Quote.pdf_id)
        .where(Quote.id == quote.id)
    ).one()


def _revision(quote: Quote, today: date) -> RevisionRow:
    return RevisionRow(
        revision=quote.revision,
        status=status_on(quote.status, quote.valid_until, today),
        gross=Money(quote.gross_minor, quote.currency),
        drafted_at=quote.drafted_at,
        issued_at=quote.issued_at,
        answered_at=quote.answered_at,
    )


def quote_lines(
    session: ReadSession, quote: Quote, *, staff: bool = True
) -> Iterable[QuoteLineRow]:
    """The lines; what the list said and why is for staff only."""
    offers = _offers(session, quote)
    rows = session.execute(
        select(
            QuoteLine,
            Product.sku,
            Product.name.label("product_name"),
            Product.unit,
            Pack.code,
            Pack.name.label("pack_name"),
            Pack.size_steps,
        )
        .outerjoin(Product, Product.id == QuoteLine.product_id)
        .outerjoin(Pack, Pack.id == QuoteLine.pack_id)
        .where(QuoteLine.quote_id == quote.id)
        .order_by(QuoteLine.position)
    )
    for line, sku, product_name, unit, pack, pack_name, steps in rows:
        yield QuoteLineRow(
            position=line.position,
            section=line.section,
            product=sku or "",
            product_name=product_name or "",
            pack=pack or "",
            pack_name=pack_name or "",
            size=Quantity(steps, Unit(unit)) if steps else Quantity(0, Unit.PIECE),
            packs=line.packs,
            price=_unit_price(line.price_e4, quote.currency),
            list_price=_unit_price(line.list_price_e4 if staff else None, quote.currency),
            price_reason=line.price_reason if staff else "",
            discount=Rate(line.discount_bp),
            tax_code=line.tax_code,
            tax=TaxRate(line.tax_ppm),
            note=line.note,
            net=Money(line.net_minor, quote.currency),
            product_id=line.product_id or 0,
            pack_id=line.pack_id or 0,
            kind=line.kind,
            choice=line.choice,
            choice_group=line.choice_group,
            chosen=line.chosen,
            own_use=line.own_use,
            tax_reason=line.tax_reason,
            tax_category=line.tax_category,
            tax_detail=line.tax_detail,
            text=line.text,
            offers=tuple(offers.get(line.id, ())),
        )


def _offers(session: ReadSession, quote: Quote) -> dict[int, list[QuoteOfferRow]]:
    """The other quantities of a quote's lines, by line."""
    found: dict[int, list[QuoteOfferRow]] = {}
    for one in session.scalars(
        select(QuoteLineOffer)
        .join(QuoteLine, QuoteLine.id == QuoteLineOffer.line_id)
        .where(QuoteLine.quote_id == quote.id)
        .order_by(QuoteLineOffer.line_id, QuoteLineOffer.packs)
    ):
        found.setdefault(one.line_id, []).append(
            QuoteOfferRow(
                one.packs,
                UnitPrice(one.price_e4, quote.currency),
                Rate(one.discount_bp),
                Money(one.net_minor, quote.currency),
            )
        )
    return found


def priced(line: QuoteLineRow) -> PricedLine:
    """What the totals need of a line; one without a price counts as nothing until it has one."""
    return PricedLine(
        price=line.price or UnitPrice(0, line.net.currency),
        packs=line.packs,
        discount=line.discount,
        tax_code=line.tax_code,
        tax=line.tax,
        section=line.section,
        kind=line.kind,
        choice=line.choice,
        group=line.choice_group,
        chosen=line.chosen,
        offers=tuple(Step(one.packs, one.price, one.discount) for one in line.offers),
    )


def _unit_price(e4: int | None, currency: str) -> UnitPrice | None:
    return None if e4 is None else UnitPrice(e4, currency)


def revisions_for_update(session: Session, number: str) -> list[Quote]:
    """All revisions of a number, oldest first, locked: who changes one waits for who changes another."""
    quotes = session.scalars(
        select(Quote)
        .where(Quote.number == number)
        .order_by(Quote.revision)
        .options(selectinload(Quote.lines).joinedload(QuoteLine.offers))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not quotes:
        raise no_such_quote()
    return list(quotes)


def last_wishes(session: ReadSession, customer_id: int) -> Wishes:
    """What the customer wanted the last time."""
    last = session.scalar(
        select(Quote).where(Quote.customer_id == customer_id).order_by(Quote.id.desc()).limit(1)
    )
    return last.wishes if last else Wishes()


def number_of_link(session: ReadSession, token: str) -> tuple[str, int] | None:
    """The number and revision a private link leads to."""
    row = session.execute(
        select(Quote.number, Quote.revision).where(Quote.link_token == token)
    ).one_or_none()
    return (row.number, row.revision) if row else None


def no_such_quote() -> NotFound:
    return NotFound("There is no such document.")
