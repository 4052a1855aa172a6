"""Purchase plans: the cheapest right orders beside the usual rules, why, and the button that drafts them."""

from collections.abc import Iterable, Iterator
from decimal import ROUND_UP, Decimal

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.money import Money
from procurement.kernel.paging import all_rows
from procurement.planning.operations.plans.drafting import draft_plan
from procurement.planning.operations.plans.making import (
    MOST_PATIENCE_DAYS,
    Decide,
    MakePlan,
    PlanLimits,
    cancel_plan,
    decide,
    make_plan,
    replan,
    undo_decision,
)
from procurement.planning.queries.purchase_plans import (
    DecisionRow,
    OrderView,
    PlanPage,
    PlanProgress,
    PlanRow,
    plan_page,
    plan_progress,
    purchase_plans,
)
from procurement.planning.rules.purchase.status import DecisionKind, PlanStatus
from procurement.sourcing.rules.items import MAX_PACKS
from procurement.web.fields import (
    ChoiceField,
    MoneyField,
    PercentField,
    TextField,
    WholeNumberField,
)
from procurement.web.filters import show_money, show_percent, show_relative
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, next_url, page_request, wanted_format
from procurement.web.transactions import read, write

bp = section.door("plans", __name__, "/plans")

HEADER = ("number", "status", "site", "made_at", "made_by", "needs", "cost", "usual", "currency")
LINE_HEADER = (
    "supplier",
    "deliver_to",
    "product",
    "name",
    "needed",
    "unit",
    "pack",
    "packs",
    "blanket_order",
    "goods",
    "currency",
    "arrives_on",
    "why",
)


STAGES = ("Needs and prices read", "Waits for its turn", "The solver looks", "Checked and priced")
_FEW = 40  # lines whose forms do not make a page heavy


class LimitsForm(BaseForm):
    preference = PercentField("Stay with the preferred up to")
    patience_days = WholeNumberField("May come late by", most=MOST_PATIENCE_DAYS)
    budget = MoneyField("Spend at most", required=False)

    def limits(self) -> PlanLimits:
        return PlanLimits(self.preference.data, self.patience_days.data, self.budget.data)


class DecisionForm(BaseForm):
    kind = ChoiceField("Decision", choices=[(kind.value, kind.value) for kind in DecisionKind])
    deliver_to = TextField("Place", required=False, most=64)
    product = TextField("Product", required=False, most=64)
    supplier = TextField("Supplier", required=False, most=64)
    pack = TextField("Pack", required=False, most=64)
    # What the choice of a pin sends: supplier and pack in one.
    offer = TextField("Buy it from", required=False, most=130)
    packs = WholeNumberField("Packs", least=1, most=MAX_PACKS, required=False)

    def to_command(self, number: str) -> Decide:
        supplier, _, pack = self.offer.data.partition("\t") if self.offer.data else ("", "", "")
        return Decide(
            number=number,
            kind=DecisionKind(self.kind.data),
            deliver_to=self.deliver_to.data,
            product=self.product.data,
            supplier=supplier or self.supplier.data,
            pack=pack or self.pack.data,
            packs=self.packs.data,
        )


@bp.get("")
def index() -> Response | str:
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: purchase_plans(session, paging))
            return export("plans", HEADER, _row_cells(rows))
        page = purchase_plans(session, page_request())
    return render_template(
        "backoffice/purchasing/plans.html", page=page, next_url=next_url(page), files=export_urls()
    )


