"""Files beside an order: attached, saved, taken away from a draft."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing.order_amending import bp
from procurement.files.operations.attachments import MOST_BYTES
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Forbidden, NotFound
from procurement.purchasing.operations.attaching import attach_file, remove_attachment
from procurement.purchasing.queries.attachments import attached_file
from procurement.web.fields import TickField, UploadField
from procurement.web.forms import BaseForm, redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import read, write

__all__ = ["bp"]


class FileForm(BaseForm):
    file = UploadField("File", most_bytes=MOST_BYTES)
    for_supplier = TickField("Send it to the supplier")


@bp.post("/<number>/files")
def attach(number: str) -> Response:
    form = FileForm.from_request()
    url = url_for(".show", number=number, _anchor="files")
    if not form.validate():
        said = next(iter(form.file.errors), "Choose a file.")
        return redirect_with_flash(url, str(said), category="error")
    try:
        with write() as session:
            kept = attach_file(
                session,
                number,
                form.file.data,
                form.file.file_name,
                for_supplier=bool(form.for_supplier.data),
                actor=current_actor(),
                at=utc_now(),
            )
            name = kept.name
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url, f"{name} is attached.")


@bp.get("/<number>/files/<int:position>")
def save_file(number: str, position: int) -> Response:
    """To be saved, never shown in the page: it came from outside."""
    with read() as session:
        paper = attached_file(session, number, position, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.post("/<number>/files/<int:position>/remove")
def remove_file(number: str, position: int) -> Response:
    url = url_for(".show", number=number, _anchor="files")
    try:
        with write() as session:
            remove_attachment(session, number, position, actor=current_actor(), at=utc_now())
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url, "The file is taken away.")
