"""Suppliers, needs, orders and receipts over the API."""

from datetime import timedelta

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.api.stories import (
    BAD_AMOUNTS,
    BAD_COUNTS,
    a_delivery,
    a_placed_order,
    an_item,
    an_order,
    done,
    made,
    money,
    quantity,
    refused_at,
)


def test_a_supplier_is_taken_in_and_found(spa):
    body = {"code": "LEE", "name": "Lee Linen", "currency": "GBP"}
    freight = {
        "freight_charge": money("8.5", "GBP"),
        "free_freight_from": money("200", "GBP"),
    }
    answer = spa.post("/suppliers", body | freight)
    assert made(answer) == {
        **body,
        "email": "",
        "phone": "",
        "contact": "",
        "active": True,
        "address": "",
        "note": "",
        "peppol_id": "",
        "wants_ubl": False,
        "standing": "normal",
        "minimum_order": money("0.00", "GBP"),
        "freight_charge": money("8.50", "GBP"),
        "free_freight_from": money("200.00", "GBP"),
    }
    assert answer.headers["Location"] == "/api/v1/suppliers/LEE"
    assert spa.get("/suppliers/LEE").json == answer.json
    assert [one["code"] for one in spa.get("/suppliers?text=lee").json["items"]] == ["LEE"]
    first = spa.get("/suppliers?limit=1").json
    assert spa.get("/suppliers", query_string={"cursor": first["next"]}).json["next"] is None


def test_what_a_supplier_cannot_be_is_said_at_its_field(spa):
    good = {"code": "LEE", "name": "Lee", "currency": "EUR"}
    for change, status, field in (
        ({"code": "CORRIB"}, 409, "code"),
        ({"currency": "EUX"}, 422, "currency"),
        ({"currency": "E"}, 422, "currency"),
        ({"email": "nobody"}, 422, "email"),
        ({"peppol_id": "88:1"}, 422, "peppol_id"),
        ({"name": "a\nb"}, 422, "name"),
        ({"minimum_order": money("10", "USD")}, 422, "minimum_order"),
        ({"freight_charge": money("-1")}, 422, "freight_charge"),
        ({"standing": "hated"}, 422, "standing"),
        ({"active": False}, 422, "active"),
        ({"is_new": False}, 422, "is_new"),
    ):
        answer = spa.post("/suppliers", good | change)
        assert (answer.status_code, fields(answer)) == (status, [field])


def test_supplier_items_keep_prices_to_four_places(spa):
    kept = {"scheme": "incremental", "guaranteed_days": 180, "blocked": False}
    item = made(spa.post("/supplier-items", an_item(preferred=False, **kept)))
    assert item == an_item(preferred=False, **kept)
    assert spa.get("/supplier-items?supplier=CORRIB").json["items"] == [item]
    assert spa.get("/supplier-items?product=NONE").json["items"] == []
    changed = spa.post("/supplier-items", an_item(moq=4, price_breaks=[], **kept))
    assert made(changed) == item | {"moq": 4, "price_breaks": []}


def test_what_a_supplier_item_cannot_be_is_said_at_its_field(spa):
    dollars = {"from_packs": 1, "unit_price": money("1", "USD")}
    twice = {"from_packs": 1, "unit_price": money("1")}
    for change, field in (
        ({"supplier": "NONE"}, "supplier"),
        ({"product": "NONE"}, "product"),
        ({"pack": "NONE"}, "pack"),
        ({"lead_time_days": -1}, "lead_time_days"),
        ({"price_breaks": [dollars]}, "price_breaks.0.unit_price"),
        ({"price_breaks": [twice, twice]}, "price_breaks.1.from_packs"),
        ({"cost": "1"}, "cost"),
    ):
        answer = spa.post("/supplier-items", an_item(**change))
        assert (answer.status_code, fields(answer)) == (422, [field])


