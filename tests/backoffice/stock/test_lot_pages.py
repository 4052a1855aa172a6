"""Lots on their pages: what stands in the way of them, held and released, their labels, their story."""

import pytest

from procurement.kernel.permissions import Role
from tests.builders import a_company, a_product
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


def test_a_lot_is_held_and_released_on_its_page(desk):
    page = desk.get("/lots/ALM-500/A1").text
    assert "970" in page
    assert "a treatment" in page
    refused = desk.post("/lots/ALM-500/A1/hold", data={"why": ""})
    assert refused.status_code == 422
    held = desk.post("/lots/ALM-500/A1/hold", data={"why": "cloudy"}, follow_redirects=True).text
    assert "Held: cloudy" in held
    assert "cloudy" in desk.get("/lots/?status=quarantine").text
    assert "No such lot" in desk.get("/lots/?status=available").text
    again = desk.post("/lots/ALM-500/A1/hold", data={"why": "cloudy"})
    assert again.status_code == 422
    freed = desk.post("/lots/ALM-500/A1/release", data={"why": "fine"}, follow_redirects=True)
    assert "may be used again" in freed.text


def test_labels_are_told_one_by_one_and_many_at_once(desk):
    assert "nobody has looked" in desk.get("/lots/?label=unknown").text
    desk.post("/lots/labels", data={"lot": ["ALM-500/A1"], "told": "old_label", "label": "unknown"})
    assert "31 Jul 2028" in desk.get("/lots/ALM-500/A1").text
    desk.post("/lots/ALM-500/A1/label", data={"told": "named"})
    assert "names the allergens" in desk.get("/lots/ALM-500/A1").text
    rows = desk.get("/lots/?format=csv").text.splitlines()
    assert "names the allergens" in rows[1]


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.SALES])
def test_who_may_not_hold_sees_no_button_and_is_refused(desk, role):
    sign_in(desk, role)
    assert "hold-lot" not in desk.get("/lots/ALM-500/A1").text
    assert desk.post("/lots/ALM-500/A1/hold", data={"why": "x"}).status_code == 403


def test_a_lot_is_sent_back_from_its_page_with_a_return(desk):
    url = "/supplier-returns/new?lot=ALM-500/A1&location=ROOM-1"
    link = "/supplier-returns/new?lot=ALM-500/A1&amp;location=ROOM-1"
    assert link in desk.get("/lots/ALM-500/A1").text.replace("%2F", "/")
    assert "Choose one" in desk.get(url).text  # nobody knows who delivered it
    assert desk.get(url.replace("A1", "NONE")).status_code == 404
    sign_in(desk, Role.THERAPIST)
    assert "/supplier-returns/new" not in desk.get("/lots/ALM-500/A1").text
