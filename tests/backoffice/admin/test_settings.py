"""The company's settings, by their screens."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from procurement.kernel.permissions import Role
from procurement.settings.queries import currencies, exchange_rates, get_company, taxes
from procurement.settings.terms import CompanyProfile, RoundingRule
from tests.doors import sign_in

TYPED = {
    "name": "The Linden Rooms",
    "address": "1 Linden Row\nDublin",
    "currency": "EUR",
    "time_zone": "Europe/Dublin",
    "locale": "en_IE",
    "rounding_rule": "document",
    "order_answer_days": "3",
    "answer_hours": "24",
    "quote_reminder_days": "3",
    "quote_validity_days": "14",
    "count_tolerance": "5",
    "count_tolerance_value": "10.00",
    "count_approval": "250.00",
    "version": "1",
}


def company(app: Flask) -> CompanyProfile:
    with app.extensions["uow"].read() as session:
        return get_company(session)


def test_an_administrator_changes_the_company(app, client: FlaskClient):
    sign_in(client)
    assert client.get("/settings").status_code == 200
    assert client.post("/settings", data=TYPED).status_code == 303
    now = company(app)
    assert (now.name, now.rounding_rule) == ("The Linden Rooms", RoundingRule.DOCUMENT)
    assert (now.count_tolerance_bp, now.count_approval_minor) == (500, 25_000)
    assert "The settings are saved." in client.get("/settings").text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("time_zone", "Mars/Olympus", "no such time zone"),
        ("currency", "XXQ", "ISO code"),
        ("locale", "tlh", "choice"),
        ("quote_validity_days", "400", "365"),
        ("count_tolerance", "101", "between 0 and 100"),
        ("count_approval", "", "Fill this in"),
        ("name", " ", "Fill this in"),
        ("version", "9", "while you were typing"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field(app, client, field, value, words):
    sign_in(client)
    answer = client.post("/settings", data=TYPED | {field: value})
    assert answer.status_code == 422
    assert words.lower() in answer.text.lower()
    assert company(app).name == "Your spa"


def test_taxes_are_added_and_switched_but_never_changed(app, client):
    sign_in(client)
    client.post("/settings/taxes", data={"code": "A", "name": "VAT", "rate": "23"})
    assert company(app).default_tax_code == "A"  # the first is what new lines take
    client.post("/settings", data=TYPED | {"version": "2", "default_tax": "A"})
    assert company(app).default_tax_code == "A"
    assert client.post("/settings/taxes/A/off").status_code == 409
    again = client.post("/settings/taxes", data={"code": "A", "name": "Other", "rate": "9"})
    assert again.status_code == 422
    assert "already" in again.text
    client.post("/settings", data=TYPED | {"version": "3", "default_tax": ""})
    client.post("/settings/taxes/A/off")
    with app.extensions["uow"].read() as session:
        assert [(tax.code, tax.active) for tax in taxes(session, only_active=False)] == [
            ("A", False)
        ]


def test_a_rate_enables_its_currency_and_keeps_eight_places(app, client):
    sign_in(client)
    typed = {"currency": "usd", "valid_from": "2026-11-01", "rate": "0.91234567"}
    assert client.post("/settings/currencies/rates", data=typed).status_code == 303
    refused = client.post("/settings/currencies/rates", data=typed | {"rate": "0.912345678"})
    assert refused.status_code == 422
    with app.extensions["uow"].read() as session:
        assert currencies(session) == ["EUR", "USD"]
        assert [rate.rate_e8 for rate in exchange_rates(session)] == [91_234_567]
    locked = client.post("/settings", data=TYPED | {"currency": "GBP"})
    assert "remove them first" in locked.text
    client.post("/settings/currencies/rates/USD/2026-11-01/remove")
    assert client.post("/settings", data=TYPED | {"currency": "GBP"}).status_code == 303


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_gets_in(client, role):
    sign_in(client, role)
    for page in ("", "/taxes", "/currencies", "/people", "/people/invite", "/mail"):
        assert client.get(f"/settings{page}").status_code == 403
    assert client.post("/settings", data=TYPED).status_code == 403
    tax = {"code": "A", "name": "V", "rate": "1"}
    assert client.post("/settings/taxes", data=tax).status_code == 403