@bp.post("")
def create() -> Response:
    site = request.form.get("site") or None
    try:
        with write() as session:
            plan = make_plan(session, MakePlan(site), actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return redirect_with_flash(
            url_for("needs.index", site=site), error.message, category="error"
        )
    return redirect_with_flash(url_for(".show", number=plan.number), f"{plan.number} is planned.")


@bp.get("/<number>")
def show(number: str) -> Response:
    with read() as session:
        page = plan_page(session, number)
    if wanted_format():
        return export(f"plan-{number}", LINE_HEADER, _line_cells(page.orders))
    return _page(page, LimitsForm(obj=page))


@bp.get("/<number>/progress")
def progress(number: str) -> Response:
    """The part of the page that says how far it is; when it is done, the page itself."""
    with read() as session:
        found = plan_progress(session, number)
    if not found.is_computing:
        return Response(status=204, headers={"HX-Refresh": "true"})
    page = render_template("backoffice/purchasing/_plan_progress.html", **_progress(found))
    return Response(page, headers={"Cache-Control": "no-store"})


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    return section.act(
        url_for(".show", number=number),
        f"{number} is no longer computed.",
        lambda session: cancel_plan(session, number, actor=current_actor(), at=utc_now()),
    )


@bp.post("/<number>/decide")
def take_decision(number: str) -> Response:
    form = DecisionForm.from_request()
    if not form.validate():
        messages = [message for field in form for message in field.errors]
        return _back(number, messages[0], category="error")
    return section.act(
        url_for(".show", number=number),
        "Planned again with your decision.",
        lambda session: decide(
            session, form.to_command(number), actor=current_actor(), at=utc_now()
        ),
    )


@bp.post("/<number>/undo")
def undo(number: str) -> Response:
    key = request.form.get("decision", type=int) or 0
    return section.act(
        url_for(".show", number=number),
        "Planned again without it.",
        lambda session: undo_decision(session, number, key, actor=current_actor(), at=utc_now()),
    )


@bp.post("/<number>/replan")
def plan_again(number: str) -> Response:
    with read() as session:
        page = plan_page(session, number)
    form = LimitsForm.from_request()
    form.budget.currency = page.currency
    if form.validate():
        try:
            with write() as session:
                replan(session, number, form.limits(), actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return _back(number, "Planned again with the needs and prices of now.")
    return _page(page, form)


@bp.post("/<number>/draft-orders")
def draft(number: str) -> Response:
    try:
        with write() as session:
            drafted = draft_plan(session, number, actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return _back(number, error.message, category="error")
    return _back(number, f"Drafted {section.joined(drafted.purchase_orders)}.")


def _back(number: str, said: str, category: str = "ok") -> Response:
    return redirect_with_flash(url_for(".show", number=number), said, category=category)


def _progress(found: PlanProgress) -> dict[str, object]:
    """Stage and seconds of a plan that is being computed."""
    since = found.claimed_at
    seconds = max(0, int((utc_now() - since).total_seconds())) if since else 0
    said = f"The solver has looked for {section.plural(seconds, 'a second', '{} seconds')}."
    return {
        "number": found.number,
        "stages": STAGES,
        "stage": 2 if since else 1,
        "said": said if seconds else "It is the next one to be computed.",
        "demands": found.demands,
    }


def _page(page: PlanPage, form: LimitsForm) -> Response:
    form.budget.currency = page.currency
    computing = page.status is PlanStatus.COMPUTING
    stand = PlanProgress(page.number, computing, page.demands, page.claimed_at)
    return render_form(
        "backoffice/purchasing/plan.html",
        form,
        plan=page,
        progress=_progress(stand),
        title=_title(page),
        lead=_lead(page),
        drafting=_drafting(page),
        proof=_proof(page),
        percent_saved=_percent_saved(page),
        decided=_decided,
        freight=_scale,
        again_fields=_again(page),
        decidable=_decidable(page),
        files=export_urls(),
    )


def _decidable(page: PlanPage) -> frozenset[int]:
    """The lines shown with what can be decided about them: all of a small plan, of a large one the line asked for."""
    if _bought(page) <= _FEW:
        return frozenset(line.line.place for order in page.orders for line in order.lines)
    asked = request.args.get("line", type=int)
    return frozenset() if asked is None else frozenset({asked})


def _bought(page: PlanPage) -> int:
    return len({line.line.place for order in page.orders for line in order.lines})


def _title(page: PlanPage) -> str:
    if page.status is PlanStatus.COMPUTING:
        return "The plan is being computed"
    if page.cost is None:
        return "The plan was not computed"
    if not page.orders:
        return "This plan buys nothing"
    products = section.plural(_bought(page), "One product", "{} products")
    suppliers = len({order.order.supplier for order in page.orders})
    return f"{products} from {section.plural(suppliers, 'one supplier', f'{suppliers} suppliers')}"


def _lead(page: PlanPage) -> str:
    """The best thing there is to say: freight that was saved, else when the goods come."""
    if page.status is PlanStatus.COMPUTING:
        return "This takes some seconds; you may leave, and find it again under Plans."
    if page.cost is None:
        return "Plan again when you are ready."
    for view in page.orders:
        if view.freight and view.freight.is_free and view.freight.added.minor > 0:
            return view.freight.note
    if not page.orders:
        return "Change your decisions, or what it keeps to, and plan again."
    there = show_relative(max(order.arrives_on for order in page.orders))
    if page.saved is not None and page.saved.minor > 0:
        saved = show_money(page.saved)
        return f"It saves {saved} against the usual rule; everything is there {there}."
    return f"Everything is there {there}."


def _again(page: PlanPage) -> dict[str, str]:
    """The limits as they are, for the button that only looks at the needs and prices again."""
    return {
        "preference": page.preference.percent,
        "patience_days": str(page.patience_days),
        "budget": page.budget.amount if page.budget else "",
    }


def _proof(page: PlanPage) -> str:
    if page.gap_e6 is None:
        return "Nothing is proved about it: a cheaper plan may exist."
    if not page.gap_e6:
        return "No plan is cheaper: proved."
    percent = format(Decimal(page.gap_e6).scaleb(-4).quantize(Decimal("0.01"), ROUND_UP), "f")
    return f"A plan that is cheaper by more than {percent}\u202f% does not exist: proved."


def _percent_saved(page: PlanPage) -> str:
    if page.saved is None or page.usual is None or not page.usual.minor:
        return ""
    return show_percent(Decimal(100 * page.saved.minor) / page.usual.minor)


def _decided(one: DecisionRow) -> str:
    """A decision in words."""
    if one.kind is DecisionKind.LEAVE_OUT:
        return f"{one.product_name} is left out"
    if one.kind is DecisionKind.FORBID:
        return f"Not from {one.supplier_name}" + (f": {one.product_name}" if one.product else "")
    packs = f"{one.packs} of " if one.packs else ""
    return f"{one.product_name}: {packs}{one.pack} from {one.supplier_name}"


def _drafting(page: PlanPage) -> str:
    if page.status is not PlanStatus.READY or not page.orders:
        return ""
    return f"Draft {section.plural(len(page.orders), '1 order', '{} orders')}"


def _scale(view: OrderView) -> dict[str, object]:
    """The bar towards free delivery, in per cent of its end; the end lies a little beyond what matters most."""
    assert view.freight is not None
    assert view.free_from is not None
    goal = view.free_from
    end = max(view.order.goods.minor, goal.minor) * 21 // 20 or 1
    return {
        "percent": 100 * view.freight.needed.minor // end,
        "added": 100 * view.freight.added.minor // end,
        "tick": 100 * goal.minor // end,
    }


def _row_cells(rows: Iterable[PlanRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.status.value,
            row.site,
            row.made_at,
            row.made_by,
            row.demands,
            _decimal(row.cost),
            _decimal(row.usual),
            row.cost.currency if row.cost else None,
        )


def _decimal(money: Money | None) -> Cell:
    return money.decimal if money else None


def _line_cells(orders: tuple[OrderView, ...]) -> Iterator[tuple[Cell, ...]]:
    for order in orders:
        for view in order.lines:
            line = view.line
            yield (
                line.supply.supplier,
                line.demand.deliver_to,
                line.demand.product,
                line.demand.product_name,
                line.demand.quantity.decimal,
                str(line.demand.unit),
                line.supply.pack,
                line.packs,
                line.supply.blanket or None,
                line.goods.decimal,
                line.goods.currency,
                line.supply.arrives_on,
                " ".join(view.why),
            )
