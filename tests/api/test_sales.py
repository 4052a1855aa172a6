"""Customers, price lists, enquiries and quotes over the API."""

from base64 import b64encode

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.api.stories import (
    BAD_AMOUNTS,
    BAD_COUNTS,
    a_customer,
    a_price_list,
    a_quote,
    an_issued_quote,
    done,
    made,
    money,
    quantity,
    refused_at,
)

ENQUIRY = {
    "name": "Mei Lin",
    "email": "mei@example.com",
    "kind": "individual",
    "message": "Do you ship to Cork?",
}


def test_a_quote_waits_for_approval_over_the_api(spa, program):
    made(spa.post("/quote-approval-rules", {"discount_above": "10"}))
    refused_at(spa.post("/quote-approval-rules", {}), "discount_above")
    line = a_quote()["lines"][0] | {"discount_percent": "20"}
    number = made(spa.post("/quotes", a_quote(line)))["number"]
    assert spa.post(f"/quotes/{number}/issue", {"send": False}).status_code == 409
    assert done(spa.post(f"/quotes/{number}/ask-approval", {}))["status"] == "waiting"
    assert spa.post(f"/quotes/{number}/approve", {}).status_code == 403  # their own
    other = program(Role.SALES)
    assert not done(other.post(f"/quotes/{number}/approve", {}))["needed"]
    done(spa.post(f"/quotes/{number}/issue", {"send": False}))


def test_two_customers_are_made_one_and_what_was_said_is_read(spa):
    for code in ("OWN", "TWIN"):
        made(spa.post("/customers", a_customer(code)))
    made(spa.post("/customers/TWIN/notes", {"kind": "call", "body": "Ask in May"}))
    refused_at(spa.post("/customers/OWN/merge", {"other": "OWN"}), "other")
    done(spa.post("/customers/OWN/merge", {"other": "TWIN"}))
    assert spa.post("/customers/OWN/merge", {"other": "TWIN"}).status_code == 409
    assert spa.get("/customers/TWIN").json["code"] == "OWN"
    rows = spa.get("/customers/OWN/timeline").json["items"]
    assert [(row["what"], row["reference"]) for row in rows] == [
        ("merge customer", "TWIN"),
        ("merge customer", ""),
        ("call", ""),
        ("create customer", "TWIN"),
        ("create customer", ""),
    ]
    assert rows[2]["said"] == "Ask in May"


def in_base64(content: bytes) -> str:
    return b64encode(content).decode()


def test_a_tax_certificate_over_the_api(spa):
    made(spa.post("/customers", a_customer("OWN")))
    paper = {"kind": "resale", "number": "R-1", "jurisdiction": "US-CA", "verified": True}
    assert made(spa.post("/customers/OWN/certificates", paper))["verified_by"]
    refused_at(
        spa.post("/customers/OWN/certificates", paper | {"jurisdiction": "X"}), "jurisdiction"
    )
    (row,) = spa.get("/customers/OWN/certificates").json["items"]
    assert (row["number"], row["has_file"]) == ("R-1", False)
    one = f"/customers/OWN/certificates/{row['id']}"
    assert spa.get(f"{one}/file").status_code == 404
    refused_at(spa.put(f"{one}/file", {"content_base64": "!"}), "content_base64")
    refused_at(spa.put(f"{one}/file", {"content_base64": in_base64(b"GIF89a")}), "file")
    kept = done(spa.put(f"{one}/file", {"content_base64": in_base64(b"%PDF-1.7 R-1")}))
    assert (kept["has_file"], kept["verified_by"]) == (True, None)  # it is another paper now
    assert done(spa.post(f"{one}/verify"))["verified_by"]
    assert done(spa.get(one))["number"] == "R-1"
    assert spa.get(f"{one}/file").data == b"%PDF-1.7 R-1"
    done(spa.post(f"{one}/remove"))
    assert (spa.get(one).status_code, spa.post(f"{one}/remove").status_code) == (404, 404)


