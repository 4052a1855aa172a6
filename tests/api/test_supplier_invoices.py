"""Supplier invoices over the API: recorded, matched, decided; what they cannot be, by field."""

import base64

from tests.api.programs import fields
from tests.api.stories import (
    BAD_COUNTS,
    a_delivery,
    a_placed_order,
    done,
    made,
    money,
    refused_at,
)


def a_line(order: str, **more):
    return {"order": order, "position": 1, "packs": 10, **more}


def an_invoice(*lines, number: str = "INV-7", **more):
    body = {"supplier": "CORRIB", "supplier_number": number, "invoiced_on": "2026-11-20"}
    return body | {"lines": list(lines), **more}


def test_an_invoice_is_recorded_matched_and_approved(spa):
    order = a_placed_order(spa)
    made(spa.post(f"/purchase-orders/{order}/receipts", a_delivery()))
    paper = {"file_name": "scan.pdf", "content": base64.b64encode(b"%PDF-1.7").decode()}
    body = an_invoice(a_line(order), printed={"net": money("80.53")}, paper=paper)
    answer = spa.post("/supplier-invoices", body)
    invoice = made(answer)
    assert answer.headers["Location"] == "/api/v1/supplier-invoices/SI-2026-0001"
    assert (invoice["status"], invoice["differences"]) == ("matched", [])
    assert invoice["lines"][0]["agreed_price"] == money("8.0525")
    assert invoice["totals"] == {
        "net": money("80.53"),
        "tax": money("0.00"),
        "gross": money("80.53"),
    }
    done(spa.post("/supplier-invoices/SI-2026-0001/approve", {}))
    (row,) = spa.get(f"/supplier-invoices?status=approved&purchase_order={order}").json["items"]
    assert (row["number"], row["open_differences"]) == ("SI-2026-0001", 0)
    assert spa.get("/supplier-invoices/SI-2026-0001/paper").data == b"%PDF-1.7"
    assert spa.post("/supplier-invoices/SI-2026-0001/cancel", {"reason": "x"}).status_code == 409


def test_differences_are_listed_decided_and_credited(spa):
    order = a_placed_order(spa)
    made(spa.post(f"/purchase-orders/{order}/receipts", a_delivery()))
    body = an_invoice(a_line(order, unit_price=money("9")), freight=money("25"))
    invoice = made(spa.post("/supplier-invoices", body))
    assert [(one["kind"], one["amount"]["amount"]) for one in invoice["differences"]] == [
        ("price", "9.47"),
        ("freight", "25.00"),
    ]
    path = f"/supplier-invoices/{invoice['number']}"
    assert fields(spa.post(f"{path}/approve", {})) == ["reason"]
    disputed = done(spa.post(f"{path}/dispute", {"reason": "No freight was agreed"}))
    assert disputed["status"] == "disputed"
    line = a_line(order, unit_price=money("0.94"), about="price")
    note = an_invoice(line, number="CN-1", credits=invoice["number"])
    assert made(spa.post("/supplier-invoices", note))["credits"] == invoice["number"]
    found = spa.get(path).json
    assert [one["within_tolerance"] for one in found["differences"]] == [True, False]
    assert done(spa.post(f"{path}/approve", {"reason": "Agreed"}))["status"] == "approved"


def test_what_an_invoice_cannot_be_is_said_at_its_field(spa):
    order = a_placed_order(spa)
    good = an_invoice(a_line(order))
    made(spa.post("/supplier-invoices", good))
    twice = spa.post("/supplier-invoices", good)
    assert (twice.status_code, fields(twice)) == (409, ["supplier_number"])
    for change, field in (
        ({"supplier": "NONE"}, "supplier"),
        ({"invoiced_on": "2099-01-01"}, "invoiced_on"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"freight": money("1", "USD")}, "freight"),
        ({"printed": {"gross": money("1")}}, "gross"),
        ({"paper": {"file_name": "a", "content": "€"}}, "paper.content"),
        ({"lines": [a_line("PO-0")]}, "lines.0.order"),
        ({"credits": "SI-0"}, "credits"),
    ):
        answer = spa.post("/supplier-invoices", good | {"supplier_number": "INV-8"} | change)
        assert (answer.status_code, fields(answer)) == (422, [field])
    for packs in BAD_COUNTS:
        refused_at(
            spa.post("/supplier-invoices", an_invoice(a_line(order, packs=packs))), "lines.0.packs"
        )
