"""Enquiries over the API: given to somebody, answered, quoted, given up and taken up again."""

import pytest

from tests.api.programs import fields
from tests.api.stories import a_quote, made, money

OPTION = {"product": "ALM-500", "packs": 1, "unit_price": money("9"), "optional": True}
ENQUIRY = {
    "name": "Mei Lin",
    "email": "mei@example.com",
    "kind": "individual",
    "message": "Do you ship to Cork?",
    "products": ["ALM-500"],
}


@pytest.fixture
def url(spa):
    return f"/enquiries/{made(spa.post('/enquiries', ENQUIRY))['number']}"


def test_an_enquiry_is_worked_from_a_program(spa, url):
    assert [one["name"] for one in spa.get("/enquiries?view=waiting").json["items"]] == ["Mei Lin"]
    answered = spa.post(f"{url}/answer", {"answer": "We do."}).json
    assert (answered["status"], answered["waiting_since"]) == ("answered", None)
    assert answered["seconds_to_first_answer"] >= 0
    assert [(one["by"], one["body"]) for one in answered["thread"]] == [("us", "We do.")]
    assert answered["assigned_to"]
    assert spa.post(f"{url}/assign", {}).json["assigned_to"] is None
    lost = spa.post(f"{url}/lose", {"reason": "price", "note": "Dear"}).json
    assert (lost["status"], lost["lost_reason"], lost["lost_note"]) == ("lost", "price", "Dear")
    assert spa.post(f"{url}/quote", {}).status_code == 409
    assert spa.post(f"{url}/reopen", {}).json["status"] == "answered"
    quoted = spa.post(f"{url}/quote", {}).json
    assert (quoted["status"], len(quoted["quotes"])) == ("quoted", 1)
    assert spa.post(f"{url}/quote", {}).status_code == 409


def test_an_enquiry_says_its_language_if_papers_are_written_in_it(spa):
    made_one = made(spa.post("/enquiries", ENQUIRY | {"language": "fr"}))
    assert spa.get(f"/enquiries/{made_one['number']}").json["language"] == "fr"
    refused = spa.post("/enquiries", ENQUIRY | {"language": "pt"})
    assert (refused.status_code, fields(refused)) == (422, ["language"])


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("assign", {"assigned_to": "nobody@spa.example"}, "assigned_to"),
        ("answer", {"answer": ""}, "answer"),
        ("lose", {"reason": "whim"}, "reason"),
        ("lose", {}, "reason"),
        ("quote", {"customer": "NOPE"}, "customer"),
    ],
)
def test_what_cannot_be_taken_names_its_field(spa, url, action, body, field):
    answer = spa.post(f"{url}/{action}", body)
    assert (answer.status_code, fields(answer)) == (422, [field])
    assert spa.post(
        f"/enquiries/E-1999-0001/{action}", {"answer": "x", "reason": "price"}
    ).status_code in {404, 422}


def test_a_quote_is_accepted_with_choices_and_the_record_tells(spa):
    lines = [*a_quote()["lines"], OPTION]
    number = made(spa.post("/quotes", a_quote(*lines, valid_until="2027-01-31")))["number"]
    url = f"/quotes/{number}"
    assert spa.post(f"{url}/issue", {"send": False}).status_code == 200
    first = spa.get(url).json["link"]
    assert spa.post(f"{url}/end-link", {}).json["link"] is None
    assert spa.post(f"{url}/end-link", {}).status_code == 409
    assert spa.post(f"{url}/renew-link", {}).json["link"] not in {None, first}
    assert spa.get(f"{url}/answer").status_code == 404
    refused = spa.post(f"{url}/accept", {"choices": [{"position": 40}]})
    assert (refused.status_code, fields(refused)) == (422, ["choices"])
    chosen = {"choices": [{"position": len(lines)}], "signature": "M1 1L2 2", "name": "Mei"}
    assert spa.post(f"{url}/accept", chosen).json["status"] == "accepted"
    record = spa.get(f"{url}/answer").json
    assert (record["name"], record["signature_kind"], record["faults"]) == ("Mei", "drawn", [])
    assert record["choices"] == [{"position": len(lines), "packs": None}]
