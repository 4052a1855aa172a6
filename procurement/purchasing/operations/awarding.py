"""Awarding a request for quotation line by line: each supplier that won gets its draft order."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail, put_mail
from procurement.purchasing.errors import StaleVersion, WrongStatus
from procurement.purchasing.models import Bid, Invitation, RequestForQuotation, RequestLine
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.purchasing.queries.quotations import request_for_update
from procurement.purchasing.rules.quotations import price_at
from procurement.purchasing.terms.quotations import WAITING, RequestStatus
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.sourcing.operations.suppliers import (
    NewPriceBreak,
    SaveSupplierItem,
    save_supplier_item,
)
from procurement.stock.queries.places import places_by_id


@dataclass(frozen=True, slots=True)
class Award:
    """So many packs, as the supplier offered them, of a line. A line may be split over suppliers."""

    position: int
    supplier: str
    packs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRequest:
    """`update_items` keeps the winners' prices as their supplier items; `tell_others` mails those who got nothing."""

    number: str
    awards: tuple[Award, ...]
    update_items: bool = False
    tell_others: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class _Won:
    """A bid with what of it is bought."""

    award: Award
    line: RequestLine
    bid: Bid
    product: Product
    pack: Pack

    def prices(self, currency: str) -> list[tuple[int, UnitPrice]]:
        breaks = [(step.from_packs, UnitPrice(step.price_e4, currency)) for step in self.bid.breaks]
        return [(1, UnitPrice(self.bid.price_e4, currency)), *breaks]


def award_request(
    session: Session, command: AwardRequest, *, actor: Actor, at: datetime
) -> list[str]:
    """The numbers of the draft orders, one for each supplier that won. Raises WrongStatus, StaleVersion, Invalid."""
    actor.require(Permission.DRAFT_ORDERS)
    request = request_for_update(session, command.number)
    if request.status not in WAITING:
        raise WrongStatus(f"{request.number} is {request.status}; it cannot be awarded.")
    if command.version is not None and command.version != request.version:
        raise StaleVersion(f"{request.number} was answered meanwhile; look at it again.")
    suppliers = _suppliers(session, request)
    won = _won(session, request, suppliers, command.awards)
    today = today_in(get_company(session).time_zone, at)
    numbers = []
    for invitation in request.invitations:
        bought = won.get(invitation.id)
        if not bought:
            continue
        supplier = suppliers[invitation.supplier_id]
        if invitation.valid_until is not None and invitation.valid_until < today:
            raise Conflict(
                f"The prices of {supplier.name} were valid until {invitation.valid_until}."
            )
        numbers.append(_order(session, request, invitation, supplier, bought, actor=actor, at=at))
        if command.update_items:
            for one in bought:
                _keep_price(session, supplier, one, actor=actor, at=at)
    request.status = RequestStatus.AWARDED
    request.decided_at, request.decided_by = at, actor.name[:200]
    if command.tell_others:
        _tell_others(session, request, suppliers, at)
    record(session, "award request", request.number, ", ".join(numbers), actor=actor, at=at)
    session.flush()  # a second award at once fails here, not after the mails are gone
    return numbers


def _suppliers(session: Session, request: RequestForQuotation) -> dict[int, Supplier]:
    ids = {invitation.supplier_id for invitation in request.invitations}
    found = session.scalars(select(Supplier).where(Supplier.id.in_(ids)))
    return {supplier.id: supplier for supplier in found}


def _won(
    session: Session,
    request: RequestForQuotation,
    suppliers: dict[int, Supplier],
    awards: Sequence[Award],
) -> dict[int, list[_Won]]:
    """What each invitation won, by its id; every award that cannot be is named."""
    lines = {line.position: line for line in request.lines}
    invited = {suppliers[one.supplier_id].code: one for one in request.invitations}
    packs = _packs(session, request)
    products = _products(session, request)
    won: defaultdict[int, list[_Won]] = defaultdict(list)
    errors, seen = [], set()
    for index, award in enumerate(awards):
        invitation = invited.get(award.supplier)
        bid = _bid(invitation, award.position)
        fault = ""
        if bid is None or invitation is None:
            fault = f"{award.supplier} has not offered line {award.position}."
        elif (award.position, award.supplier) in seen:
            fault = "This is awarded twice."
        elif not bid.moq <= award.packs <= 1_000_000:
            fault = f"{award.supplier} sells {bid.moq} packs or more."
        if fault or bid is None or invitation is None:
            errors.append(FieldError(f"awards.{index}.packs", fault))
            continue
        seen.add((award.position, award.supplier))
        line = lines[award.position]
        won[invitation.id].append(
            _Won(award, line, bid, products[line.product_id], packs[bid.pack_id])
        )
    if not awards:
        errors.append(FieldError("awards", "Say who gets what; or close the request."))
    if errors:
        raise Invalid.of(errors)
    return won


