"""What is short and why, the plan that cures it, and the one button that drafts it."""

from collections.abc import Iterator

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import today_in, utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.queries.needs import last_run, needs
from procurement.planning.rules.plan import Plan, plan_of
from procurement.planning.terms import Drafted, Need
from procurement.stock.queries.places import sites
from procurement.web.company import current_company
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = section.door("needs", __name__, "/needs")

HEADER = (
    "location",
    "product",
    "name",
    "unit",
    "on_hand",
    "on_order",
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
    "why",
)


@bp.get("")
def index() -> Response | str:
    site = request.args.get("site") or None
    with read() as session:
        found = needs(session, at=utc_now(), site=site)
        if wanted_format():
            return export("needs", HEADER, _cells(found.open))
        choices = [(row.code, row.name) for row in sites(session)]
        run = last_run(session)
    plan = plan_of(found.open, today_in(current_company().time_zone, utc_now()))
    return render_template(
        "backoffice/purchasing/needs.html",
        plan=plan,
        waiting=found.waiting,
        title=_title(plan),
        lead=_lead(plan),
        drafting=_drafting(plan),
        totals=plan.totals,
        sites=choices,
        site=site,
        run=run,
        files=export_urls(),
    )


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


def _title(plan: Plan) -> str:
    if not plan.products:
        return "Nothing runs short"
    return section.plural(plan.products, "One product runs short", "{} products run short")


def _lead(plan: Plan) -> str:
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
    return f"This plan tops up with {section.joined(parts)}."


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


def _cells(rows: tuple[Need, ...]) -> Iterator[tuple[Cell, ...]]:
    for need in rows:
        yield (
            need.location,
            need.product,
            need.product_name,
            str(need.on_hand.unit),
            need.on_hand.decimal,
            need.on_order.decimal,
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
            " ".join(need.why),
        )
