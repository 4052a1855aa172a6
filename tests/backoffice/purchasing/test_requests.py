"""The pages of requests for quotation: asked by us, answered behind a private link, awarded line by line."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.quotations import request_page
from tests.backoffice.purchasing.pages import text_of
from tests.builders import a_supplier
from tests.doors import sign_in
from tests.purchasing.builders import a_placed_order

SOON = (utc_now().date() + timedelta(days=5)).isoformat()


def a_form(**more):
    lines = {
        "lines-0-product": "ALM-500",
        "lines-0-pack": "case",
        "lines-0-packs": "10",
        "lines-1-product": "COV-020",
        "lines-1-packs": "8",
    }
    return {"answer_by": SOON, "suppliers": ["CORRIB", "TARN"], **lines, **more}


@pytest.fixture
def asked(manager, work) -> str:
    """A request that was sent; the page of it."""
    with work.write() as session:
        a_supplier(session, "TARN")
    answer = manager.post("/requests-for-quotation", data=a_form())
    url = answer.headers["Location"]
    assert manager.post(f"{url}/send").status_code == 303
    return url


def link(work) -> str:
    with work.read() as session:
        bodies = session.scalars(select(Message.body).order_by(Message.id)).all()
    return next(found[0] for body in bodies if (found := re.search(r"/rfq/\S+", body)))


def offer(**more):
    rows = {"lines-0-position": "1", "lines-1-position": "2", "lines-0-pack": "case"}
    prices = {"lines-0-price": "78.50", "lines-0-breaks": "20: 75; 50: 71.5", "lines-1-price": ""}
    return {
        **rows,
        **prices,
        "lines-0-lead_time_days": "3",
        "lines-1-lead_time_days": "3",
        "name": "Pat",
        **more,
    }


def test_a_supplier_answers_behind_its_link_and_wins(client, manager, work, asked):
    url = link(work)
    manager.get("/sign-out")
    page = client.get(url)
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Sweet Almond Oil" in text_of(page)
    assert "Tarn" not in text_of(page)
    refused = client.post(url, data=offer(**{"lines-0-breaks": "cheap"}))
    assert refused.status_code == 422
    assert "Write packs and price" in text_of(refused)
    assert 'value="78.50"' in refused.text
    dear = client.post(url, data=offer(**{"lines-0-breaks": "20: 90"}))
    assert "Each break is cheaper" in text_of(dear)
    assert client.post(url, data=offer(**{"lines-0-price": ""})).status_code == 422
    assert client.post(url, data=offer()).status_code == 303
    assert "Thank you: your answer is with us." in text_of(client.get(url))
    sign_in(client, Role.SPA_MANAGER)
    typed = offer(**{"lines-0-price": "79", "lines-0-breaks": "", "lines-1-price": "39"})
    assert client.post(f"{asked}/answers/TARN", data=typed).status_code == 303
    page = text_of(client.get(asked))
    assert "Corrib Botanicals cheapest" in page
    assert "2 of 2" in page
    rows = client.get(f"{asked}?format=csv").text.splitlines()
    assert len(rows) == 5
    awards = {"award-1-CORRIB": "20", "award-2-TARN": "8", "award-1-TARN": "", "update_items": "y"}
    assert client.post(f"{asked}/award", data=awards).status_code == 303
    number = asked.rpartition("/")[2]
    with work.read() as session:
        found = request_page(session, number, at=utc_now())
        orders = [one.order for one in found.invitations]
        prices = [order_page(session, one).lines[0].price.amount for one in orders if one]
    assert prices == ["75.00", "39.00"]
    assert "an order is being prepared" in text_of(client.get(url))
    client.post(f"{asked}/award", data=awards)
    assert "it cannot be awarded" in text_of(client.get(asked))


def test_a_supplier_declines_and_a_wrong_link_leads_nowhere(client, work, asked):
    url = link(work)
    assert client.get("/rfq/nobody-made-this").status_code == 404
    assert client.post(f"{url}/decline", data={"decline-name": ""}).status_code == 422
    told = {"decline-name": "Pat", "decline-remark": "Sold out"}
    assert client.post(f"{url}/decline", data=told).status_code == 303
    assert "You declined" in text_of(client.get(url))
    assert "no bid" in text_of(client.get(asked))
    assert client.get(f"{asked}/pdf?supplier=TARN").content_type == "application/pdf"
    assert client.get(f"{asked}/pdf?supplier=NONE").status_code == 404
    client.post(f"{asked}/send-again", data={"supplier": "CORRIB"})
    assert client.get(url).status_code == 404
    client.post(f"{asked}/end")
    assert "closed" in text_of(client.get(asked)).lower()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"answer_by": ""}, "Fill this in"),
        ({"answer_by": "2020-01-01"}, "A day from today on"),
        ({"suppliers": []}, "Fill this in"),
        ({"lines-0-product": "NOPE"}, "There is no product NOPE"),
        ({"lines-1-packs": "x"}, "A whole number"),
    ],
)
def test_what_a_request_cannot_be_comes_back(manager, change, said):
    data = a_form(suppliers=["CORRIB"]) | change
    answer = manager.post("/requests-for-quotation", data=data)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_an_order_or_the_needs_fill_the_form_and_a_draft_is_changed(manager, work):
    with work.write() as session:
        order = a_placed_order(session).number
    form = manager.get(f"/requests-for-quotation/new?order={order}").text
    assert 'value="ALM-500"' in form
    assert manager.get("/requests-for-quotation/new?needs=1").status_code == 200
    url = manager.post("/requests-for-quotation", data=a_form(suppliers=["CORRIB"])).headers[
        "Location"
    ]
    assert 'value="COV-020"' in manager.get(f"{url}/edit").text
    changed = a_form(
        suppliers=["CORRIB"], title="Winter", **{"lines-1-product": " ", "lines-1-packs": ""}
    )
    assert manager.post(f"{url}/edit", data=changed).status_code == 303
    assert "Winter" in text_of(manager.get(url))
    number = url.rpartition("/")[2]
    assert manager.get(f"/search?q={number}").headers["Location"] == url
    assert "Winter" in text_of(manager.get("/requests-for-quotation?status=draft&q=wint"))
    rows = manager.get("/requests-for-quotation?format=csv").text
    assert "Winter" in rows
    manager.post(f"{url}/end")
    assert "Cancelled" in text_of(manager.get(url))


def test_who_keeps_stock_only_looks(client, work, manager, asked):
    sign_in(client, Role.STOCK_KEEPER)
    assert client.get(asked).status_code == 200
    assert client.get("/requests-for-quotation/new").status_code == 403
    assert client.get(f"{asked}/answers/CORRIB").status_code == 403
    assert client.post(f"{asked}/award", data={"award-1-CORRIB": "1"}).status_code == 403
