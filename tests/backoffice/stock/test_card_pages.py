"""Stock cards and closed books as pages and files."""

from datetime import timedelta

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.builders import a_company, a_product
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.stock.builders import a_spa, opened, used


@pytest.fixture
def spa(app, client):
    sign_in(client, Role.SPA_MANAGER)
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_spa(session)
        a_product(session, name="Sweet Almond Oil")
        opened(session, 500, lot="A1", into="ROOM-1", at=utc_now() - timedelta(days=9))
        used(session, 30, "ROOM-1", at=utc_now() - timedelta(days=2))
    return client


def test_the_card_reads_as_page_and_file(app, spa):
    page = spa.get("/stock-card/?product=ALM-500&location=ROOM-1")
    assert "Sweet Almond Oil" in page.text
    assert page.text.index("-30") < page.text.index("+500")
    file = spa.get("/stock-card/?product=ALM-500&format=csv").text.splitlines()
    assert len(file) == 3
    assert ",-30,470,ml," in file[1].replace('"', "")


def test_a_long_card_takes_as_many_statements_as_a_short_one(app, spa):
    with app.extensions["uow"].write() as session:
        for _ in range(60):
            used(session, 1, "ROOM-1", at=utc_now())
    spa.get("/stock-card/")
    with assert_queries(app.extensions["uow"].engine, 10):
        page = spa.get("/stock-card/?product=ALM-500")
    assert "Next page" in page.text


@pytest.mark.parametrize(
    ("query", "said", "status"),
    [
        ("", "Whose card?", 200),
        ("product=NONE", "There is no product NONE.", 422),
        ("product=ALM-500&lot=Z9", "no lot Z9", 422),
        ("product=ALM-500&location=ATTIC", "There is no location ATTIC.", 422),
        ("product=ALM-500&at=2000-01-01", "Nothing moved", 200),
        ("product=ALM-500&at=tomorrow", "Write the day", 404),
        ("product=ALM-500&from=9999-12-31", "out of range", 404),
    ],
)
def test_what_is_not_there_is_said_where_it_was_asked(spa, query, said, status):
    answer = spa.get(f"/stock-card/?{query}")
    assert answer.status_code == status
    assert said in answer.text


def test_a_manager_closes_the_books_and_opens_them_again(spa):
    day = (utc_now() - timedelta(days=5)).date().isoformat()
    assert spa.post("/periods/", data={"last_day": day}).status_code == 303
    page = spa.get("/periods/").text
    assert "Open again" in page
    refused = spa.post("/periods/", data={"last_day": day})
    assert refused.status_code == 422
    assert "already" in refused.text
    assert spa.post(f"/periods/{day}/reopen").status_code == 303
    assert spa.post("/periods/yesterday/reopen").status_code == 404
    assert "Every day is open" in spa.get("/periods/").text


@pytest.mark.parametrize("typed", ["", "2026-13-01", "1e9", "9999-12-31"])
def test_a_day_that_is_none_is_said_at_the_field(spa, typed):
    answer = spa.post("/periods/", data={"last_day": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_a_therapist_sees_closings_and_closes_nothing(app, client, spa):
    sign_in(client, Role.THERAPIST)
    assert "Close the books" not in client.get("/periods/").text
    assert client.post("/periods/", data={"last_day": "2026-01-01"}).status_code == 403
