"""Requests for quotation: in lists, side by side on their page, and as one supplier sees its own."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.kernel.secrets import digest_of
from procurement.kernel.text import containing
from procurement.purchasing.errors import RequestUnknown
from procurement.purchasing.models import (
    Bid,
    Invitation,
    PurchaseOrder,
    RequestForQuotation,
    RequestLine,
)
from procurement.purchasing.rules.quotations import Offered, compared, is_late
from procurement.purchasing.terms.quotations import (
    WAITING,
    BidRow,
    InvitationRow,
    OfferedBreak,
    PackChoice,
    PrivateRequest,
    RequestLineRow,
    RequestPage,
    RequestRow,
    RequestStatus,
)
from procurement.settings.queries import get_company, rate_on
from procurement.sourcing.models import Supplier
from procurement.stock.models import Location


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """Which requests; None and empty mean all. `text` is part of a number, a title or a product asked for."""

    statuses: frozenset[RequestStatus] | None = None
    text: str = ""


def no_such_request() -> RequestUnknown:
    return RequestUnknown("There is no such request.")


def request_for_update(session: Session, number: str) -> RequestForQuotation:
    """The request, locked, with its lines and every answer as they are after the wait for the lock."""
    request = session.scalar(
        select(RequestForQuotation)
        .where(RequestForQuotation.number == number)
        .with_for_update()
        .options(*_whole())
        .execution_options(populate_existing=True)
    )
    if request is None:
        raise RequestUnknown(f"There is no request {number}.")
    return request


def number_behind(session: ReadSession, token: str) -> tuple[str, str] | None:
    """The request and the supplier that a private link was made for."""
    row = session.execute(
        select(RequestForQuotation.number, Supplier.code)
        .join(Invitation, Invitation.request_id == RequestForQuotation.id)
        .join(Supplier, Supplier.id == Invitation.supplier_id)
        .where(Invitation.link_digest == digest_of(token))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def requests(session: ReadSession, wanted: RequestFilter, paging: PageRequest) -> Page[RequestRow]:
    """Requests, the latest first."""
    statement = (
        _rows()
        .where(*_conditions(wanted))
        .order_by(RequestForQuotation.id.desc())
        .limit(paging.limit + 1)
    )
    if (after := paging.key(int)) is not None:
        statement = statement.where(RequestForQuotation.id < after[0])
    found = session.execute(statement).all()
    keys = {row[0].number: row[0].id for row in found}
    return paging.page([_row(*row) for row in found], lambda row: (keys[row.number],))


def requests_to_award(session: ReadSession, today: date, *, limit: int) -> list[RequestRow]:
    """Those that every supplier has answered, or whose last day is over."""
    ready = or_(
        RequestForQuotation.status == RequestStatus.ANSWERED,
        RequestForQuotation.answer_by < today,
    )
    statement = (
        _rows()
        .where(RequestForQuotation.status.in_(WAITING), ready)
        .order_by(RequestForQuotation.answer_by, RequestForQuotation.id)
        .limit(limit)
    )
    return [_row(*row) for row in session.execute(statement)]


def count_requests(session: ReadSession) -> dict[RequestStatus, int]:
    rows = session.execute(
        select(RequestForQuotation.status, func.count()).group_by(RequestForQuotation.status)
    )
    return {status: int(count) for status, count in rows}


def request_page(session: ReadSession, number: str, *, at: datetime) -> RequestPage:
    """A request with all its answers side by side; costs at the exchange rates of the day."""
    row = session.execute(
        select(RequestForQuotation, Location.code, Location.name)
        .outerjoin(Location, Location.id == RequestForQuotation.deliver_to_id)
        .where(RequestForQuotation.number == number)
        .options(*_whole())
    ).one_or_none()
    if row is None:
        raise RequestUnknown(f"There is no request {number}.")
    request, place, place_name = row
    company = get_company(session)
    lines = _line_rows(session, request)
    on = today_in(company.time_zone, at)
    return RequestPage(
        number=request.number,
        status=request.status,
        version=request.version,
        title=request.title,
        note=request.note,
        answer_by=request.answer_by,
        deliver_to=place,
        deliver_to_name=place_name,
        currency=company.currency,
        drafted_at=request.drafted_at,
        drafted_by=request.drafted_by,
        sent_at=request.sent_at,
        decided_at=request.decided_at,
        decided_by=request.decided_by,
        lines=lines,
        invitations=_invitation_rows(session, request, lines, company.currency, on),
    )


def private_request(session: ReadSession, token: str, *, at: datetime) -> PrivateRequest:
    """What stands behind one supplier's link."""
    found = number_behind(session, token)
    if found is None:
        raise no_such_request()
    number, supplier = found
    page = request_page(session, number, at=at)
    company = get_company(session)
    own = next(one for one in page.invitations if one.supplier == supplier)
    # Whether somebody else is cheaper or faster is not this supplier's to know.
    bids = tuple(
        replace(bid, is_cheapest=False, is_fastest=False, unit_cost=None) for bid in own.bids
    )
    outcome = _outcome(page, own, is_late(page.answer_by, today_in(company.time_zone, at)))
    return PrivateRequest(
        number=page.number,
        title=page.title,
        note=page.note,
        company=company.name,
        supplier=own.supplier,
        supplier_name=own.supplier_name,
        currency=own.currency,
        answer_by=page.answer_by,
        deliver_to=company.delivery_address or company.address,
        is_open=not outcome,
        outcome=outcome,
        lines=page.lines,
        packs=pack_choices(session, page.lines),
        answer=replace(own, bids=bids),
    )


