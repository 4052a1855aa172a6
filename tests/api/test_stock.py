"""Stock over the API: the shapes of the contract, and each refusal."""

import re

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.builders import a_product


@pytest.fixture
def api(app, program):
    """An administrator's program, in a spa with a storeroom, a room and an oil."""
    api = program()
    site = {"code": "KIN", "name": "Kinsale", "time_zone": "Europe/Dublin"}
    assert api.post("/sites", site).status_code == 201
    for code, kind in (("STORE", "storeroom"), ("ROOM-1", "treatment_room")):
        place = {"code": code, "name": code, "kind": kind, "site": "KIN"}
        assert api.post("/locations", place).status_code == 201
    with app.extensions["uow"].write() as session:
        a_product(session)
    return api


def a_move(source="OPENING", destination="STORE", amount="500", unit="ml", **more):
    quantity = {"amount": amount, "unit": unit}
    return {"product": "ALM-500", "from": source, "to": destination, "quantity": quantity, **more}


def a_posting(reason="opening", *moves, **more):
    return {"reason": reason, "moves": list(moves or [a_move()]), **more}


def test_opening_stock_is_posted_and_read_back(api):
    answer = api.post("/postings", a_posting("opening", a_move(expires_on="2027-03-01", lot="A1")))
    assert answer.status_code == 201
    assert answer.json["moves"] == [
        {
            "product": "ALM-500",
            "lot": "A1",
            "from": "OPENING",
            "to": "STORE",
            "quantity": {"amount": "500", "unit": "ml"},
        }
    ]
    assert answer.headers["Location"].endswith(f"/postings/{answer.json['ref']}")
    amount = {"amount": "500", "unit": "ml"}
    assert api.get("/stock?location=STORE").json == {
        "items": [
            {
                "product": "ALM-500",
                "location": "STORE",
                "lot": "A1",
                "use_by": "2027-03-01",
                "on_hand": amount,
                "reserved": {"amount": "0", "unit": "ml"},
                "available": amount,
            }
        ],
        "next": None,
    }
    assert api.get("/stock?at=2020-01-01").json["items"] == []


def test_litres_are_read_and_answered_in_millilitres(api):
    answer = api.post("/postings", a_posting("opening", a_move(amount="1.5", unit="l")))
    assert answer.json["moves"][0]["quantity"] == {"amount": "1500", "unit": "ml"}


def test_a_posting_is_taken_back_once(api):
    ref = api.post("/postings", a_posting()).json["ref"]
    assert api.post(f"/postings/{ref}/reverse", {"why": "wrong"}).status_code == 201
    again = api.post(f"/postings/{ref}/reverse", {"why": "wrong"})
    assert again.status_code == 409


def test_too_little_is_a_conflict_that_names_the_line(api):
    api.post("/postings", a_posting())
    answer = api.post("/postings", a_posting("transfer", a_move("STORE", "ROOM-1", "501")))
    assert answer.status_code == 409
    assert fields(answer) == ["moves.0.quantity"]


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("NaN", "ml"),
        ("Infinity", "ml"),
        ("1e400", "ml"),
        ("1_000", "ml"),
        ("١٢", "ml"),
        ("\N{FULLWIDTH DIGIT ONE}", "ml"),
        ("0", "ml"),
        ("-1", "ml"),
        ("0.0001", "ml"),
        ("1" * 30, "ml"),
        ("999999999999999", "l"),
        ("1", "g"),
        ("1", "fl oz"),
        ("", "ml"),
        (12, "ml"),
        (None, "ml"),
    ],
)
def test_what_is_no_quantity_is_refused_at_its_field(api, amount, unit):
    answer = api.post("/postings", a_posting("opening", a_move(amount=amount, unit=unit)))
    assert answer.status_code == 422
    assert all(field.startswith("moves.0.quantity") for field in fields(answer))
    assert api.get("/stock").json["items"] == []


def test_unknown_fields_and_names_are_refused(api):
    assert fields(api.post("/postings", a_posting(color="red"))) == ["color"]
    wrong = a_move() | {"product": "NONE", "to": "NOWHERE"}
    assert fields(api.post("/postings", a_posting("opening", wrong))) == [
        "moves.0.product",
        "moves.0.to",
    ]


def test_the_same_key_again_gives_the_same_answer_and_one_effect(api):
    first = api.post("/postings", a_posting(), key="k1")
    again = api.post("/postings", a_posting(), key="k1")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Location"] == first.headers["Location"]
    assert api.get("/stock").json["items"][0]["on_hand"]["amount"] == "500"
    other = api.post("/postings", a_posting("opening", a_move(amount="1")), key="k1")
    assert (other.status_code, fields(other)) == (422, ["Idempotency-Key"])


