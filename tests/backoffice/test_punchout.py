"""Staff connect a customer's procurement system: the form, the secret told once, the messages."""

import re

import pytest
from sqlalchemy import select

from procurement.kernel.permissions import Role
from procurement.sales.models import Customer, PunchoutConnection
from tests.builders import a_location, virtual_locations
from tests.doors import an_account, sign_in
from tests.exchange.cxml_client import FROM, OURS, Buyer, item
from tests.sales.stories import a_customer, a_ready_shop

PAGE = "/customers/LINDEN/punchout"


@pytest.fixture
def typed(app):
    with app.extensions["uow"].write() as session:
        linden = a_ready_shop(session)
        a_customer(session, "BIRCH")
        virtual_locations(session)
        a_location(session, "STORE")
        buyer = an_account(session, Role.WHOLESALE_BUYER, customer_id=linden.id).email
    return {
        "name": "Coupa",
        "buyer": buyer,
        "origin_domain": FROM[0],
        "origin_identity": FROM[1],
        "own_domain": OURS[0],
        "own_identity": OURS[1],
        "return_hosts": "https://Buy.Linden.example/\n\nbuy.linden.example",
        "mode": "production",
        "active": "y",
    }


def test_connected_changed_and_given_another_secret(client, app, typed):
    sign_in(client, Role.SALES)
    assert "Connect one" in client.get("/customers/LINDEN").text
    assert client.get(f"{PAGE}/new").status_code == 200
    told = client.post(f"{PAGE}/new", data=typed)
    (secret,) = re.findall(r'<b class="code">([0-9a-z]{26})</b>', told.text)
    with app.extensions["uow"].read() as session:
        made = session.scalars(select(PunchoutConnection)).one()
    assert (made.return_hosts, made.sender_identity) == ("buy.linden.example", FROM[1])
    place = f"{PAGE}/{made.id}"
    assert secret not in client.get(place).text
    assert client.post(f"{PAGE}/new", data=typed).status_code == 422  # the same parties again
    buyer = Buyer(app.test_client(), secret)
    assert buyer.order("77", item("ALM-500", price="9.00")).code == 200
    assert buyer.order("78", item("NONE")).code == 417
    page = client.get(place).text
    for said in ("417 refused", "200 fine", "There is no product", "SO-", "/cxml"):
        assert said in page
    (number,) = re.findall(r"/sales-orders/(SO-[0-9-]+)", page)
    order = client.get(f"/sales-orders/{number}").text
    assert "they wrote 9.00, our price is 11.90" in order
    (kept,) = re.findall(rf"{place}/messages/[0-9]+", order)
    file = client.get(kept)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert b'orderID="77"' in file.data
    assert secret.encode() not in file.data
    assert not made.framed
    changed = client.post(
        f"{place}/edit", data=typed | {"mode": "test", "version": str(made.version)}
    )
    assert changed.status_code == 303
    assert client.post(f"{place}/edit", data=typed | {"version": "1"}).status_code == 422
    again = client.post(f"{place}/secret").text
    (other,) = re.findall(r'<b class="code">([0-9a-z]{26})</b>', again)
    assert buyer.order("79", item("ALM-500")).code == 401
    buyer.secret = other
    assert "A test" in buyer.order("79", item("ALM-500")).text


def test_what_is_typed_wrong_is_said_at_its_field(client, typed):
    sign_in(client, Role.SALES)
    for wrong, said in (
        ({"buyer": "nobody@example.com"}, "buyer"),
        ({"return_hosts": "not a host"}, "is no host"),
        ({"return_hosts": ""}, "Fill this in"),
        ({"unspsc": "12"}, "Eight figures"),
        ({"origin_identity": ""}, "Fill this in"),
    ):
        answer = client.post(f"{PAGE}/new", data=typed | wrong)
        assert (answer.status_code, said in answer.text) == (422, True), wrong


def test_other_people_and_other_customers(client, app, typed):
    sign_in(client, Role.SALES)
    client.post(f"{PAGE}/new", data=typed)
    with app.extensions["uow"].read() as session:
        key = session.scalars(select(PunchoutConnection.id)).one()
        linden = session.scalars(select(Customer.id).where(Customer.code == "LINDEN")).one()
    for place in (f"/customers/BIRCH/punchout/{key}", f"{PAGE}/{key}/messages/1", f"{PAGE}/999"):
        assert client.get(place).status_code == 404
    assert client.post(f"/customers/BIRCH/punchout/{key}/secret").status_code == 404
    for role, customer in ((Role.STOCK_KEEPER, None), (Role.WHOLESALE_BUYER, linden)):
        other = app.test_client()
        sign_in(other, role, customer_id=customer)
        assert other.get(f"{PAGE}/{key}").status_code == 403
        assert other.get(f"{PAGE}/new").status_code == 403
        assert other.post(f"{PAGE}/{key}/secret").status_code == 403