def _bid(invitation: Invitation | None, position: int) -> Bid | None:
    bids = invitation.bids if invitation else []
    return next((bid for bid in bids if bid.position == position), None)


def _packs(session: Session, request: RequestForQuotation) -> dict[int, Pack]:
    ids = {bid.pack_id for invitation in request.invitations for bid in invitation.bids}
    return {pack.id: pack for pack in session.scalars(select(Pack).where(Pack.id.in_(ids)))}


def _products(session: Session, request: RequestForQuotation) -> dict[int, Product]:
    ids = {line.product_id for line in request.lines}
    found = session.scalars(select(Product).where(Product.id.in_(ids)))
    return {product.id: product for product in found}


def _order(
    session: Session,
    request: RequestForQuotation,
    invitation: Invitation,
    supplier: Supplier,
    bought: Sequence[_Won],
    *,
    actor: Actor,
    at: datetime,
) -> str:
    place = None
    if request.deliver_to_id is not None:
        place = places_by_id(session, [request.deliver_to_id])[request.deliver_to_id].code
    order = draft_order(
        session,
        DraftOrder(
            supplier=supplier.code,
            deliver_to=place,
            note_to_supplier=f"As offered for {request.number}.",
            note_to_us=f"Awarded in {request.number}, {request.title}."[:10_000],
            lines=tuple(
                NewOrderLine(
                    product=one.product.sku,
                    pack=one.pack.code,
                    packs=one.award.packs,
                    unit_price=price_at(one.prices(invitation.currency), one.award.packs),
                    wanted_by=one.line.wanted_by,
                )
                for one in bought
            ),
        ),
        actor=actor,
        at=at,
    )
    session.flush()  # the order gets its id
    invitation.order_id = order.id
    for one in bought:
        one.bid.awarded = one.award.packs
    return order.number


def _keep_price(
    session: Session, supplier: Supplier, one: _Won, *, actor: Actor, at: datetime
) -> None:
    """The supplier item with the offered prices from now on; what else stands in it stays."""
    item = session.scalar(
        select(SupplierItem)
        .where(SupplierItem.supplier_id == supplier.id, SupplierItem.pack_id == one.pack.id)
        .options(selectinload(SupplierItem.price_breaks))
    )
    kept = (
        {}
        if item is None
        else {
            "multiple": item.multiple,
            "guaranteed_days": item.guaranteed_days,
            "preferred": item.preferred,
            "blocked": item.blocked,
        }
    )
    save_supplier_item(
        session,
        SaveSupplierItem(
            supplier=supplier.code,
            product=one.product.sku,
            code=item.code if item else one.product.sku,
            pack=one.pack.code,
            moq=one.bid.moq,
            lead_time_days=one.bid.lead_time_days,
            price_breaks=tuple(
                NewPriceBreak(from_packs, price.amount)
                for from_packs, price in one.prices(supplier.currency)
            ),
            **kept,  # type: ignore[arg-type] # each under its own name
        ),
        actor=actor,
        at=at,
    )


def _tell_others(
    session: Session,
    request: RequestForQuotation,
    suppliers: dict[int, Supplier],
    at: datetime,
) -> None:
    """Those who answered with a bid and won nothing get a word, where there is an address."""
    company = get_company(session)
    for invitation in request.invitations:
        supplier = suppliers[invitation.supplier_id]
        if not invitation.bids or invitation.order_id is not None or not supplier.email:
            continue
        put_mail(
            session,
            NewMail(
                recipient=supplier.email,
                subject=f"Your offer for {request.number}"[:200],
                body=(
                    f"Dear {supplier.contact or supplier.name},\n\n"
                    f"thank you for your offer for {request.number}, {request.title}. "
                    f"This time we have decided for another; we will gladly ask you again.\n\n"
                    f"{company.name}\n"
                ),
                reference=request.number,
            ),
            at=at,
        )
