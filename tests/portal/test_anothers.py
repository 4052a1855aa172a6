"""Whatever belongs to another customer is as absent as what never was: pages, papers, and what a program asks for."""

import re

import pytest
from sqlalchemy import select

from procurement.accounts.operations.tokens import issue_token
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.models import Customer
from tests.api.programs import Program
from tests.doors import an_account, sign_in
from tests.sales.walked_quotes import a_shop_of_everything

QUOTE = {
    "customer": "HERE",
    "lines": [
        {
            "product": "ALM-500",
            "packs": 4,
            "unit_price": {"amount": "9.90", "currency": "EUR"},
        },
        {
            "product": "CRR-01",
            "choice": "optional",
            "unit_price": {"amount": "4.00", "currency": "EUR"},
        },
    ],
}
PAGES = (
    "/account/quotes/{quote}",
    "/account/quotes/{quote}/1/pdf",
    "/account/quotes/{quote}/1/acceptance.pdf",
    "/account/orders/{order}",
    "/account/orders/{order}/confirmation.pdf",
    "/account/orders/{order}/proforma.pdf",
    "/account/orders/{order}/shipments/{shipment}",
    "/account/orders/{order}/shipments/{shipment}/delivery-note.pdf",
    "/account/orders/{order}/shipments/{shipment}/return",
)
ASKED = (
    "/quotes/{quote}",
    "/quotes/{quote}?revision=1",
    "/quotes/{quote}/answer",
    "/quotes/{quote}/additions",
    "/quotes/{quote}/pdf",
    "/orders/{order}",
    "/orders/{order}/pdf",
    "/orders/{order}/proforma",
    "/orders/{order}/shipments/{shipment}/pdf",
)
# Of the seller's side: no buyer has any of it, their own neither.
SELLERS = (
    "/sales-orders/{order}/pdf",
    "/shipments/{shipment}/pdf",
    "/customer-returns/{back}",
    "/customer-returns/{back}/credit-note",
)
NOBODYS = {
    "quote": "Q-2026-9999",
    "order": "SO-2026-9999",
    "shipment": "SH-2026-9999",
    "back": "CR-2026-9999",
}


@pytest.fixture
def theirs(app):
    """Numbers of what customer HERE has: a quote they accepted, its order, a shipment, a return."""
    a_shop_of_everything(app)
    api = a_program(app, Role.ADMINISTRATOR)
    quote = api.post("/quotes", QUOTE).json["number"]
    api.post(f"/quotes/{quote}/issue", {"send": False})
    assert api.post(f"/quotes/{quote}/accept", {"name": "Aoife"}).status_code == 200
    order = api.post("/sales-orders", {"quote": quote}).json["number"]
    api.post(f"/sales-orders/{order}/confirm", {"send": False})
    shipment = api.post("/shipments", {"sales_order": order}).json["number"]
    lines = [{"position": 1, "quantity": {"amount": "500", "unit": "ml"}}]
    body = {"shipment": shipment, "reason": "damaged", "lines": lines, "into": "STORE"}
    back = api.post("/customer-returns", body)
    assert back.status_code == 201, back.json
    return {"quote": quote, "order": order, "shipment": shipment, "back": back.json["number"]}


def a_customers_key(session, code: str) -> int:
    return session.scalars(select(Customer.id).where(Customer.code == code)).one()


def a_program(app, role: Role, customer: str | None = None) -> Program:
    with app.extensions["uow"].write() as session:
        key = a_customers_key(session, customer) if customer else None
        user = an_account(session, role, customer_id=key)
        token = issue_token(session, user.email, "tests", at=utc_now())
    return Program(app.test_client(), token)


def be_buyer_of(app, client, code: str) -> None:
    with app.extensions["uow"].read() as session:
        key = a_customers_key(session, code)
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=key)


def without_numbers(answer, numbers: dict[str, str]) -> str:
    text = re.sub(r'nonce="[^"]*"', "", answer.get_data(as_text=True))
    for number in numbers.values():
        text = text.replace(number, "N")
    return text


def test_pages_and_papers_of_another_customer_are_as_absent_as_none(app, client, theirs):
    be_buyer_of(app, client, "HERE")
    assert [client.get(page.format(**theirs)).status_code for page in PAGES] == [200] * len(PAGES)
    be_buyer_of(app, client, "ABROAD")
    for page in PAGES:
        there, absent = (client.get(page.format(**one)) for one in (theirs, NOBODYS))
        assert (page, there.status_code, absent.status_code) == (page, 404, 404)
        assert without_numbers(there, theirs) == without_numbers(absent, NOBODYS)


def test_a_program_of_another_customer_is_told_the_same(app, theirs):
    own, another = (a_program(app, Role.WHOLESALE_BUYER, one) for one in ("HERE", "ABROAD"))
    assert [own.get(page.format(**theirs)).status_code for page in ASKED] == [200] * len(ASKED)
    for page in (*ASKED, *SELLERS):
        there, absent = (another.get(page.format(**one)) for one in (theirs, NOBODYS))
        wanted = 404 if page in ASKED else 403
        assert (page, there.status_code, absent.status_code) == (page, wanted, wanted)
        assert without_numbers(there, theirs) == without_numbers(absent, NOBODYS)


def test_nobody_answers_for_another_customer(app, client, theirs):
    be_buyer_of(app, client, "ABROAD")
    another = a_program(app, Role.WHOLESALE_BUYER, "ABROAD")
    for numbers in (theirs, NOBODYS):
        quote = numbers["quote"]
        sent = {"name": "Mallory", "decline-name": "Mallory", "ask-question": "Why?"}
        for action in ("accept", "decline", "question"):
            answer = client.post(f"/account/quotes/{quote}/{action}", data=sent)
            assert answer.status_code == 404, action
        body = {"name": "Mallory"}
        assert another.post(f"/quotes/{quote}/accept", body).status_code == 404
        assert another.post(f"/quotes/{quote}/decline", body | {"reason": "No"}).status_code == 404
        assert client.post(f"/account/orders/{numbers['order']}/again").status_code == 404
