"""Many quotes as PDFs: begun from a list, watched, left and found again, cancelled, taken as one ZIP."""

import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import IO

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import batches_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.files.queries import kept_paper
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.batching import BeginBatch, begin_batch, cancel_batch
from procurement.sales.queries.batches import batch_faults, batch_papers, batch_row, batches
from procurement.sales.queries.pipeline import QuoteFilter
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.batches import BatchStatus
from procurement.web.addresses import public_url
from procurement.web.fields import ChoiceField, TextField, TickField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

IN_MEMORY = 8 * 1024 * 1024
CHUNK = 256 * 1024


class BatchForm(BaseForm):
    status = ChoiceField(
        "Which quotes",
        [("", "All but superseded"), *((one.value, one.value.capitalize()) for one in QuoteStatus)],
        required=False,
    )
    customer = TextField("Only of the customer (code)", required=False)
    text = TextField("Number or customer holds", required=False)
    issues = TickField("Issue the drafts among them")
    mails = TickField("Mail what is issued")

    def to_command(self) -> BeginBatch:
        return BeginBatch(
            wanted=QuoteFilter(
                status=QuoteStatus(self.status.data) if self.status.data else None,
                customer=self.customer.data or None,
                text=self.text.data,
            ),
            public_url=public_url("/").rstrip("/"),
            issues=self.issues.data,
            mails=self.mails.data,
        )


@bp.route("/", methods=["GET", "POST"])
def index() -> Response:
    actor = current_actor()
    form = BatchForm.from_request()
    if form.is_sent and form.validate():
        try:
            with write() as session:
                begun = begin_batch(session, form.to_command(), actor=actor, at=utc_now())
                number = begun.number
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), f"{number} has begun.")
    with read() as session:
        rows = batches(session, actor=actor)
    return render_form(
        "backoffice/sales/batches.html",
        form,
        rows=rows,
        tabs=sales_tabs("quotes"),
        may_sell=actor.may(Permission.SELL),
    )


@bp.get("/<number>")
def show(number: str) -> str:
    actor = current_actor()
    with read() as session:
        batch = batch_row(session, number, actor=actor)
        faults = batch_faults(session, number, actor=actor)
    part = "HX-Request" in request.headers
    return render_template(
        "backoffice/sales/batch_progress.html" if part else "backoffice/sales/batch.html",
        batch=batch,
        faults=faults,
        may_cancel=batch.status is BatchStatus.RUNNING and actor.may(Permission.SELL),
    )


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    with write() as session:
        cancel_batch(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", number=number), f"{number} is cancelled.")


@bp.get("/<number>/zip")
def download(number: str) -> Response:
    """All papers as they are kept, read one by one: a thousand of them never stand in memory together."""
    with ExitStack() as refused, read() as session:
        file = refused.enter_context(tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for key, name in batch_papers(session, number, actor=current_actor()):
                paper = kept_paper(session, key)
                if paper is not None:
                    # The same papers give the same archive: no time of packing in it.
                    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), paper.content)
        refused.pop_all()
    size = file.tell()
    file.seek(0)
    response = Response(_read(file), content_type="application/zip")
    response.call_on_close(file.close)  # also when nobody reads it to its end
    response.headers.set("Content-Disposition", "attachment", filename=f"{number}.zip")
    response.headers["Cache-Control"] = "no-store"
    response.content_length = size
    return response


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
