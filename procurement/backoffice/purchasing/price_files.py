"""Suppliers' price files: sent in, looked at as a difference, applied on a day, undone."""

from collections.abc import Iterable, Iterator

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.catalogue.uploads import Upload, Uploads
from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.exchange.price_files import LABELS, ColumnsUnknown, PriceList, read_price_list
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.planning.queries.price_effects import (
    PriceEffect,
    price_effects,
    quotes_touched,
)
from procurement.sourcing.operations.price_files import (
    ApplyPrices,
    NewPriceFile,
    apply_prices,
    discard_prices,
    take_in_prices,
    undo_prices,
)
from procurement.sourcing.queries import supplier_choices, supplier_page
from procurement.sourcing.queries.price_files import price_file_page, price_files
from procurement.sourcing.terms import (
    LineKind,
    PriceBreak,
    PriceFilePage,
    PriceFileRow,
    PriceFileStatus,
)
from procurement.web.fields import ChoiceField, DateField, UploadField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_account, current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = section.door("price_files", __name__, "/price-files")

MOST_BYTES = 20_000_000
SHOWN_REFUSALS = 100
HEADER = ("number", "supplier", "file", "status", "received_at", "apply_on", "changed")
LINE_HEADER = (
    "row",
    "kind",
    "code",
    "product",
    "name",
    "pack",
    "old_price",
    "new_price",
    "currency",
    "change_percent",
    "old_breaks",
    "new_breaks",
    "quotes",
    "quotes_touched",
    "applied",
    "outcome",
)
STATUSES = {
    PriceFileStatus.READ: ("To be looked at", "soon"),
    PriceFileStatus.SCHEDULED: ("Waits for its day", "info"),
    PriceFileStatus.APPLIED: ("Applied", "ok"),
    PriceFileStatus.UNDONE: ("Undone", ""),
    PriceFileStatus.DISCARDED: ("Discarded", ""),
}


class PriceFileForm(BaseForm):
    supplier = ChoiceField("Supplier")
    file = UploadField("CSV or XLSX file", most_bytes=MOST_BYTES, required=False)


class ApplyForm(BaseForm):
    on = DateField("From", required=False)


@bp.get("")
def index() -> Response | str:
    supplier, status = request.args.get("supplier") or None, one_of(PriceFileStatus)
    with read() as session:
        if wanted_format():
            rows = all_rows(
                lambda paging: price_files(session, paging, supplier=supplier, status=status)
            )
            return export("price-files", HEADER, _cells(rows))
        page = price_files(session, page_request(), supplier=supplier, status=status)
        choices = supplier_choices(session)
    return render_template(
        "backoffice/purchasing/price_files.html",
        page=page,
        statuses=STATUSES,
        suppliers=choices,
        supplier=supplier or "",
        status=status.value if status else "",
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/new")
def new() -> Response:
    current_actor().require(Permission.EDIT_SUPPLIERS)
    return _form_page(PriceFileForm(data={"supplier": request.args.get("supplier", "")}))


@bp.post("")
def send() -> Response:
    """The file itself, or one sent before with the columns that were said by hand."""
    current_actor().require(Permission.EDIT_SUPPLIERS)
    form = PriceFileForm.from_request()
    _offer_suppliers(form)
    if not form.validate():
        return _form_page(form)
    key = request.form.get("key", "")
    if form.file.data:
        upload = _uploads().keep(form.file.file_name, form.file.data)
    elif key:
        upload = _uploads().find(key)
    else:
        form.file.errors = ["Choose the file."]
        return _form_page(form)
    return _take_in(form, upload)


def _take_in(form: PriceFileForm, upload: Upload) -> Response:
    code, mapping = form.supplier.data, _mapping()
    with read() as session:
        currency = supplier_page(session, code).currency
    try:
        found = read_price_list(upload.data, currency=currency, mapping=mapping)
        if not found.rows:
            raise UnusableFile("No row of it has a price: " + _first_reasons(found))
        command = NewPriceFile(code, upload.name, found.rows, found.read_as, _refusals(found))
        with write() as session:
            number = take_in_prices(session, command, actor=current_actor(), at=utc_now()).number
    except ColumnsUnknown as error:
        form.form_errors.append(error.message)
        return _form_page(form, upload, error.header, mapping)
    except (Conflict, Invalid) as error:
        if isinstance(error, UnusableFile) or not error.errors:
            form.file.errors = [error.message]
        else:
            form.form_errors.extend(one.message for one in error.errors[:20])
        return _form_page(form)
    _uploads().forget(upload.key)
    return redirect_with_flash(url_for(".show", number=number), "The file is read.")


@bp.get("/<number>")
def show(number: str) -> Response:
    return _page(number, ApplyForm())


@bp.post("/<number>/apply")
def apply(number: str) -> Response:
    form = ApplyForm.from_request()
    typed = request.form.getlist("lines")
    chosen = {int(line) for line in typed if line.isascii() and line.isdigit() and len(line) < 7}
    if form.validate():
        command = ApplyPrices(number, form.on.data, sorted(chosen))
        try:
            with write() as session:
                apply_prices(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), "That is done.")
    return _page(number, form, chosen)


