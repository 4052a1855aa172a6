"""`/quote-batches`, `/quote-templates` and `/look`: many quotes at one go, what is offered again, how papers look."""

import io
import zipfile
from typing import Any

from flask import current_app

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.sales import QuoteShape
from procurement.api.schemas.selling_tools import (
    BatchBody,
    BatchRowShape,
    BatchShape,
    FromTemplateBody,
    LookBody,
    LookShape,
    PictureBody,
    TemplateBody,
    TemplateShape,
)
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.files.queries import kept_paper
from procurement.kernel.errors import Conflict, NotFound
from procurement.kernel.paging import PageRequest, slice_of
from procurement.kernel.permissions import Permission
from procurement.sales.operations.batching import begin_batch, cancel_batch
from procurement.sales.operations.copying import draft_from_template, drop_template, save_template
from procurement.sales.queries.batches import batch_faults, batch_papers, batch_row, batches
from procurement.sales.queries.quotes import quote_page
from procurement.sales.queries.templates import quote_templates
from procurement.settings.operations.look import ChangeLook, change_look
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile

MOST_BYTES = 64 * 1024 * 1024  # of the papers in one answer
_PACKED = (1980, 1, 1, 0, 0, 0)  # the same papers give the same archive
PICTURES = frozenset({"logo", "head", "cover"})

batching = Api("quote_batches", "/quote-batches")
templates = Api("quote_templates", "/quote-templates")
looks = Api("look", "/look")


@batching.get("", query=ListQuery, gives=BatchRowShape, many=True, summary="The last batches")
def list_batches(call: Call[Any]) -> Answer:
    rows = batches(call.session, actor=call.actor)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    page = slice_of(rows, paging, lambda row: row.number)
    return Answer(listing(page, BatchRowShape.of))


@batching.post(
    "", takes=BatchBody, gives=BatchShape, status=201, summary="Print or issue many quotes"
)
def begin(call: Call[BatchBody]) -> Answer:
    public_url = str(current_app.extensions["config"].public_url)
    command = call.body.command(public_url.rstrip("/"))
    made = begin_batch(call.session, command, actor=call.actor, at=call.at)
    call.session.flush()  # its lines are counted for the answer
    return Answer(_batch(call, made.number), location=address("quote-batches", made.number))


@batching.get("/<number>", gives=BatchShape, summary="How far a batch is")
def show_batch(call: Call[Any], number: str) -> Answer:
    return Answer(_batch(call, number))


@batching.post(
    "/<number>/cancel", takes=Nothing, gives=BatchShape, summary="Stop after the quote in hand"
)
def cancel(call: Call[Nothing], number: str) -> Answer:
    cancel_batch(call.session, number, actor=call.actor, at=call.at)
    call.session.flush()  # it is read back at once
    return Answer(_batch(call, number))


@batching.get("/<number>/zip", media_type="application/zip", summary="Its papers, up to 64 MB")
def papers(call: Call[Any], number: str) -> Answer:
    batch_row(call.session, number, actor=call.actor)
    packed, size = io.BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for key, name in batch_papers(call.session, number, actor=call.actor):
            paper = kept_paper(call.session, key)
            if paper is None:
                continue
            size += len(paper.content)
            if size > MOST_BYTES:
                raise Conflict("These are more than 64 MB: take them from the page, please.")
            archive.writestr(zipfile.ZipInfo(name, _PACKED), paper.content)
    return Answer(
        content=packed.getvalue(),
        media_type="application/zip",
        file_name=f"{number}.zip",
        disposition="attachment",
    )


def _batch(call: Call[Any], number: str) -> BatchShape:
    row = batch_row(call.session, number, actor=call.actor)
    return BatchShape.page(row, batch_faults(call.session, number, actor=call.actor))


@templates.get(
    "", query=ListQuery, gives=TemplateShape, many=True, summary="Quote templates, by name"
)
def list_templates(call: Call[Any]) -> Answer:
    rows = quote_templates(call.session, actor=call.actor)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(slice_of(rows, paging, lambda row: row.name), TemplateShape.of))


@templates.post(
    "",
    takes=TemplateBody,
    gives=TemplateShape,
    status=201,
    summary="Keep a quote's lines and words under a name",
)
def keep_template(call: Call[TemplateBody]) -> Answer:
    body = call.body
    made = save_template(call.session, body.quote, body.name, actor=call.actor, at=call.at)
    rows = quote_templates(call.session, actor=call.actor)
    shape = next(TemplateShape.of(row) for row in rows if row.id == made.id)
    return Answer(shape, location=address("quote-templates"))


@templates.post(
    "/<template>/quotes",
    takes=FromTemplateBody,
    gives=QuoteShape,
    status=201,
    summary="Draft a quote from it, at the customer's prices",
)
def draft(call: Call[FromTemplateBody], template: str) -> Answer:
    customer = call.body.customer
    made = draft_from_template(call.session, _key(template), customer, actor=call.actor, at=call.at)
    page = quote_page(call.session, made.number, actor=call.actor, at=call.at)
    shape = QuoteShape.page(page, None, staff=True)
    return Answer(shape, location=address("quotes", made.number))


@templates.post("/<template>/remove", takes=Nothing, summary="Take a template away")
def remove_template(call: Call[Nothing], template: str) -> Answer:
    drop_template(call.session, _key(template), actor=call.actor, at=call.at)
    return Answer({})


def _key(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise NotFound("There is no such template.")
    return int(written)


@looks.get("", gives=LookShape, summary="How papers look")
def show_look(call: Call[Any]) -> Answer:
    call.actor.require(Permission.EDIT_SETTINGS)
    return Answer(LookShape.of(get_company(call.session)))


@looks.put("", takes=LookBody, gives=LookShape, summary="Change how papers to come look")
def put_look(call: Call[LookBody]) -> Answer:
    change_look(call.session, call.body.command(), actor=call.actor, at=call.at)
    return Answer(LookShape.of(_read_back(call)))


@looks.put(
    "/pictures/<name>",
    takes=PictureBody,
    gives=LookShape,
    summary="Another logo, letterhead (head) or cover, or none",
)
def put_picture(call: Call[PictureBody], name: str) -> Answer:
    call.actor.require(Permission.EDIT_SETTINGS)
    if name not in PICTURES:
        raise NotFound("A look has the pictures logo, head and cover.")
    now = get_company(call.session)
    command = ChangeLook(
        tagline=now.tagline,
        footer=now.footer,
        brand_colour=now.brand_colour,
        head_everywhere=now.head_everywhere,
        quote_cover=now.quote_cover,
        version=call.body.version,
        pictures={name: call.body.picture()},
    )
    change_look(call.session, command, actor=call.actor, at=call.at)
    return Answer(LookShape.of(_read_back(call)))


def _read_back(call: Call[Any]) -> CompanyProfile:
    call.session.flush()  # the answer is read from the row
    return get_company(call.session)
