"""Returns to suppliers: lots chosen at a place, sent back with a delivery note, and taken back when it was wrong."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.purchasing.operations.returning import (
    ReturnedLot,
    ReturnGoods,
    return_goods,
    reverse_return,
)
from procurement.purchasing.queries.claims import claim_page
from procurement.purchasing.queries.return_origins import suppliers_of_lots
from procurement.purchasing.queries.returns import (
    return_page,
    return_paper,
    returnable,
    supplier_returns,
)
from procurement.purchasing.rules.wording import RETURN_WORDS
from procurement.purchasing.terms import Returnable, ReturnReason, ReturnRow
from procurement.sourcing.queries import supplier_choices, supplier_page
from procurement.stock.queries.places import places
from procurement.stock.terms import LocationKind
from procurement.web.fields import (
    ChoiceField,
    MoneyField,
    ProseField,
    TextField,
    plain_figure,
    typed_quantity,
)
from procurement.web.filters import show_plain, today
from procurement.web.forms import (
    BaseForm,
    LineForm,
    LineList,
    redirect_with_flash,
    render_form,
)
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

bp = section.door("supplier_returns", __name__, "/supplier-returns")

HEADER = (
    "number",
    "supplier",
    "supplier_name",
    "location",
    "reason",
    "sent_at",
    "sent_by",
    "lots",
    "credit",
    "currency",
    "claim",
    "credit_note",
    "credit_due",
    "reversed",
)


class LotForm(LineForm):
    lot = HiddenField()
    quantity = TextField("Goes back", required=False, most=40)


class ReturnForm(BaseForm):
    reason = ChoiceField("Why", [(one.value, word) for one, word in RETURN_WORDS.items()])
    credit = MoneyField("Credit we expect", required=False)
    note = ProseField("To the supplier", required=False, most=2000)
    claim = HiddenField()
    key = HiddenField()
    lines = LineList(FormField(LotForm), spare=0, least=0)

    def chosen(self, there: Mapping[str, Returnable]) -> list[tuple[int, ReturnedLot]]:
        """The rows that say how much goes back; what cannot be read is said at its field."""
        found: list[tuple[int, ReturnedLot]] = []
        for index, entry in enumerate(self.lines.entries):
            typed, lot = entry.form.quantity.data, there.get(entry.form.lot.data)
            if not typed or lot is None:
                continue
            try:
                quantity: Quantity = typed_quantity(plain_figure(typed), lot.free.unit)
            except ValueError as error:
                entry.form.quantity.errors = [str(error)]
                continue
            found.append((index, ReturnedLot(lot.name, quantity)))
        return found

    @property
    def has_bad_lines(self) -> bool:
        return any(entry.form.quantity.errors for entry in self.lines.entries)


@bp.get("")
def index() -> Response | str:
    due = request.args.get("view") == "credit"
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: supplier_returns(session, paging, credit_due=due))
            return export("supplier-returns", HEADER, _cells(rows))
        page = supplier_returns(session, page_request(), credit_due=due)
    return render_template(
        "backoffice/purchasing/returns.html",
        page=page,
        due=due,
        tabs=[
            {"label": "All", "url": url_for(".index"), "active": not due},
            {"label": "Credit to come", "url": url_for(".index", view="credit"), "active": due},
        ],
        reasons=RETURN_WORDS,
        next_url=next_url(page),
        files=export_urls(),
        may_return=_may_return(),
    )


@bp.get("/<number>")
def show(number: str) -> str:
    with read() as session:
        page = return_page(session, number)
    return render_template(
        "backoffice/purchasing/return.html",
        page=page,
        head=page.head,
        reasons=RETURN_WORDS,
        may_return=_may_return(),
    )


@bp.get("/<number>/pdf")
def pdf(number: str) -> Response:
    with read() as session:
        paper = return_paper(session, number, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.post("/<number>/reverse")
def reverse(number: str) -> Response:
    why, at = request.form.get("why", ""), utc_now()
    return section.act(
        url_for(".show", number=number),
        f"{number} is taken back; the goods stand where they stood.",
        lambda session: reverse_return(session, number, why=why, actor=current_actor(), at=at),
    )


@bp.get("/new")
def new() -> Response:
    """Which supplier and from where; then the lots that stand there."""
    current_actor().require_any(Permission.RECEIVE_GOODS, Permission.HOLD_LOTS)
    wanted = request.args.get("claim", "")
    form = ReturnForm(data={"key": uuid.uuid4().hex, "claim": wanted})
    supplier = request.args.get("supplier", "")
    if wanted:
        with read() as session:
            page = claim_page(session, wanted)
        supplier = page.head.supplier
        fault = page.lines[0].fault.value
        form.reason.data = (
            fault if fault in {one.value for one in ReturnReason} else ReturnReason.OTHER.value
        )
    lot = request.args.get("lot", "")
    if lot and not supplier:
        with read() as session:
            supplier, _ = suppliers_of_lots(session, [lot]).get(lot, ("", ""))
    return _page(form, supplier, request.args.get("location", ""), lot)


@bp.post("/new")
def create() -> Response:
    supplier, location = request.args.get("supplier", ""), request.args.get("location", "")
    form = ReturnForm.from_request()
    with read() as session:
        form.credit.currency = supplier_page(session, supplier).currency
        there = {one.name: one for one in returnable(session, location, supplier)}
    is_fine = form.validate()
    chosen = form.chosen(there)
    if not chosen and not form.has_bad_lines:
        form.form_errors.append("Say of at least one lot how much goes back.")
    if is_fine and chosen and not form.has_bad_lines:
        command = ReturnGoods(
            supplier=supplier,
            location=location,
            reason=ReturnReason(form.reason.data),
            lines=tuple(lot for _, lot in chosen),
            note=form.note.data,
            credit=form.credit.data,
            claim=form.claim.data or None,
            idempotency_key=f"form:{form.key.data[:64]}" if form.key.data else None,
        )
        try:
            with write() as session:
                made = return_goods(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(section.at_rows(error, [index for index, _ in chosen]))
        else:
            url = url_for(".show", number=made.number)
            return redirect_with_flash(url, f"{made.number} is posted; print its delivery note.")
    return _page(form, supplier, location)


def _page(form: ReturnForm, supplier: str, location: str, lot: str = "") -> Response:
    """With `lot` all of it that is free goes back, unless somebody types less; it stands first."""
    with read() as session:
        suppliers = supplier_choices(session)
        if supplier and supplier not in dict(suppliers):
            raise NotFound(f"There is no supplier {supplier}.")
        rooms = [
            (place.code, f"{place.name}, {place.site}")
            for place in places(session)
            if place.kind is not LocationKind.IN_TRANSIT
        ]
        there = returnable(session, location, supplier) if supplier and location else []
        currency = supplier_page(session, supplier).currency if supplier else ""
    if not form.is_sent:
        there.sort(key=lambda one: one.name != lot)
        rows = [
            {"lot": one.name, "quantity": show_plain(one.free) if one.name == lot else ""}
            for one in there
        ]
        form.lines.process(None, rows)
        form.reason.data = _reason(there, lot) or form.reason.data
    form.credit.currency = currency or form.credit.currency
    return render_form(
        "backoffice/purchasing/return_new.html",
        form,
        suppliers=suppliers,
        rooms=rooms,
        supplier=supplier,
        location=location,
        lot=lot,
        currency=currency,
        lots={one.name: one for one in there},
    )


def _reason(there: Sequence[Returnable], lot: str) -> str:
    """What the state of a lot says of why it goes back; empty where it says nothing."""
    one = next((one for one in there if one.name == lot), None)
    if one is None:
        return ""
    if one.status == "recalled":
        return ReturnReason.RECALLED.value
    is_past = one.expires_on is not None and one.expires_on < today()
    return ReturnReason.EXPIRED.value if is_past else ""


def _may_return() -> bool:
    actor = current_actor()
    return actor.may(Permission.RECEIVE_GOODS) or actor.may(Permission.HOLD_LOTS)


def _cells(rows: Iterable[ReturnRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.supplier,
            row.supplier_name,
            row.location,
            row.reason.value,
            row.sent_at,
            row.sent_by,
            row.lines,
            row.credit.decimal if row.credit else None,
            row.credit.currency if row.credit else "",
            row.claim or "",
            row.credit_note or "",
            "yes" if row.is_credit_due else "no",
            "yes" if row.is_reversed else "no",
        )