@bp.post("/<number>/undo")
def undo(number: str) -> Response:
    return section.act(
        url_for(".show", number=number),
        "The former prices are back.",
        lambda session: undo_prices(session, number, actor=current_actor(), at=utc_now()),
    )


@bp.post("/<number>/discard")
def discard(number: str) -> Response:
    return section.act(
        url_for(".show", number=number),
        "The file is discarded.",
        lambda session: discard_prices(session, number, actor=current_actor(), at=utc_now()),
    )


def _page(number: str, form: ApplyForm, chosen: set[int] | None = None) -> Response:
    with read() as session:
        page = price_file_page(session, number)
        effects = price_effects(session, page, actor=current_actor(), at=utc_now())
        touched = quotes_touched(session, page)
    if wanted_format():
        return export(f"prices-{number}", LINE_HEADER, _line_cells(page, effects))
    if chosen is None:
        chosen = set(page.chosen or (one.position for one in page.of_kind(LineKind.CHANGED)))
    if not form.is_sent and page.apply_on:
        form.on.data = page.apply_on
    return render_form(
        "backoffice/purchasing/price_file.html",
        form,
        file=page,
        effects=effects,
        chosen=chosen,
        can_choose=page.status in {PriceFileStatus.READ, PriceFileStatus.SCHEDULED},
        said=STATUSES[page.status],
        quotes=sorted({quote for effect in effects for quote in effect.quotes}),
        touched=touched,
        files=export_urls(),
    )


def _form_page(
    form: PriceFileForm,
    upload: Upload | None = None,
    header: tuple[str, ...] = (),
    mapping: dict[str, str] | None = None,
) -> Response:
    """With `header`, the columns of a file that was sent can be named."""
    _offer_suppliers(form)
    said = {name: column for column, name in (mapping or {}).items()}
    return render_form(
        "backoffice/purchasing/price_file_new.html",
        form,
        key=upload.key if upload and header else "",
        name=upload.name if upload else "",
        header=header,
        fields=[(name, label, said.get(name, "")) for name, label in LABELS.items()],
    )


def _offer_suppliers(form: PriceFileForm) -> None:
    with read() as session:
        form.supplier.choices = [("", "Choose one"), *supplier_choices(session)]


def _mapping() -> dict[str, str]:
    """Columns that were named by hand: column -> field."""
    named = ((request.form.get(f"column-{name}", ""), name) for name in LABELS)
    return {column: name for column, name in named if column}


def _uploads() -> Uploads:
    account = current_account()
    if account is None:
        raise NotFound("There is no such file; send it again.")
    return Uploads(current_app.extensions["config"].data_dir, account.id)


def _refusals(found: PriceList) -> str:
    said = [f"Row {one.row}: {one.column} {one.reason}" for one in found.refused]
    more = [f"and {len(said) - SHOWN_REFUSALS} more rows"] if len(said) > SHOWN_REFUSALS else []
    return "\n".join([*said[:SHOWN_REFUSALS], *more, *found.notes[:20]])[:10_000]


def _first_reasons(found: PriceList) -> str:
    said = [f"row {one.row}, {one.column} {one.reason}" for one in found.refused[:3]]
    return "; ".join(said) or "it is empty below its header."


def in_text(breaks: Iterable[PriceBreak]) -> str:
    """Price breaks on one line, such as 36.50, from 5: 34.50."""
    return ", ".join(
        f"from {step.from_packs}: {step.price.amount}" if step.from_packs > 1 else step.price.amount
        for step in breaks
    )


def _cells(rows: Iterable[PriceFileRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.supplier,
            row.name,
            row.status.value,
            row.received_at,
            row.apply_on,
            row.changed,
        )


def _line_cells(page: PriceFilePage, effects: list[PriceEffect]) -> Iterator[tuple[Cell, ...]]:
    by_position = {effect.line.position: effect for effect in effects}
    for line in page.lines:
        effect = by_position.get(line.position)
        yield (
            line.row,
            line.kind.value,
            line.code,
            line.product,
            line.product_name,
            line.pack,
            line.old.decimal if line.old else None,
            line.new.decimal if line.new else None,
            page.currency,
            effect.change if effect else None,
            in_text(line.before),
            in_text(line.after),
            ", ".join(effect.quotes) if effect else "",
            effect.touched if effect else 0,
            "yes" if line.is_applied else "no",
            line.outcome,
        )