def test_what_is_no_number_is_refused_at_its_field(spa):
    for count in BAD_COUNTS:
        refused_at(spa.post("/supplier-items", an_item(moq=count)), "moq")
        refused_at(spa.post("/supplier-items", an_item(multiple=count)), "multiple")
        step = {"from_packs": count, "unit_price": money("1")}
        refused_at(spa.post("/supplier-items", an_item(price_breaks=[step])), "price_breaks.0")
        line = {"product": "ALM-500", "packs": count}
        refused_at(spa.post("/purchase-orders", an_order(line)), "lines.0.packs")
    for amount in BAD_AMOUNTS:
        step = {"from_packs": 1, "unit_price": money(amount)}
        answer = spa.post("/supplier-items", an_item(price_breaks=[step]))
        refused_at(answer, "price_breaks.0.unit_price")
        if amount is not None:
            line = {"product": "ALM-500", "packs": 1, "unit_price": money(amount)}
            refused_at(spa.post("/purchase-orders", an_order(line)), "lines.0.unit_price")
            line = {"product": "ALM-500", "packs": 1, "tax_percent": amount}
            refused_at(spa.post("/purchase-orders", an_order(line)), "lines.0.tax_percent")
    assert spa.get("/purchase-orders").json["items"] == []


def test_an_order_is_drafted_at_the_suppliers_price_approved_and_placed(spa):
    answer = spa.post("/purchase-orders", an_order())
    order = made(answer)
    number = order["number"]
    assert answer.headers["Location"] == f"/api/v1/purchase-orders/{number}"
    assert (order["status"], order["supplier"], order["deliver_to"]) == ("draft", "CORRIB", "STORE")
    assert order["lines"] == [
        {
            "position": 1,
            "product": "ALM-500",
            "pack": "BOTTLE",
            "packs": 10,
            "quantity": quantity("5000"),
            "unit_price": money("8.0525"),
            "tax_percent": "0",
            "net": money("80.53"),
            "supplier_code": "C-77",
            "wanted_by": None,
            "tolerance": 0,
            "received": 0,
            "outstanding": 10,
            "closed": False,
        }
    ]
    assert order["totals"] == {
        "net": money("80.53"),
        "tax": money("0.00"),
        "gross": money("80.53"),
    }
    assert done(spa.post(f"/purchase-orders/{number}/approve", {}))["status"] == "approved"
    placed = done(spa.post(f"/purchase-orders/{number}/place", {}))
    assert placed["status"] == "placed"
    assert placed["placed_at"].endswith("Z")
    assert spa.get(f"/purchase-orders/{number}").json == placed
    (row,) = spa.get("/purchase-orders?status=placed&supplier=CORRIB").json["items"]
    assert (row["number"], row["packs"], row["totals"]) == (number, 10, order["totals"])
    assert spa.get("/purchase-orders?status=draft").json["items"] == []


def test_an_order_is_printed(spa):
    number = made(spa.post("/purchase-orders", an_order()))["number"]
    paper = spa.get(f"/purchase-orders/{number}/pdf")
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    assert paper.data.startswith(b"%PDF-")
    assert spa.get("/purchase-orders/NONE/pdf").status_code == 404


def test_what_an_order_cannot_be_is_said_at_its_field(spa):
    good = {"product": "ALM-500", "packs": 1}
    for line, field in (
        ({"product": "NONE"}, "product"),
        ({"pack": "NONE"}, "pack"),
        ({"unit_price": money("1", "USD")}, "unit_price"),
        ({"unit_price": money("1", "XXQ")}, "unit_price"),
        ({"tax_percent": "101"}, "tax_percent"),
        ({"tolerance": -1}, "tolerance"),
        ({"wanted_by": "0"}, "wanted_by"),
        ({"wanted_by": "2027-02-30"}, "wanted_by"),
        ({"net": money("0.01")}, "net"),
        ({"received": 10}, "received"),
    ):
        answer = spa.post("/purchase-orders", an_order(good, good | line))
        assert (answer.status_code, fields(answer)) == (422, [f"lines.1.{field}"])
    for change, field in (
        ({"supplier": "NONE"}, "supplier"),
        ({"deliver_to": "NONE"}, "deliver_to"),
        ({"lines": []}, "lines"),
        ({"status": "approved"}, "status"),
        ({"number": "PO-1"}, "number"),
        ({"totals": {}}, "totals"),
        ({"currency": "EUR"}, "currency"),
    ):
        answer = spa.post("/purchase-orders", an_order() | change)
        assert (answer.status_code, fields(answer)) == (422, [field])
    assert spa.get("/purchase-orders").json["items"] == []


