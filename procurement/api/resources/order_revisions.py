"""`/purchase-orders/{number}/amend` and what belongs to it: an order that was placed is changed by revisions."""

from dataclasses import replace
from typing import Any

from procurement.api.endpoint import Answer, Call
from procurement.api.resources.purchase_orders import api
from procurement.api.schemas.amending import AmendBody, RevisionShape, RevisionsShape
from procurement.api.schemas.purchasing import SendBackBody
from procurement.api.schemas.values import Nothing
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.amending import (
    amend_order,
    approve_change,
    refuse_change,
    withdraw_change,
)
from procurement.purchasing.queries.orders import require_order
from procurement.purchasing.queries.revisions import revision_paper, revisions_of
from procurement.web.addresses import public_root

__all__ = ["api"]


@api.post(
    "/<number>/amend",
    takes=AmendBody,
    gives=RevisionShape,
    summary="Change an order that was placed; what costs more may wait for approval",
)
def amend(call: Call[AmendBody], number: str) -> Answer:
    command = replace(call.body.command(number), public_url=public_root())
    amend_order(call.session, command, actor=call.actor, at=call.at)
    return _latest(call, number)


@api.post(
    "/<number>/amendment/approve",
    takes=Nothing,
    gives=RevisionShape,
    summary="Agree to the change that waits",
)
def approve_amendment(call: Call[Nothing], number: str) -> Answer:
    approve_change(call.session, number, actor=call.actor, at=call.at, public_url=public_root())
    return _latest(call, number)


@api.post(
    "/<number>/amendment/refuse",
    takes=SendBackBody,
    gives=RevisionShape,
    summary="Do not agree to it, and say why",
)
def refuse_amendment(call: Call[SendBackBody], number: str) -> Answer:
    refuse_change(call.session, number, why=call.body.why, actor=call.actor, at=call.at)
    return _latest(call, number)


@api.post(
    "/<number>/amendment/withdraw",
    takes=Nothing,
    gives=RevisionShape,
    summary="The change that waits is no longer wanted",
)
def withdraw_amendment(call: Call[Nothing], number: str) -> Answer:
    withdraw_change(call.session, number, actor=call.actor, at=call.at)
    return _latest(call, number)


@api.get("/<number>/revisions", gives=RevisionsShape, summary="How a placed order was changed")
def list_revisions(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    require_order(call.session, number)
    rows = revisions_of(call.session, number)
    return Answer(RevisionsShape(items=[RevisionShape.of(row) for row in rows]))


@api.get(
    "/<number>/revisions/<revision>/pdf",
    media_type="application/pdf",
    summary="The paper of one revision, as it was sent",
)
def revision_pdf(call: Call[Any], number: str, revision: str) -> Answer:
    if not (revision.isascii() and revision.isdigit() and len(revision) < 6):
        raise NotFound(f"{number} has no revision {revision}.")
    paper = revision_paper(call.session, number, int(revision), actor=call.actor)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


def _latest(call: Call[Any], number: str) -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(RevisionShape.of(revisions_of(call.session, number)[0]))
