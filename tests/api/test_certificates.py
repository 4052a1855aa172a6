"""`/certificates` and `/order-calendars`."""

import base64

from tests.api.stories import made

PDF = base64.b64encode(b"%PDF-1.7 sheet").decode()
SHEET = {"kind": "sds", "supplier": "CORRIB", "product": "ALM-500", "file_name": "sds.pdf"}
SHEET |= {"content_base64": PDF, "valid_until": "2026-01-31", "issuer": "Corrib"}


def test_a_certificate_is_kept_replaced_listed_and_fetched(spa):
    first = made(spa.post("/certificates", SHEET))["versions"][0]
    assert (first["state"], first["version"], first["is_current"]) == ("past", 1, True)
    renewed = {"file_name": "sds-2.pdf", "content_base64": PDF, "valid_until": "2099-01-31"}
    answer = spa.post(f"/certificates/{first['number']}/versions", renewed)
    after = made(answer)["versions"]
    assert [one["version"] for one in after] == [2, 1]
    assert answer.headers["Location"].endswith(after[0]["number"])
    again = spa.post(f"/certificates/{first['number']}/versions", renewed)
    assert (again.status_code, again.json["title"]) == (409, "Conflict")
    organic = SHEET | {"kind": "organic", "product": None}
    other = made(spa.post("/certificates", organic))["versions"][0]["number"]
    listed = spa.get("/certificates?limit=1").json
    assert [one["number"] for one in listed["items"]] == [after[0]["number"]]
    rest = spa.get(f"/certificates?limit=1&cursor={listed['next']}").json
    assert ([one["number"] for one in rest["items"]], rest["next"]) == ([other], None)
    assert len(spa.get("/certificates?state=past&supplier=CORRIB").json["items"]) == 1
    file = spa.get(f"/certificates/{other}/file")
    assert (file.data, file.headers["Content-Type"]) == (b"%PDF-1.7 sheet", "application/pdf")


def test_what_is_wrong_with_a_certificate_is_named(spa):
    for change, field in (
        ({"content_base64": "!"}, "content_base64"),
        ({"content_base64": base64.b64encode(b"PK").decode()}, "file"),
        ({"product": None}, "product"),
        ({"supplier": "NOBODY"}, "supplier"),
        ({"remind_days": -1}, "remind_days"),
    ):
        refused = spa.post("/certificates", SHEET | change)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)


def test_a_suppliers_order_days_are_written_down_and_forgotten(spa):
    url = "/order-calendars/CORRIB"
    assert spa.get(url).json["order_days"] == []
    days = {"order_days": [2, 4], "time_zone": "Europe/Dublin", "cut_off": "14:00", "country": "IE"}
    days |= {"closed": [{"first": "2026-12-24", "why": "Christmas"}]}
    kept = spa.put(url, days)
    assert kept.status_code == 200
    assert (kept.json["cut_off"], kept.json["closed"][0]["last"]) == ("14:00", "2026-12-24")
    assert spa.get(url).json == kept.json
    for change, field in (
        ({"order_days": [8]}, "order_days"),
        ({"cut_off": "2 pm"}, "cut_off"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"country": "XX"}, "country"),
    ):
        refused = spa.put(url, days | change)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)
    assert spa.put(url, {"order_days": []}).json["order_days"] == []
    assert spa.put("/order-calendars/NOBODY", days).status_code == 404