def test_a_delivery_is_received_in_part_and_in_full(spa):
    number = a_placed_order(spa)
    first = {"position": 1, "packs": 4, "lot": "A1", "expires_on": "2028-03-01"}
    answer = spa.post(f"/purchase-orders/{number}/receipts", a_delivery(first))
    receipt = made(answer)
    assert answer.headers["Location"] == f"/api/v1/goods-receipts/{receipt['number']}"
    assert (receipt["purchase_order"], receipt["order_status"]) == (number, "partially_received")
    assert receipt["lines"] == [
        {
            "position": 1,
            "product": "ALM-500",
            "packs": 4,
            "quantity": quantity("2000"),
            "condition": "good",
            "lot": "A1",
            "expires_on": "2028-03-01",
            "into": "STORE",
            "close_short": False,
            "fault": None,
            "why": "",
            "remark": "",
            "ordered_price": money("8.0525"),
            "noted_price": None,
            "price_differs": False,
            "noted_packs": None,
            "photos": [],
        }
    ]
    doubtful = {"position": 1, "packs": 5, "lot": "A2", "condition": "doubtful"}
    rest = {"position": 1, "packs": 1, "condition": "refused", "close_short": True}
    second = made(spa.post(f"/purchase-orders/{number}/receipts", a_delivery(doubtful, rest)))
    assert second["order_status"] == "closed_short"
    assert [line["into"] for line in second["lines"]] == ["HOLD", None]
    where = {(r["location"], r["lot"]): r["on_hand"] for r in spa.get("/stock").json["items"]}
    assert where == {("STORE", "A1"): quantity("2000"), ("HOLD", "A2"): quantity("2500")}
    assert done(spa.get(f"/goods-receipts/{receipt['number']}"))["delivery_note"] == "DN-1"
    rows = spa.get(f"/goods-receipts?purchase_order={number}").json["items"]
    assert [row["refused"] for row in rows] == [1, 0]
    order = spa.get(f"/purchase-orders/{number}").json
    assert order["goods_receipts"] == [receipt["number"], second["number"]]


def test_a_receipt_is_taken_back_by_its_document_only(spa):
    number = a_placed_order(spa)
    receipt = made(spa.post(f"/purchase-orders/{number}/receipts", a_delivery()))["number"]
    (posting,) = spa.get(f"/postings?document={receipt}").json["items"]
    assert spa.get(f"/postings/{posting['ref']}").json == posting
    assert spa.post(f"/postings/{posting['ref']}/reverse", {"why": "x"}).status_code == 409
    assert fields(spa.post(f"/goods-receipts/{receipt}/reverse", {"why": " "})) == ["why"]
    back = done(spa.post(f"/goods-receipts/{receipt}/reverse", {"why": "not ours"}))
    assert (back["reversed_why"], back["order_status"]) == ("not ours", "placed")
    assert spa.post(f"/goods-receipts/{receipt}/reverse", {"why": "x"}).status_code == 409
    assert spa.get("/stock").json["items"] == []


def test_what_cannot_have_arrived_is_said_at_its_field(spa):
    number = a_placed_order(spa)
    for line, status, field in (
        ({"packs": 11}, 409, "packs"),
        ({"position": 2}, 422, "position"),
        ({"packs": 0}, 422, "packs"),
        ({"packs": -1}, 422, "packs"),
        ({"packs": 1.5}, 422, "packs"),
        ({"condition": "so-so"}, 422, "condition"),
        ({"expires_on": "2020-01-01"}, 409, "expires_on"),
        ({"expires_on": "soon"}, 422, "expires_on"),
        ({"into": "CONSUMED"}, 422, "into"),
        ({"lot": ""}, 422, "lot"),
        ({"cost": money("0")}, 422, "cost"),
    ):
        told = {"position": 1, "packs": 1, "lot": "A1"} | line
        answer = spa.post(f"/purchase-orders/{number}/receipts", a_delivery(told))
        assert (answer.status_code, fields(answer)) == (status, [f"lines.0.{field}"])
    assert spa.get("/stock").json["items"] == []


def test_the_same_lot_with_another_expiry_is_refused_at_its_field(spa):
    number = a_placed_order(spa)
    line = {"position": 1, "packs": 1, "lot": "A1", "expires_on": "2028-03-01"}
    made(spa.post(f"/purchase-orders/{number}/receipts", a_delivery(line)))
    other = a_delivery(line | {"expires_on": "2028-04-01"})
    answer = spa.post(f"/purchase-orders/{number}/receipts", other)
    assert (answer.status_code, fields(answer)) == (409, ["lines.0.expires_on"])