def test_a_customer_is_replaced_whole_once_for_each_version(spa):
    contact = {"name": "Aoife", "email": "aoife@own.example"}
    number = {"vat_id": "DE 136 695 976", "peppol_id": "0204:991-12345-06"}
    first = made(spa.post("/customers", a_customer("OWN", contacts=[contact], **number)))
    assert (first["vat_id"], first["peppol_id"]) == ("DE136695976", "0204:991-12345-06")
    checked = done(spa.post("/customers/OWN/vat-check", {"on": "2026-11-20"}))
    assert (checked["vat_checked_on"], bool(checked["vat_checked_by"])) == ("2026-11-20", True)
    refused_at(spa.post("/customers/OWN/vat-check", {"on": "2199-01-01"}), "on")
    body = {"name": "Own Baths", "kind": "wellness_centre", "version": checked["version"]}
    same = body | number | {"contacts": first["contacts"], "active": False}
    changed = done(spa.put("/customers/OWN", same))
    assert (changed["name"], changed["active"], changed["contacts"]) == (
        "Own Baths",
        False,
        first["contacts"],
    )
    assert changed["vat_checked_on"] == "2026-11-20"
    assert spa.put("/customers/OWN", same).status_code == 409  # that version is gone
    other = body | {"version": changed["version"], "vat_id": "IE6388047V"}
    last = done(spa.put("/customers/OWN", other))
    assert last["vat_checked_on"] is None  # that was another number
    assert spa.put("/customers/NONE", other).status_code == 404
    for wrong, field in (({"peppol_id": "0204"}, "peppol_id"), ({"code": "X"}, "code")):
        refused_at(spa.put("/customers/OWN", other | {"version": last["version"]} | wrong), field)
    made(spa.post("/customers", a_customer("BARE")))
    assert spa.post("/customers/BARE/vat-check", {"on": "2026-11-20"}).status_code == 409


def test_the_price_and_why_over_the_api(spa):
    made(spa.post("/price-lists", a_price_list()))
    made(spa.post("/customer-groups", {"code": "SPAS", "name": "Spas"}))
    rule = {"name": "Autumn", "kind": "discount", "percent": "10", "group": "SPAS"}
    made(spa.post("/price-rules", rule | {"priority": 5}))
    made(spa.post("/customers", a_customer("GROUPED", group="SPAS")))
    answer = spa.get("/prices?product=ALM-500&customer=GROUPED").json
    assert [row["step"] for row in answer["why"]] == ["list", "rule"]
    assert answer["why"][1]["unit_price"] == answer["unit_price"]
    assert spa.get("/prices?product=NOPE").status_code == 404
    (row,) = spa.get("/price-rules").json["items"]
    path = f"/price-rules/{row['id']}"
    assert done(spa.put(path, rule | {"percent": "20"}))["percent"] == "20"
    done(spa.post(f"{path}/remove", {}))
    assert spa.get(path).status_code == 404


def test_a_customer_is_taken_in_with_contacts_and_addresses(spa):
    contact = {"name": "Mei Lin", "role": "Owner", "email": "mei@example.com", "phone": ""}
    said = {
        "name": "Quay Wellness",
        "kind": "wellness_centre",
        "contacts": [contact],
        "addresses": [{"kind": "billing", "lines": "1 Quay\nCork"}],
    }
    answer = spa.post("/customers", said)
    customer = made(answer)
    assert customer == said | {
        "code": customer["code"],
        "contacts": [{"id": customer["contacts"][0]["id"], **contact}],
        "email": "",
        "phone": "",
        "version": 1,
        "vat_id": "",
        "vat_checked_on": None,
        "vat_checked_by": None,
        "peppol_id": "",
        "currency": "EUR",
        "locale": "en",
        "price_list": None,
        "group": None,
        "addresses": [
            said["addresses"][0]
            | dict.fromkeys(("street", "postal_code", "city", "region", "country"), "")
            | {"label": "", "attention": ""}
        ],
        "payment_days": None,
        "discount_days": None,
        "discount_percent": None,
        "credit_limit": None,
        "delivery_term": None,
        "delivery_place": "",
        "tax_numbers": [],
        "payment_terms": "",
        "note": "",
        "active": True,
    }
    assert customer["code"].startswith("C-")
    assert answer.headers["Location"] == f"/api/v1/customers/{customer['code']}"
    assert spa.get(f"/customers/{customer['code']}").json == customer
    assert [one["code"] for one in spa.get("/customers?text=quay").json["items"]] == [
        customer["code"]
    ]
    assert [one["code"] for one in spa.get("/customers?kind=spa_owner").json["items"]] == [
        "HARBOUR"
    ]


