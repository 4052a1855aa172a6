"""What needs somebody today, each part for those who may see it and do something about it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.queries.beginnings import first_steps
from procurement.planning.queries.enquiries_today import enquiries_today
from procurement.planning.queries.invoices_today import invoices_today
from procurement.planning.queries.needs import needs
from procurement.planning.queries.purchase_plans import PlanRow as PurchasePlanRow
from procurement.planning.queries.purchase_plans import ready_plans
from procurement.planning.queries.requests_today import quotations_today
from procurement.planning.queries.sales_backorders import sales_today
from procurement.planning.queries.selling_today import selling_today
from procurement.planning.queries.supplier_matters import SupplierMatters, supplier_matters
from procurement.planning.terms import FirstStep, Need
from procurement.purchasing.queries.approvals import orders_to_approve
from procurement.purchasing.queries.blankets import expiring_blankets
from procurement.purchasing.queries.claims import claims_due
from procurement.purchasing.queries.confirmations import differences
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.queries.revisions import changes_to_approve
from procurement.purchasing.queries.supply import deliveries_due
from procurement.purchasing.queries.templates import failed_standing
from procurement.purchasing.queries.unanswered import unanswered_orders
from procurement.purchasing.terms import (
    BlanketRow,
    ClaimRow,
    DifferentRow,
    OrderRow,
    OrderStatus,
    ProposalRow,
    StandingRow,
    UnansweredRow,
)
from procurement.purchasing.terms.invoices import InvoiceRow
from procurement.purchasing.terms.quotations import RequestRow
from procurement.sales.queries.approvals import WaitingQuote
from procurement.sales.queries.batches import BatchRow
from procurement.sales.queries.inbox import EnquiryRow
from procurement.sales.queries.leaving import LeavingRow
from procurement.sales.queries.pipeline import QuoteRow, answered_lately, expiring
from procurement.sales.queries.talk import OpenQuestion
from procurement.sales.queries.taxing import ExemptionRow
from procurement.sales.queries.waiting import WaitingLine
from procurement.sales.terms.applications import ApplicationRow
from procurement.sales.terms.exports import Exportable
from procurement.sales.terms.orders import ReturnRequestRow, SalesOrderRow
from procurement.settings.queries import get_company
from procurement.stock.queries.board import OpenRow, use_first
from procurement.stock.queries.counting.counts import CountRow, active_counts
from procurement.stock.queries.counting.plan import PlanRow, count_plan
from procurement.stock.queries.dates import DatedLot, near_dates
from procurement.stock.queries.lots import labels_to_look_at
from procurement.stock.queries.recalls import RecallRow, recalls
from procurement.stock.queries.requests import TopUpRow, top_up_requests
from procurement.stock.queries.tools import ToolRow, tools
from procurement.stock.queries.transfers import TransferFilter, TransferRow, transfers
from procurement.stock.rules.counting import AbcClass
from procurement.stock.terms import UNDER_WAY, CountStatus, TransferStatus

MOST = 8  # of each part; its own list has the rest
MOST_COUNTS = 3
DELIVERY_DAYS = 2


@dataclass(frozen=True, slots=True)
class LowRoom:
    """A room and what it is short of, the emptiest shelf first."""

    code: str
    name: str
    needs: tuple[Need, ...]

    @property
    def first(self) -> Need:
        return self.needs[0]

    @property
    def can_be_topped_up(self) -> bool:
        return any(need.transfer.steps for need in self.needs)


@dataclass(frozen=True, slots=True)
class Today:
    """The agenda; an empty part is good news or not this person's."""

    first_steps: tuple[FirstStep, ...] = ()  # of a new installation
    low_rooms: tuple[LowRoom, ...] = ()
    to_buy: int = 0  # products that no storeroom can top up
    requests: tuple[TopUpRow, ...] = ()
    open_bottles: tuple[OpenRow, ...] = ()  # past their date or near it
    dates: tuple[DatedLot, ...] = ()
    recalls: tuple[RecallRow, ...] = ()  # still open
    labels: int = 0  # lots from before the new labels that nobody has looked at
    transfers: tuple[TransferRow, ...] = ()
    tools: tuple[ToolRow, ...] = ()  # to be cleaned
    counts: tuple[CountRow, ...] = ()  # handed in, to be looked at
    counts_due: tuple[PlanRow, ...] = ()
    rooms_due: int = 0  # to be counted; the parts above show a few
    to_approve: tuple[OrderRow, ...] = ()
    changes_to_approve: tuple[ProposalRow, ...] = ()
    blankets: tuple[BlanketRow, ...] = ()  # that end soon with something left
    standing: tuple[StandingRow, ...] = ()  # that could not be drafted
    sent_back: tuple[OrderRow, ...] = ()  # this person's drafts, to be changed
    to_place: tuple[OrderRow, ...] = ()
    plans: tuple[PurchasePlanRow, ...] = ()  # to be drafted
    deliveries: tuple[OrderRow, ...] = ()
    claims: tuple[ClaimRow, ...] = ()  # to be sent, or past their day without an answer
    unanswered: tuple[UnansweredRow, ...] = ()  # orders whose suppliers have said nothing
    differences: tuple[DifferentRow, ...] = ()  # suppliers answered otherwise than was ordered
    invoices: tuple[InvoiceRow, ...] = ()  # with differences to be decided
    invoices_due: tuple[InvoiceRow, ...] = ()
    quotations: tuple[RequestRow, ...] = ()  # to be awarded
    questions: tuple[OpenQuestion, ...] = ()  # about quotes, not answered yet
    enquiries: tuple[EnquiryRow, ...] = ()  # that wait for a word of this person's, or of anybody's
    answered: tuple[QuoteRow, ...] = ()
    expiring: tuple[QuoteRow, ...] = field(default=())
    quotes_to_approve: tuple[WaitingQuote, ...] = ()
    applications: tuple[ApplicationRow, ...] = ()  # for trade accounts, to be decided
    batches: tuple[BatchRow, ...] = ()  # of quotes, begun by this person, over
    tax_papers: tuple[ExemptionRow, ...] = ()  # of customers, that end soon or have just ended
    day: date | None = None
    goods_arrived: tuple[WaitingLine, ...] = ()  # for orders that wait for them
    to_ship: tuple[SalesOrderRow, ...] = ()
    placed: tuple[SalesOrderRow, ...] = ()  # by customers, to be confirmed
    returns_asked: tuple[ReturnRequestRow, ...] = ()  # by customers
    leaving: tuple[LeavingRow, ...] = ()  # buyers who asked to be erased
    abandoned: int = 0  # baskets nobody has touched for a week
    to_invoice: Exportable | None = None  # shipped or come back, and in no batch yet
    suppliers: SupplierMatters = field(default_factory=SupplierMatters)

    @property
    def things(self) -> int:
        """How many lines the agenda has."""
        parts = (
            self.first_steps,
            self.low_rooms,
            self.requests,
            self.open_bottles,
            self.dates,
            self.recalls,
            self.transfers,
            self.tools,
            self.counts,
            self.counts_due,
            self.to_approve,
            self.changes_to_approve,
            self.blankets,
            self.standing,
            self.sent_back,
            self.to_place,
            self.plans,
            self.deliveries,
            self.claims,
            self.unanswered,
            self.differences,
            self.invoices,
            self.invoices_due,
            self.quotations,
            self.questions,
            self.enquiries,
            self.answered,
            self.expiring,
            self.quotes_to_approve,
            self.applications,
            self.batches,
            self.tax_papers,
            self.goods_arrived,
            self.to_ship,
            self.placed,
            self.returns_asked,
            self.leaving,
        )
        counted = (
            bool(self.labels) + bool(self.to_invoice) + bool(self.abandoned) + self.suppliers.things
        )
        return sum(len(part) for part in parts) + counted


