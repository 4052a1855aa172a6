"""What is short and why, the plan that cures it, and the one button that drafts it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import today_in, utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import Page, encode_cursor
from procurement.kernel.permissions import Permission
from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.operations.snoozing import SnoozeNeed, snooze_need, wake_need
from procurement.planning.queries.needs import last_run, needs
from procurement.planning.rules.plan import Plan, part_of, plan_of, rows_of
from procurement.planning.terms import Drafted, Need, Needs
from procurement.stock.queries.places import sites
from procurement.web.company import current_company
from procurement.web.filters import show_date, show_relative
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, next_url, page_request, wanted_format
from procurement.web.transactions import read, write

bp = section.door("needs", __name__, "/needs")
A_WEEK = timedelta(days=7)
MOST_BESIDE = 8  # lines in the side column

HEADER = (
    "location",
    "product",
    "name",
    "unit",
    "on_hand",
    "expiring",
    "on_order",
    "used_per_week",
    "wanted_by",
    "par_level",
    "reorder_point",
    "short",
    "transfer_from",
    "transfer",
    "supplier",
    "pack",
    "packs",
    "unit_price",
    "currency",
    "snoozed_until",
    "why",
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address narrows the list to; empty is all."""

    site: str | None
    room: str
    supplier: str
    snoozed: bool

    @classmethod
    def from_request(cls) -> "Wanted":
        args = request.args
        return cls(
            args.get("site") or None,
            args.get("room", ""),
            args.get("supplier", ""),
            args.get("show") == "snoozed",
        )

    @property
    def is_part(self) -> bool:
        """Less than what drafting would draft."""
        return bool(self.room or self.supplier or self.snoozed)

    def of(self, found: Needs) -> tuple[Need, ...]:
        rows = found.snoozed if self.snoozed else found.open
        return tuple(
            need
            for need in rows
            if self.room in {"", need.location} and self.supplier in {"", need.supplier}
        )


@bp.get("")
def index() -> Response | str:
    wanted = Wanted.from_request()
    with read() as session:
        found = needs(session, at=utc_now(), site=wanted.site)
        rows = wanted.of(found)
        if wanted_format():
            return export("needs", HEADER, _cells(rows))
        choices = [(row.code, row.name) for row in sites(session)]
        run = last_run(session)
    plan = plan_of(rows, today_in(current_company().time_zone, utc_now()))
    paging = page_request()
    (start,) = paging.key(int) or (0,)
    end = start + paging.limit
    more = encode_cursor((end,)) if rows_of(plan) > end else None
    return render_template(
        "backoffice/purchasing/needs.html",
        plan=part_of(plan, start, paging.limit),
        waiting=found.waiting[:MOST_BESIDE],
        more_waiting=max(len(found.waiting) - MOST_BESIDE, 0),
        snoozed=found.snoozed,
        wanted=wanted,
        title=_title(plan, wanted),
        lead=_lead(plan, rows) if not wanted.snoozed else _comes_back(rows),
        drafting="" if wanted.is_part else _drafting(plan),
        totals=plan.totals,
        sites=choices,
        rooms=_choices(
            (need.location, need.location_name) for need in (*found.open, *found.snoozed)
        ),
        suppliers=_choices(
            (need.supplier, need.supplier_name) for need in found.open if need.supplier is not None
        ),
        run=run,
        may_act=_may_act(),
        may_measure=current_actor().may(Permission.EDIT_LOCATIONS),
        next_page=next_url(Page((), more)),
        files=export_urls(),
    )


