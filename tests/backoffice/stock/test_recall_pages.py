"""A recall on its pages: started from a lot, settled by a therapist's tap, as PDF and file."""

import pytest

from procurement.kernel.permissions import Role
from tests.builders import a_company, a_product, a_supplier
from tests.doors import sign_in
from tests.stock.builders import a_spa, opened, used


@pytest.fixture
def desk(app, client):
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_spa(session)
        a_product(session, name="Almond oil")
        opened(session, 1000, into="ROOM-1", lot="A1")
        used(session, 30, "ROOM-1")
    sign_in(client, Role.STOCK_KEEPER)
    return client


def test_a_recall_is_started_settled_and_closed(desk):
    form = desk.get("/recalls/new?product=ALM-500&lots=A1").text
    assert "ALM-500" in form
    refused = desk.post("/recalls/new", data={"product": "ALM-500", "lots": "A1, B", "reason": "x"})
    assert refused.status_code == 422
    data = {"product": "ALM-500", "lots": "A1", "reason": "glass"}
    started = desk.post("/recalls/new", data=data)
    page = started.headers["Location"]
    assert "Still to be found" in desk.get(page).text
    early = desk.post(f"{page}/close", follow_redirects=True).text
    assert "still to be dealt with" in early
    sign_in(desk, Role.THERAPIST)
    done = desk.post(f"{page}/items/1", data={"outcome": "quarantined"}, follow_redirects=True).text
    assert "100 %" in done
    sign_in(desk, Role.STOCK_KEEPER)
    assert "Nothing has turned up" in desk.post(f"{page}/look-again", follow_redirects=True).text
    assert "closed" in desk.post(f"{page}/close", follow_redirects=True).text
    assert "RC-2026-0001" in desk.get("/recalls/").text
    assert desk.get(f"{page}/pdf").data.startswith(b"%PDF")
    rows = desk.get(f"{page}?format=csv").text.splitlines()
    assert ["place" in rows[1], "treatment" in rows[2]] == [True, True]


def test_what_goes_back_has_a_return_and_says_to_whom(desk):
    data = {"product": "ALM-500", "lots": "A1", "reason": "glass"}
    page = desk.post("/recalls/new", data=data).headers["Location"]
    item = f"{page}/items/1"
    with desk.application.extensions["uow"].write() as session:
        a_supplier(session)
    assert "Supplier, if it goes back" in desk.get(page).text
    refused = desk.post(item, data={"outcome": "returned"}, follow_redirects=True).text
    assert "say to which supplier it goes" in refused
    sign_in(desk, Role.THERAPIST)
    assert "Sent back" not in desk.get(page).text
    sign_in(desk, Role.STOCK_KEEPER)
    chosen = {"outcome": "returned", "supplier": "CORRIB"}
    done = desk.post(item, data=chosen, follow_redirects=True).text
    assert "SR-2026-0001 is posted" in done
    assert "/supplier-returns/SR-2026-0001" in done


def test_who_may_not_hold_starts_none(desk):
    sign_in(desk, Role.THERAPIST)
    data = {"product": "ALM-500", "lots": "A1", "reason": "glass"}
    assert desk.post("/recalls/new", data=data).status_code == 403
    assert desk.get("/recalls/").status_code == 200
