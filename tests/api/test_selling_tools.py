"""Batches, templates, additions and looks over the API: what the pages do."""

import base64

from procurement.worker.batching import Printer
from tests.api.stories import a_quote, done, made, money, refused_at

PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()


def a_drafted_quote(spa, **more) -> str:
    good = a_quote()["lines"][0] | {"discount_percent": "0", **more}
    option = good | {"choice": "optional", "packs": 1}
    return str(made(spa.post("/quotes", a_quote(good, option)))["number"])


def test_what_a_choice_would_change(spa):
    number = a_drafted_quote(spa, offers=[{"packs": 6, "unit_price": money("10.00")}])
    items = done(spa.get(f"/quotes/{number}/additions"))["items"]
    assert [(one["line"], one["packs"]) for one in items] == [(1, 6), (2, None), (2, 6)]
    assert items[0]["net"] == money("15.30")  # 60.00 instead of 44.70
    assert (items[1]["net"], items[1]["gross"]) == (money("14.90"), money("18.33"))


def test_quotes_in_batches(spa, app):
    number = a_drafted_quote(spa)
    assert spa.post("/quote-batches", {"customer": "NONE"}).status_code == 422
    batch = made(spa.post("/quote-batches", {"issues": True}))
    assert (batch["total"], batch["status"]) == (1, "running")
    assert Printer(app.extensions["uow"]).print_once() == 1
    shown = done(spa.get(f"/quote-batches/{batch['number']}"))
    assert (shown["drawn"], shown["status"], shown["faults"]) == (1, "done", [])
    assert done(spa.get(f"/quotes/{number}"))["status"] == "issued"
    assert spa.get(f"/quote-batches/{batch['number']}/zip").data.startswith(b"PK")
    assert done(spa.post(f"/quote-batches/{batch['number']}/cancel"))["status"] == "done"
    assert [one["number"] for one in done(spa.get("/quote-batches"))["items"]] == [batch["number"]]


def test_quotes_from_templates(spa):
    number = a_drafted_quote(spa)
    kept = made(spa.post("/quote-templates", {"quote": number, "name": "Opening order"}))
    assert (kept["name"], kept["lines"]) == ("Opening order", 2)
    path = f"/quote-templates/{kept['id']}"
    drafted = made(spa.post(f"{path}/quotes", {"customer": "HARBOUR"}))
    assert [line["packs"] for line in drafted["lines"]] == [3, 1]
    assert spa.post("/quote-templates/x/quotes", {"customer": "HARBOUR"}).status_code == 404
    done(spa.post(f"{path}/remove"))
    assert done(spa.get("/quote-templates"))["items"] == []
    assert spa.post(f"{path}/remove").status_code == 409


def test_how_papers_look(spa):
    look = done(spa.get("/look"))
    said = {"brand_colour": "#112233", "tagline": "Oils", "version": look["version"]}
    changed = done(spa.put("/look", said))
    assert (changed["brand_colour"], changed["tagline"]) == ("#112233", "Oils")
    assert spa.put("/look", said).status_code == 409
    refused_at(
        spa.put("/look", said | {"brand_colour": "blue", "version": changed["version"]}),
        "brand_colour",
    )
    picture = {"version": changed["version"], "content_base64": PNG}
    with_logo = done(spa.put("/look/pictures/logo", picture))
    assert (with_logo["logo"] is not None, with_logo["tagline"]) == (True, "Oils")
    taken = done(spa.put("/look/pictures/logo", {"version": with_logo["version"]}))
    assert taken["logo"] is None
    assert spa.put("/look/pictures/foot", {"version": taken["version"]}).status_code == 404
