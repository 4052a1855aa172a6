"""Trade accounts: applied for, approved as a customer with a buyer, refused; and who does not decide twice."""

import pytest
from sqlalchemy import select

from procurement.accounts.errors import AddressTaken
from procurement.accounts.operations.users import create_user, invite_buyer
from procurement.accounts.queries import account_by_email
from procurement.accounts.terms import NewUser
from procurement.kernel.actor import PUBLIC, SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message
from procurement.sales.errors import WrongStatus
from procurement.sales.operations.applications import (
    MOST_BYTES,
    ApplyForAccount,
    ApproveApplication,
    ShownPaper,
    apply_for_account,
    approve_application,
    refuse_application,
)
from procurement.sales.queries.applications import (
    application_page,
    application_paper,
    applications,
    waiting_applications,
)
from procurement.sales.queries.buyers import powers_of
from procurement.sales.queries.customers import customer_page
from procurement.sales.terms import AddressKind, CustomerKind
from procurement.sales.terms.applications import ApplicationStatus
from procurement.sales.terms.buyers import Powers
from tests.builders import NOON
from tests.queries import assert_queries
from tests.sales.stories import SELLER, a_customer, a_shop
from tests.threads import at_once

PDF = b"%PDF-1.7 a registration"


@pytest.fixture
def shop(session):
    return a_shop(session)


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    yield UnitOfWork(engine)
    engine.dispose()


def an_application(session, **changes):
    said = {
        "company": "Harbour Spa Ltd",
        "kind": CustomerKind.SPA_OWNER,
        "name": "Nuala Byrne",
        "email": "nuala@harbour.example",
        "country": "IE",
        "street": "4 Quay Street",
        "city": "Galway",
        "postal_code": "H91 AB12",
        "vat_id": "IE6388047V",
        "papers": (ShownPaper("registration.pdf", PDF),),
    }
    command = ApplyForAccount(**{**said, **changes})
    return apply_for_account(session, command, actor=PUBLIC, at=NOON).number


def approve(session, number, **more):
    return approve_application(
        session,
        ApproveApplication(number=number, **more),
        link_of="https://spa.example/{}".format,
        actor=SELLER,
        at=NOON,
    )


def mails(session):
    return [(mail.recipient, mail.body) for mail in session.scalars(select(Message))]


def test_what_is_written_is_read_whole(session, shop):
    number = an_application(session)
    page = application_page(session, number, actor=SELLER)
    assert (page.row.company, page.vat_id, page.city) == ("Harbour Spa Ltd", "IE6388047V", "Galway")
    assert [(one.file_name, one.media_type) for one in page.papers] == [
        ("registration.pdf", "application/pdf")
    ]
    assert application_paper(session, number, 1, actor=SELLER).content == PDF
    assert number in next(body for to, body in mails(session) if to == "nuala@harbour.example")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company": " "}, "company"),
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
        ({"country": "ZZ"}, "country"),
        ({"vat_id": "IE6388047X"}, "vat_id"),
        ({"consent": ""}, "consent"),
        ({"street": "\n".join(f"House {number}" for number in range(11))}, "street"),
        ({"papers": (ShownPaper("virus.pdf", b"MZ"),)}, "papers"),
        ({"papers": (ShownPaper("big.pdf", PDF + bytes(MOST_BYTES)),)}, "papers"),
        ({"papers": (ShownPaper("one.pdf", PDF),) * 4}, "papers"),
    ],
)
def test_what_cannot_be_taken_is_named(session, shop, changes, field):
    with pytest.raises(Invalid) as refused:
        an_application(session, **changes)
    assert refused.value.errors[0].field == field