def today_for(session: ReadSession, *, actor: Actor, at: datetime) -> Today:
    """The agenda of one person; a fixed number of statements for each part."""
    page = PageRequest(MOST)
    found: dict[str, object] = {}
    if actor.may(Permission.EDIT_SETTINGS):
        found["first_steps"] = first_steps(session)
    if actor.may(Permission.SEE_STOCK):
        found |= _house(session, page, actor, at)
    if actor.may(Permission.MOVE_STOCK):
        waiting = TransferFilter(
            frozenset({TransferStatus.REQUESTED, TransferStatus.DRAFT, *UNDER_WAY})
        )
        found["transfers"] = transfers(session, page, waiting).items
    if actor.may(Permission.COUNT_STOCK):
        found |= _counting(session, actor, at)
    if actor.may(Permission.SEE_PURCHASING):
        found |= _purchasing(session, page, actor, at)
        found |= invoices_today(session, actor=actor, at=at)
        found |= quotations_today(session, actor=actor, at=at)
    found |= sales_today(session, actor=actor, at=at, limit=MOST)
    found["suppliers"] = supplier_matters(session, actor=actor, at=at)
    if actor.may(Permission.SEE_SALES):
        found |= enquiries_today(session, actor=actor, at=at)
        found["answered"] = tuple(answered_lately(session, actor=actor, at=at, limit=MOST))
        found["expiring"] = tuple(expiring(session, actor=actor, at=at, limit=MOST))
    found |= selling_today(session, actor=actor, at=at)
    return Today(**found)  # type: ignore[arg-type] # each part was made for the field it is named after


