"""Importing a list: send it, see how it was read and what would happen, then take it."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.catalogue.uploads import Upload, Uploads
from procurement.catalogue.terms import Kind
from procurement.exchange.importing import (
    Glance,
    ImportFile,
    ImportOutcome,
    glance,
    import_file,
    read_list,
)
from procurement.exchange.layouts import LAYOUT_NAMES
from procurement.exchange.layouts.stillroom import LAYOUT as STILLROOM
from procurement.exchange.tabular import ByHand, Detected, UnusableFile
from procurement.exchange.tabular.decoding import ENCODINGS
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.queries.places import places
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, TickField, UploadField, WholeNumberField
from procurement.web.forms import BaseForm, render_form
from procurement.web.identity import current_account, current_actor
from procurement.web.transactions import read, write

bp = Door("catalogue_import", __name__, audience=Audience.STAFF, url_prefix="/catalogue/import")

MOST_BYTES = 20_000_000
SHOWN_REFUSALS = 200
SAMPLE_LENGTH = 120
OWN_FIELDS = tuple(STILLROOM.columns)
_LAYOUTS = {
    "auto": "Find out from the columns",
    "stillroom": "Stillroom",
    "shopify": "Shopify products",
    "woocommerce": "WooCommerce products",
    "spree": "Spree products",
    "openboxes": "OpenBoxes",
}
SEPARATORS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
_MARKS = {".": "Point: 12.50", ",": "Comma: 12,50"}


class SettingsForm(BaseForm):
    """What a person says about the file; empty leaves it to what was found out."""

    layout = ChoiceField(
        "Whose list it is", [(name, _LAYOUTS[name]) for name in LAYOUT_NAMES], default="auto"
    )
    kind = ChoiceField(
        "Kind of products whose kind the file omits",
        [
            ("", "As the list suggests"),
            *((kind.value, kind.replace("_", " ").capitalize()) for kind in Kind),
        ],
        required=False,
    )
    location = ChoiceField("Where its stock and levels are", required=False)
    sku_from_name = TickField("Make missing SKUs from the name")
    accept_barcodes = TickField("Take the barcodes offered for damaged ones")
    encoding = ChoiceField(
        "Letters", [("", "As found out"), *((e, e) for e in ENCODINGS)], required=False
    )
    separator = ChoiceField(
        "Between the cells", [("", "As found out"), *SEPARATORS.items()], required=False
    )
    header_row = WholeNumberField(
        "Row with the names of the columns", least=1, most=100_000, required=False
    )
    sheet = ChoiceField("Sheet", required=False)
    decimal_mark = ChoiceField("Decimals", [("", "As found out"), *_MARKS.items()], required=False)

    def by_hand(self) -> ByHand:
        return ByHand(
            encoding=self.encoding.data or None,
            separator=self.separator.data or None,
            header_row=self.header_row.data,
            sheet=self.sheet.data or None,
            decimal_mark=","
            if self.decimal_mark.data == ","
            else "."
            if self.decimal_mark.data
            else None,
        )

    def to_command(self, upload: Upload, mapping: dict[str, str]) -> ImportFile:
        return ImportFile(
            name=upload.name,
            data=upload.data,
            layout=self.layout.data,
            mapping=mapping,
            by_hand=self.by_hand(),
            kind=Kind(self.kind.data) if self.kind.data else None,
            location=self.location.data or None,
            sku_from_name=self.sku_from_name.data,
            accept_barcodes=self.accept_barcodes.data,
        )


class UploadForm(SettingsForm):
    file = UploadField("CSV or XLSX file", most_bytes=MOST_BYTES)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file in the table of the preview."""

    number: int
    name: str
    use: str  # the field it was taken for, "" for none
    sample: str
    is_said: bool  # by the person, not found out


@dataclass(frozen=True, slots=True)
class Preview:
    """What the preview page shows: an outcome, or why there is none."""

    upload: Upload
    outcome: ImportOutcome | None
    glance: Glance | None
    mapping: dict[str, str]
    trouble: str = ""

    @property
    def detected(self) -> Detected | None:
        found = self.outcome or self.glance
        return found.detected if found else None

    @property
    def good_rows(self) -> int:
        return self.outcome.read - len(self.outcome.refused) if self.outcome else 0

    @property
    def fields(self) -> tuple[str, ...]:
        return self.outcome.fields if self.outcome else OWN_FIELDS

    @property
    def columns(self) -> list[Column]:
        found = self.outcome or self.glance
        if found is None:
            return []
        uses = dict(self.outcome.columns) if self.outcome else self.mapping
        return [
            Column(number, name, uses.get(name, ""), _sample(found, number), name in self.mapping)
            for number, name in enumerate(found.header)
            if name and (uses.get(name) or name in self.mapping or _sample(found, number))
        ]