def _outcome(page: RequestPage, own: InvitationRow, late: bool) -> str:
    if page.status is RequestStatus.AWARDED:
        if own.order is not None:
            return "Thank you: an order is being prepared from your offer."
        return "This request has been decided. Thank you for your offer."
    if page.status not in WAITING:
        return "This request is closed."
    return "The last day for answers is over; please write to us." if late else ""


def _whole() -> tuple[Any, ...]:
    bids = selectinload(RequestForQuotation.invitations).selectinload(Invitation.bids)
    return (selectinload(RequestForQuotation.lines), bids.selectinload(Bid.breaks))


def _line_rows(session: ReadSession, request: RequestForQuotation) -> tuple[RequestLineRow, ...]:
    rows = session.execute(
        select(RequestLine, Product.sku, Product.unit, Pack.code, Pack.name)
        .join(Product, Product.id == RequestLine.product_id)
        .join(Pack, Pack.id == RequestLine.pack_id)
        .where(RequestLine.request_id == request.id)
        .order_by(RequestLine.position)
    )
    return tuple(
        RequestLineRow(
            position=line.position,
            product=sku,
            product_name=line.name,
            pack=pack,
            pack_value=PackValue(pack_name, Quantity(line.pack_steps, unit)),
            packs=line.packs,
            wanted_by=line.wanted_by,
        )
        for line, sku, unit, pack, pack_name in rows
    )


def _invitation_rows(
    session: ReadSession,
    request: RequestForQuotation,
    lines: Sequence[RequestLineRow],
    currency: str,
    on: date,
) -> tuple[InvitationRow, ...]:
    ids = {one.supplier_id for one in request.invitations}
    suppliers = {
        one.id: one for one in session.scalars(select(Supplier).where(Supplier.id.in_(ids)))
    }
    orders = dict(
        session.execute(
            select(PurchaseOrder.id, PurchaseOrder.number).where(
                PurchaseOrder.id.in_({one.order_id for one in request.invitations})
            )
        ).all()
    )
    rates = _rates(session, {one.currency for one in request.invitations}, currency, on)
    bids = _bid_rows(session, request, lines, rates)
    return tuple(
        InvitationRow(
            supplier=suppliers[one.supplier_id].code,
            supplier_name=suppliers[one.supplier_id].name,
            email=suppliers[one.supplier_id].email,
            currency=one.currency,
            mailed_at=one.mailed_at,
            answered_at=one.answered_at,
            answered_by=one.answered_by,
            is_late=one.is_late,
            declined=one.declined,
            valid_until=one.valid_until,
            remark=one.remark,
            bids=tuple(bids[one.id]),
            order=orders.get(one.order_id),
        )
        for one in request.invitations
    )


def _rates(
    session: ReadSession, currencies: Iterable[str], own: str, on: date
) -> dict[str, Decimal | None]:
    """What one unit of each currency is worth in ours on the day."""
    found: dict[str, Decimal | None] = {own: Decimal(1)}
    for currency in sorted(set(currencies) - {own}):
        rate = rate_on(session, currency, on)
        found[currency] = rate.rate if rate else None
    return found


