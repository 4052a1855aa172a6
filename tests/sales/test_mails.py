"""Buyers choose which mails they get; every mail to one of them asks."""

import pytest
from sqlalchemy import select

from procurement.kernel.errors import NotFound
from procurement.outbox.models import Message
from procurement.outbox.operations import NewMail
from procurement.outbox.operations.sending import claim_next
from procurement.sales.models import MailChoices
from procurement.sales.operations.answering import Answer, accept_quote
from procurement.sales.operations.mails import choose_by_link, choose_mails, write_buyer
from procurement.sales.queries.mails import choices_behind, own_choices
from procurement.sales.terms.mails import Topic
from procurement.worker.mail import compose
from tests.builders import NOON
from tests.sales.fulfilling import a_confirmed_order, a_stocked_shop, shipped
from tests.sales.stories import a_draft, a_ready_shop, issue
from tests.sales.test_buyers import a_buyer as an_account


def mails_to(session, address):
    return session.scalars(select(Message).where(Message.recipient == address)).all()


def write(session, address, topic=Topic.ORDER_SHIPPED, locale="de"):
    mail = NewMail(address, "A word", "It is on its way.")
    return write_buyer(session, mail, topic, locale=locale, at=NOON)


def test_what_is_not_wanted_is_not_sent_and_each_mail_bears_the_way(session):
    user, actor = an_account(session, a_ready_shop(session))
    assert write(session, user.email)
    (mail,) = mails_to(session, user.email)
    assert "wählen Sie hier:" in mail.body
    token = mail.choices.rpartition("/")[2]
    composed = compose(claim_next(session, at=NOON), sender="a@spa.example", public_url="https://s")
    assert composed["List-Unsubscribe"] == f"<https://s/mails/{token}>"
    assert f"https://s/mails/{token}" in composed.get_content()
    choose_by_link(session, token, [Topic.QUOTE_SENT], at=NOON)
    assert own_choices(session, actor=actor).wanted == {Topic.QUOTE_SENT}
    assert not write(session, user.email)
    assert write(session, user.email, Topic.QUOTE_SENT)
    choose_mails(session, Topic, actor=actor, at=NOON)
    assert write(session, user.email.upper())
    assert session.scalars(select(MailChoices)).one().token == token
    with pytest.raises(NotFound):
        choices_behind(session, "nobodys")


def test_who_has_no_account_has_not_chosen(session):
    a_ready_shop(session)
    assert write(session, "somebody@else.example")
    (mail,) = mails_to(session, "somebody@else.example")
    assert (mail.choices, mail.body) == ("", "It is on its way.")


def test_an_order_is_told_of_when_it_leaves_and_a_quote_when_it_is_accepted(session):
    a_stocked_shop(session)
    order = a_confirmed_order(session, 2)
    number = shipped(session, order, 1).number
    session.flush()
    (mail,) = session.scalars(select(Message).where(Message.body.contains(number))).all()
    assert "is on its way" in mail.subject
    assert "The rest of the order follows." in mail.body


def test_who_the_quote_was_sent_to_hears_that_it_was_accepted(session):
    customer = a_ready_shop(session)
    quote = issue(session, a_draft(session).number)
    _, actor = an_account(session, customer)
    accept_quote(session, quote.number, Answer(name="Aoife"), actor=actor, at=NOON)
    session.flush()
    told = mails_to(session, "linden@rooms.example")
    assert any(mail.subject.startswith(f"You accepted {quote.number}") for mail in told)