def test_an_order_goes_its_way_and_no_other(spa):
    number = made(spa.post("/purchase-orders", an_order()))["number"]
    here = f"/purchase-orders/{number}"
    assert spa.post(f"{here}/place").status_code == 409
    assert spa.post(f"{here}/close-short").status_code == 409
    assert spa.post(f"{here}/receipts", a_delivery()).status_code == 409
    done(spa.post(f"{here}/approve"))
    assert spa.post(f"{here}/approve").status_code == 409
    assert done(spa.post(f"{here}/cancel"))["status"] == "cancelled"
    for action in ("approve", "place", "cancel", "close-short"):
        assert spa.post(f"{here}/{action}").status_code == 409
        assert spa.post(f"/purchase-orders/NONE/{action}").status_code == 404
        assert fields(spa.post(f"{here}/{action}", {"status": "placed"})) == ["status"]
    short = a_placed_order(spa)
    assert fields(spa.post(f"/purchase-orders/{short}/close-short", {"position": 7})) == [
        "position"
    ]
    closed = done(spa.post(f"/purchase-orders/{short}/close-short"))
    assert (closed["status"], closed["lines"][0]["outstanding"]) == ("closed_short", 0)


def test_what_is_needed_is_drafted_once(spa):
    rule = {"location": "STORE", "product": "ALM-500"}
    levels = {"par_level": quantity("5000"), "reorder_point": quantity("1000")}
    done(spa.put("/stocking-rules", rule | levels))
    page = spa.get("/needs?site=KIN").json
    (need,) = page["items"]
    assert page["next"] is None
    assert need.pop("why")
    assert need.pop("wanted_by")
    assert need == {
        **rule,
        "on_hand": quantity("0"),
        "on_order": quantity("0"),
        **levels,
        "short": quantity("5000"),
        "blanket_order": None,
        "transfer_from": None,
        "transfer": quantity("0"),
        "supplier": "CORRIB",
        "pack": "BOTTLE",
        "packs": 10,
        "available": quantity("0"),
        "expiring": quantity("0"),
        "for_rooms": quantity("0"),
        "backordered": quantity("0"),
        "covered": quantity("0"),
        "to_buy": quantity("5000"),
        "used_per_week": quantity("0"),
        "follows_use": False,
        "most": None,
        "deliver_to": "STORE",
        "snooze": None,
    }
    drafted = done(spa.post("/needs/draft-orders", {"site": "KIN"}))
    (number,) = drafted["purchase_orders"]
    assert drafted["transfers"] == []
    assert spa.get(f"/purchase-orders/{number}").json["lines"][0]["packs"] == 10
    nothing = {"purchase_orders": [], "transfers": []}
    assert done(spa.post("/needs/draft-orders")) == nothing
    assert spa.get("/needs").json["items"] == []
    for answer in (spa.get("/needs?site=NONE"), spa.post("/needs/draft-orders", {"site": "NONE"})):
        assert (answer.status_code, fields(answer)) == (422, ["site"])


def test_a_need_is_put_aside_and_brought_back(spa):
    named = {"location": "STORE", "product": "ALM-500"}
    levels = {"par_level": quantity("5000"), "reorder_point": quantity("1000")}
    done(spa.put("/stocking-rules", named | levels))
    until = (utc_now() + timedelta(days=9)).date().isoformat()
    asked = named | {"until": until, "note": "A new supplier in May"}
    assert done(spa.post("/needs/snooze", asked))["snoozed"] is True
    assert spa.get("/needs").json["items"] == []
    (need,) = spa.get("/needs?snoozed=true").json["items"]
    assert need["snooze"]["note"] == "A new supplier in May"
    assert need["snooze"]["until"] == until
    assert done(spa.post("/needs/draft-orders"))["purchase_orders"] == []
    assert done(spa.post("/needs/wake", named))["snoozed"] is False
    assert len(spa.get("/needs").json["items"]) == 1
    late = spa.post("/needs/snooze", asked | {"until": "2020-01-01"})
    assert (late.status_code, fields(late)) == (422, ["until"])
    assert spa.post("/needs/snooze", asked | {"location": "MARS"}).status_code == 404