def _house(
    session: ReadSession, page: PageRequest, actor: Actor, at: datetime
) -> dict[str, object]:
    """What rooms need, for who uses or moves stock; for others what is to be bought of it, and recalls."""
    found: dict[str, object] = {"recalls": recalls(session, page, is_open=True).items}
    if actor.may(Permission.HOLD_LOTS):
        found["labels"] = labels_to_look_at(session)
    hands, buys = actor.may(Permission.USE_STOCK), actor.may(Permission.SEE_PURCHASING)
    open_needs = needs(session, at=at).open if hands or buys else ()
    if buys:
        found["to_buy"] = len({need.product for need in open_needs if need.to_buy.steps})
    if hands:
        found["low_rooms"] = _low_rooms(open_needs)[:MOST]
        found["requests"] = tuple(top_up_requests(session, limit=MOST))
        found["open_bottles"] = tuple(use_first(session, at=at, limit=MOST))
        found["dates"] = tuple(near_dates(session, at=at, limit=MOST))
        due = [tool for tool in tools(session, at=at) if tool.is_due]
        found["tools"] = tuple(due[:MOST])
    return found


def _counting(session: ReadSession, actor: Actor, at: datetime) -> dict[str, object]:
    """The rooms to be counted, those with most that is used most first; what waits, for who may decide it."""
    due = [row for row in count_plan(session, at=at) if row.all_due and not row.running]
    due.sort(key=lambda row: (-row.due[AbcClass.A], row.last or date.min, row.place.name))
    found: dict[str, object] = {"counts_due": tuple(due[:MOST_COUNTS]), "rooms_due": len(due)}
    if actor.may(Permission.ADJUST_STOCK):
        waiting = [row for row in active_counts(session) if row.status is CountStatus.REVIEW]
        found["counts"] = tuple(waiting[:MOST])
    return found


def _purchasing(
    session: ReadSession, page: PageRequest, actor: Actor, at: datetime
) -> dict[str, object]:
    found: dict[str, object] = {}
    found["to_approve"] = orders_to_approve(session, actor=actor, at=at, limit=MOST)
    found["changes_to_approve"] = changes_to_approve(session, actor=actor, at=at, limit=MOST)
    if actor.id is not None and actor.may(Permission.DRAFT_ORDERS):
        returned = OrderFilter(
            statuses=frozenset({OrderStatus.DRAFT}), returned=True, drafted_by_id=actor.id
        )
        found["sent_back"] = orders(session, returned, page).items
    if actor.may(Permission.DRAFT_ORDERS):
        company = get_company(session)
        today = today_in(company.time_zone, at)
        silent_since = at - timedelta(days=company.order_answer_days)
        found["unanswered"] = unanswered_orders(session, silent_since, limit=MOST)
        found["blankets"] = tuple(expiring_blankets(session, today)[:MOST])
        found["standing"] = tuple(failed_standing(session)[:MOST])
        approved = OrderFilter(statuses=frozenset({OrderStatus.APPROVED}))
        found["to_place"] = orders(session, approved, page).items
        found["differences"] = differences(session, limit=MOST)
        found["plans"] = ready_plans(session, limit=MOST)
    if actor.may(Permission.RECEIVE_GOODS):
        day = today_in(get_company(session).time_zone, at)
        due = deliveries_due(session, day + timedelta(days=DELIVERY_DAYS), limit=MOST)
        found["deliveries"] = tuple(due)
        found["claims"] = tuple(claims_due(session, day, limit=MOST))
    return found


def _low_rooms(open_needs: tuple[Need, ...]) -> tuple[LowRoom, ...]:
    """Rooms with most to top up first; storerooms are bought for, not topped up."""
    by_room: defaultdict[tuple[str, str], list[Need]] = defaultdict(list)
    for need in open_needs:
        if not need.is_storeroom:
            by_room[need.location, need.location_name].append(need)
    rooms = [
        LowRoom(code, name, tuple(sorted(found, key=_emptiness)))
        for (code, name), found in by_room.items()
    ]
    return tuple(sorted(rooms, key=lambda room: (-len(room.needs), room.name)))


def _emptiness(need: Need) -> tuple[int, str]:
    """Per mille of the par level that is left."""
    return need.available.steps * 1000 // max(need.par_level.steps, 1), need.product_name
