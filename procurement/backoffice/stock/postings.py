"""The history of stock: every movement with who, when and why; and taking a posting back."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.files.terms import PICTURE_TYPE
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.queries.history import MovementRow, movements
from procurement.stock.queries.photos import photo, photos_of
from procurement.stock.queries.places import places
from procurement.web.doors import Audience, Door
from procurement.web.fields import TextField
from procurement.web.filters import show_moment
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, next_url, page_request, wanted_format
from procurement.web.transactions import read, write

bp = Door("postings", __name__, audience=Audience.STAFF, url_prefix="/postings")

_PHOTO_WIDTH = 800
HEADER = (
    "When", "Who", "Reason", "SKU", "Product", "Lot", "From", "To", "Quantity", "Unit", "Document", "Note",
)  # fmt: skip


@bp.get("/")
def index() -> str | Response:
    current_actor().require(Permission.SEE_STOCK)
    product = request.args.get("product", "").strip() or None
    location = request.args.get("location") or None
    with read() as session:
        if wanted_format():
            rows = all_rows(
                lambda paging: movements(session, paging=paging, product=product, location=location)
            )
            return export("movements", HEADER, [_cells(row) for row in rows])
        page = movements(session, paging=page_request(), product=product, location=location)
        rooms = places(session, physical=False)
    return render_template(
        "backoffice/stock/postings.html",
        page=page,
        rooms=[(place.code, place.name) for place in rooms],
        product=product,
        location=location,
        next_url=next_url(page),
        exports=export_urls(),
    )


def _cells(row: MovementRow) -> tuple[str | None, ...]:
    return (
        show_moment(row.occurred_at),
        row.actor,
        row.reason,
        row.product,
        row.product_name,
        row.lot,
        row.source,
        row.destination,
        row.quantity.amount,
        row.quantity.unit,
        row.document,
        row.note,
    )


@bp.get("/<ref>")
def show(ref: str) -> str:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    return render_template(
        "backoffice/stock/posting.html",
        rows=_rows_of(ref),
        photos=_photos_of(ref),
        form=ReversalForm(),
        may_reverse=actor.may(Permission.ADJUST_STOCK),
    )


@bp.get("/<ref>/photos/<sha256>.webp")
def show_photo(ref: str, sha256: str) -> Response:
    """What the broken bottle looked like; for staff, unlike the pictures of products."""
    current_actor().require(Permission.SEE_STOCK)
    with read() as session:
        content = photo(session, ref, sha256, _PHOTO_WIDTH)
    response = Response(content, content_type=PICTURE_TYPE)
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def _photos_of(ref: str) -> list[str]:
    with read() as session:
        return photos_of(session, ref)


class ReversalForm(BaseForm):
    why = TextField("Why", required=False)


@bp.post("/<ref>/reverse")
def reverse(ref: str) -> Response:
    """The undo of a toast posts here too, without a word; then "Undone" is the reason."""
    form = ReversalForm.from_request()
    if form.validate():
        try:
            with write() as session:
                reverse_posting(
                    session, ref, form.why.data or "Undone", actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            target = request.form.get("back", "")
            return redirect_with_flash(
                url_for("rooms.show", code=target) if target else url_for(".index"), "Taken back."
            )
    return render_form(
        "backoffice/stock/posting.html", form, rows=_rows_of(ref), photos=[], may_reverse=True
    )


def _rows_of(ref: str) -> list[MovementRow]:
    with read() as session:
        rows = all_rows(lambda paging: movements(session, paging=paging, ref=ref))
    if not rows:
        raise NotFound("There is no such posting.")
    return rows
