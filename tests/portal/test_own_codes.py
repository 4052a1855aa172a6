"""A buyer keeps what their own system calls our packs, and orders by it."""

import pytest

from procurement.kernel.permissions import Role
from tests.doors import sign_in
from tests.sales.stories import a_customer, a_ready_shop


@pytest.fixture
def buyer(app, client):
    with app.extensions["uow"].write() as session:
        linden = a_ready_shop(session).id
        a_customer(session, "BIRCH")
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    return client


def test_codes_are_pasted_read_in_quick_order_and_forgotten(buyer):
    assert "No codes yet" in buyer.get("/account/codes").text
    for pasted, said in (
        ("4711", "Line 1, “4711”: your code, then our SKU"),
        ("4711 ALM-500\n4712 NONE", "Line 2: There is no product"),
        ("", "This is needed"),
    ):
        answer = buyer.post("/account/codes", data={"codes": pasted})
        assert answer.status_code == 422, pasted
        assert said in answer.text or "required" in answer.text.lower()
    kept = buyer.post("/account/codes", data={"codes": "LR 4711\tALM-500\tcase\r\nLR-2;CRR-01"})
    assert kept.status_code == 303
    assert "LR 4711" in buyer.get("/account/codes").text
    assert "Your code LR 4711" in buyer.get("/catalogue/ALM-500").text
    read = buyer.post("/quick-order", data={"paste": "LR4711 3", "do": "read"}).text
    assert "There is no product" not in read
    assert 'value="case" selected' in read
    for said in ("is forgotten", "was gone already"):
        answer = buyer.post("/account/codes/forget", data={"code": "LR-2"}, follow_redirects=True)
        assert said in answer.text
    assert "CRR-01" not in buyer.get("/account/codes").text
