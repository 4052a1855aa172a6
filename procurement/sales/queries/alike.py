"""Customers that may be the same one."""

from collections import defaultdict

from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.models import Contact, Customer, CustomerTaxNumber
from procurement.sales.rules.customers import Alike, Known, alike_to, all_alike

MOST = 200


def customers_like(session: ReadSession, new: Known, *, actor: Actor) -> list[Alike]:
    """Known customers that somebody new may be: three queries over short rows."""
    actor.require(Permission.SEE_SALES)
    return alike_to(new, _everybody(session))[:10]


def duplicates(session: ReadSession, *, actor: Actor) -> list[Alike]:
    """Pairs of active customers that may be one, those with most reasons first."""
    actor.require(Permission.SEE_SALES)
    found = sorted(all_alike(_everybody(session)), key=lambda pair: -len(pair.reasons))
    return found[:MOST]


def _everybody(session: ReadSession) -> list[Known]:
    mails: defaultdict[int, list[str]] = defaultdict(list)
    for key, mail in session.execute(
        select(Contact.customer_id, Contact.email).where(Contact.email != "")
    ):
        mails[key].append(mail)
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    for key, number in session.execute(
        select(CustomerTaxNumber.customer_id, CustomerTaxNumber.number)
    ):
        numbers[key].append(number)
    rows = session.execute(
        select(
            Customer.id,
            Customer.code,
            Customer.name,
            Customer.email,
            Customer.phone,
            Customer.vat_id,
        ).where(Customer.active)
    )
    return [
        Known(
            code,
            name,
            tuple(filter(None, (email, *mails[key]))),
            phone,
            tuple(filter(None, (vat_id, *numbers[key]))),
        )
        for key, code, name, email, phone, vat_id in rows
    ]
