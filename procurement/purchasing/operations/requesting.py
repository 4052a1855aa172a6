"""Asking several suppliers for their prices: drafted, sent with a private link each, closed or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.documents.quotation_request import render_quotation_request
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import MAX_STEPS
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_link
from procurement.kernel.serial import Series, next_number
from procurement.outbox.operations import MailFile, NewMail, put_mail
from procurement.purchasing.errors import StaleVersion, WrongStatus
from procurement.purchasing.models import Invitation, RequestForQuotation, RequestLine
from procurement.purchasing.queries.quotation_papers import request_content
from procurement.purchasing.queries.quotations import request_for_update
from procurement.purchasing.terms.quotations import WAITING, RequestStatus
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier
from procurement.sourcing.terms import Standing
from procurement.stock.queries.places import places_by_code

MOST_LINES = 200
MOST_SUPPLIERS = 20
MOST_PACKS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLine:
    """So many packs of a product; `pack` None means its sales pack."""

    product: str
    packs: int
    pack: str | None = None
    wanted_by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """What is wanted, of whom and until when. `number` None: a new request; else the draft of that number."""

    answer_by: date
    lines: tuple[WantedLine, ...]
    suppliers: tuple[str, ...]
    title: str = ""
    note: str = ""
    deliver_to: str | None = None
    number: str | None = None
    version: int | None = None


def save_request(
    session: Session, command: SaveRequest, *, actor: Actor, at: datetime
) -> RequestForQuotation:
    """Draft a request, or change a draft. Raises Invalid naming every bad field, WrongStatus, StaleVersion."""
    actor.require(Permission.DRAFT_ORDERS)
    today = today_in(get_company(session).time_zone, at)
    if command.number is None:
        request = RequestForQuotation(
            number=next_number(session, Series.REQUEST_FOR_QUOTATION, today),
            status=RequestStatus.DRAFT,
            drafted_at=at,
            drafted_by=actor.name[:200],
            decided_by="",
            lines=[],
            invitations=[],
        )
    else:
        request = request_for_update(session, command.number)
        if request.status is not RequestStatus.DRAFT:
            raise WrongStatus(f"{request.number} is {request.status}; only drafts are changed.")
        if command.version is not None and command.version != request.version:
            raise StaleVersion(f"Somebody changed {request.number} meanwhile.")
    if not 0 <= (command.answer_by - today).days <= 366:
        raise Invalid("A day from today on, within a year.", field="answer_by")
    lines = _lines(session, command.lines)
    invitations = _invitations(session, command.suppliers)
    request.title = text.optional_line(command.title, "title") or lines[0].name
    request.note = text.prose(command.note, "note")
    request.answer_by = command.answer_by
    request.deliver_to_id = _deliver_to(session, command.deliver_to)
    request.lines.clear()
    request.invitations.clear()
    session.add(request)
    session.flush()  # the old rows leave their places first
    request.lines, request.invitations = lines, invitations
    verb = "draft request" if command.number is None else "change request"
    record(session, verb, request.number, request.title, actor=actor, at=at)
    session.flush()  # numbers and versions are read by who called
    return request


def send_request(
    session: Session, number: str, *, public_url: str, actor: Actor, at: datetime
) -> RequestForQuotation:
    """Freeze it and mail every supplier its paper and its private link; `public_url` is how links begin."""
    actor.require(Permission.DRAFT_ORDERS)
    request = request_for_update(session, number)
    if request.status is not RequestStatus.DRAFT:
        raise WrongStatus(f"{number} is {request.status} already.")
    today = today_in(get_company(session).time_zone, at)
    if request.answer_by < today:
        raise Invalid("Its last day for answers is over; give it a later one.", field="answer_by")
    request.status = RequestStatus.SENT
    request.sent_at = at
    session.flush()  # the papers are read from the tables
    mailed = [
        invitation.supplier_id
        for invitation in request.invitations
        if _invite(session, request, invitation, public_url, at)
    ]
    detail = f"to {len(request.invitations)} suppliers, {len(mailed)} by mail"
    record(session, "send request", number, detail, actor=actor, at=at)
    return request


def invite_again(
    session: Session, number: str, supplier: str, *, public_url: str, actor: Actor, at: datetime
) -> None:
    """Mail a supplier a new private link; the one before leads nowhere from now on."""
    actor.require(Permission.DRAFT_ORDERS)
    request = request_for_update(session, number)
    if request.status not in WAITING:
        raise WrongStatus(f"{number} is {request.status}; nobody answers it any more.")
    code = select(Supplier.id).where(Supplier.code == supplier)
    supplier_id = session.scalar(code)
    found = next((one for one in request.invitations if one.supplier_id == supplier_id), None)
    if found is None:
        raise Invalid(f"{supplier} was not asked.", field="supplier")
    if not _invite(session, request, found, public_url, at):
        raise Invalid("The supplier has no mail address on file.", field="supplier")
    record(session, "send request again", number, supplier, actor=actor, at=at)


def end_request(
    session: Session, number: str, *, actor: Actor, at: datetime
) -> RequestForQuotation:
    """A draft is cancelled; one that was sent is closed without an award."""
    actor.require(Permission.DRAFT_ORDERS)
    request = request_for_update(session, number)
    if request.status is RequestStatus.DRAFT:
        request.status = RequestStatus.CANCELLED
    elif request.status in WAITING:
        request.status = RequestStatus.CLOSED
    else:
        raise WrongStatus(f"{number} is {request.status} already.")
    request.decided_at, request.decided_by = at, actor.name[:200]
    record(session, "end request", number, str(request.status), actor=actor, at=at)
    return request


def _invite(
    session: Session,
    request: RequestForQuotation,
    invitation: Invitation,
    public_url: str,
    at: datetime,
) -> bool:
    """Make the link and put the mail into the outbox; False where there is no address: somebody prints the paper."""
    supplier = session.get_one(Supplier, invitation.supplier_id)
    if not supplier.email:
        return False
    token, invitation.link_digest = new_link()
    invitation.mailed_at = at
    company = get_company(session)
    content = request_content(session, request.number, supplier.code)
    name = f"{request.number}-{supplier.code}.pdf"[:200]
    paper = keep_paper(session, render_quotation_request(content), name, at=at)
    until = f"{request.answer_by:%A} {request.answer_by.day} {request.answer_by:%B %Y}"
    put_mail(
        session,
        NewMail(
            recipient=supplier.email,
            subject=f"Request for quotation {request.number} from {company.name}",
            body=(
                f"Dear {supplier.contact or supplier.name},\n\n"
                f"what would you ask for the goods of the attached {request.number}? "
                f"Please answer by {until}, line by line, here (this link is yours alone):\n"
                f"{public_url.rstrip('/')}/rfq/{token}\n\n"
                f"An answer to this mail will do as well.\n\n{request.drafted_by}\n{company.name}\n"
            ),
            reference=request.number,
            files=(MailFile(paper.id, name),),
        ),
        at=at,
    )
    return True


def _lines(session: Session, wanted: Sequence[WantedLine]) -> list[RequestLine]:
    if not 1 <= len(wanted) <= MOST_LINES:
        raise Invalid(f"A request has between 1 and {MOST_LINES} lines.", field="lines")
    found = session.scalars(
        select(Product)
        .where(Product.sku.in_({line.product for line in wanted}))
        .options(selectinload(Product.packs))
    )
    products = {product.sku: product for product in found}
    lines, errors = [], []
    for index, line in enumerate(wanted):
        made = _line(products.get(line.product), line)
        if isinstance(made, RequestLine):
            made.position = index + 1
            lines.append(made)
        else:
            errors.append(FieldError(f"lines.{index}.{made.field}", made.message))
    if errors:
        raise Invalid.of(errors)
    return lines


def _line(product: Product | None, line: WantedLine) -> RequestLine | FieldError:
    if product is None:
        return FieldError("product", f"There is no product {line.product}.")
    if product.status is ProductStatus.DISCONTINUED or product.kind is Kind.SERVICE:
        return FieldError("product", f"{product.name} is not bought.")
    packs = [
        pack
        for pack in product.packs
        if pack.code == line.pack or (line.pack is None and pack.is_sales_pack)
    ]
    if not packs:
        named = "sales pack" if line.pack is None else f"pack {line.pack}"
        return FieldError("pack", f"{product.name} has no {named}.")
    too_many = line.packs * packs[0].size_steps > MAX_STEPS
    if not 1 <= line.packs <= MOST_PACKS or too_many:
        return FieldError("packs", f"The packs lie between 1 and {MOST_PACKS:,}.")
    return RequestLine(
        product_id=product.id,
        pack_id=packs[0].id,
        name=product.name,
        pack_steps=packs[0].size_steps,
        packs=line.packs,
        wanted_by=line.wanted_by,
    )


def _invitations(session: Session, codes: Sequence[str]) -> list[Invitation]:
    wanted = list(dict.fromkeys(codes))
    if not 1 <= len(wanted) <= MOST_SUPPLIERS:
        raise Invalid(f"Ask between 1 and {MOST_SUPPLIERS} suppliers.", field="suppliers")
    known = {
        supplier.code: supplier
        for supplier in session.scalars(select(Supplier).where(Supplier.code.in_(wanted)))
    }
    for code in wanted:
        supplier = known.get(code)
        if supplier is None or not supplier.active or supplier.standing is Standing.BLOCKED:
            raise Invalid(f"{code} is no supplier we buy from.", field="suppliers")
    return [
        Invitation(
            supplier_id=known[code].id,
            currency=known[code].currency,
            answered_by="",
            answered_from="",
            remark="",
            bids=[],
        )
        for code in wanted
    ]


def _deliver_to(session: Session, code: str | None) -> int | None:
    if code is None:
        return None
    place = places_by_code(session, {code}).get(code)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no room or storeroom {code}.", field="deliver_to")
    return place.id
