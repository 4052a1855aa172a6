"""The file of an invoice between filling the form in and recording: this person's, for a day."""

from flask import current_app

from procurement.backoffice.catalogue.uploads import Uploads
from procurement.kernel.errors import Invalid, NotFound
from procurement.purchasing.operations.invoicing import MOST_PAPER, ScannedPaper
from procurement.web.fields import UploadField
from procurement.web.forms import BaseForm
from procurement.web.identity import current_account


class FileForm(BaseForm):
    file = UploadField("The invoice as a file", most_bytes=MOST_PAPER)


def uploads() -> Uploads:
    account = current_account()
    if account is None:
        raise NotFound("There is no such file; send it again.")
    return Uploads(current_app.extensions["config"].data_dir, account.id)


def paper_of(key: str) -> ScannedPaper | None:
    """What was kept under the key of a form; none without a key. Invalid where it is gone."""
    if not key:
        return None
    try:
        kept = uploads().find(key)
    except NotFound as error:
        raise Invalid(error.message, field="paper") from error
    return ScannedPaper(kept.data, kept.name)