def test_a_refusal_is_not_kept_under_its_key(api):
    taking = a_posting("transfer", a_move("STORE", "ROOM-1", "5"))
    assert api.post("/postings", taking, key="k2").status_code == 409
    api.post("/postings", a_posting())
    assert api.post("/postings", taking, key="k2").status_code == 201


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000, b'{"reason": "\\ud800"}', b"null", b"NaN"]
)
def test_a_broken_body_is_refused_before_anything_happens(api, raw):
    assert api.post("/postings", raw=raw).status_code in {400, 422}


def test_a_body_that_is_not_json_is_unsupported(api):
    answer = api.client.post(
        "/api/v1/postings", data="a=1", headers={"Authorization": f"Bearer {api.token}"}
    )
    assert answer.status_code == 415


def test_who_has_no_token_hears_401_before_anything_else(program):
    stranger = program(None)
    for answer in (stranger.get("/stock"), stranger.post("/postings", raw=b"{")):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_a_therapist_uses_stock_but_does_not_open_it(api, program):
    api.post("/postings", a_posting("opening", a_move(destination="ROOM-1")))
    therapist = program(Role.THERAPIST)
    assert therapist.post("/postings", a_posting()).status_code == 403
    use = a_posting("consumption", a_move("ROOM-1", "CONSUMED", "30"))
    assert therapist.post("/postings", use).status_code == 201


def test_a_buyer_sees_no_stock(program):
    assert program(Role.WHOLESALE_BUYER).get("/stock").status_code == 403


def test_stocking_rules_are_set_and_checked(api):
    def rule(par, point):
        level = {"amount": par, "unit": "ml"}, {"amount": point, "unit": "ml"}
        return {
            "location": "ROOM-1",
            "product": "ALM-500",
            "par_level": level[0],
            "reorder_point": level[1],
        }

    assert api.put("/stocking-rules", rule("500", "200")).status_code == 200
    assert api.get("/stocking-rules?location=ROOM-1").json["items"] == [rule("500", "200")]
    assert api.get("/stocking-rules?product=NONE").json["items"] == []
    refused = api.put("/stocking-rules", rule("200", "500"))
    assert (refused.status_code, fields(refused)) == (422, ["reorder_point"])


def test_lists_continue_after_their_cursor(api):
    for lot in ("A1", "A2", "A3"):
        api.post("/postings", a_posting("opening", a_move(lot=lot)))
    first = api.get("/lots?limit=2").json
    second = api.get("/lots", query_string={"limit": 2, "cursor": first["next"]}).json
    assert [lot["number"] for lot in first["items"] + second["items"]] == ["A1", "A2", "A3"]
    assert second["next"] is None
    for query in ("limit=0", "limit=201", "limit=x", "cursor=!", "color=red"):
        answer = api.get(f"/lots?{query}")
        assert (answer.status_code, fields(answer)) == (422, [query.partition("=")[0]])


def test_places_are_listed_page_by_page(api):
    """The contract's lists, the short ones too: eight locations in threes, two sites one by one."""
    api.post("/sites", {"code": "AAA", "name": "A", "time_zone": "Europe/Dublin"})
    for path, limit, count in (("/locations", 3, 8), ("/sites", 1, 2)):
        seen, page = [], api.get(f"{path}?limit={limit}").json
        while page["next"]:
            seen += page["items"]
            page = api.get(f"{path}?limit={limit}&cursor={page['next']}").json
        codes = [one["code"] for one in seen + page["items"]]
        assert codes == sorted(set(codes))
        assert len(codes) == count


def test_a_figure_that_is_none_is_refused_in_words(api):
    answer = api.post("/postings", a_posting("opening", a_move(amount="1e400")))
    assert answer.json["detail"] == 'A plain number, written as in "12.5".'


def test_a_site_needs_a_zone_that_exists_and_a_code_of_its_own(api):
    wrong = api.post("/sites", {"code": "X", "name": "X", "time_zone": "Mars/Olympus"})
    assert (wrong.status_code, fields(wrong)) == (422, ["time_zone"])
    twice = api.post("/sites", {"code": "KIN", "name": "X", "time_zone": "Europe/Dublin"})
    assert (twice.status_code, fields(twice)) == (409, ["code"])


def test_the_document_names_every_endpoint_and_the_page_loads_only_our_files(app, client):
    document = client.get("/api/v1/openapi.json").json
    declared = {
        (method.upper(), "/api/v1" + path)
        for path, item in document["paths"].items()
        for method in item
    }
    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api_") and not rule.endpoint.startswith("api_docs.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert declared == served
    page = client.get("/api/v1/docs").text
    assert "http" not in page.replace("https://www.w3.org", "")
    with client.get("/api/v1/docs/swagger-ui-bundle.js") as script:
        assert script.status_code == 200
