"""Win and loss in the back office and over the API: the figures as a page and as a file, for who sees sales."""

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.operations.answering import Answer, accept_quote
from tests.doors import sign_in
from tests.sales.stories import SELLER, a_draft, a_ready_shop, issue


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.SALES)
    assert "No quote was issued" in client.get("/win-and-loss/").text
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
        number = issue(session, a_draft(session).number, at=utc_now()).number
        accept_quote(session, number, Answer(name="Aoife"), actor=SELLER, at=utc_now())
    return client


def test_the_figures_are_a_page_and_a_file(shop):
    page = shop.get("/win-and-loss/?person=Tom%C3%A1s+Reilly")
    assert "1 of 1 decided quotes were won" in page.text
    told = shop.get("/win-and-loss/?format=csv").text
    assert "Salesperson,Tomás Reilly,1,0,0,100" in told
    assert shop.get("/win-and-loss/?format=xlsx").data.startswith(b"PK")


@pytest.mark.parametrize(
    "query", ["since=x", "since=1500-01-01", "since=2030-01-01", "format=exe", "until=2026-02-30"]
)
def test_what_is_no_period_is_no_page(shop, query):
    assert shop.get(f"/win-and-loss/?{query}").status_code == 404


def test_it_is_for_who_sees_sales(app, client):
    sign_in(client, Role.THERAPIST)
    assert client.get("/win-and-loss/").status_code == 403
