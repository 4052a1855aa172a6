"""A buyer's account is deleted (Regulation (EU) 2016/679, art. 17): asked for, taken back, or carried out.

What is only about the person goes. What the company ordered, what was answered to a quote and the trail of who did what
stay as long as the law has books and proofs kept (art. 17 (3) (b) and (e)): there the name stands as it was written.
"""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.accounts.operations.erasing import erase_account
from procurement.accounts.rules.passwords import is_password
from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail, put_mail
from procurement.outbox.operations.erasing import erase_mails
from procurement.sales.models import (
    BasketLine,
    Buyer,
    Contact,
    Customer,
    Enquiry,
    Leaving,
    MailChoices,
    SavedList,
    SavedSearch,
    ThreadMessage,
    TradeApplication,
)
from procurement.sales.operations.buyers import require_another_manager
from procurement.sales.operations.punchout_forgetting import erase_visitor
from procurement.sales.terms.applications import ApplicationStatus
from procurement.settings.queries import get_company

WAITS = timedelta(days=14)
FORMER = "Former contact"
# What is the person's own and nobody else's: it goes with them.
OWN = (BasketLine, SavedList, SavedSearch, MailChoices, Buyer, Leaving)


def ask_to_leave(session: Session, password: str, *, actor: Actor, at: datetime) -> datetime:
    """The acting buyer's account is erased after 14 days; answers when. The password is asked again.

    Raises Invalid, Conflict for who alone looks after colleagues.
    """
    actor.require(Permission.BUY)
    customer, user = _person(session, actor.id or 0)
    if not is_password(user.password, password):
        raise Invalid("That is not your password.", field="password")
    if customer is not None and _has_colleagues(session, user):
        require_another_manager(session, user, customer)
    waiting = session.get(Leaving, user.id)
    if waiting is not None:
        return waiting.due_at
    due = at + WAITS
    session.add(Leaving(user_id=user.id, asked_at=at, asked_by=actor.name[:200], due_at=due))
    session.flush()  # the page reads it back
    company = get_company(session).name
    words = (
        f"Hello {user.name},\n\nyou asked us to delete your account. We do so on {due:%d %B %Y}. If that was "
        f"not you, or you change your mind: sign in before and keep it, under Account, Your data.\n\n{company}\n"
    )
    put_mail(
        session, NewMail(user.email, f"Your account is deleted soon, {company}"[:200], words), at=at
    )
    record(session, "ask to leave", _subject(user), actor=actor, at=at)
    return due


def stay(session: Session, *, actor: Actor, at: datetime) -> None:
    """The acting buyer keeps the account."""
    actor.require(Permission.BUY)
    session.execute(delete(Leaving).where(Leaving.user_id == actor.id))
    session.flush()  # the page reads it back
    record(session, "stay", f"account {actor.id}", actor=actor, at=at)


def erase_buyer(session: Session, email: str, *, customer: str, actor: Actor, at: datetime) -> None:
    """Erase somebody at a customer's at once: they asked by mail or by telephone."""
    actor.require(Permission.EDIT_CUSTOMERS)
    user_id = session.scalar(
        select(User.id)
        .join(Customer, Customer.id == User.customer_id)
        .where(User.email == email.lower(), Customer.code == customer)
    )
    if user_id is None:
        raise NotFound("There is no such account.")
    _erase(session, user_id, actor=actor, at=at)


def erase_due(session: Session, *, actor: Actor, at: datetime) -> int:
    """Erase whose time is over; says how many. Of two that run at once each person is erased by one."""
    if not actor.may(Permission.EDIT_CUSTOMERS):
        raise Forbidden("Accounts are erased by who keeps customers.")
    due = session.scalars(
        select(Leaving.user_id).where(Leaving.due_at <= at).with_for_update(skip_locked=True)
    ).all()
    for user_id in due:
        _erase(session, user_id, actor=actor, at=at)
    return len(due)


def _erase(session: Session, user_id: int, *, actor: Actor, at: datetime) -> None:
    customer, user = _person(session, user_id)
    email, subject = user.email, _subject(user)
    for table in OWN:
        session.execute(
            delete(table)
            .where(table.user_id == user.id)
            .execution_options(synchronize_session=False)
        )
    about = _erase_correspondence(session, email)
    _erase_contacts(session, email)
    erase_visitor(session, email)
    erase_mails(session, email, about)
    erase_account(session, user, name=FORMER, mark=uuid.uuid4().hex)
    session.flush()  # nothing of it is read back
    who = customer.code if customer else ""
    record(session, "erase account", subject, who, actor=actor, at=at)


def _person(session: Session, user_id: int) -> tuple[Customer | None, User]:
    """The company first, as whoever changes its people locks it."""
    customer_id = session.scalar(select(User.customer_id).where(User.id == user_id))
    customer = (
        session.get(Customer, customer_id, with_for_update=True)
        if customer_id is not None
        else None
    )
    user = session.get(User, user_id, with_for_update=True)
    if user is None:
        raise NotFound("There is no such account.")
    return customer, user


def _has_colleagues(session: Session, user: User) -> bool:
    others = select(func.count()).where(
        User.customer_id == user.customer_id, User.active, User.id != user.id
    )
    return bool(session.scalar(others))


def _erase_correspondence(session: Session, email: str) -> list[str]:
    """What was asked and answered stays with the company's business; who it was does not. Answers the numbers."""
    own = func.lower(Enquiry.email) == email
    numbers = list(session.scalars(select(Enquiry.number).where(own)))
    asked = select(Enquiry.id).where(own)
    session.execute(
        update(ThreadMessage)
        .where(ThreadMessage.enquiry_id.in_(asked), ThreadMessage.writer == "customer")
        .values(author=FORMER, came_from="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Enquiry)
        .where(own)
        .values(name=FORMER, email="", phone="", link_token=None, digest="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(TradeApplication)
        .where(
            func.lower(TradeApplication.email) == email,
            TradeApplication.status != ApplicationStatus.WAITING,
        )
        .values(name=FORMER, email="", phone="")
        .execution_options(synchronize_session=False)
    )
    return numbers


def _erase_contacts(session: Session, email: str) -> None:
    """Quotes point at their contact, so the row stays, without anybody in it; the customer is not found by it."""
    rows = session.scalars(
        select(Contact).where(func.lower(Contact.email) == email).with_for_update()
    ).all()
    for row in rows:
        row.name, row.role, row.email, row.phone = FORMER, "", "", ""
    session.flush()  # the search text is made of what is left
    for customer_id in {row.customer_id for row in rows}:
        customer = session.get_one(Customer, customer_id)
        left = session.scalars(select(Contact).where(Contact.customer_id == customer_id)).all()
        words = [customer.code, customer.name, customer.email, customer.phone]
        words += [word for one in left for word in (one.name, one.email)]
        customer.search_text = text.fold(" ".join(words), 5000)


def _subject(user: User) -> str:
    return f"account {user.id}"
