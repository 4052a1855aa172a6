"""The addresses of the acting buyer's company, each with its place."""

from dataclasses import dataclass

from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.models import Address
from procurement.sales.terms import AddressKind


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedAddress:
    """An address by its key; the usual one is the first of its kind."""

    id: int
    kind: AddressKind
    label: str
    attention: str
    lines: str
    street: str
    postal_code: str
    city: str
    region: str
    country: str
    is_usual: bool


def address_book(session: ReadSession, *, actor: Actor) -> list[BookedAddress]:
    """Those for deliveries first, the usual one of each kind ahead."""
    actor.require(Permission.BUY)
    rows = session.scalars(
        select(Address)
        .where(Address.customer_id == actor.customer_id)
        .order_by(Address.position, Address.id)
    ).all()
    usual = {kind: next((one for one in rows if one.kind is kind), None) for kind in AddressKind}
    ordered = sorted(rows, key=lambda one: one.kind is AddressKind.BILLING)
    return [
        BookedAddress(
            id=one.id,
            kind=one.kind,
            label=one.label,
            attention=one.attention,
            lines=one.lines,
            street=one.street,
            postal_code=one.postal_code,
            city=one.city,
            region=one.region,
            country=one.country,
            is_usual=usual[one.kind] is one,
        )
        for one in ordered
    ]