def test_what_a_customer_cannot_be_is_said_at_its_field(spa):
    for change, status, field in (
        ({"code": "HARBOUR"}, 409, "code"),
        ({"code": "a b"}, 422, "code"),
        ({"kind": "somebody"}, 422, "kind"),
        ({"email": "x"}, 422, "email"),
        ({"currency": "EUX"}, 422, "currency"),
        ({"price_list": "NONE"}, 422, "price_list"),
        ({"contacts": [{"name": ""}]}, 422, "contacts.0.name"),
        ({"contacts": [{"name": "A", "id": 1}]}, 422, "contacts.0.id"),
        ({"addresses": [{"kind": "billing", "lines": ""}]}, 422, "addresses.0.lines"),
        ({"version": 1}, 422, "version"),
        ({"active": False}, 422, "active"),
    ):
        answer = spa.post("/customers", a_customer("NEW") | change)
        assert (answer.status_code, fields(answer)) == (status, [field])


def test_a_price_list_answers_its_prices_in_pages(spa):
    prices = [
        {
            "product": "ALM-500",
            "pack": "BOTTLE",
            "from_packs": n,
            "unit_price": money(f"{20 - n}.5"),
        }
        for n in (1, 5)
    ]
    answer = spa.post("/price-lists", a_price_list(prices=prices, valid_until="2030-12-31"))
    page = made(answer)
    assert page == {
        "code": "TRADE",
        "name": "TRADE",
        "currency": "EUR",
        "valid_from": None,
        "valid_until": "2030-12-31",
        "is_default": True,
        "prices": [p | {"unit_price": money(p["unit_price"]["amount"] + "0")} for p in prices],
        "next": None,
    }
    assert answer.headers["Location"] == "/api/v1/price-lists/TRADE"
    first = spa.get("/price-lists/TRADE?limit=1").json
    asked = {"limit": 1, "cursor": first["next"]}
    rest = spa.get("/price-lists/TRADE", query_string=asked).json
    assert first["prices"] + rest["prices"] == page["prices"]
    (row,) = spa.get("/price-lists").json["items"]
    assert row["code"] == "TRADE"
    assert spa.get("/price-lists/NONE").status_code == 404


def test_what_a_price_list_cannot_be_is_said_at_its_field(spa):
    made(spa.post("/price-lists", a_price_list()))
    price = a_price_list()["prices"][0]
    for change, status, field in (
        ({"code": "TRADE"}, 409, "code"),
        ({"currency": "EUX"}, 422, "currency"),
        ({"valid_from": "2027-01-02", "valid_until": "2027-01-01"}, 422, "valid_until"),
        ({"prices": [price | {"product": "NONE"}]}, 422, "prices.0.product"),
        ({"prices": [price | {"pack": "NONE"}]}, 422, "prices.0.pack"),
        ({"prices": [price, price]}, 422, "prices.1.from_packs"),
        ({"prices": [price | {"unit_price": money("1", "USD")}]}, 422, "prices.0.unit_price"),
        ({"margin": "1"}, 422, "margin"),
    ):
        answer = spa.post("/price-lists", a_price_list("NEW") | change)
        assert (answer.status_code, fields(answer)) == (status, [field])
    assert len(spa.get("/price-lists").json["items"]) == 1


