"""Two customers that are one become one: everything moves, the old code leads to the new, in one transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select, update
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.models import (
    Address,
    Contact,
    Customer,
    CustomerAlias,
    CustomerNote,
    CustomerTaxNumber,
    Enquiry,
    ExemptionCertificate,
    OwnCode,
    PriceRuleRow,
    ProductViewed,
    PunchoutConnection,
    Quote,
    SalesOrder,
    SavedList,
    SearchMade,
    TradeApplication,
)
from procurement.sales.queries.buyers import has_order_limits
from procurement.sales.queries.customers import no_such_customer

# Tables whose rows simply belong to the other customer from now on. Contacts and addresses go behind those there are,
# tax numbers and certificates only where there is none like them.
MOVED: tuple[Any, ...] = (
    Quote,
    Enquiry,
    SalesOrder,
    PriceRuleRow,
    CustomerAlias,
    CustomerNote,
    ProductViewed,
    PunchoutConnection,
    SearchMade,
    SavedList,
    TradeApplication,
    User,
)
TREATED: tuple[Any, ...] = (Contact, Address, CustomerTaxNumber, ExemptionCertificate, OwnCode)


def merge_customers(
    session: Session, into: str, gone: str, *, actor: Actor, at: datetime
) -> Customer:
    """`gone` ends and everything of it is `into`'s. Twice, or both ways at once: the second one is refused."""
    actor.require(Permission.EDIT_CUSTOMERS)
    if into == gone:
        raise Invalid("A customer cannot be merged with itself.", field="other")
    kept, old = _both(session, into, gone)
    if kept.currency != old.currency and has_order_limits(session, old.id):
        raise Conflict(
            f"{old.code}'s buyers have order limits in {old.currency}: take those away first.",
            field="other",
        )
    for table in MOVED:
        session.execute(
            update(table)
            .where(table.customer_id == old.id)
            .values(customer_id=kept.id)
            .execution_options(synchronize_session=False)
        )
    for rows in (Contact, Address):
        _append(session, rows, kept.id, old.id)
    _join_tax_papers(session, kept, old)
    _join_own_codes(session, kept.id, old.id)
    _fill_gaps(kept, old)
    session.add(
        CustomerAlias(
            code=old.code,
            customer_id=kept.id,
            name=old.name,
            merged_at=at,
            merged_by=actor.name[:200],
        )
    )
    session.flush()  # everything has moved before the row goes
    session.expunge(old)
    session.execute(
        delete(Customer).where(Customer.id == old.id).execution_options(synchronize_session=False)
    )
    record(session, "merge customer", kept.code, f"{old.code}, {old.name}", actor=actor, at=at)
    record(session, "merge customer", old.code, f"into {kept.code}", actor=actor, at=at)
    session.expire(kept)  # its contacts and addresses are read again
    return kept


def _both(session: Session, into: str, gone: str) -> tuple[Customer, Customer]:
    """Both, locked in the order of their keys, so that two who merge at once wait for each other."""
    codes = [code for code in (into, gone) if text.is_storable(code)]
    found = session.scalars(
        select(Customer)
        .where(Customer.code.in_(codes))
        .order_by(Customer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
        .options(selectinload(Customer.contacts))
    ).all()
    by_code = {one.code: one for one in found}
    if gone not in by_code and session.get(CustomerAlias, gone) is not None:
        raise Conflict("Somebody has merged this customer already.", field="other")
    if into not in by_code:
        raise no_such_customer()
    if gone not in by_code:
        raise no_such_customer("other")
    return by_code[into], by_code[gone]


def _append(session: Session, rows: type[Contact | Address], kept: int, old: int) -> None:
    last = session.scalar(select(func.max(rows.position)).where(rows.customer_id == kept))
    session.execute(
        update(rows)
        .where(rows.customer_id == old)
        .values(customer_id=kept, position=rows.position + (-1 if last is None else last) + 1)
        .execution_options(synchronize_session=False)
    )


def _join_tax_papers(session: Session, kept: Customer, old: Customer) -> None:
    """Further numbers behind those there are; of two certificates that are the same the kept one's stays."""
    papers = ExemptionCertificate
    there = {
        (one.kind, one.number, one.jurisdiction)
        for one in session.scalars(select(papers).where(papers.customer_id == kept.id))
    }
    for one in session.scalars(select(papers).where(papers.customer_id == old.id)).all():
        if (one.kind, one.number, one.jurisdiction) in there:
            session.delete(one)
        else:
            one.customer_id = kept.id
    rows = CustomerTaxNumber
    mine = session.scalars(select(rows.number).where(rows.customer_id == kept.id)).all()
    theirs = session.scalars(select(rows.number).where(rows.customer_id == old.id)).all()
    session.execute(delete(rows).where(rows.customer_id.in_((kept.id, old.id))))
    if not kept.vat_id and old.vat_id:
        kept.vat_id = old.vat_id
        kept.vat_checked_on, kept.vat_checked_by = old.vat_checked_on, old.vat_checked_by
    numbers = dict.fromkeys(filter(None, (*mine, old.vat_id, *theirs)))
    numbers.pop(kept.vat_id, None)
    session.add_all(
        rows(customer_id=kept.id, position=i, number=number) for i, number in enumerate(numbers)
    )


def _join_own_codes(session: Session, kept: int, old: int) -> None:
    """What the kept one calls a pack stays, and so does what its codes mean."""
    mine = session.scalars(select(OwnCode).where(OwnCode.customer_id == kept)).all()
    taken = {one.pack_id for one in mine} | {one.code_key for one in mine}
    for one in session.scalars(select(OwnCode).where(OwnCode.customer_id == old)).all():
        if one.pack_id in taken or one.code_key in taken:
            session.delete(one)
        else:
            one.customer_id = kept


def _fill_gaps(kept: Customer, old: Customer) -> None:
    """What the kept one does not say, the other may have said; notes are joined."""
    for name in ("email", "phone", "payment_terms", "peppol_id"):
        setattr(kept, name, getattr(kept, name) or getattr(old, name))
    kept.note = "\n\n".join(filter(None, (kept.note, old.note)))[:10_000]
    words = f"{kept.search_text} {old.search_text}"
    kept.search_text = text.fold(words, 5000)
    flag_modified(kept, "name")  # the version moves


def tables_of_customers() -> set[str]:
    """The tables this operation looks after; a test compares them with all that point at a customer."""
    names = set()
    for one in (*MOVED, *TREATED):
        table = one.__table__
        assert isinstance(table, Table)
        names.add(table.name)
    return names