def _bid_rows(
    session: ReadSession,
    request: RequestForQuotation,
    lines: Sequence[RequestLineRow],
    rates: Mapping[str, Decimal | None],
) -> defaultdict[int, list[BidRow]]:
    """The bids of each invitation, each compared with the others of its line."""
    pack_ids = {bid.pack_id for one in request.invitations for bid in one.bids}
    packs = {pack.id: pack for pack in session.scalars(select(Pack).where(Pack.id.in_(pack_ids)))}
    rows: defaultdict[int, list[BidRow]] = defaultdict(list)
    for line in lines:
        found = [
            (one, bid)
            for one in request.invitations
            for bid in one.bids
            if bid.position == line.position
        ]
        marks = compared(
            line.quantity,
            [
                Offered(
                    supplier=str(one.id),
                    pack_steps=packs[bid.pack_id].size_steps,
                    prices=tuple(_prices(one, bid)),
                    moq=bid.moq,
                    lead_time_days=bid.lead_time_days,
                    rate=rates[one.currency],
                )
                for one, bid in found
            ],
        )
        for one, bid in found:
            mark, pack = marks[str(one.id)], packs[bid.pack_id]
            rows[one.id].append(
                BidRow(
                    position=line.position,
                    price=UnitPrice(bid.price_e4, one.currency),
                    pack=pack.code,
                    pack_value=PackValue(
                        pack.name, Quantity(pack.size_steps, line.pack_value.size.unit)
                    ),
                    packs=mark.packs,
                    moq=bid.moq,
                    lead_time_days=bid.lead_time_days,
                    breaks=tuple(OfferedBreak(*step) for step in _prices(one, bid)[1:]),
                    remark=bid.remark,
                    net=mark.price.total(mark.packs),
                    unit_cost=mark.unit_cost,
                    is_cheapest=mark.is_cheapest,
                    is_fastest=mark.is_fastest,
                    awarded=bid.awarded,
                )
            )
    return rows


def _prices(one: Invitation, bid: Bid) -> list[tuple[int, UnitPrice]]:
    breaks = [(step.from_packs, UnitPrice(step.price_e4, one.currency)) for step in bid.breaks]
    return [(1, UnitPrice(bid.price_e4, one.currency)), *breaks]


def pack_choices(
    session: ReadSession, lines: Sequence[RequestLineRow]
) -> dict[str, tuple[PackChoice, ...]]:
    found: defaultdict[str, list[PackChoice]] = defaultdict(list)
    rows = session.execute(
        select(Product.sku, Pack.code, Pack.name)
        .join(Pack, Pack.product_id == Product.id)
        .where(Product.sku.in_({line.product for line in lines}))
        .order_by(Product.sku, Pack.position)
    )
    for sku, code, name in rows:
        found[sku].append(PackChoice(code=code, name=name))
    return {sku: tuple(choices) for sku, choices in found.items()}


def _rows() -> AnySelect:
    asked = Invitation.request_id == RequestForQuotation.id
    lines = select(func.count()).where(RequestLine.request_id == RequestForQuotation.id)
    invited = select(func.count()).where(asked)
    answered = select(func.count()).where(asked, Invitation.answered_at.is_not(None))
    return select(
        RequestForQuotation,
        lines.scalar_subquery(),
        invited.scalar_subquery(),
        answered.scalar_subquery(),
    )


def _row(request: RequestForQuotation, lines: int, asked: int, answered: int) -> RequestRow:
    return RequestRow(
        number=request.number,
        status=request.status,
        title=request.title,
        answer_by=request.answer_by,
        lines=int(lines),
        asked=int(asked),
        answered=int(answered),
        drafted_at=request.drafted_at,
        drafted_by=request.drafted_by,
    )


def _conditions(wanted: RequestFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.statuses is not None:
        found.append(RequestForQuotation.status.in_(wanted.statuses))
    if wanted.text:
        pattern = containing(wanted.text.lower())
        about = select(RequestLine.request_id).where(
            func.lower(RequestLine.name).like(pattern, escape="\\")
        )
        found.append(
            or_(
                func.lower(RequestForQuotation.number).like(pattern, escape="\\"),
                func.lower(RequestForQuotation.title).like(pattern, escape="\\"),
                RequestForQuotation.id.in_(about),
            )
        )
    return found
