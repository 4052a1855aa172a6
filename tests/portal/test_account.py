"""A buyer's own account, by its pages."""

import io
import json
import re
import zipfile

import pytest
from sqlalchemy import select

from procurement.accounts.models import User
from procurement.accounts.rules.passwords import hash_password
from procurement.audit.queries import trail_of
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.sales.models import Address, Buyer, Customer, Enquiry, MailChoices
from tests.doors import sign_in
from tests.sales.stories import a_customer, a_shop

GALWAY = {
    "label": "Spa Nord, back door",
    "kind": "delivery",
    "attention": "Nuala, +353 91 1",
    "street": "1 Quay Street",
    "postal_code": "H91 X1",
    "city": "Galway",
    "country": "IE",
}


@pytest.fixture
def linden(app, client):
    with app.extensions["uow"].write() as session:
        a_shop(session)
        linden = a_customer(session).id
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    return linden


def rows_of(app, customer_id):
    with app.extensions["uow"].read() as session:
        return session.scalars(
            select(Address).where(Address.customer_id == customer_id).order_by(Address.position)
        ).all()


def add(client, **changes):
    return client.post("/account/addresses/new", data={**GALWAY, **changes})


def asked(app):
    with app.extensions["uow"].read() as session:
        return session.scalars(select(Enquiry.message)).all()


def test_the_book_is_kept_by_its_company(app, client, linden):
    assert "No addresses yet" in client.get("/account/addresses").text
    # The first one moves taxes to where it is: we look at it.
    answer = add(client)
    assert (answer.status_code, 'name="ask"' in answer.text) == (422, True)
    assert rows_of(app, linden) == []
    assert add(client, ask="1").status_code == 303
    assert "Galway" in asked(app)[0]
    with app.extensions["uow"].write() as session:
        session.add(Address(customer_id=linden, kind="delivery", lines="Cork", country="IE"))
    assert add(client, usual="y").status_code == 303
    first, _ = rows_of(app, linden)
    assert first.lines == "Nuala, +353 91 1\n1 Quay Street\nGalway\nH91 X1\nIRELAND"
    page = client.get("/account/addresses").text
    assert page.index("Spa Nord") < page.index("Cork")
    edit = f"/account/addresses/{first.id}"
    assert 'value="Galway"' in client.get(edit).text
    assert client.post(edit, data={**GALWAY, "country": "DE"}).status_code == 422
    assert client.post(edit, data={**GALWAY, "city": ""}).status_code == 422
    assert client.post(edit, data={**GALWAY, "label": "New name"}).status_code == 303
    _, other = rows_of(app, linden)
    assert client.post(f"/account/addresses/{other.id}/usual").status_code == 303
    assert rows_of(app, linden)[0].id == other.id
    assert client.post(f"{edit}/remove").status_code == 303
    assert [row.id for row in rows_of(app, linden)] == [other.id]
    with app.extensions["uow"].read() as session:
        trail = [row.action for row in trail_of(session, "LINDEN")]
    assert {"add address", "change address", "usual address", "remove address"} <= set(trail)


def test_where_bills_go_is_told_to_us(app, client, linden):
    with app.extensions["uow"].write() as session:
        session.add(Address(customer_id=linden, kind="billing", lines="Cork", country="IE"))
    assert add(client, kind="billing", usual="y").status_code == 303
    with app.extensions["uow"].read() as session:
        told = session.scalars(select(Message).where(Message.reference == "LINDEN")).one()
    assert (told.recipient, "1 Quay Street" in told.body) == ("sales@spa.example", True)


def test_who_may_not_manage_reads_only_and_strangers_find_nothing(app, client, linden):
    with app.extensions["uow"].write() as session:
        session.add(Address(customer_id=linden, kind="delivery", lines="Cork", country="IE"))
    (row,) = rows_of(app, linden)
    ben = sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    with app.extensions["uow"].write() as session:
        session.add(Buyer(user_id=ben))
    assert "Cork" in client.get("/account/addresses").text
    assert add(client).status_code == 403
    with app.extensions["uow"].write() as session:
        hazel = a_customer(session, "HAZEL").id
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=hazel)
    assert "Cork" not in client.get("/account/addresses").text
    for path in ("", "/usual", "/remove"):
        assert client.post(f"/account/addresses/{row.id}{path}", data=GALWAY).status_code == 404
    assert len(rows_of(app, linden)) == 1


def test_every_place_of_the_account_opens_with_its_menu(client, linden):
    menu = re.search(r'<nav class="account-menu".*?</nav>', client.get("/account").text, re.DOTALL)[
        0
    ]
    places = re.findall(r'href="([^"]+)"', menu)
    assert len(places) > 4
    for place in places:
        page = client.get(place).text
        marked = re.search(r'<nav class="account-menu".*?</nav>', page, re.DOTALL)[0]
        assert f'href="{place}" aria-current="page"' in marked
        assert "Stillroom" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_sign_in_bears_the_sellers_name(app, client, linden):
    client.post("/sign-out")
    with app.extensions["uow"].read() as session:
        assert session.scalars(select(Customer.name)).first()
    assert "Stillroom</a>" not in client.get("/sign-in").text


def a_password(app, user_id, password="lavender fields at noon"):
    with app.extensions["uow"].write() as session:
        session.get_one(User, user_id).password = hash_password(password)
    return password


def test_data_are_taken_along_and_the_account_is_left_by_its_page(app, client, linden):
    user_id = sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    password = a_password(app, user_id)
    refused = client.post("/account/data/take", data={"take-password": "wrong"})
    assert (refused.status_code, "not your password" in refused.text) == (422, True)
    packed = client.post("/account/data/take", data={"take-password": password})
    with zipfile.ZipFile(io.BytesIO(packed.data)) as archive:
        assert {"README.txt", "data.json", "account.csv", "company.csv"} <= set(archive.namelist())
        assert json.loads(archive.read("data.json"))["company"][0]["code"] == "LINDEN"
    left = client.post("/account/data/leave", data={"leave-password": password})
    assert left.status_code == 303
    assert "Keep my account" in client.get("/account/data").text
    staff = app.test_client()
    sign_in(staff, Role.SALES)
    assert "asked us to delete their account" in staff.get("/today").text
    assert client.post("/account/data/stay").status_code == 303
    assert "Keep my account" not in client.get("/account/data").text


def test_mails_are_chosen_in_the_account_and_by_their_link(app, client, linden):
    assert (
        client.post("/account/mails", data={"topic": ["quote_sent", "nonsense"]}).status_code == 303
    )
    page = client.get("/account/mails").text
    assert len(re.findall(r'name="topic"[^>]* checked', page)) == 1
    with app.extensions["uow"].read() as session:
        token = session.scalars(select(MailChoices.token)).one()
    visitor = app.test_client()
    answer = visitor.get(f"/mails/{token}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert visitor.post(f"/mails/{token}", data={"topic": []}).status_code == 303
    assert " checked" not in visitor.get(f"/mails/{token}").text
    assert visitor.get("/mails/nobodys").status_code == 404


def test_our_people_forget_somebody_for_them(app, client, linden):
    with app.extensions["uow"].read() as session:
        email = session.scalars(select(User.email).where(User.customer_id == linden)).one()
    sign_in(client, Role.SALES)
    assert email in client.get("/customers/LINDEN").text
    assert client.post(f"/customers/HAZEL/people/{email}/erase").status_code == 404
    assert client.post(f"/customers/LINDEN/people/{email}/erase").status_code == 303
    assert email not in client.get("/customers/LINDEN").text