def test_anybody_leaves_a_message_and_sales_reads_it(spa, program):
    two = {"product": "ALM-500", "pack": "BOTTLE", "packs": 2, "target_price": money("8.75")}
    asked = ["ALM-500", two]
    answer = program(None).post("/enquiries", ENQUIRY | {"products": asked})
    received = made(answer)
    assert set(received) == {"number", "status", "received_at"}
    assert answer.headers["Location"] == f"/api/v1/enquiries/{received['number']}"
    page = spa.get(f"/enquiries/{received['number']}").json
    assert page == {
        **ENQUIRY,
        **received,
        "company": "",
        "phone": "",
        "language": "",
        "products": [
            {"product": "ALM-500", "pack": "BOTTLE", "packs": None, "target_price": None},
            {"product": "ALM-500", "pack": "BOTTLE", "packs": 2, "target_price": money("8.75")},
        ],
        "customer": None,
        "quotes": [],
        "answered_at": None,
        "seconds_to_first_answer": None,
        "waiting_since": received["received_at"],
        "assigned_to": None,
        "lost_reason": None,
        "lost_note": "",
        "thread": [],
    }
    assert [one["number"] for one in spa.get("/enquiries?status=new").json["items"]] == [
        received["number"]
    ]
    for change, field in (
        ({"kind": "robot"}, "kind"),
        ({"email": "x"}, "email"),
        ({"name": ""}, "name"),
        ({"message": ""}, "message"),
        ({"products": ["NONE"]}, "products.0.product"),
        ({"products": [{"product": "ALM-500", "packs": 0}]}, "products.0.packs"),
        ({"status": "closed"}, "status"),
        ({"customer": "HARBOUR"}, "customer"),
    ):
        refused = spa.post("/enquiries", ENQUIRY | change)
        assert (refused.status_code, fields(refused)) == (422, [field])


def test_messages_without_a_token_are_throttled_and_with_one_are_not(spa, program):
    stranger = program(None)
    answers = [stranger.post("/enquiries", ENQUIRY).status_code for _ in range(22)]
    assert answers == [201] * 20 + [429] * 2
    last = stranger.post("/enquiries", ENQUIRY)
    assert last.mimetype == "application/problem+json"
    assert int(last.headers["Retry-After"]) > 0
    assert spa.post("/enquiries", ENQUIRY).status_code == 201


def test_a_quote_is_drafted_added_up_issued_and_accepted(spa):
    option = {"product": "ALM-500", "packs": 1, "unit_price": money("9"), "optional": True}
    answer = spa.post("/quotes", a_quote(*a_quote()["lines"], option, valid_until="2027-01-31"))
    quote = made(answer)
    number = quote["number"]
    assert answer.headers["Location"] == f"/api/v1/quotes/{number}"
    assert (quote["revision"], quote["status"], quote["link"]) == (1, "draft", None)
    assert quote["lines"][0] == {
        "position": 1,
        "product": "ALM-500",
        "name": "Sweet almond oil",
        "pack": "BOTTLE",
        "packs": 3,
        "quantity": quantity("1500"),
        "unit_price": money("14.90"),
        "discount_percent": "10",
        "tax_percent": "23",
        "net": money("40.23"),
        "kind": "product",
        "optional": False,
        "choice": "included",
        "choice_group": "",
        "chosen": False,
        "own_use": False,
        "section": "",
        "tax_reason": "",
        "tax_category": "S",
        "tax_detail": "",
        "text": "",
        "note": "",
        "offers": [],
    }
    totals = {"net": money("40.23"), "tax": money("9.25"), "gross": money("49.48")}
    assert quote["totals"] == totals
    issued = done(spa.post(f"/quotes/{number}/issue", {}))
    assert (issued["status"], issued["totals"]) == ("issued", totals)
    assert issued["link"].startswith("http://127.0.0.1:8000/q/")
    assert spa.get(f"/quotes/{number}").json == issued
    accepted = done(spa.post(f"/quotes/{number}/accept", {"name": "Mei Lin", "options": [2]}))
    assert (accepted["status"], accepted["answered_by"]) == ("accepted", "Mei Lin")
    (row,) = spa.get("/quotes?status=accepted&customer=HARBOUR").json["items"]
    assert (row["number"], row["totals"]) == (number, totals)
    assert spa.get("/quotes?status=draft").json["items"] == []


