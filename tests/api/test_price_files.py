"""Price files over the API."""

import base64

from tests.api.programs import fields
from tests.api.stories import an_item, done, made, money, refused_at

ROW = {"product": "ALM-500", "unit_price": money("9.10")}


def a_body(*rows, **more):
    return {"supplier": "CORRIB", "rows": list(rows or (ROW,)), **more}


def test_rows_are_compared_applied_and_undone(spa):
    item = made(spa.post("/supplier-items", an_item(preferred=False)))
    answer = spa.post("/price-files", a_body(name="Autumn list"))
    file = made(answer)
    assert answer.headers["Location"] == f"/api/v1/price-files/{file['number']}"
    first = file["lines"][0]
    assert (first["kind"], first["product"], first["after"]) == (
        "changed",
        "ALM-500",
        [{"from_packs": 1, "unit_price": money("9.10")}],
    )
    number = file["number"]
    listed = spa.get("/price-files?supplier=CORRIB&status=read").json["items"]
    assert [(one["number"], one["changed"]) for one in listed] == [(number, 1)]
    assert done(spa.post(f"/price-files/{number}/apply", {"lines": [1]}))["status"] == "applied"
    (now,) = spa.get("/supplier-items?product=ALM-500").json["items"]
    assert now["price_breaks"] == first["after"]
    assert spa.post(f"/price-files/{number}/apply", {}).status_code == 409
    assert done(spa.post(f"/price-files/{number}/undo", {}))["status"] == "undone"
    assert spa.get("/supplier-items?product=ALM-500").json["items"] == [item]


def test_a_file_is_sent_as_base64_and_waits_for_its_day(spa):
    made(spa.post("/supplier-items", an_item(preferred=False)))
    content = base64.b64encode(b"SKU;Price\nALM-500;9,10\nNONE;\n").decode()
    file = made(spa.post("/price-files", {"supplier": "CORRIB", "content": content}))
    assert file["refused"] == ["Row 3: Price is missing"]
    applied = done(spa.post(f"/price-files/{file['number']}/apply", {"on": "2027-02-01"}))
    assert (applied["status"], applied["apply_on"]) == ("scheduled", "2027-02-01")
    gone = done(spa.post(f"/price-files/{file['number']}/discard", {}))
    assert (gone["status"], gone["apply_on"]) == ("discarded", None)


def test_what_a_price_file_cannot_be_is_said_at_its_field(spa):
    made(spa.post("/supplier-items", an_item(preferred=False)))
    for body, field in (
        (a_body(supplier="NONE"), "supplier"),
        ({"supplier": "CORRIB"}, "rows"),
        (a_body(content="QQ=="), "rows"),
        ({"supplier": "CORRIB", "content": "%"}, "content"),
        ({"supplier": "CORRIB", "content": "QQ=="}, "content"),
        (a_body({"unit_price": money("1")}), "rows.0.code"),
        (a_body(ROW | {"gtin": "123"}), "rows.0.gtin"),
        (a_body(ROW | {"unit_price": money("1", "USD")}), "rows.0.unit_price.currency"),
        (a_body(ROW | {"from_packs": 0}), "rows.0.from_packs"),
        (a_body(ROW, ROW), "rows.1"),
    ):
        refused_at(spa.post("/price-files", body), field)
    number = made(spa.post("/price-files", a_body()))["number"]
    for body, field in (
        ({"on": "2020-01-01"}, "on"),
        ({"lines": []}, "lines"),
        ({"lines": [77]}, "lines.0"),
    ):
        assert fields(spa.post(f"/price-files/{number}/apply", body)) == [field]
    assert spa.get("/price-files/PF-2026-0099").status_code == 404
