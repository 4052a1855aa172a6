"""Answers to requests for quotation: behind the supplier's private link, or typed by a clerk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Pack
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail, put_mail
from procurement.purchasing.errors import LateAnswer, WrongStatus
from procurement.purchasing.models import Bid, BidBreak, Invitation, RequestForQuotation
from procurement.purchasing.queries.quotations import (
    no_such_request,
    number_behind,
    request_for_update,
)
from procurement.purchasing.rules.quotations import is_late
from procurement.purchasing.terms.quotations import WAITING, RequestStatus
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier

MOST_DAYS = 730
MOST_BREAKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBid:
    """What is asked for a line; lines that are not offered are left out. `pack` None: the one asked for."""

    position: int
    price: UnitPrice
    pack: str | None = None
    moq: int = 1
    lead_time_days: int | None = None  # it must be said
    breaks: tuple[tuple[int, UnitPrice], ...] = ()  # from so many packs, each more and cheaper
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAnswer:
    """A supplier's whole answer; a later one takes its place. Without a bid it declines."""

    bids: tuple[NewBid, ...]
    name: str = ""
    valid_until: date | None = None
    remark: str = ""
    came_from: str = ""


def answer_by_link(
    session: Session, token: str, answer: NewAnswer, *, at: datetime
) -> RequestForQuotation:
    """Whoever holds the private link answers for its supplier, until the last day."""
    found = number_behind(session, token)
    if found is None:
        raise no_such_request()
    number, supplier = found
    request = request_for_update(session, number)
    if is_late(request.answer_by, today_in(get_company(session).time_zone, at)):
        until = f"{request.answer_by.day} {request.answer_by:%B %Y}"
        raise LateAnswer(f"Answers were taken until {until}; write to us, please.")
    name = text.name(answer.name, "name")
    holder = Actor(id=None, name=name)
    _answer(session, request, supplier, answer, actor=holder, at=at)
    _tell(session, request, supplier, name, declined=not answer.bids, at=at)
    return request


def answer_for(
    session: Session, number: str, supplier: str, answer: NewAnswer, *, actor: Actor, at: datetime
) -> RequestForQuotation:
    """A clerk types what came by mail or telephone; after the last day it is marked as late."""
    actor.require(Permission.DRAFT_ORDERS)
    request = request_for_update(session, number)
    _answer(session, request, supplier, answer, actor=actor, at=at)
    return request


def _answer(
    session: Session,
    request: RequestForQuotation,
    supplier: str,
    answer: NewAnswer,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    if request.status not in WAITING:
        raise WrongStatus(f"{request.number} is {request.status}; it is not answered any more.")
    supplier_id = session.scalar(select(Supplier.id).where(Supplier.code == supplier))
    found = next((one for one in request.invitations if one.supplier_id == supplier_id), None)
    if found is None:
        raise Invalid(f"{supplier} was not asked.", field="supplier")
    today = today_in(get_company(session).time_zone, at)
    if answer.valid_until is not None and not 0 <= (answer.valid_until - today).days <= MOST_DAYS:
        raise Invalid("A day from today on, within two years.", field="valid_until")
    bids = _bids(session, request, found, answer.bids)
    found.bids.clear()
    session.flush()  # the old ones leave their places first
    found.bids = bids
    found.answered_at, found.answered_by = at, actor.name[:200]
    found.answered_from = answer.came_from[:100]
    found.is_late = is_late(request.answer_by, today)
    found.declined = not bids
    found.valid_until = answer.valid_until
    found.remark = text.prose(answer.remark, "remark")
    if all(one.answered_at is not None for one in request.invitations):
        request.status = RequestStatus.ANSWERED
    detail = f"{supplier}: {'no bid' if not bids else f'{len(bids)} of {len(request.lines)} lines'}"
    record(session, "answer request", request.number, detail, actor=actor, at=at)


def _bids(
    session: Session,
    request: RequestForQuotation,
    invitation: Invitation,
    told: Sequence[NewBid],
) -> list[Bid]:
    products = {line.position: line for line in request.lines}
    packs = _packs(session, {line.product_id for line in request.lines})
    bids: dict[int, Bid] = {}
    errors = []
    for index, bid in enumerate(told):
        line = products.get(bid.position)
        fault = _fault(bid, invitation.currency)
        if line is None or bid.position in bids:
            fault = FieldError("position", "There is no such line, or it is answered twice.")
        if fault or line is None:
            assert fault
            errors.append(FieldError(f"lines.{index}.{fault.field}", fault.message))
            continue
        pack = packs.get((line.product_id, bid.pack)) if bid.pack else line.pack_id
        if pack is None:
            errors.append(FieldError(f"lines.{index}.pack", f"There is no pack {bid.pack}."))
            continue
        bids[bid.position] = Bid(
            position=bid.position,
            pack_id=pack,
            price_e4=bid.price.e4,
            moq=bid.moq,
            lead_time_days=bid.lead_time_days,
            remark=text.prose(bid.remark, f"lines.{index}.remark"),
            breaks=[BidBreak(from_packs=packs, price_e4=price.e4) for packs, price in bid.breaks],
        )
    if errors:
        raise Invalid.of(errors)
    return [bids[position] for position in sorted(bids)]


def _fault(bid: NewBid, currency: str) -> FieldError | None:
    prices = [bid.price, *(price for _, price in bid.breaks)]
    steps = [1, *(packs for packs, _ in bid.breaks)]
    if any(price.currency != currency for price in prices):
        return FieldError("price", f"Prices are asked in {currency}.")
    if not 1 <= bid.moq <= 1_000_000:
        return FieldError("moq", "The least lies between 1 and 1,000,000 packs.")
    if bid.lead_time_days is None or not 0 <= bid.lead_time_days <= 365:
        return FieldError("lead_time_days", "In how many days does it come? From 0 to 365.")
    if len(bid.breaks) > MOST_BREAKS or steps != sorted(set(steps)) or steps[-1] > 1_000_000:
        return FieldError("breaks", "Each break begins at more packs than the one before.")
    if any(later >= before for before, later in pairwise(prices)):
        return FieldError("breaks", "Each break is cheaper than the one before.")
    return None


def _packs(session: Session, product_ids: set[int]) -> Mapping[tuple[int, str], int]:
    rows = session.execute(
        select(Pack.product_id, Pack.code, Pack.id).where(Pack.product_id.in_(product_ids))
    )
    return {(product, code): pack for product, code, pack in rows}


def _tell(
    session: Session,
    request: RequestForQuotation,
    supplier: str,
    name: str,
    *,
    declined: bool,
    at: datetime,
) -> None:
    """We hear of it by mail, where the company has an address."""
    company = get_company(session)
    if not company.email:
        return
    what = "does not bid for" if declined else "has answered"
    put_mail(
        session,
        NewMail(
            recipient=company.email,
            subject=f"{request.number} answered by {supplier}"[:200],
            body=f"{name} of {supplier} {what} {request.number}, {request.title}.",
            reference=request.number,
        ),
        at=at,
    )