def test_who_may_buy_for_the_spa(spa, program):
    number = made(spa.post("/purchase-orders", an_order()))["number"]
    order = f"/purchase-orders/{number}"
    asked = [
        ("GET", "/suppliers"),
        ("GET", "/supplier-items"),
        ("GET", "/needs"),
        ("GET", order),
        ("GET", f"{order}/pdf"),
        ("GET", "/goods-receipts"),
        ("POST", "/suppliers", {"code": "N", "name": "N", "currency": "EUR"}),
        ("POST", "/supplier-items", an_item()),
        ("POST", "/purchase-orders", an_order()),
        ("POST", "/needs/draft-orders", {}),
        ("POST", f"{order}/approve", {}),
    ]
    for role in (Role.THERAPIST, Role.SALES, Role.WHOLESALE_BUYER):
        api = program(role)
        assert {api.ask(*one).status_code for one in asked} == {403}
    keeper = program(Role.STOCK_KEEPER)
    assert [keeper.ask(*one).status_code for one in asked] == [200] * 6 + [403] * 3 + [200, 403]
    stranger = program(None)
    assert {stranger.ask(*one).status_code for one in asked} == {401}


def test_a_placed_order_is_amended(spa):
    number = a_placed_order(spa)
    here = f"/purchase-orders/{number}"
    order = spa.get(here).json
    change = {"lines": [{"position": 1, "packs": 1}], "version": order["version"]}
    revision = done(spa.post(f"{here}/amend", change))
    assert (revision["number"], revision["status"]) == (1, "sent")
    assert spa.post(f"{here}/amend", change).status_code == 409
    shown = spa.get(here).json
    assert (shown["revision"], shown["lines"][0]["packs"]) == (1, 1)
    listed = spa.get(f"{here}/revisions").json["items"]
    assert [one["number"] for one in listed] == [1, 0]
    assert spa.get(f"{here}/revisions/0/pdf").status_code == 200
    assert spa.get(f"{here}/revisions/x/pdf").status_code == 404
    for action, body in (("approve", {}), ("refuse", {"why": "No"}), ("withdraw", {})):
        assert spa.post(f"{here}/amendment/{action}", body).status_code == 409
    draft = made(spa.post("/purchase-orders", an_order()))["number"]
    back = done(spa.post(f"/purchase-orders/{draft}/send-back", {"why": "Too many"}))
    assert back["sent_back"] == "Too many"


def test_a_placed_order_is_taken_along_as_ubl_and_as_order_x(spa):
    draft = made(spa.post("/purchase-orders", an_order()))["number"]
    assert spa.get(f"/purchase-orders/{draft}/ubl").status_code == 409
    order = a_placed_order(spa)
    for kind, root in (("ubl", b":Order-2"), ("order-x", b"SCRDMCCBDACIOMessageStructure")):
        answer = spa.get(f"/purchase-orders/{order}/{kind}")
        if kind == "order-x" and answer.status_code == 409:
            assert "country" in answer.json["detail"]  # the story's company has no address
            continue
        assert answer.content_type == "application/xml"
        assert root in answer.data
        assert order.encode() in answer.data


def test_what_the_supplier_answers_is_kept_with_the_order(spa):
    order = a_placed_order(spa)
    here = f"/purchase-orders/{order}"
    answer = {"said_by": "Orla", "lines": [{"position": 1, "packs": 1, "remark": "short"}]}
    made_ = made(spa.post(f"{here}/confirmations", answer))
    assert (made_["answer"], made_["lines"][0]["packs"]) == ("changed", 1)
    assert spa.get(f"{here}/confirmations").json["items"] == [made_]
    wrong = {"said_by": "Orla", "lines": [{"position": 77}]}
    refused_at(spa.post(f"{here}/confirmations", wrong), "lines.0.position")
    for document in ("<a/>", "x"):
        assert spa.post(f"{here}/order-responses", {"document": document}).status_code == 422
    assert done(spa.post(f"{here}/send", {"recipient": "x@y.example"})) == {"order": order}
    assert done(spa.post(f"{here}/end-links", {})) == {"order": order}
    assert spa.post(f"{here}/end-links", {}).status_code == 409
