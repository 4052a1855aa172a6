"""Recalls and drills: started from a lot, dealt with place by place, phone in hand; as a page, a paper and a file."""

from collections.abc import Callable, Iterator
from functools import partial

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.documents.recall import render_recall
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.db import Session
from procurement.kernel.errors import Conflict, DomainError, Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.sending_back import SettleItem, settle_recall_item
from procurement.purchasing.queries.return_origins import returns_of_postings, suppliers_of_lots
from procurement.sourcing.queries import supplier_choices
from procurement.stock.operations.recalls import (
    StartRecall,
    close_recall,
    look_again,
    start_recall,
)
from procurement.stock.queries.recall_papers import (
    OUTCOMES,
    described,
    recall_content,
    spoken,
    summary_of,
)
from procurement.stock.queries.recalls import RecallPage, RecallRow, recall_page, recalls
from procurement.stock.terms import RecallOutcome
from procurement.web.doors import Audience, Door
from procurement.web.fields import CodeField, ProseField, TextField, TickField
from procurement.web.filters import show_moment
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = Door("recalls", __name__, audience=Audience.STAFF, url_prefix="/recalls")

LIST_HEADER = (
    "Number", "Kind", "SKU", "Product", "Reason", "Status", "Started", "By", "Places", "Dealt with",
)  # fmt: skip
HEADER = (
    "Kind", "When", "Lot", "Detail", "Place", "Code", "Quantity", "Unit", "What became of it", "By", "Document", "Note",
)  # fmt: skip
# What is tapped most comes first.
BUTTONS = (
    (RecallOutcome.QUARANTINED, "In hand: quarantine"),
    (RecallOutcome.RETURNED, "Sent back"),
    (RecallOutcome.DESTROYED, "Destroyed"),
    (RecallOutcome.NOT_FOUND, "Not found"),
)


class RecallForm(BaseForm):
    product = CodeField("SKU")
    lots = TextField("Lots")
    reason = ProseField("Why", most=1000)
    drill = TickField("A drill: find and time everything, hold and move nothing")

    def to_command(self) -> StartRecall:
        lots = tuple(part.strip() for part in self.lots.data.split(",") if part.strip())
        return StartRecall(self.product.data, lots, self.reason.data, self.drill.data)


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        if wanted_format():
            rows = all_rows(partial(recalls, session))
            return export("recalls", LIST_HEADER, [_list_cells(row) for row in rows])
        page = recalls(session, page_request())
    return render_template(
        "backoffice/stock/recalls.html",
        page=page,
        may_hold=actor.may(Permission.HOLD_LOTS),
        next_url=next_url(page),
        exports=export_urls(),
    )


def _list_cells(row: RecallRow) -> tuple[Cell, ...]:
    return (
        row.number,
        "drill" if row.is_drill else "recall",
        row.product,
        row.product_name,
        row.reason,
        row.status,
        show_moment(row.started_at),
        row.started_by,
        row.places,
        row.settled,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> Response:
    current_actor().require(Permission.HOLD_LOTS)
    form = RecallForm.from_request()
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                started = start_recall(
                    session, form.to_command(), actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            gave_up = sorted({one.demand for one in started.promised if one.was_released})
            said = f"{started.number} found {started.places} places."
            if gave_up:
                said += f" Taken off {', '.join(gave_up)}."
            return redirect_with_flash(url_for(".show", number=started.number), said)
    return render_form("backoffice/stock/recall_new.html", form)


@bp.get("/<number>")
def show(number: str) -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        page = recall_page(session, number)
        names = {item.position: f"{page.head.product}/{item.lot}" for item in page.to_do}
        senders = suppliers_of_lots(session, sorted(set(names.values()))) if names else {}
        returns = returns_of_postings(session, [one.posting for one in page.done if one.posting])
        suppliers = supplier_choices(session) if len(senders) < len(set(names.values())) else []
    if wanted_format():
        return export(number, HEADER, list(_cells(page)))
    may_return = actor.may(Permission.HOLD_LOTS) or actor.may(Permission.RECEIVE_GOODS)
    return render_template(
        "backoffice/stock/recall.html",
        page=page,
        head=page.head,
        summary=list(summary_of(page)),
        took=spoken(int(page.head.took.total_seconds())) if page.head.took is not None else "",
        outcomes=OUTCOMES,
        described=described,
        buttons=[
            button
            for button in BUTTONS
            if may_return or page.head.is_drill or button[0] is not RecallOutcome.RETURNED
        ],
        senders={position: senders.get(name) for position, name in names.items()},
        suppliers=suppliers if may_return and not page.head.is_drill else [],
        returns=returns,
        may_settle=actor.may(Permission.HOLD_LOTS) or actor.may(Permission.WRITE_OFF_STOCK),
        may_hold=actor.may(Permission.HOLD_LOTS),
        exports=export_urls(),
    )


@bp.get("/<number>/pdf")
def pdf(number: str) -> Response:
    current_actor().require(Permission.SEE_STOCK)
    with read() as session:
        content = recall_content(session, number)
    return attachment(render_recall(content), f"{number}.pdf", "application/pdf", inline=True)


@bp.post("/<number>/items/<int:position>")
def settle(number: str, position: int) -> Response:
    try:
        outcome = RecallOutcome(request.form.get("outcome", ""))
    except ValueError as error:
        raise Invalid("Say what became of it.", field="outcome") from error
    note = request.form.get("note", "")[:500]

    command = SettleItem(
        recall=number,
        position=position,
        outcome=outcome,
        note=note,
        supplier=request.form.get("supplier") or None,
    )

    def step(session: Session) -> str:
        made = settle_recall_item(session, command, actor=current_actor(), at=utc_now())
        if made is not None:
            return f"{made.number} is posted; print its delivery note."
        return f"Noted: {OUTCOMES[outcome]}."

    return _act(number, step)


@bp.post("/<number>/look-again")
def look(number: str) -> Response:
    def step(session: Session) -> str:
        found = look_again(session, number, actor=current_actor(), at=utc_now())
        return f"{found} more found." if found else "Nothing has turned up elsewhere."

    return _act(number, step)


@bp.post("/<number>/close")
def close(number: str) -> Response:
    def step(session: Session) -> str:
        close_recall(session, number, actor=current_actor(), at=utc_now())
        return f"{number} is closed."

    return _act(number, step)


def _act(number: str, step: Callable[[Session], str]) -> Response:
    """Do it and say so on the recall's page; a refusal is said there too."""
    back = url_for(".show", number=number)
    try:
        with write() as session:
            said = step(session)
    except (Conflict, Invalid) as error:
        return redirect_with_flash(back, error.message, category="error")
    return redirect_with_flash(back, said)


def _cells(page: RecallPage) -> Iterator[tuple[Cell, ...]]:
    """Every place, then every treatment and customer: one file for the authority."""
    for item in page.items:
        yield (
            "place",
            show_moment(item.settled_at) if item.settled_at else "",
            item.lot,
            described(item),
            item.location_name,
            item.location,
            item.quantity.amount,
            item.quantity.unit,
            OUTCOMES[item.outcome] if item.outcome else "still to be found",
            item.settled_by or "",
            item.posting or "",
            item.note,
        )
    for kind, rows in (
        ("treatment", page.treatments),
        ("customer", page.customers),
        ("other", page.other),
    ):
        for one in rows:
            yield (
                kind,
                show_moment(one.occurred_at),
                one.lot,
                one.reason.replace("_", " "),
                one.from_name,
                one.from_code,
                one.quantity.amount,
                one.quantity.unit,
                "",
                one.actor,
                one.document or one.ref,
                one.note,
            )
