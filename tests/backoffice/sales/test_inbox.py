"""The inbox, customers and price lists in the back office: what works, and each refusal at its field."""

import re

import pytest
from sqlalchemy import select

from procurement.kernel.actor import PUBLIC
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.sales.operations.enquiries import AskedProduct, LeaveMessage, leave_message
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.price_lists import prices_of
from procurement.sales.terms import CustomerKind
from tests.doors import sign_in
from tests.sales.stories import SELLER, a_ready_shop


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.SALES)
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
        command = LeaveMessage(
            name="Zoë <b>Müller</b>",
            email="zoe@rooms.example",
            kind=CustomerKind.INDIVIDUAL,
            message="Do you have <i>almond</i> oil?",
            products=(AskedProduct("ALM-500"),),
        )
        leave_message(session, command, actor=PUBLIC, at=utc_now())
    return client


def test_a_message_is_read_answered_and_made_into_a_quote(app, shop):
    assert "1 message waits" in shop.get("/enquiries/").text
    url = f"/enquiries/E-{utc_now().year}-0001"
    page = shop.get(url).text
    assert "&lt;i&gt;almond&lt;/i&gt;" in page
    assert shop.post(f"{url}/answer", data={"answer": " "}).status_code == 422
    assert shop.post(f"{url}/answer", data={"answer": "Yes."}).status_code == 303
    with app.extensions["uow"].read() as session:
        recipients = set(session.scalars(select(Message.recipient)))
    assert "zoe@rooms.example" in recipients
    made = shop.post(f"{url}/quote")
    assert "/quotes/Q-" in made.headers["Location"]
    assert "Zoë" in shop.get(made.headers["Location"]).text
    again = shop.post(f"{url}/quote", follow_redirects=True)
    assert "already" in again.text
    sent = {"reason": "no_reply", "note": "Twice"}
    assert "Say why" in shop.post(f"{url}/lose", follow_redirects=True).text
    assert shop.post(f"{url}/lose", data=sent).status_code == 303
    assert "given up" in shop.post(f"{url}/lose", data=sent, follow_redirects=True).text
    assert "No reply: Twice" in shop.get(url).text
    assert shop.post(f"{url}/reopen").status_code == 303
    assert "open already" in shop.post(f"{url}/reopen", follow_redirects=True).text


def test_an_enquiry_is_taken_and_found_under_its_view(shop):
    url = f"/enquiries/E-{utc_now().year}-0001"
    assert "E-" in shop.get("/enquiries/?view=unassigned").text
    me = re.search(r'name="assigned_to" value="([^"]+)"', shop.get(url).text)[1]
    assert shop.post(f"{url}/assign", data={"assigned_to": me}).status_code == 303
    for view, holds in (("mine", True), ("unassigned", False), ("waiting", True)):
        assert ("Zoë" in shop.get(f"/enquiries/?view={view}").text) is holds, view
    refused = shop.post(f"{url}/assign", data={"assigned_to": "x@y.z"}, follow_redirects=True)
    assert "who sells" in refused.text
    assert shop.get("/enquiries/?view=everything").status_code == 404


def a_customer_form(**changes):
    return {
        "name": "Harbour Lane",
        "kind": "wellness_centre",
        "currency": "EUR",
        "active": "y",
        "contacts-0-name": "Anneke Vos",
        "contacts-0-email": "anneke@harbour.example",
        "addresses-0-street": "12 Harbour Lane",
        "addresses-0-city": "Portmere",
        "addresses-0-kind": "billing",
    } | changes


def test_a_customer_is_added_and_changed(app, shop):
    made = shop.post("/customers/new", data=a_customer_form(code="HARBOUR"))
    assert made.headers["Location"] == "/customers/HARBOUR"
    assert "Anneke Vos" in shop.get("/customers/HARBOUR").text
    form = shop.get("/customers/HARBOUR/edit").text
    assert "12 Harbour Lane" in form
    changed = a_customer_form(**{"contacts-0-name": "", "contacts-0-email": "", "name": "Harbour"})
    assert shop.post("/customers/HARBOUR/edit", data=changed).status_code == 303
    with app.extensions["uow"].read() as session:
        page = customer_page(session, "HARBOUR", actor=SELLER)
    assert (page.name, page.contacts) == ("Harbour", ())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"code": "LINDEN"}, "code"),
        ({"email": "nobody"}, "email"),
        ({"contacts-0-email": "nobody"}, "contacts-0-email"),
        ({"contacts-0-name": ""}, "contacts-0-name"),
        ({"kind": "castle"}, "kind"),
    ],
)
def test_a_customer_that_cannot_be_taken_is_told_at_its_field(shop, changes, field):
    answer = shop.post("/customers/new", data=a_customer_form(**changes))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_a_stale_customer_form_is_refused(shop):
    answer = shop.post("/customers/LINDEN/edit", data=a_customer_form(version="99"))
    assert answer.status_code == 422
    assert "changed by somebody else" in answer.text


def test_prices_are_set_by_typing_them(app, shop):
    typed = "ALM-500 12.10\nALM-500 case 6 130\nALM-500;case;1;-\nCRR-01\tpiece\t21.50"
    assert shop.post("/price-lists/STD", data={"prices": typed}).status_code == 303
    with app.extensions["uow"].read() as session:
        rows = prices_of(session, "STD", PageRequest(), actor=SELLER).items
    assert [(row.pack, row.from_packs, row.price.amount) for row in rows] == [
        ("bottle", 1, "12.10"),
        ("case", 6, "130.00"),
        ("piece", 1, "21.50"),
    ]
    for wrong in ("ALM-500", "NOPE 3", "ALM-500 barrel 1 3", "ALM-500 -4", "ALM-500 0 3"):
        answer = shop.post("/price-lists/STD", data={"prices": wrong})
        assert answer.status_code == 422, wrong


def test_a_price_list_is_made_and_its_head_changed(shop):
    form = {"code": "B", "name": "Clinics B", "currency": "EUR", "valid_from": "2026-01-01"}
    assert shop.post("/price-lists/new", data=form).status_code == 303
    backwards = form | {"valid_until": "2025-01-01"}
    assert shop.post("/price-lists/B/edit", data=backwards).status_code == 422
    assert shop.post("/price-lists/B/edit", data=form | {"name": "B2"}).status_code == 303
    assert "B2" in shop.get("/price-lists/").text
    assert shop.post("/price-lists/new", data=form).status_code == 422
    assert shop.get("/price-lists/NONE").status_code == 404


def test_lists_leave_as_files(shop):
    for path in ("/enquiries/", "/customers/", "/price-lists/STD"):
        assert shop.get(f"{path}?format=csv").status_code == 200
        assert shop.get(f"{path}?format=xlsx").data.startswith(b"PK")
        assert shop.get(f"{path}?format=exe").status_code == 404
