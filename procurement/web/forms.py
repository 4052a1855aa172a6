"""The base of every form: text comes in bounded and clean, and leaves as exact values or as a message at its field.

A form turns text into a command; it never loads and never saves. CSRF is checked for every unsafe request at once
(`web/identity.py`), so a template writes `{{ csrf() }}` and a form knows nothing of it.

    form = SiteForm.from_request()
    if form.validate():
        try:
            with write() as session:
                create_site(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), "Saved.")
    return render_form("backoffice/stock/site_new.html", form)
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from flask import flash, redirect, render_template, request
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from werkzeug.wrappers import Response
from wtforms import Field, FieldList, Form, FormField

from procurement.kernel.errors import DomainError, Forbidden, NotFound, Unavailable

MOST_ROWS = 500


if TYPE_CHECKING:
    _FieldList = FieldList[Any]
else:  # WTForms itself is not generic, its stubs are
    _FieldList = FieldList


class LineForm(Form):
    """One row of a line editor: `lines = LineList(FormField(OrderLineForm))`."""


class LineList(_FieldList):
    """The rows of a line editor. Rows in which nothing was typed are dropped; too many are refused, not cut off.

    `numbered`: a row keeps the number it was sent with, also where others are not sent.
    """

    def __init__(
        self,
        row: Any,  # a field not yet bound to a form
        label: str = "Lines",
        *,
        spare: int = 1,
        least: int = 1,
        most: int = MOST_ROWS,
        numbered: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(row, label, **options)
        self.numbered = numbered
        self.most = most
        self.spare = spare  # blank rows offered below
        self.least = least
        self.overfull = False

    def _extract_indices(self, prefix: str, formdata: Mapping[str, Any]) -> Iterator[int]:
        found: set[int] = set()
        for name, values in MultiDict(formdata).lists():
            row = name.removeprefix(f"{prefix}-").split("-", 1)[0] if "-" in name else ""
            if not name.startswith(f"{prefix}-") or not (row.isascii() and row.isdigit()):
                continue
            if len(row) <= 6 and any(str(value).strip() for value in values if value):
                found.add(int(row))
        self.overfull = len(found) > self.most
        yield from sorted(found)[: self.most]

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        fine = super().validate(form, extra_validators)
        if self.overfull:
            form.form_errors.append(f"At most {self.most:,} lines in one document, please.")
        if len(self.entries) < self.least:
            form.form_errors.append("Add at least one line.")
        return fine and not self.overfull and len(self.entries) >= self.least

    def put(self, number: int, data: object) -> None:
        """A row with this number in its fields' names; the others keep theirs."""
        entry = self._add_entry(data=data, index=number)  # type: ignore[attr-defined] # newer than its stubs
        entry.post_process()

    def _compact_indices(self) -> None:
        if not self.numbered:
            super()._compact_indices()  # type: ignore[misc] # newer than its stubs

    def offer_spare(self) -> None:
        """Blank rows below the filled ones, for the page only."""
        for _ in range(self.spare):
            self.append_entry()


class BaseForm(Form):
    """A form of a page. Subclasses add `to_command()`."""

    @classmethod
    def from_request(cls, **options: Any) -> Self:
        """The form as it was sent; on a GET as a link's query string fills it."""
        sent: Any = None
        if request.method in {"POST", "PUT", "PATCH"}:
            sent = CombinedMultiDict([request.files, request.form])
        elif request.args:
            sent = request.args
        return cls(formdata=sent, **options)

    @property
    def is_sent(self) -> bool:
        """Whether somebody pressed the button; a page just opened has nothing to check."""
        return request.method in {"POST", "PUT", "PATCH"}

    def blame(self, error: DomainError) -> None:
        """Put each message at the field it names; what names no field of ours stands above the form.

        What no other value could mend is not the form's matter: it goes on to its page of 403, 404 or 503.
        """
        if isinstance(error, Forbidden | Unavailable) or (
            isinstance(error, NotFound) and not error.errors
        ):
            raise error
        if not error.errors:
            self.form_errors.append(error.message)
        for found in error.errors:
            target = _field_at(self, found.field)
            if target is None:
                self.form_errors.append(found.message)
            else:
                target.errors = [*target.errors, found.message]
        for field in self:
            if isinstance(field, FieldList):  # it copied its rows' errors when it was validated
                rows = [row.errors for row in field.entries]
                field.errors = rows if any(rows) else []


def _field_at(form: Form, path: str) -> Field | None:
    """The field of a dotted path: "lines.0.packs" is a field of the first row."""
    current: Any = form
    for part in path.split("."):
        if isinstance(current, FieldList):
            if not part.isdigit() or int(part) >= len(current.entries):
                return None
            current = current.entries[int(part)]
            continue
        inner = current.form if isinstance(current, FormField) else current
        if not isinstance(inner, Form) or part not in inner:
            return None
        current = inner[part]
    return None if isinstance(current, FieldList | FormField | Form) else current


def render_form(
    template: str, form: Form, *, status: int | None = None, **context: Any
) -> Response:
    """The page with its form: 200 when it is opened, 422 when it comes back with messages."""
    if status is None:
        status = 422 if request.method not in {"GET", "HEAD"} else 200
    for field in form:
        if isinstance(field, LineList):
            field.offer_spare()
    body = render_template(template, form=form, **context)
    return Response(body, status, content_type="text/html; charset=utf-8")


def redirect_with_flash(
    url: str, text: str, *, category: str = "ok", undo: dict[str, Any] | None = None
) -> Response:
    """Go on with a word about what happened. `undo` is {"undo": url, "undo_label": ..., "undo_fields": {...}}."""
    message: Any = {"text": text, **undo} if undo else text
    flash(message, category)
    return redirect(url, 303)


def render_page(template: str, **context: Any) -> Response:
    """A page without a form of its own."""
    body = render_template(template, **context)
    return Response(body, content_type="text/html; charset=utf-8")
