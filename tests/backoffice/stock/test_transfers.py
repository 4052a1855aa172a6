"""Transfers in the back office: asked for, picked, sent, taken in; each page and each refusal."""

import re

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
)
from procurement.stock.terms import LocationKind
from tests.builders import a_product, an_actor
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.stock.builders import a_spa, opened


@pytest.fixture
def spa(app, client):
    sign_in(client, Role.SPA_MANAGER)
    with app.extensions["uow"].write() as session:
        a_spa(session)
        create_site(session, CreateSite("GAL", "Galway", "Europe/Dublin"), actor=an_actor())
        store = CreateLocation("G-STORE", "Galway store", LocationKind.STOREROOM, "GAL")
        create_location(session, store, actor=an_actor())
        a_product(session, name="Sweet Almond Oil")
        opened(session, 500, lot="A1", at=utc_now())
    return client


def drafted(spa, **more):
    form = {
        "source": "STORE",
        "destination": "G-STORE",
        "lines-0-product": "ALM-500",
        "lines-0-quantity": "120",
    }
    answer = spa.post("/transfers/new", data=form | more)
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def once(page):
    return re.search(r'name="once"[^>]*value="(\w+)"', page)[1]


def test_it_is_asked_for_by_a_therapist_picked_and_sent_and_taken_in(spa):
    page = drafted(spa, do="request", note="For Saturday")
    assert "Asked for" in spa.get(page).text
    assert spa.post(f"{page}/pick").status_code == 303
    assert "the only lot there" in spa.get(page).text
    assert spa.post(f"{page}/send").status_code == 303
    assert "Take in" in spa.get(page).text
    assert "under way, sent by" in spa.get("/today").text
    arrive = spa.get(f"{page}/arrive").text
    assert 'value="120"' in arrive
    form = {
        "once": once(arrive),
        "lines-0-position": "1",
        "lines-0-arrived": "100",
        "lines-0-cause": "lost",
    }
    assert spa.post(f"{page}/arrive", data=form).status_code == 303
    again = spa.post(f"{page}/arrive", data=form, follow_redirects=True)
    assert "taken in already" in again.text or "Nothing is under way" in again.text
    shown = spa.get(page).text
    assert "Written off, lost" in shown
    assert "20&nbsp;ml" in shown or "20\xa0ml" in shown


@pytest.mark.parametrize(
    ("arrived", "says"),
    [("121", "Only 120 ml of it is under way."), ("", "field"), ("NaN", "aria-invalid"), ("0", "")],
)
def test_what_cannot_have_arrived_is_said_at_its_field(spa, arrived, says):
    page = drafted(spa)
    spa.post(f"{page}/send")
    form = {"lines-0-position": "1", "lines-0-arrived": arrived, "lines-0-cause": ""}
    answer = spa.post(f"{page}/arrive", data=form)
    assert answer.status_code == 422
    assert says in answer.text
    assert spa.post(f"{page}/carry").status_code == 409


def test_lists_and_pages_ask_a_fixed_number_of_questions(app, spa):
    for _ in range(3):
        page = drafted(spa)
    engine = app.extensions["uow"].engine
    for address, most in (("/transfers/", 7), (page, 9), (f"{page}/arrive", 9)):
        with assert_queries(engine, most):
            assert spa.get(address).status_code == 200
    assert "Under way" in spa.get("/transfers/?status=in_transit").text
    assert "G-STORE" in spa.get("/transfers/?format=csv").text