def test_a_quote_takes_the_price_of_the_customers_list(spa):
    made(spa.post("/price-lists", a_price_list()))
    line = {"product": "ALM-500", "packs": 2}
    quote = made(spa.post("/quotes", a_quote(line)))
    assert quote["lines"][0]["unit_price"] == money("14.90")
    dear = made(spa.post("/quotes", a_quote(line | {"unit_price": money("20")}, currency="EUR")))
    assert dear["totals"]["net"] == money("40.00")


def test_a_quote_is_printed_as_a_draft_and_as_issued(spa):
    number = made(spa.post("/quotes", a_quote()))["number"]
    draft = spa.get(f"/quotes/{number}/pdf")
    done(spa.post(f"/quotes/{number}/issue", {"send": False}))
    issued = spa.get(f"/quotes/{number}/pdf")
    for paper in (draft, issued):
        assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
        assert paper.data.startswith(b"%PDF-")
    assert draft.data != issued.data
    assert spa.get(f"/quotes/{number}/pdf?revision=1").data == issued.data
    assert spa.get(f"/quotes/{number}/pdf?revision=2").status_code == 404
    assert fields(spa.get(f"/quotes/{number}/pdf?revision=x")) == ["revision"]


def test_a_revision_takes_the_place_of_the_one_before(spa):
    number = an_issued_quote(spa)
    revised = done(spa.post(f"/quotes/{number}/revise"))
    assert (revised["revision"], revised["status"], revised["link"]) == (2, "draft", None)
    assert spa.post(f"/quotes/{number}/revise").status_code == 409
    done(spa.post(f"/quotes/{number}/issue"))
    assert spa.get(f"/quotes/{number}?revision=1").json["status"] == "superseded"
    declined = done(spa.post(f"/quotes/{number}/decline", {"reason": "Too dear"}))
    assert (declined["revision"], declined["decline_reason"]) == (2, "Too dear")
    assert [one["status"] for one in declined["revisions"]] == ["declined", "superseded"]


def test_a_quote_goes_its_way_and_no_other(spa):
    number = made(spa.post("/quotes", a_quote()))["number"]
    here = f"/quotes/{number}"
    actions = (("accept", {}), ("decline", {"reason": "no"}), ("revise", {}))
    for action, body in actions:
        assert spa.post(f"{here}/{action}", body).status_code == 409
        assert spa.post(f"/quotes/NONE/{action}", body).status_code == 404
    assert fields(spa.post(f"{here}/decline", {})) == ["reason"]
    assert fields(spa.post(f"{here}/accept", {"customer": "OTHER"})) == ["customer"]
    done(spa.post(f"{here}/issue"))
    assert spa.post(f"{here}/issue").status_code == 409
    assert fields(spa.post(f"{here}/accept", {"options": [1]})) == ["options"]
    assert done(spa.post(f"{here}/cancel"))["status"] == "cancelled"
    for action, body in (*actions, ("issue", {}), ("cancel", {})):
        assert spa.post(f"{here}/{action}", body).status_code == 409


