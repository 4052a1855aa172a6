"""Passkeys over HTTP: where they are offered, and that a device's answer opens a session of ours."""

import pytest

from procurement.accounts.operations.users import create_user
from procurement.accounts.terms import NewUser
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.web.passkeys import relying_party
from tests.accounts.devices import Device

EMAIL, PASSWORD = "ana@example.com", "lavender fields at noon"


def moved_to(own_app, address):
    config = own_app.extensions["config"]
    object.__setattr__(config, "public_url", address)


@pytest.fixture
def ana(own_app):
    moved_to(own_app, "https://spa.example")
    with own_app.extensions["uow"].write() as session:
        new = NewUser(EMAIL, "Ana", frozenset({Role.SPA_MANAGER}))
        create_user(session, new, password=PASSWORD, actor=SYSTEM, at=utc_now())
    return own_app.test_client()


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://spa.example", "spa.example"),
        ("http://localhost:8000", "localhost"),
        ("http://spa.localhost:8000", "spa.localhost"),
        ("http://spa.example", None),
        ("http://127.0.0.1:8000", None),
        ("https://[2001:db8::1]", None),
    ],
)
def test_passkeys_are_offered_where_browsers_make_them(own_app, address, host):
    moved_to(own_app, address)
    with own_app.test_request_context():
        party = relying_party()
    assert (party.host if party else None) == host
    page = own_app.test_client().get("/sign-in").text
    assert ("Sign in with a passkey" in page) == (host is not None)


def test_a_device_signs_in_where_a_password_would(ana):
    device = Device()
    ana.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    asked = ana.post("/passkeys/ask", json={"password": PASSWORD}).json
    made = {"label": "Phone", "credential": device.make(asked["options"])}
    assert ana.post("/passkeys", json=made).json["to"] == "/profile"
    ana.post("/sign-out")
    assert ana.get("/profile").status_code == 303

    asked = ana.post("/passkeys/sign-in/ask", json={}).json
    shown = {"credential": device.use(asked["options"]), "next": "//evil.example"}
    assert ana.post("/passkeys/sign-in", json=shown).json["to"] == "/start"
    assert "Phone" in ana.get("/profile").text
    assert ana.post("/passkeys/sign-in", json=shown).status_code == 400


def test_a_wrong_password_adds_nothing_and_is_counted(ana):
    ana.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
    answer = ana.post("/passkeys/ask", json={"password": "wrong"})
    assert (answer.status_code, answer.json["field"]) == (400, "password")
    tried = [ana.post("/passkeys/ask", json={"password": "wrong"}).status_code for _ in range(60)]
    assert tried[-1] == 429


@pytest.mark.parametrize("body", [b"[]", b"nonsense", b"{}", b'{"credential": 1}'])
def test_a_bad_body_is_named(ana, body):
    answer = ana.post("/passkeys/sign-in", data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500
