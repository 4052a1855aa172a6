"""Claiming from a supplier what a delivery lacked: made by a tap, sent with its paper, answered, settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.documents.supplier_letter import render_supplier_letter
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.outbox.operations import MailFile, NewMail, put_mail
from procurement.purchasing.errors import ClaimState, StaleVersion
from procurement.purchasing.models import Claim, ClaimLine, GoodsReceipt, PurchaseOrder
from procurement.purchasing.queries.accepting import rules_for
from procurement.purchasing.queries.claims import (
    claim_by_key,
    claim_content,
    claim_for_update,
    claimed_before,
)
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.receipts import (
    goods_receipt_for_update,
    order_number_of_receipt,
    receipt_page,
)
from procurement.purchasing.rules.claims import (
    Claimed,
    claims_of,
    delivered_line,
    require_claim_transition,
)
from procurement.purchasing.terms import ClaimStatus, Fault, ReceiptPage, Remedy
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier

MAX_PACKS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedLine:
    """Packs of one line of the receipt. `asked` None asks the ordered price of them."""

    position: int
    fault: Fault
    packs: int
    asked: Money | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeClaim:
    """Without lines everything is claimed that was doubted, refused, missing or short-dated, and not claimed yet."""

    receipt: str
    lines: tuple[ClaimedLine, ...] = ()
    note: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeClaim:
    """What is asked, by the position of the line, until it is sent. `version` None: whatever it is."""

    note: str
    deadline: date
    asked: dict[int, Money]
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswer:
    """What the supplier said; `remedy` None is a no. `amount` None agrees to all that was asked."""

    remedy: Remedy | None
    amount: Money | None = None
    text: str = ""


def make_claim(session: Session, command: MakeClaim, *, actor: Actor, at: datetime) -> Claim:
    """Open a claim for a delivery. Raises Conflict (claimed before; taken back), Invalid."""
    actor.require_any(Permission.RECEIVE_GOODS, Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, order_number_of_receipt(session, command.receipt))
    receipt = goods_receipt_for_update(session, command.receipt)
    if command.idempotency_key and (before := claim_by_key(session, command.idempotency_key)):
        return before
    if receipt.reversed_at is not None:
        raise Conflict(f"{receipt.number} was taken back; there is nothing to claim.")
    page = receipt_page(session, receipt.number)
    known = claimed_before(session, receipt.id)
    lines = (
        _told(command, page)
        if command.lines
        else claims_of([delivered_line(line) for line in page.lines])
    )
    if command.lines:
        _require_unclaimed(lines, known)
    else:
        lines = [line for line in lines if (line.position, line.fault) not in known]
    if not lines:
        raise Conflict("Nothing of this delivery is left to claim.")
    made = _claim(session, order, receipt, lines, command, actor=actor, at=at)
    record(session, "make claim", made.number, receipt.number, actor=actor, at=at)
    return made


def change_claim(
    session: Session, number: str, command: ChangeClaim, *, actor: Actor, at: datetime
) -> Claim:
    """Change what an open claim asks. Raises ClaimState, StaleVersion, Invalid."""
    actor.require_any(Permission.RECEIVE_GOODS, Permission.DRAFT_ORDERS)
    made = claim_for_update(session, number)
    if made.status is not ClaimStatus.OPEN:
        raise ClaimState(f"{number} was sent; what it asks stays as it was read.")
    if command.version is not None and command.version != made.version:
        raise StaleVersion(f"Somebody changed {number} meanwhile; look again.")
    positions = {line.position: line for line in made.lines}
    errors = [
        FieldError(f"lines.{position}.asked", "An amount that is not below zero, in its currency.")
        for position, asked in command.asked.items()
        if position not in positions or asked.currency != made.currency or asked.minor < 0
    ]
    if errors:
        raise Invalid.of(errors)
    for position, asked in command.asked.items():
        positions[position].asked_minor = asked.minor
    made.asked_minor = sum(line.asked_minor for line in made.lines)
    made.note = text.prose(command.note, "note")
    made.deadline = command.deadline
    record(session, "change claim", number, actor=actor, at=at)
    return made


def send_claim(session: Session, number: str, *, actor: Actor, at: datetime) -> str:
    """Freeze the claim and put it into the outbox; the address, or nothing where there is none. Also again."""
    actor.require_any(Permission.RECEIVE_GOODS, Permission.DRAFT_ORDERS)
    made = claim_for_update(session, number)
    require_claim_transition(number, made.status, ClaimStatus.SENT)
    made.status, made.sent_at = ClaimStatus.SENT, at
    session.flush()  # the paper is read from the tables
    pdf = render_supplier_letter(claim_content(session, number))
    made.pdf_id = keep_paper(session, pdf, f"{number}.pdf", at=at).id
    supplier = session.get_one(Supplier, made.supplier_id)
    if supplier.email:
        company = get_company(session)
        mail = NewMail(
            recipient=supplier.email,
            subject=f"Claim {number} from {company.name}",
            body=_body(made, actor, company.name),
            reference=number,
            files=(MailFile(made.pdf_id),),
        )
        put_mail(session, mail, at=at)
    record(session, "send claim", number, supplier.email or "no mail address", actor=actor, at=at)
    return supplier.email


def answer_claim(
    session: Session, number: str, command: ClaimAnswer, *, actor: Actor, at: datetime
) -> Claim:
    """Note what the supplier agreed to, or that they said no. Raises ClaimState, Invalid."""
    actor.require_any(Permission.RECEIVE_GOODS, Permission.DRAFT_ORDERS)
    made = claim_for_update(session, number)
    after = ClaimStatus.AGREED if command.remedy else ClaimStatus.REJECTED
    require_claim_transition(number, made.status, after)
    amount = command.amount
    if amount is not None and (amount.currency != made.currency or amount.minor < 0):
        raise Invalid("An amount that is not below zero, in its currency.", field="amount")
    made.status, made.remedy, made.answered_at = after, command.remedy, at
    made.agreed_minor = None
    if command.remedy:
        made.agreed_minor = made.asked_minor if amount is None else amount.minor
    made.answer = text.prose(command.text, "text")
    detail = command.remedy.value if command.remedy else "rejected"
    record(session, "answer claim", number, detail, actor=actor, at=at)
    return made


def settle_claim(session: Session, number: str, *, actor: Actor, at: datetime) -> Claim:
    """The credit, the replacement or the collection has come. Raises ClaimState."""
    return _finish(session, number, ClaimStatus.SETTLED, actor=actor, at=at)


def withdraw_claim(session: Session, number: str, *, actor: Actor, at: datetime) -> Claim:
    """Leave it: its lines can be claimed again. Raises ClaimState."""
    return _finish(session, number, ClaimStatus.WITHDRAWN, actor=actor, at=at)


def _finish(
    session: Session, number: str, after: ClaimStatus, *, actor: Actor, at: datetime
) -> Claim:
    actor.require_any(Permission.RECEIVE_GOODS, Permission.DRAFT_ORDERS)
    made = claim_for_update(session, number)
    require_claim_transition(number, made.status, after)
    made.status = after
    if after is ClaimStatus.SETTLED:
        made.settled_at = at
    verb = "settle" if after is ClaimStatus.SETTLED else "withdraw"
    record(session, f"{verb} claim", number, actor=actor, at=at)
    return made


def _told(command: MakeClaim, page: ReceiptPage) -> list[Claimed]:
    """The lines somebody named, each checked against the delivery."""
    there = {line.position: line for line in page.lines}
    errors: list[FieldError] = []
    found: list[Claimed] = []
    for index, told in enumerate(command.lines):
        field = f"lines.{index}"
        line = there.get(told.position)
        if line is None:
            message = f"{page.number} has no line {told.position}."
            errors.append(FieldError(f"{field}.position", message))
            continue
        most = MAX_PACKS if told.fault is Fault.MISSING else line.packs
        if not 1 <= told.packs <= most:
            errors.append(FieldError(f"{field}.packs", f"Between 1 and {most:,} packs."))
            continue
        asked = told.asked or line.ordered_price.total(told.packs)
        if asked.currency != page.currency or asked.minor < 0:
            message = f"An amount in {page.currency}, not below zero."
            errors.append(FieldError(f"{field}.asked", message))
        note = text.optional_line(told.note, f"{field}.note")
        found.append(Claimed(told.position, told.fault, told.packs, asked, note))
    if errors:
        raise Invalid.of(errors)
    return found


def _require_unclaimed(lines: Sequence[Claimed], known: dict[tuple[int, str], str]) -> None:
    seen: set[tuple[int, str]] = set()
    for index, line in enumerate(lines):
        key = (line.position, line.fault)
        if key in known:
            raise Conflict(f"{known[key]} claims that already.", field=f"lines.{index}.position")
        if key in seen:
            raise Conflict("That stands here twice.", field=f"lines.{index}.position")
        seen.add(key)


def _claim(
    session: Session,
    order: PurchaseOrder,
    receipt: GoodsReceipt,
    lines: Sequence[Claimed],
    command: MakeClaim,
    *,
    actor: Actor,
    at: datetime,
) -> Claim:
    zone = get_company(session).time_zone
    days = rules_for(session, order.supplier_id, ()).claim_days
    made = Claim(
        number=next_number(session, Series.CLAIM, today_in(zone, at)),
        supplier_id=order.supplier_id,
        receipt_id=receipt.id,
        status=ClaimStatus.OPEN,
        currency=order.currency,
        asked_minor=sum(line.asked.minor for line in lines),
        deadline=today_in(zone, receipt.received_at) + timedelta(days=days),
        note=text.prose(command.note, "note"),
        made_at=at,
        made_by=actor.name,
        answer="",
        idempotency_key=command.idempotency_key,
    )
    made.lines = [
        ClaimLine(
            position=position,
            receipt_id=receipt.id,
            receipt_position=line.position,
            fault=line.fault,
            packs=line.packs,
            asked_minor=line.asked.minor,
            note=line.note,
        )
        for position, line in enumerate(lines, start=1)
    ]
    session.add(made)
    return made


def _body(made: Claim, actor: Actor, company: str) -> str:
    asked = Money(made.asked_minor, made.currency)
    note = f"\n\n{made.note}" if made.note else ""
    return (
        f"Please find our claim {made.number} over {asked} attached: what of your delivery was not as ordered, "
        f"and why.{note}\n\nPlease answer by {made.deadline:%d %B %Y}: a credit, a replacement, or the return of "
        f"the goods.\n\n{actor.name}\n{company}\n"
    )