def test_what_a_quote_cannot_be_is_said_at_its_field(spa):
    good = a_quote()["lines"][0]
    for line, field in (
        ({"product": "NONE"}, "product"),
        ({"pack": "NONE"}, "pack"),
        ({"unit_price": None}, "unit_price"),
        ({"unit_price": money("1", "USD")}, "unit_price"),
        ({"discount_percent": "100.01"}, "discount_percent"),
        ({"tax_percent": "0.00001"}, "tax_percent"),
        ({"net": money("0")}, "net"),
        ({"list_price": money("0")}, "list_price"),
    ):
        answer = spa.post("/quotes", a_quote(good, good | line))
        assert (answer.status_code, fields(answer)) == (422, [f"lines.1.{field}"])
    for change, field in (
        ({"customer": "NONE"}, "customer"),
        ({"currency": "EUX"}, "currency"),
        ({"price_list": "NONE"}, "price_list"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"valid_until": "2199-01-01"}, "valid_until"),
        ({"valid_until": "2027-1-1"}, "valid_until"),
        ({"lines": []}, "lines"),
        ({"status": "issued"}, "status"),
        ({"customer_id": 1}, "customer_id"),
        ({"totals": {}}, "totals"),
    ):
        answer = spa.post("/quotes", a_quote() | change)
        assert (answer.status_code, fields(answer)) == (422, [field])
    assert spa.get("/quotes").json["items"] == []


def test_what_is_no_number_is_refused_at_its_field(spa):
    good = a_quote()["lines"][0]
    price = a_price_list()["prices"][0]
    for count in BAD_COUNTS:
        refused_at(spa.post("/quotes", a_quote(good | {"packs": count})), "lines.0.packs")
        answer = spa.post("/price-lists", a_price_list(prices=[price | {"from_packs": count}]))
        refused_at(answer, "prices.0.from_packs")
    for amount in BAD_AMOUNTS:
        answer = spa.post("/quotes", a_quote(good | {"unit_price": money(amount)}))
        refused_at(answer, "lines.0.unit_price")
        listed = price | {"unit_price": money(amount)}
        answer = spa.post("/price-lists", a_price_list(prices=[listed]))
        refused_at(answer, "prices.0.unit_price")
        if amount is not None:
            answer = spa.post("/quotes", a_quote(good | {"discount_percent": amount}))
            refused_at(answer, "lines.0.discount_percent")
            answer = spa.post("/quotes", a_quote(good | {"tax_percent": amount}))
            refused_at(answer, "lines.0.tax_percent")
    assert spa.get("/quotes").json["items"] == []


@pytest.fixture
def buyers(spa, program, app):
    """Two customers, each with a price list and a buyer of their own: (own, foreign)."""
    for code, list_code in (("OWN", "LIST-OWN"), ("FOREIGN", "LIST-FOREIGN")):
        made(spa.post("/price-lists", a_price_list(list_code)))
        made(spa.post("/customers", a_customer(code, price_list=list_code, note="pays late")))
    return tuple(program(Role.WHOLESALE_BUYER, customer=code) for code in ("OWN", "FOREIGN"))


def test_a_buyer_meets_only_what_is_their_own(spa, buyers):
    own, foreign = buyers
    number = an_issued_quote(spa, customer="OWN")
    draft = made(spa.post("/quotes", a_quote(customer="OWN")))["number"]
    for path in (
        f"/quotes/{number}",
        f"/quotes/{number}/pdf",
        f"/quotes/{number}?revision=1",
        "/price-lists/LIST-OWN",
        "/customers/OWN",
    ):
        assert own.get(path).status_code == 200, path
        assert foreign.get(path).status_code == 404, path
        assert (
            foreign.get(path).json["detail"]
            == own.get(path.replace(number, "Q-1999-0001").replace("OWN", "NONE")).json["detail"]
        )
    for api in buyers:
        assert api.get(f"/quotes/{draft}").status_code == 404
        assert api.get(f"/quotes/{draft}/pdf").status_code == 404
    assert [one["number"] for one in own.get("/quotes").json["items"]] == [number]
    assert own.get("/quotes?customer=FOREIGN").json["items"] == []
    assert foreign.get("/quotes").json["items"] == []
    assert foreign.get("/quotes?customer=OWN").json["items"] == []
    assert [one["code"] for one in own.get("/price-lists").json["items"]] == ["LIST-OWN"]
    seen = own.get(f"/quotes/{number}").json
    assert seen["link"] is None
    assert own.get("/customers/OWN").json["note"] == ""