def test_approving_makes_a_customer_and_its_buyer(session, shop):
    number = an_application(session)
    session.flush()
    code = approve(session, number).code
    session.flush()
    customer = customer_page(session, code, actor=SELLER)
    assert (customer.name, customer.vat_id) == ("Harbour Spa Ltd", "IE6388047V")
    assert {one.kind for one in customer.addresses} == {AddressKind.BILLING, AddressKind.DELIVERY}
    account = account_by_email(session, "nuala@harbour.example")
    assert account is not None
    assert account.roles == {Role.WHOLESALE_BUYER}
    assert any("https://spa.example/" in body for _, body in mails(session))
    page = application_page(session, number, actor=SELLER)
    assert (page.row.status, page.customer) == (ApplicationStatus.APPROVED, code)
    assert waiting_applications(session, actor=SELLER, limit=9) == ()


def test_approving_joins_a_known_customer(session, shop):
    known = a_customer(session)
    assert approve(session, an_application(session), customer=known.code).id == known.id
    account = account_by_email(session, "nuala@harbour.example")
    assert account is not None
    assert account.customer_id == known.id
    assert powers_of(session, account.actor) == Powers()  # the first of them looks after the rest


def test_who_joins_colleagues_has_no_powers_over_them(session, shop):
    known = a_customer(session)
    invite_buyer(
        session,
        "ida@harbour.example",
        "Ida",
        known.id,
        company="Spa",
        link_of=lambda _: "https://spa.example/x",
        actor=SELLER,
        at=NOON,
    )
    approve(session, an_application(session), customer=known.code)
    session.flush()
    account = account_by_email(session, "nuala@harbour.example")
    powers = powers_of(session, account.actor)
    assert (powers.may_manage, powers.may_approve) == (False, False)


def test_refusing_needs_a_reason_and_tells_it(session, shop):
    number = an_application(session)
    with pytest.raises(Invalid):
        refuse_application(session, number, " ", actor=SELLER, at=NOON)
    refuse_application(session, number, "We sell to spas only.", actor=SELLER, at=NOON)
    assert any("We sell to spas only." in body for _, body in mails(session))
    with pytest.raises(WrongStatus):
        approve(session, number)
    an_application(session)  # they may try again


def test_who_waits_does_not_apply_twice(work):
    with work.write() as session:
        a_shop(session)
        an_application(session)
    with pytest.raises(Conflict) as refused, work.write() as session:
        an_application(session, company="Another name")
    assert refused.value.errors[0].field == "email"


def test_the_form_does_not_tell_who_has_an_account(session, shop):
    new = NewUser("nuala@harbour.example", "Nuala", frozenset({Role.SALES}))
    create_user(session, new, password="lavender fields at noon", actor=SYSTEM, at=NOON)
    number = an_application(session)
    told = next(body for to, body in mails(session) if to == "nuala@harbour.example")
    assert "sign in" in told
    with pytest.raises(AddressTaken):
        approve(session, number)


def test_strangers_decide_nothing_and_read_nothing(session, shop):
    number = an_application(session)
    command = ApproveApplication(number=number)
    with pytest.raises(Forbidden):
        approve_application(session, command, link_of=str, actor=PUBLIC, at=NOON)
    with pytest.raises(Forbidden):
        application_paper(session, number, 1, actor=PUBLIC)
    with pytest.raises(NotFound):
        application_paper(session, number, 2, actor=SELLER)


def test_the_list_is_one_statement(session, shop, engine):
    for n in range(12):
        an_application(session, email=f"n{n}@harbour.example")
    session.flush()
    with assert_queries(engine, 1):
        page = applications(session, PageRequest(5), status=ApplicationStatus.WAITING, actor=SELLER)
    assert len(page.items) == 5


def test_of_two_who_decide_at_once_one_is_told(work):
    with work.write() as session:
        a_shop(session)
        number = an_application(session)

    def decide(which):
        try:
            with work.write() as session:
                if which:
                    approve(session, number)
                else:
                    refuse_application(session, number, "No.", actor=SELLER, at=NOON)
        except WrongStatus:
            return "told"
        return "decided"

    assert sorted(at_once(2, decide)) == ["decided", "told"]