def _choices(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(set(named), key=lambda choice: choice[1])


def _may_act() -> bool:
    actor = current_actor()
    return actor.may(Permission.DRAFT_ORDERS) or actor.may(Permission.MOVE_STOCK)


@bp.post("/draft-orders")
def draft() -> Response:
    site = request.form.get("site") or None
    back = url_for(".index", site=site)
    try:
        with write() as session:
            drafted = draft_orders(session, DraftOrders(site), actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return redirect_with_flash(back, error.message, category="error")
    if drafted.purchase_orders:
        back = url_for("purchase_orders.index", view="to-approve")
    return redirect_with_flash(back, _said(drafted))


@bp.post("/snooze")
def snooze() -> Response:
    """A row's button puts its need aside for a week; the need's own page asks until when and why."""
    location, product = request.form.get("location", ""), request.form.get("product", "")
    until = today_in(current_company().time_zone, utc_now()) + A_WEEK
    command = SnoozeNeed(location=location, product=product, until=until)
    with write() as session:
        snooze_need(session, command, actor=current_actor(), at=utc_now())
    undo = {
        "undo": url_for(".wake"),
        "undo_label": "Bring back",
        "undo_fields": {"location": location, "product": product},
    }
    said = f"Put aside until {show_date(until)}, or until less is there."
    return redirect_with_flash(url_for(".index"), said, undo=undo)


@bp.post("/wake")
def wake() -> Response:
    location, product = request.form.get("location", ""), request.form.get("product", "")
    with write() as session:
        wake_need(session, location, product, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), "It is among the needs again.")


def _title(plan: Plan, wanted: Wanted) -> str:
    if wanted.snoozed:
        found = section.plural(
            plan.products, "One product is put aside", "{} products are put aside"
        )
        return found if plan.products else "Nothing is put aside"
    if not plan.products:
        return "Nothing runs short"
    return section.plural(plan.products, "One product runs short", "{} products run short")


def _lead(plan: Plan, rows: Sequence[Need]) -> str:
    if not plan.products:
        return "Every room and storeroom is at its reorder point or above."
    parts = []
    if plan.transfers:
        parts.append(section.plural(plan.transfers, "one transfer", "{} transfers"))
    if plan.suppliers:
        orders = section.plural(len(plan.suppliers), "one order", "{} orders")
        names = sorted({order.supplier_name for order in plan.suppliers})
        parts.append(f"{orders} to {section.joined(names)}" if len(names) < 4 else orders)
    if not parts:
        return "Nobody sells what is missing."
    return f"{_first(rows)}This plan tops up with {section.joined(parts)}."


def _comes_back(rows: Sequence[Need]) -> str:
    days = [need.snooze.until for need in rows if need.snooze]
    return f"The first comes back by itself {show_relative(min(days))}." if days else ""


def _first(rows: Sequence[Need]) -> str:
    """Which runs out first, where the use was measured."""
    known = [need for need in rows if need.steps.per_week]
    if not known:
        return ""
    need = min(known, key=lambda need: (need.wanted_by, need.product_name, need.location_name))
    return f"{need.product_name} is first: {need.location_name} runs out {show_relative(need.wanted_by)}. "


def _drafting(plan: Plan) -> str:
    """What drafting would make for the person who looks; empty when there is nothing they may draft."""
    actor = current_actor()
    parts = []
    if plan.suppliers and actor.may(Permission.DRAFT_ORDERS):
        parts.append(section.plural(len(plan.suppliers), "1 order", "{} orders"))
    if plan.transfers and actor.may(Permission.MOVE_STOCK):
        parts.append(section.plural(plan.transfers, "1 transfer", "{} transfers"))
    return f"Draft {section.joined(parts)}" if parts else ""


def _said(drafted: Drafted) -> str:
    made = (*drafted.purchase_orders, *drafted.transfers)
    return f"Drafted {section.joined(made)}." if made else "There was nothing left to draft."


def _cells(rows: Sequence[Need]) -> Iterator[tuple[Cell, ...]]:
    for need in rows:
        yield (
            need.location,
            need.product,
            need.product_name,
            str(need.on_hand.unit),
            need.on_hand.decimal,
            need.expiring.decimal,
            need.on_order.decimal,
            need.per_week.decimal,
            need.wanted_by,
            need.par_level.decimal,
            need.reorder_point.decimal,
            need.short.decimal,
            need.transfer_from,
            need.transfer.decimal,
            need.supplier,
            need.pack,
            need.packs,
            need.price.decimal if need.price else None,
            need.price.currency if need.price else None,
            need.snooze.until if need.snooze else None,
            " ".join(need.why),
        )
