"""Applications over the API: anybody sends one, sales decide."""

import pytest

from tests.api.programs import fields
from tests.api.stories import made

APPLICATION = {
    "company": "Harbour Spa",
    "kind": "spa_owner",
    "name": "Nuala",
    "email": "nuala@harbour.example",
    "country": "IE",
    "consent": True,
}


@pytest.fixture
def url(spa):
    return f"/applications/{made(spa.post('/applications', APPLICATION))['number']}"


def test_an_application_becomes_a_customer(spa, url):
    assert [one["company"] for one in spa.get("/applications?status=waiting").json["items"]] == [
        "Harbour Spa"
    ]
    approved = spa.post(f"{url}/approve", {}).json
    assert approved["status"] == "approved"
    assert spa.get(f"/customers/{approved['customer']}").json["name"] == "Harbour Spa"
    assert spa.post(f"{url}/refuse", {"reason": "No"}).status_code == 409


def test_it_is_refused_for_a_reason(spa, url):
    assert fields(spa.post(f"{url}/refuse", {"reason": " "})) == ["reason"]
    assert spa.post(f"{url}/refuse", {"reason": "Spas only"}).json["reason"] == "Spas only"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"company": ""}, "company"),
        ({"email": "x"}, "email"),
        ({"country": "ZZ"}, "country"),
        ({"vat_id": "IE1"}, "vat_id"),
        ({"consent": False}, "consent"),
    ],
)
def test_what_cannot_be_taken_names_its_field(spa, change, field):
    assert fields(spa.post("/applications", APPLICATION | change)) == [field]


def test_it_joins_only_a_customer_that_is_there(spa, url):
    assert spa.post(f"{url}/approve", {"customer": "NOPE"}).status_code in {404, 422}
