"""`/labels`: a PDF of labels. Nothing is written, so asking again needs no key."""

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.labels import LabelsBody
from procurement.documents.label import render_labels
from procurement.documents.label_content import FORMATS, LabelSheet
from procurement.kernel.permissions import Permission
from procurement.planning.queries.labels import labels
from procurement.settings.queries import get_company
from procurement.web.addresses import public_root

api = Api("labels", "/labels")


@api.post(
    "",
    takes=LabelsBody,
    reads=True,
    media_type="application/pdf",
    summary="Labels as a PDF, for sheets or a roll",
)
def print_labels(call: Call[LabelsBody]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    body = call.body
    found = labels(call.session, [one.wanted() for one in body.labels], base=public_root())
    locale = get_company(call.session).locale
    sheet = LabelSheet(tuple(found), FORMATS[body.format], body.start, locale=locale)
    return Answer(
        content=render_labels(sheet), media_type="application/pdf", file_name="labels.pdf"
    )