def test_a_buyer_answers_only_their_own_quote(spa, buyers):
    own, foreign = buyers
    number = an_issued_quote(spa, customer="OWN")
    for action, body in (("accept", {}), ("decline", {"reason": "no"})):
        assert foreign.post(f"/quotes/{number}/{action}", body).status_code == 404
    for action in ("issue", "revise", "cancel"):
        assert own.post(f"/quotes/{number}/{action}").status_code == 403
        assert foreign.post(f"/quotes/{number}/{action}").status_code == 403
    assert done(own.post(f"/quotes/{number}/accept"))["status"] == "accepted"


def test_a_buyer_does_nothing_that_is_for_staff(spa, buyers):
    own, _ = buyers
    number = an_issued_quote(spa, customer="OWN")
    for path in ("/customers", "/enquiries", "/enquiries/E-2026-0001", "/postings", "/locations"):
        assert own.get(path).status_code == 403, path
    for path, body in (
        ("/quotes", a_quote(customer="OWN")),
        ("/customers", a_customer("NEW")),
        ("/price-lists", a_price_list("NEW")),
        (f"/quotes/{number}/issue", {}),
    ):
        assert own.post(path, body).status_code == 403, path


def test_who_may_sell(spa, program):
    number = an_issued_quote(spa)
    asked = [
        ("GET", "/customers"),
        ("GET", "/customers/HARBOUR"),
        ("GET", "/price-lists"),
        ("GET", "/enquiries"),
        ("GET", "/quotes"),
        ("GET", f"/quotes/{number}"),
        ("GET", f"/quotes/{number}/pdf"),
        ("POST", "/customers", a_customer("NEW")),
        ("POST", "/price-lists", a_price_list()),
        ("POST", "/quotes", a_quote()),
        ("POST", f"/quotes/{number}/revise", {}),
        ("POST", f"/quotes/{number}/accept", {}),
    ]
    for role in (Role.THERAPIST, Role.STOCK_KEEPER, Role.PURCHASER, Role.SPA_MANAGER):
        api = program(role)
        assert [api.ask(*one).status_code for one in asked] == [403] * len(asked)
    seller = program(Role.SALES)
    assert [seller.ask(*one).status_code for one in asked] == [200] * 7 + [201] * 3 + [200] * 2
    stranger = program(None)
    assert {stranger.ask(*one).status_code for one in asked} == {401}


def test_a_drafts_lines_are_replaced_once_for_each_version_and_copied(spa):
    quote = made(spa.post("/quotes", a_quote()))
    url = f"/quotes/{quote['number']}"
    words = {"kind": "text", "text": "Until Friday."}
    offer = {"packs": 6, "unit_price": money("12")}
    line = {"product": "ALM-500", "packs": 2, "unit_price": money("13"), "offers": [offer]}
    other = line | {"packs": 5, "choice": "alternative", "offers": []}
    body = {"version": quote["version"], "lines": [line, other, words], "wishes": {"vegan": True}}
    changed = spa.put(url, body)
    assert changed.status_code == 200, changed.text
    lines = changed.json["lines"]
    assert [(one["kind"], one["choice"], one["chosen"]) for one in lines] == [
        ("product", "alternative", True),
        ("product", "alternative", False),
        ("text", "included", False),
    ]
    assert lines[0]["offers"][0]["net"] == money("72.00")
    assert changed.json["totals"]["net"] == money("26.00")
    assert changed.json["wishes"]["vegan"] is True
    assert spa.put(url, body).status_code == 409
    paper = {"locale": "de_AT", "cover": True}
    body = {"version": changed.json["version"], "lines": [line], "paper": paper}
    refused_at(spa.put(url, body | {"paper": {"locale": "pt"}}), "locale")
    changed = spa.put(url, body)
    assert changed.json["paper"] == paper
    copied = made(spa.post(f"{url}/copy", {}))
    assert copied["number"] != quote["number"]
    assert copied["paper"] == paper
    assert copied["totals"] == changed.json["totals"]