def _sample(found: ImportOutcome | Glance, number: int) -> str:
    cells = [" ".join(row.cells[number].split()) for row in found.sample]
    text = " · ".join(cell for cell in cells if cell)
    return text if len(text) <= SAMPLE_LENGTH else f"{text[: SAMPLE_LENGTH - 1]}…"


@bp.get("/")
def new() -> Response:
    current_actor().require(Permission.EDIT_CATALOGUE)
    return render_form("backoffice/catalogue/import_new.html", _with_places(UploadForm()))


@bp.post("/")
def send() -> Response:
    current_actor().require(Permission.EDIT_CATALOGUE)
    form = _with_places(UploadForm.from_request())
    if not form.validate():
        return render_form("backoffice/catalogue/import_new.html", form)
    return _preview(form, _uploads().keep(form.file.file_name, form.file.data))


@bp.post("/<key>/preview")
def preview(key: str) -> Response:
    current_actor().require(Permission.EDIT_CATALOGUE)
    upload = _uploads().find(key)
    form = _with_places(SettingsForm.from_request(), upload)
    if not form.validate():
        return _page(form, Preview(upload, None, glance(upload.data, ByHand()), _mapping()))
    return _preview(form, upload)


@bp.post("/<key>")
def take(key: str) -> Response:
    current_actor().require(Permission.EDIT_CATALOGUE)
    upload = _uploads().find(key)
    form = _with_places(SettingsForm.from_request(), upload)
    if not form.validate():
        return _preview(form, upload)
    try:
        outcome = _import(form.to_command(upload, _mapping()), dry_run=False)
    except UnusableFile:
        return _preview(form, upload)
    page = render_template(
        "backoffice/catalogue/import_done.html",
        outcome=outcome,
        name=upload.name,
        most=SHOWN_REFUSALS,
    )
    return Response(page, content_type="text/html; charset=utf-8")


@bp.get("/<key>")
@bp.get("/<key>/preview")
def again(key: str) -> Response:  # noqa: ARG001 (the address has it)
    """A preview's address without its form: the settings are gone, so it starts anew."""
    current_actor().require(Permission.EDIT_CATALOGUE)
    return redirect(url_for(".new"))


def _preview(form: SettingsForm, upload: Upload) -> Response:
    """Run the import and keep nothing of it."""
    mapping = _mapping()
    trouble, outcome, looked = "", None, None
    try:
        outcome = _import(form.to_command(upload, mapping), dry_run=True)
    except UnusableFile as error:
        trouble = error.message
        looked = glance(upload.data, form.by_hand())
    return _page(form, Preview(upload, outcome, looked, mapping, trouble))


def _import(command: ImportFile, *, dry_run: bool) -> ImportOutcome:
    """Read first, so that nobody waits for the transaction meanwhile."""
    reading = read_list(command, currency=current_company().currency)
    with write(dry_run=dry_run) as session:
        return import_file(session, command, actor=current_actor(), at=utc_now(), reading=reading)


def _page(form: SettingsForm, shown: Preview) -> Response:
    if shown.detected:
        form.sheet.choices = [
            ("", "As found out"),
            *((name, name) for name in shown.detected.sheets),
        ]
    return render_form(
        "backoffice/catalogue/import_preview.html",
        form,
        status=422 if shown.trouble or form.errors else 200,
        shown=shown,
        separators=SEPARATORS,
        most=SHOWN_REFUSALS,
        take_url=url_for(".take", key=shown.upload.key),
        again_url=url_for(".preview", key=shown.upload.key),
    )


def _mapping() -> dict[str, str]:
    """What the person said of the columns: of column N, its name, the field chosen, and the field it was taken for."""
    found: dict[str, str] = {}
    for name, column in request.form.items():
        number = name.removeprefix("column-")
        if name == number or not number.isdigit() or not column:
            continue
        chosen, was = request.form.get(f"field-{number}", ""), request.form.get(f"was-{number}", "")
        if chosen != was or request.form.get(f"said-{number}"):
            found[column] = chosen
    return found


def _with_places(form: Any, upload: Upload | None = None) -> Any:
    with read() as session:
        rooms = [(place.code, f"{place.name} ({place.code})") for place in places(session)]
    form.location.choices = [("", "Not in this file"), *rooms]
    sheet = request.form.get("sheet", "")
    form.sheet.choices = [("", "As found out"), *([(sheet, sheet)] if sheet and upload else [])]
    return form


def _uploads() -> Uploads:
    account = current_account()
    if account is None:
        raise NotFound("There is no such file; send it again.")
    return Uploads(current_app.extensions["config"].data_dir, account.id)
