"""`GET /scans`: programs are told what people are."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.builders import a_product
from tests.doors import sign_in
from tests.stock.builders import a_spa, opened

GTIN = "09501101530003"


@pytest.fixture
def desk(app, client):
    with app.extensions["uow"].write() as session:
        a_spa(session)
        product = a_product(session, name="Sweet Almond Oil")
        product.packs[0].gtin = GTIN
        opened(session, 500, lot="A1", into="ROOM-1")
    sign_in(client, Role.THERAPIST)
    return client


def test_programs_read_what_people_read(desk, program):
    api = program(Role.THERAPIST)
    for text in (f"01{GTIN}10L2107", f"01{GTIN}10A1\x1d3012", "ROOM-1", "\x00", "9501101530003"):
        told = desk.get("/scan", query_string={"text": text, "format": "json"}).json
        desk.delete_cookie("scanner")
        answer = api.get("/scans", query_string={"text": text})
        assert answer.status_code == 200
        assert answer.json == without_addresses(told)


def without_addresses(told):
    told.pop("url")
    return {**told, "choices": [without_addresses(one) for one in told["choices"]]}


def test_nothing_to_read_and_nobody_to_read_for(program):
    assert fields(program(Role.THERAPIST).get("/scans")) == ["text"]
    assert program(Role.WHOLESALE_BUYER).get("/scans?text=A1").status_code == 403
