"""A buyer's own account, by its pages."""

import re

import pytest
from sqlalchemy import select

from procurement.audit.queries import trail_of
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.sales.models import Address, Buyer, Customer, Enquiry
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
