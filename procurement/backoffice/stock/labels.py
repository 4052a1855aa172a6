"""Labels: of a product, a lot, opened bottles, a room, all rooms of a site, all lots of a delivery; as a PDF."""

from collections.abc import Sequence
from dataclasses import replace

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.documents.label import render_labels
from procurement.documents.label_content import FORMATS, MOST_LABELS, Label, LabelSheet
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.text import is_storable
from procurement.planning.queries.labels import (
    LabelKind,
    LabelWanted,
    labels,
    labels_of_receipt,
    labels_of_site,
)
from procurement.web.addresses import public_root
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, TickField, WholeNumberField
from procurement.web.forms import BaseForm, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import read

bp = Door("labels", __name__, audience=Audience.STAFF, url_prefix="/labels")

COOKIE = "label-format"
A_YEAR = 365 * 24 * 3600
_SITE, _RECEIPT = "site", "receipt"
_TITLES = {
    "product": "Label for a product",
    "lot": "Label for a lot",
    "container": "Label for an opened bottle",
    "location": "Label for a room",
    _SITE: "Labels for every room",
    _RECEIPT: "Labels for a delivery",
}
_MOST_NAMES = 100


class LabelForm(BaseForm):
    format = ChoiceField("Printed on", [(one.code, one.name) for one in FORMATS.values()])
    start = WholeNumberField(
        "First free label of the sheet",
        least=1,
        most=max(one.on_page for one in FORMATS.values()),
        default=1,
    )
    copies = WholeNumberField("Copies of each", least=1, most=500, default=1)
    per_pack = TickField("One for each pack that came")


@bp.get("")
def new() -> Response:
    current_actor().require(Permission.SEE_STOCK)
    return _page(LabelForm(data={"format": _usual_format()}), status=200)


@bp.get("/pdf")
def pdf() -> Response:
    current_actor().require(Permission.SEE_STOCK)
    form = LabelForm.from_request()
    found = _labels(per_pack=form.per_pack.data)
    if not form.validate() or not _fits(form, found):
        return _page(form, status=422)
    shape = FORMATS[form.format.data]
    each = form.copies.data
    printed = tuple(replace(label, copies=label.copies * each) for label in found)
    title = _TITLES[_kind()]
    sheet = LabelSheet(printed, shape, form.start.data, title, current_company().locale)
    response = attachment(render_labels(sheet), "labels.pdf", "application/pdf", inline=True)
    response.set_cookie(
        COOKIE, shape.code, max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def _fits(form: LabelForm, found: Sequence[Label]) -> bool:
    shape = FORMATS[form.format.data]
    if sum(label.copies for label in found) * form.copies.data > MOST_LABELS:
        form.copies.errors = [f"At most {MOST_LABELS:,} labels in one go, please."]
        return False
    if shape.is_sheet and form.start.data > shape.on_page:
        form.start.errors = [f"This sheet has {shape.on_page} labels."]
        return False
    return True


def _page(form: LabelForm, *, status: int) -> Response:
    found = _labels(per_pack=False)
    kind = _kind()
    return render_form(
        "backoffice/stock/labels.html",
        form,
        status=status,
        title=_TITLES[kind],
        kind=kind,
        names=_names(),
        of=request.args.get("of", ""),
        pack=request.args.get("pack", ""),
        found=found,
        back=_back(kind),
    )


def _usual_format() -> str:
    """What this device printed on last; at first a card for a door, else a sheet."""
    known = request.cookies.get(COOKIE, "")
    if known in FORMATS:
        return known
    return "cards-a6" if _kind() in {LabelKind.LOCATION, _SITE} else "sheet-24"


def _kind() -> str:
    kind = request.args.get("kind", "")
    if kind not in _TITLES:
        raise NotFound("Say what the label is for.")
    return kind


def _names() -> list[str]:
    names = [name for name in request.args.getlist("name") if name and is_storable(name)]
    if not names or len(names) > _MOST_NAMES:
        raise NotFound("Say what the label is for.")
    return names


def _labels(*, per_pack: bool) -> list[Label]:
    with read() as session:
        wanted = _wanted(session, _kind(), _names(), per_pack=per_pack)
        try:
            return labels(session, wanted, base=public_root())
        except Invalid as error:
            raise NotFound(error.errors[0].message) from error


def _wanted(
    session: ReadSession, kind: str, names: list[str], *, per_pack: bool
) -> list[LabelWanted]:
    if kind == _SITE:
        return labels_of_site(session, names[0])
    if kind == _RECEIPT:
        return labels_of_receipt(session, names[0], per_pack=per_pack)
    of, pack = request.args.get("of") or None, request.args.get("pack") or None
    if not is_storable(f"{of}{pack}"):
        raise NotFound("There is no such product.")
    return [LabelWanted(LabelKind(kind), name, of, pack) for name in names]


def _back(kind: str) -> str:
    name = _names()[0]
    addresses = {
        "product": lambda: url_for("products.show", sku=name),
        "container": lambda: url_for("bottles.show", number=name),
        "location": lambda: url_for("rooms.show", code=name),
        "lot": lambda: url_for("lots.index", q=name),
        _SITE: lambda: url_for("sites.index"),
        _RECEIPT: lambda: url_for("goods_receipts.show", number=name),
    }
    return addresses[kind]()
