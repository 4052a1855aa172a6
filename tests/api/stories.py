"""Bodies as a program sends them, and the few things nearly every story needs, made over the API itself."""

from typing import Any

from tests.api.programs import Program, fields

BAD_AMOUNTS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "1e2",
    "1_000",
    "١٢",
    "\N{FULLWIDTH DIGIT ONE}",
    "0x10",
    " 1",
    "1,5",
    "-1",
    "0.00001",
    "9" * 30,
    "",
    12,
    1.5,
    None,
    True,
    [],
]
BAD_COUNTS = [0, -1, 1.0, 1.5, "1", "NaN", 10**7, 10**400, None, True, [], {}]


def money(amount: Any, currency: str = "EUR") -> dict[str, Any]:
    return {"amount": amount, "currency": currency}


def quantity(amount: Any, unit: str = "ml") -> dict[str, Any]:
    return {"amount": amount, "unit": unit}


def an_oil(sku: str = "ALM-500", **more: Any) -> dict[str, Any]:
    """An almond oil, sold by the bottle of half a litre."""
    pack = {"code": "BOTTLE", "name": "Bottle 500 ml", "size": quantity("500")}
    return {
        "sku": sku,
        "name": "Sweet almond oil",
        "kind": "oil",
        "unit": "ml",
        "sales_pack": pack,
        **more,
    }


def a_case(**more: Any) -> dict[str, Any]:
    return {
        "product": "ALM-500",
        "code": "CASE",
        "name": "Case of 12",
        "size": quantity("6", "l"),
        **more,
    }


def an_item(**more: Any) -> dict[str, Any]:
    """What the supplier asks for a bottle: 8.60, from ten 8.0525."""
    return {
        "supplier": "CORRIB",
        "product": "ALM-500",
        "code": "C-77",
        "pack": "BOTTLE",
        "moq": 2,
        "multiple": 2,
        "lead_time_days": 5,
        "price_breaks": [
            {"from_packs": 1, "unit_price": money("8.60")},
            {"from_packs": 10, "unit_price": money("8.0525")},
        ],
        **more,
    }


def an_order(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    line = {"product": "ALM-500", "pack": "BOTTLE", "packs": 10}
    return {"supplier": "CORRIB", "lines": list(lines or [line]), **more}


def a_delivery(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    line = {"position": 1, "packs": 10, "lot": "A1", "expires_on": "2028-03-01"}
    return {"into": "STORE", "delivery_note": "DN-1", "lines": list(lines or [line]), **more}


def a_customer(code: str = "HARBOUR", **more: Any) -> dict[str, Any]:
    return {"code": code, "name": f"{code.title()} Spa", "kind": "spa_owner", **more}


def a_price_list(code: str = "TRADE", **more: Any) -> dict[str, Any]:
    price = {
        "product": "ALM-500",
        "pack": "BOTTLE",
        "from_packs": 1,
        "unit_price": money("14.90"),
    }
    return {"code": code, "currency": "EUR", "prices": [price], **more}


def a_quote(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    line = {
        "product": "ALM-500",
        "pack": "BOTTLE",
        "packs": 3,
        "unit_price": money("14.90"),
        "discount_percent": "10",
        "tax_percent": "23",
    }
    return {"customer": "HARBOUR", "lines": list(lines or [line]), **more}


def made(answer: Any) -> Any:
    """The body of a thing that was created."""
    assert answer.status_code == 201, answer.text
    return answer.json


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json


def refused_at(answer: Any, *names: str) -> None:
    """A bad value, named by its path or by what lies below it."""
    assert answer.status_code == 422, (answer.request.get_data(), answer.text)
    found = fields(answer)
    assert found
    for field in found:
        assert any(field == name or field.startswith(f"{name}.") for name in names), (
            answer.request.get_data(),
            found,
        )


def set_up_spa(api: Program) -> None:
    """A site with a storeroom and a room, an oil, a supplier who sells it, a customer who buys it."""
    made(api.post("/sites", {"code": "KIN", "name": "Kinsale", "time_zone": "Europe/Dublin"}))
    for code, kind in (
        ("STORE", "storeroom"),
        ("ROOM-1", "treatment_room"),
        ("HOLD", "quarantine"),
    ):
        made(api.post("/locations", {"code": code, "name": code, "kind": kind, "site": "KIN"}))
    made(api.post("/products", an_oil()))
    made(api.post("/suppliers", {"code": "CORRIB", "name": "Corrib Botanicals", "currency": "EUR"}))
    made(api.post("/supplier-items", an_item()))
    made(api.post("/customers", a_customer()))


def a_placed_order(api: Program, **more: Any) -> str:
    number: str = made(api.post("/purchase-orders", an_order(**more)))["number"]
    done(api.post(f"/purchase-orders/{number}/approve"))
    done(api.post(f"/purchase-orders/{number}/place"))
    return number


def an_issued_quote(api: Program, **more: Any) -> str:
    number: str = made(api.post("/quotes", a_quote(**more)))["number"]
    done(api.post(f"/quotes/{number}/issue"))
    return number
