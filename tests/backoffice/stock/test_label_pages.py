"""Labels from the pages: what is printed, where, and what is refused."""

import pytest

from procurement.kernel.permissions import Role
from tests.builders import a_product
from tests.doors import sign_in
from tests.stock.builders import a_spa, opened


@pytest.fixture
def desk(app, client):
    with app.extensions["uow"].write() as session:
        a_spa(session)
        a_product(session, name="Sweet Almond Oil")
        opened(session, 1500, lot="A1", into="ROOM-1")
    sign_in(client, Role.SPA_MANAGER)
    return client


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("kind=product&name=ALM-500", "Sweet Almond Oil"),
        ("kind=lot&name=A1&of=ALM-500", "Lot A1"),
        ("kind=location&name=ROOM-1", "Room-1"),
        ("kind=site&name=KIN", "4 labels"),
    ],
)
def test_a_label_is_shown_and_printed(desk, asked, words):
    assert words in desk.get(f"/labels?{asked}").text
    answer = desk.get(f"/labels/pdf?{asked}&format=roll-62x29&copies=2&start=1")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert 'value="roll-62x29" selected' in desk.get(f"/labels?{asked}").text.replace(
        'selected value="roll-62x29"', 'value="roll-62x29" selected'
    )


def test_a_bottle_just_opened_offers_its_label(desk):
    sign_in(desk, Role.THERAPIST)
    done = desk.post(
        "/rooms/ROOM-1",
        data={"thing": "product ALM-500", "do": "open", "once": "x"},
        follow_redirects=True,
    )
    assert "/labels?kind=container&amp;name=B-20" in done.text


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("kind=lot&name=A1&of=ALM-500&format=sheet-14&copies=1&start=15", 422, "has 14 labels"),
        ("kind=lot&name=A1&of=ALM-500&format=sheet-14&copies=0&start=1", 422, "from 1 to 500"),
        ("kind=site&name=KIN&format=sheet-14&copies=251&start=1", 422, "At most 1,000"),
        ("kind=lot&name=A1&of=ALM-500&format=papyrus&copies=1&start=1", 422, "Not a valid choice"),
        ("kind=lot&name=A9&of=ALM-500&format=sheet-14&copies=1&start=1", 404, "no lot A9"),
        ("kind=site&name=MARS&format=sheet-14&copies=1&start=1", 404, "no site MARS"),
        ("kind=moon&name=A1", 404, "what the label is for"),
        ("kind=lot&name=%00", 404, "what the label is for"),
    ],
)
def test_what_cannot_be_printed_is_said(desk, asked, status, words):
    answer = desk.get(f"/labels/pdf?{asked}")
    assert answer.status_code == status
    assert words in answer.text
