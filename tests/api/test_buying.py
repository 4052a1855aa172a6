"""Budgets, templates, standing and blanket orders, files beside orders over the API."""

import base64

from tests.api.stories import an_order, done, made, money, refused_at


def test_a_budget_is_set_and_changed(spa):
    body = {"code": "OILS", "name": "Oils", "owner": spa.email, "period": "year"}
    body |= {"amount": money("1000.00")}
    answer = spa.post("/budgets", body)
    assert (made(answer)["left"], answer.headers["Location"]) == (
        money("1000.00"),
        "/api/v1/budgets/OILS",
    )
    assert spa.post("/budgets", body).status_code == 409
    del body["code"]
    assert done(spa.put("/budgets/OILS", body | {"active": False}))["active"] is False
    assert [one["code"] for one in spa.get("/budgets").json["items"]] == ["OILS"]
    refused_at(spa.put("/budgets/OILS", body | {"owner": "nobody@example.com"}), "owner")
    refused_at(spa.put("/budgets/OILS", body | {"amount": money("1.001")}), "amount")
    assert spa.get("/budgets/NONE").status_code == 404


def test_approval_rules_are_made_and_taken_away(spa):
    body = {
        "above": money("500.00"),
        "approvals": 2,
        "roles": ["spa_manager"],
        "people": [spa.email],
    }
    answer = spa.post("/approval-rules", body)
    rule = made(answer)
    here = f"/approval-rules/{rule['id']}"
    assert answer.headers["Location"] == f"/api/v1{here}"
    assert (rule["above"], rule["roles"], len(rule["people"])) == (
        money("500.00"),
        ["spa_manager"],
        1,
    )
    assert spa.post("/approval-rules", body).status_code == 409
    made(spa.post("/approval-rules", {"above": money("900.00")}))
    first = done(spa.get("/approval-rules?limit=1"))
    second = done(spa.get(f"/approval-rules?limit=1&cursor={first['next']}"))
    assert [one["above"]["amount"] for one in first["items"] + second["items"]] == [
        "500.00",
        "900.00",
    ]
    assert second["next"] is None
    refused_at(spa.post("/approval-rules", {"above": money("1.00"), "people": ["x@y.z"]}), "people")
    done(spa.post(f"{here}/remove", {}))
    assert spa.get(here).status_code == 404
    assert spa.get("/approval-rules/9999999999999").status_code == 404


def test_an_order_names_a_cost_centre_that_has_a_budget_and_rules_of_its_own(spa):
    answer = spa.post("/cost-centres", {"code": "SHOP", "name": "Shop", "site": "KIN"})
    assert made(answer)["site"] == "KIN"
    assert answer.headers["Location"] == "/api/v1/cost-centres/SHOP"
    assert spa.post("/cost-centres", {"code": "SHOP", "name": "Shop"}).status_code == 409
    body = {"code": "B", "name": "Shop", "owner": spa.email, "period": "year"}
    body |= {"amount": money("1000.00"), "cost_centre": "SHOP"}
    assert made(spa.post("/budgets", body))["cost_centre"] == "SHOP"
    rule = {"above": money("1.00"), "approvals": 2, "cost_centre": "SHOP"}
    assert made(spa.post("/approval-rules", rule))["cost_centre"] == "SHOP"
    plain = made(spa.post("/purchase-orders", an_order()))
    order = made(spa.post("/purchase-orders", an_order() | {"cost_centre": "SHOP"}))
    assert (plain["cost_centre"], order["cost_centre"]) == (None, "SHOP")
    assert done(spa.post(f"/purchase-orders/{plain['number']}/approve", {}))["status"] == "approved"
    assert spa.post(f"/purchase-orders/{order['number']}/approve", {}).status_code == 403
    assert done(spa.get("/budgets/B"))["committed"] == money("0.00")
    refused_at(spa.post("/purchase-orders", an_order() | {"cost_centre": "NONE"}), "cost_centre")
    off = {"name": "Shop", "active": False}
    assert done(spa.put("/cost-centres/SHOP", off))["active"] is False
    refused_at(spa.post("/purchase-orders", an_order() | {"cost_centre": "SHOP"}), "cost_centre")
    assert [one["code"] for one in done(spa.get("/cost-centres"))["items"]] == ["SHOP"]


def test_lists_of_buying_have_cursors(spa):
    order = made(spa.post("/purchase-orders", an_order()))["number"]
    for n in range(3):
        body = {"code": f"B{n}", "name": f"b{n}", "owner": spa.email, "period": "year"}
        made(spa.post("/budgets", body | {"amount": money("10.00")}))
        kept = made(spa.post("/order-templates", {"order": order, "name": f"T{n}"}))
        rhythm = {"every": 1, "unit": "weeks", "weekday": "monday"}
        rhythm |= {"template": kept["template"]["number"]}
        made(spa.post("/standing-orders", rhythm))
        body = {
            "supplier": "CORRIB",
            "valid_from": "2026-01-01",
            "valid_until": f"202{9 - n}-01-31",
        }
        line = {"product": "ALM-500", "pack": "BOTTLE", "packs": 50, "unit_price": money("7.50")}
        made(spa.post("/blanket-orders", body | {"lines": [line]}))
    spa.post("/blanket-orders/BO-2026-0001/close", {})
    for path, name, expected in (
        ("/budgets", "code", ["B0", "B1", "B2"]),
        ("/order-templates", "name", ["T0", "T1", "T2"]),
        ("/standing-orders", "number", None),
        ("/blanket-orders", "valid_until", ["2027-01-31", "2028-01-31", "2029-01-31"]),
    ):
        seen, cursor = [], ""
        while cursor is not None and len(seen) < 9:
            page = done(spa.get(f"{path}?limit=1&cursor={cursor}" if cursor else f"{path}?limit=1"))
            seen += [one[name] for one in page["items"]]
            cursor = page["next"]
        assert len(seen) == len(set(seen)) == 3, path
        assert expected in (None, seen), path
        refused_at(spa.get(f"{path}?cursor=WzFd"), "cursor")


