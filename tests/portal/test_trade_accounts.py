"""A company applies, sales approve, its buyer invites a colleague: by the pages."""

import io
import re

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select

from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.sales.queries.applications import applications
from tests.doors import an_account, sign_in
from tests.sales.stories import SELLER, a_customer, a_shop

PDF = b"%PDF-1.7 a registration"


@pytest.fixture
def typed(app, client, monkeypatch):
    with app.extensions["uow"].write() as session:
        a_shop(session)
    opened = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: opened(self) - 60)
    text = client.get("/trade-account").text
    monkeypatch.setattr(TimestampSigner, "get_timestamp", opened)
    return {
        "company": "Harbour Spa <b>Ltd</b>",
        "kind": "spa_owner",
        "name": "Nuala Byrne",
        "email": "nuala@harbour.example",
        "country": "IE",
        "city": "Galway",
        "consent": "y",
        "opened": re.search(r'name="opened"[^>]*value="([^"]+)"', text)[1],
    }


def received(app):
    with app.extensions["uow"].read() as session:
        return applications(session, PageRequest(), actor=SELLER).items


def sent(client, typed, **changes):
    body = {**typed, **changes}
    if "registration" not in changes:
        body["registration"] = (io.BytesIO(PDF), "registration.pdf")
    return client.post("/trade-account", data=body, content_type="multipart/form-data")


def test_from_an_application_to_a_colleague(app, client, typed):
    assert sent(client, typed).headers["Location"] == "/trade-account/thanks"
    assert "arrived" in client.get("/trade-account/thanks").text
    (row,) = received(app)

    sign_in(client, Role.SALES)
    assert "Harbour Spa &lt;b&gt;Ltd&lt;/b&gt;" in client.get("/today").text
    assert row.number in client.get("/trade-applications").text
    page = client.get(f"/trade-applications/{row.number}").text
    assert "registration.pdf" in page
    paper = client.get(f"/trade-applications/{row.number}/papers/1")
    assert (paper.data, paper.headers["Content-Disposition"].split(";")[0]) == (PDF, "attachment")
    answer = client.post(f"/trade-applications/{row.number}/approve", data={"customer": ""})
    assert "/customers/" in answer.headers["Location"]
    again = client.post(f"/trade-applications/{row.number}/approve", data={"customer": ""})
    assert (again.status_code, "already" in again.text) == (422, True)

    with app.extensions["uow"].read() as session:
        bodies = session.scalars(select(Message.body)).all()
    link = next(m[0] for body in bodies if (m := re.search(r"/invitation/\S+", body)))
    words = {"password": "lavender fields at noon", "again": "lavender fields at noon"}
    assert client.post(link, data=words).status_code == 303
    client.post("/sign-in", data={"email": row.email, "password": words["password"]})
    assert "Nuala Byrne (you)" in client.get("/account/colleagues").text
    colleague = {"name": "Ben", "email": "ben@harbour.example", "order_limit": "500"}
    assert client.post("/account/colleagues", data=colleague).status_code == 303
    page = client.get("/account/colleagues").text
    assert "500.00" in page
    assert "Invited" in page
    change = {"order_limit": "750", "may_approve": "y"}
    client.post("/account/colleagues/ben@harbour.example", data=change)
    assert 'value="750' in client.get("/account/colleagues/ben@harbour.example").text
    assert client.post("/account/colleagues/ben@harbour.example/let-go").status_code == 303
    assert "Inactive" in client.get("/account/colleagues").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"company": ""}, "company"),
        ({"email": "nobody"}, "email"),
        ({"country": ""}, "country"),
        ({"vat_id": "IE1"}, "vat_id"),
        ({"consent": ""}, "consent"),
    ],
)
def test_what_is_missing_is_said_at_its_field(app, client, typed, changes, field):
    answer = sent(client, typed, **changes)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="Nuala Byrne"' in answer.text
    assert received(app) == ()


def test_files_that_are_no_papers_and_robots_leave_nothing(app, client, typed):
    program = (io.BytesIO(b"MZ"), "registration.pdf")
    assert "neither a PDF" in sent(client, typed, registration=program).text
    assert sent(client, typed, website="https://spam.example").status_code == 303
    assert received(app) == ()


def test_colleagues_are_of_ones_own_company(app, client):
    with app.extensions["uow"].write() as session:
        a_shop(session)
        linden, hazel = a_customer(session).id, a_customer(session, "HAZEL").id
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=hazel)
    with app.extensions["uow"].write() as session:
        email = an_account(session, Role.WHOLESALE_BUYER, customer_id=linden).email
    assert email not in client.get("/account/colleagues").text
    assert client.get(f"/account/colleagues/{email}").status_code == 404
    assert client.post(f"/account/colleagues/{email}/let-go").status_code == 404
