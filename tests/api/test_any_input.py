"""Schemathesis sends what the OpenAPI text allows and what it does not: no fault of ours, no undeclared answer."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from procurement.kernel.clock import utc_now
from tests.api.stories import a_delivery, a_placed_order, an_issued_quote, done, made, money

EXAMPLES = 5  # of each mode for each operation, on each database


@pytest.fixture
def things(spa) -> dict[str, str]:
    """One of everything, so that an address leads somewhere about half of the time."""
    order = a_placed_order(spa)
    line = {"position": 1, "packs": 1, "lot": "A1"}
    receipt = made(spa.post(f"/purchase-orders/{order}/receipts", a_delivery(line)))["number"]
    bottle = {"location": "STORE", "product": "ALM-500"}
    opened = made(spa.post("/containers", bottle))["containers"][0]["number"]
    return {
        "sku": "ALM-500",
        "/catalogue": a_family(spa),
        "ref": spa.get("/postings").json["items"][0]["ref"],
        "/plans": a_plan(spa),
        "/purchase-orders": order,
        "/goods-receipts": receipt,
        "/supplier-invoices": an_invoice(spa, order),
        "/requests-for-quotation": a_request(spa),
        "/claims": a_claim(spa, order),
        "/supplier-returns": a_return(spa),
        **quotes_again(spa),
        "/look": "logo",
        "/enquiries": "E-2026-0001",
        "/applications": an_application(spa),
        **a_sale(spa),
        "/return-requests": "RR-2026-0001",
        "/saved-lists": "0123456789abcdef",
        "/suppliers": "CORRIB",
        "/order-calendars": "CORRIB",
        "/certificates": a_certificate(spa),
        "/customers": "HARBOUR",
        "/price-lists": "TRADE",
        "/price-rules": a_price_rule(spa),
        "/price-files": a_price_file(spa),
        "/sites": "KIN",
        "/locations": "STORE",
        "/containers": opened,
        "/transfers": a_transfer(spa),
        "/lots": "ALM-500/A1",
        "/recalls": a_drill(spa),
        "/budgets": a_budget(spa),
        "rule": a_rule(spa),
        "/cost-centres": made(spa.post("/cost-centres", {"code": "SHOP", "name": "Shop"}))["code"],
        **a_standing_order(spa, order),
        "/blanket-orders": a_blanket_order(spa),
        "/tools": a_tool(spa),
        "position": "1",
        "/periods": made(spa.post("/periods", {"last_day": "2020-12-31"}))["last_day"],
        "/stock-counts": made(spa.post("/stock-counts", {"location": "STORE"}))["number"],
    }


def an_application(spa: Any) -> str:
    who = {"company": "Harbour Spa", "kind": "spa_owner", "name": "Nuala", "country": "IE"}
    body = {**who, "email": "nuala@harbour.example", "consent": True}
    return str(made(spa.post("/applications", body))["number"])


def quotes_again(spa: Any) -> dict[str, str]:
    """A quote, a template and a batch of it, a certificate of its customer."""
    number = an_issued_quote(spa)
    template = made(spa.post("/quote-templates", {"quote": number, "name": "Opening"}))
    paper = {"kind": "resale", "number": "R-1"}
    certificate = made(spa.post("/customers/HARBOUR/certificates", paper))
    return {
        "/quotes": number,
        "/quote-templates": str(template["id"]),
        "/quote-batches": made(spa.post("/quote-batches", {}))["number"],
        "key": str(certificate["id"]),
    }


def a_price_rule(spa: Any) -> str:
    rule = {"name": "Autumn", "kind": "discount", "percent": "5"}
    return str(made(spa.post("/price-rules", rule))["id"])


def a_rule(spa: Any) -> str:
    return str(made(spa.post("/approval-rules", {"above": money("5000.00")}))["id"])


def a_claim(spa: Any, order: str) -> str:
    line = {"position": 1, "packs": 1, "condition": "refused"}
    receipt = made(spa.post(f"/purchase-orders/{order}/receipts", a_delivery(line)))
    return str(made(spa.post("/claims", {"goods_receipt": receipt["number"]}))["number"])


def a_return(spa: Any) -> str:
    millilitre = {"amount": "1", "unit": "ml"}
    move = {"product": "ALM-500", "from": "OPENING", "to": "STORE", "lot": "R1"}
    stock = {"reason": "opening", "moves": [move | {"quantity": millilitre}]}
    made(spa.post("/postings", stock))
    body = {"supplier": "CORRIB", "location": "STORE", "reason": "other"}
    lot = {"lot": "ALM-500/R1", "quantity": millilitre}
    return str(made(spa.post("/supplier-returns", {**body, "lines": [lot]}))["number"])


def a_sale(spa: Any) -> dict[str, str]:
    """An order of which some was shipped, and some of that came back."""
    move = {"product": "ALM-500", "from": "OPENING", "to": "STORE", "lot": "S1"}
    two_litres = {"quantity": {"amount": "2000", "unit": "ml"}}
    made(spa.post("/postings", {"reason": "opening", "moves": [move | two_litres]}))
    line = {"product": "ALM-500", "packs": 3, "unit_price": {"amount": "9.00", "currency": "EUR"}}
    body = {"customer": "HARBOUR", "lines": [line]}
    order = made(spa.post("/sales-orders", body))["number"]
    done(spa.post(f"/sales-orders/{order}/confirm", {"send": False}))
    told = {"sales_order": order, "lines": [{"position": 1, "packs": 2}]}
    shipment = made(spa.post("/shipments", told))["number"]
    back = {"shipment": shipment, "lines": [{"position": 1}], "reason": "damaged"}
    number = made(spa.post("/customer-returns", back))["number"]
    export = made(spa.post("/invoice-exports"))["number"]
    return {
        "/sales-orders": order,
        "/orders": order,
        "/shipments": shipment,
        "/customer-returns": number,
        "/invoice-exports": export,
    }


def a_transfer(spa: Any) -> str:
    room = {"code": "ROOM-9", "name": "Room", "kind": "treatment_room", "site": "KIN"}
    made(spa.post("/locations", room))
    line = {"product": "ALM-500", "quantity": {"amount": "1", "unit": "ml"}}
    stock = line | {"from": "OPENING", "to": "STORE", "lot": "B9"}
    made(spa.post("/postings", {"reason": "opening", "moves": [stock]}))
    draft = {"from": "STORE", "to": "ROOM-9", "lines": [line]}
    return str(made(spa.post("/transfers", draft))["number"])


def a_plan(spa: Any) -> str:
    rule = {"location": "STORE", "product": "ALM-500"}
    levels = {
        "par_level": {"amount": "90", "unit": "l"},
        "reorder_point": {"amount": "80", "unit": "l"},
    }
    spa.put("/stocking-rules", rule | levels)
    return str(made(spa.post("/plans", {}))["number"])


def an_invoice(spa: Any, order: str) -> str:
    line = {"order": order, "position": 1, "packs": 1}
    body = {"supplier": "CORRIB", "supplier_number": "INV-1", "invoiced_on": "2026-11-20"}
    return str(made(spa.post("/supplier-invoices", body | {"lines": [line]}))["number"])


def a_request(spa: Any) -> str:
    body = {
        "answer_by": (utc_now().date() + timedelta(days=7)).isoformat(),
        "suppliers": ["CORRIB"],
    }
    body["lines"] = [{"product": "ALM-500", "packs": 1}]
    number = str(made(spa.post("/requests-for-quotation", body))["number"])
    assert spa.post(f"/requests-for-quotation/{number}/send", {}).status_code == 200
    return number


def a_price_file(spa: Any) -> str:
    row = {"code": "C-77", "unit_price": {"amount": "9.10", "currency": "EUR"}}
    return str(made(spa.post("/price-files", {"supplier": "CORRIB", "rows": [row]}))["number"])


def a_standing_order(spa: Any, order: str) -> dict[str, str]:
    kept = made(spa.post("/order-templates", {"order": order, "name": "Oils"}))["template"]
    rhythm = {"template": kept["number"], "every": 1, "unit": "weeks", "weekday": "monday"}
    begun = made(spa.post("/standing-orders", rhythm))
    return {"/order-templates": kept["number"], "/standing-orders": begun["number"]}


def a_blanket_order(spa: Any) -> str:
    price = {"amount": "7.50", "currency": "EUR"}
    line = {"product": "ALM-500", "pack": "BOTTLE", "packs": 50, "unit_price": price}
    body = {"supplier": "CORRIB", "valid_from": "2026-01-01", "valid_until": "2029-12-31"}
    return str(made(spa.post("/blanket-orders", body | {"lines": [line]}))["blanket"]["number"])


def a_certificate(spa: Any) -> str:
    pdf = base64.b64encode(b"%PDF-1.7").decode()
    body = {"kind": "organic", "supplier": "CORRIB", "file_name": "o.pdf", "content_base64": pdf}
    return str(made(spa.post("/certificates", body))["versions"][0]["number"])


def a_budget(spa: Any) -> str:
    owner = spa.email
    body = {"code": "OILS", "name": "Oils", "owner": owner, "period": "year"}
    body |= {"amount": {"amount": "1000.00", "currency": "EUR"}}
    return str(made(spa.post("/budgets", body))["code"])


def a_tool(spa: Any) -> str:
    made(spa.post("/products", {"sku": "GUA", "name": "Gua Sha", "kind": "tool", "unit": "piece"}))
    move = {"product": "GUA", "from": "OPENING", "to": "STORE"}
    move |= {"quantity": {"amount": "2", "unit": "piece"}}
    made(spa.post("/postings", {"reason": "opening", "moves": [move]}))
    return str(made(spa.post("/tools", {"location": "STORE", "product": "GUA"}))["number"])


def a_family(spa: Any) -> str:
    body = {"sku": "BLEND-1", "name": "Blend", "kind": "oil", "unit": "ml", "family": "blend"}
    made(spa.post("/products", body))
    return "blend"


def a_drill(spa: Any) -> str:
    recall = {"product": "ALM-500", "lots": ["A1"], "reason": "practice", "drill": True}
    return str(made(spa.post("/recalls", recall))["number"])


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_input_makes_a_server_error(app, spa, things, mode):
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in schema.get_all_operations()]
    require_one_of_everything(operations, things)
    for operation in operations:
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
            continue
        try_out(operation, mode, spa.token, things)


def key_of(operation: Any, parameter: str, things: dict[str, str]) -> str:
    """Under which name `things` has a value for a parameter of an address: its own name, or the resource's."""
    return parameter if parameter in things else "/" + operation.path.split("/")[1]


def require_one_of_everything(operations: list[Any], things: dict[str, str]) -> None:
    """A new address without an entry would only be asked for what is not there; say so in words."""
    missing = [
        f"{{{one.name}}} of {operation.method.upper()} {operation.path}: "
        f'add "{key_of(operation, one.name, things)}" (or "{one.name}") to the fixture `things`'
        for operation in operations
        for one in operation.path_parameters
        if key_of(operation, one.name, things) not in things
    ]
    assert not missing, "No value is known for\n" + "\n".join(missing)


def try_out(operation: Any, mode: GenerationMode, token: str, things: dict[str, str]) -> None:
    declared = {int(status) for status in operation.definition.raw["responses"]}
    known = {
        one.name: things[key_of(operation, one.name, things)] for one in operation.path_parameters
    }

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), leads_somewhere=st.booleans())
    def holds(case, leads_somewhere):
        if leads_somewhere:
            case.path_parameters = known
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code in declared, (
            answer.status_code,
            answer.text,
            case.as_curl_command(),
        )

    holds()
