"""A customer's buyers keep what our packs are called in their own system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.sales.models import OwnCode
from procurement.sales.operations.buyers import managed_company
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.rules.own_codes import MOST_CODES, key_of


@dataclass(frozen=True, slots=True)
class OwnCodeInput:
    """Their code for a pack of ours. No pack: the sales pack."""

    code: str
    product: str
    pack: str | None = None


def keep_own_codes(
    session: Session, codes: Sequence[OwnCodeInput], *, actor: Actor, at: datetime
) -> None:
    """These from now on, the others as they are: a code moves to its new pack, a pack takes its new code.

    Raises Invalid naming `codes.3.product`, Forbidden for who does not look after the company.
    """
    customer = managed_company(session, actor)
    found = _checked(session, codes)
    packs = {pack.id for _, pack, _ in found}
    keys = {key_of(code) for _, _, code in found}
    session.execute(
        delete(OwnCode).where(
            OwnCode.customer_id == customer.id,
            OwnCode.pack_id.in_(packs) | OwnCode.code_key.in_(keys),
        )
    )
    kept = session.scalar(select(func.count()).where(OwnCode.customer_id == customer.id)) or 0
    if kept + len(found) > MOST_CODES:
        raise Invalid(f"At most {MOST_CODES:,} codes.", field="codes")
    session.add_all(
        OwnCode(
            customer_id=customer.id,
            pack_id=pack.id,
            product_id=product.id,
            code=code,
            code_key=key_of(code),
            kept_at=at,
        )
        for product, pack, code in found
    )
    session.flush()  # they are read again at once
    said = ", ".join(code for _, _, code in found[:10])
    record(session, "keep own codes", customer.code, said, actor=actor, at=at)


def forget_own_code(session: Session, code: str, *, actor: Actor, at: datetime) -> None:
    """Raises NotFound, Forbidden."""
    customer = managed_company(session, actor)
    row = session.scalars(
        select(OwnCode).where(OwnCode.customer_id == customer.id, OwnCode.code_key == key_of(code))
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such code.")
    session.delete(row)
    record(session, "forget own code", customer.code, row.code, actor=actor, at=at)


def _checked(
    session: Session, codes: Sequence[OwnCodeInput]
) -> list[tuple[OfferedProduct, OfferedPack, str]]:
    if not 1 <= len(codes) <= MOST_CODES:
        raise Invalid(f"From 1 to {MOST_CODES:,} codes at a time.", field="codes")
    products = offered_products(session, skus={one.product for one in codes})
    found: list[tuple[OfferedProduct, OfferedPack, str]] = []
    errors: list[FieldError] = []
    seen: set[str | int] = set()
    for at, one in enumerate(codes):
        product = products.get(one.product)
        pack = product.pack(one.pack) if product else None
        try:
            code = text.code(one.code, f"codes.{at}.code")
        except Invalid as error:
            errors += error.errors
            continue
        if product is None:
            said = f"There is no product {one.product[:64]!r}."
            errors.append(FieldError(f"codes.{at}.product", said))
        elif pack is None:
            errors.append(FieldError(f"codes.{at}.pack", f"{product.sku} has no such pack."))
        elif pack.id in seen or key_of(code) in seen:
            errors.append(FieldError(f"codes.{at}.code", "The same code or pack stands twice."))
        else:
            seen |= {pack.id, key_of(code)}
            found.append((product, pack, code))
    if errors:
        raise Invalid.of(errors)
    return found