def test_an_order_becomes_a_template_and_a_standing_order(spa):
    order = made(spa.post("/purchase-orders", an_order()))["number"]
    answer = spa.post("/order-templates", {"order": order, "name": "Weekly oils"})
    number = made(answer)["template"]["number"]
    assert answer.headers["Location"] == f"/api/v1/order-templates/{number}"
    assert made(spa.post(f"/order-templates/{number}/draft", {}))["status"] == "draft"
    rhythm = {"template": number, "every": 2, "unit": "weeks", "weekday": "monday"}
    begun = made(spa.post("/standing-orders", rhythm))
    here = f"/standing-orders/{begun['number']}"
    assert begun["next_on"] is not None
    assert done(spa.post(f"{here}/pause", {}))["paused"] is True
    assert done(spa.post(f"{here}/resume", {}))["paused"] is False
    assert [one["number"] for one in spa.get("/standing-orders").json["items"]] == [begun["number"]]
    assert done(spa.post(f"{here}/end", {}))["next_on"] is None
    assert spa.post(f"{here}/end", {}).status_code == 409
    assert done(spa.post(f"/order-templates/{number}/retire", {}))["template"]["active"] is False
    assert len(spa.get("/order-templates").json["items"]) == 1
    refused_at(spa.post("/standing-orders", rhythm | {"weekday": "noday"}), "weekday")
    assert spa.post("/standing-orders", rhythm).status_code == 409


def test_blankets_are_agreed_and_called_off(spa):
    body = {"supplier": "CORRIB", "valid_from": "2026-01-01", "valid_until": "2029-12-31"}
    line = {"product": "ALM-500", "pack": "BOTTLE", "packs": 50, "unit_price": money("7.50")}
    answer = spa.post("/blanket-orders", body | {"lines": [line]})
    number = made(answer)["blanket"]["number"]
    here = f"/blanket-orders/{number}"
    order = made(spa.post(f"{here}/call-off", {"lines": [{"position": 1, "packs": 20}]}))
    assert order["lines"][0]["unit_price"] == money("7.50")
    done(spa.post(f"/purchase-orders/{order['number']}/approve", {}))
    done(spa.post(f"/purchase-orders/{order['number']}/place", {}))
    shown = done(spa.get(here))
    assert (shown["lines"][0]["left"], shown["orders"]) == (30, [order["number"]])
    assert (
        spa.post(f"{here}/call-off", {"lines": [{"position": 1, "packs": 31}]}).status_code == 409
    )
    refused_at(spa.post(f"{here}/call-off", {"lines": [{"position": 2, "packs": 1}]}), "lines")
    line = {"position": 1, "packs": 60, "unit_price": money("7.25")}
    shown = done(spa.post(f"{here}/change", {"why": "More", "lines": [line], "revision": 0}))
    assert (shown["lines"][0]["left"], shown["revisions"][0]["number"]) == (40, 1)
    assert spa.post(f"{here}/change", {"why": "More", "revision": 0}).status_code == 409
    line = {"position": 1, "packs": 19}
    refused_at(spa.post(f"{here}/change", {"why": "Less", "lines": [line]}), "lines")
    assert done(spa.post(f"{here}/close", {}))["blanket"]["closed"] is True
    assert [one["number"] for one in spa.get("/blanket-orders").json["items"]] == [number]


def test_files_are_attached_saved_and_taken_away(spa):
    order = made(spa.post("/purchase-orders", an_order()))["number"]
    here = f"/purchase-orders/{order}/attachments"
    body = {"name": "a.pdf", "content_base64": base64.b64encode(b"%PDF-1.7").decode()}
    assert made(spa.post(here, body | {"for_supplier": True}))["items"][0]["for_supplier"] is True
    refused_at(spa.post(here, body | {"content_base64": "!"}), "content_base64")
    refused_at(spa.post(here, body | {"content_base64": "QUJD"}), "file")
    saved = spa.get(f"{here}/1")
    assert saved.headers["Content-Disposition"] == "attachment; filename=a.pdf"
    assert saved.data == b"%PDF-1.7"
    assert spa.get(f"{here}/x").status_code == 404
    assert done(spa.post(f"{here}/1/remove", {}))["items"] == []
    assert spa.get("/purchase-orders/PO-2020-0001/attachments").status_code == 404
