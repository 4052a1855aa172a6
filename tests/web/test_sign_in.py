"""Signing in: what a guesser, a phisher and a thief of cookies meet."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from procurement.accounts.operations.users import create_user, switch_off
from procurement.accounts.terms import NewUser
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.web.identity import SESSION_SECRET
from tests.doors import sign_in

EMAIL, PASSWORD = "ana@example.com", "lavender fields at noon"


@pytest.fixture
def ana(app: Flask) -> str:
    with app.extensions["uow"].write() as session:
        new = NewUser(EMAIL, "Ana", frozenset({Role.SPA_MANAGER}))
        create_user(session, new, password=PASSWORD, actor=SYSTEM, at=utc_now())
    return EMAIL


def attempt(client: FlaskClient, email=EMAIL, password=PASSWORD, to="", address="203.0.113.7"):
    return client.post(
        "/sign-in" + to,
        data={"email": email, "password": password},
        environ_base={"REMOTE_ADDR": address},
    )


def test_the_right_password_lets_in(client, ana):
    assert attempt(client).headers["Location"] == "/start"
    assert client.get("/start").status_code == 303
    assert "/sign-in" not in client.get("/start").headers["Location"]


def test_the_address_is_the_same_in_capitals(client, ana):
    assert attempt(client, "ANA@Example.com").status_code == 302


def test_wrong_passwords_are_throttled_and_the_right_one_works_from_elsewhere(client, ana):
    answers = [attempt(client, password=f"wrong {n}").status_code for n in range(12)]
    assert answers[:8] == [200] * 8
    assert answers[8:] == [429] * 4
    assert attempt(client).status_code == 429, "even the right one, from here, for now"
    assert attempt(client, address="198.51.100.4").status_code == 302


def test_right_passwords_do_not_count(client, ana):
    for _ in range(12):
        assert attempt(client).status_code == 302
        client.post("/sign-out")


def test_an_unknown_address_looks_like_a_wrong_password(client, ana):
    def plain(answer):
        return re.sub(r'(csrf_token" value|value|nonce)="[^"]*"', "", answer.text)

    known, unknown = attempt(client, password="wrong"), attempt(client, "nobody@example.com")
    assert known.status_code == unknown.status_code
    assert plain(known) == plain(unknown)


def test_forgetting_says_the_same_for_everybody_and_mails_only_who_is_known(client, app, ana):
    answers = [
        client.post("/forgot-password", data={"email": email})
        for email in (EMAIL, "no@example.com")
    ]
    private = r'value="[^"]*"|nonce="[^"]*"|(ana|no)@example.com'
    texts = [re.sub(private, "", answer.text) for answer in answers]
    assert texts[0] == texts[1]
    with app.extensions["uow"].read() as session:
        assert [mail.recipient for mail in session.query(Message)] == [EMAIL]


def test_a_reset_link_works_once_and_ends_open_sessions(client, app, ana):
    attempt(client)
    other = app.test_client()
    other.post("/forgot-password", data={"email": EMAIL}, headers={"Host": "evil.example"})
    with app.extensions["uow"].read() as session:
        body = session.query(Message).one().body
    assert "http://127.0.0.1:8000/forgot-password/" in body, "whatever host the request named"
    link = re.search(r"/forgot-password/\S+", body)[0]
    new = {"password": "chamomile and rain", "password_confirm": "chamomile and rain"}
    assert other.get(link).status_code == 200
    assert other.post(link, data=new).status_code == 302
    assert "/sign-in" in client.get("/start").headers["Location"], "the old session is over"
    third = app.test_client()
    third.post(link, data=new)
    assert "/sign-in" in third.get("/start").headers["Location"]
    assert attempt(third).status_code == 200, "the old password is over"
    assert attempt(third, password="chamomile and rain").status_code == 302


def test_changing_the_password_ends_all_other_sessions(app, ana):
    here, there = app.test_client(), app.test_client()
    attempt(here)
    attempt(there)
    fields = {"password": PASSWORD, "new_password": "rosemary by the sea"}
    answer = here.post(
        "/profile/password", data=fields | {"new_password_confirm": "rosemary by the sea"}
    )
    assert answer.status_code == 302
    assert "/sign-in" not in here.get("/start").headers["Location"]
    assert "/sign-in" in there.get("/start").headers["Location"]


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "password1234", "123456123456"])
def test_a_weak_new_password_is_refused(client, ana, weak):
    attempt(client)
    fields = {"password": PASSWORD, "new_password": weak, "new_password_confirm": weak}
    assert client.post("/profile/password", data=fields).status_code == 200
    client.post("/sign-out")
    assert attempt(client).status_code == 302


def test_a_session_planted_before_signing_in_is_worth_nothing(app, client, ana):
    with client.session_transaction() as cookie:
        cookie[SESSION_SECRET] = "planted"
        cookie["csrf_token"] = "planted"
    attempt(client)
    with client.session_transaction() as cookie:
        assert cookie[SESSION_SECRET] != "planted"
        assert cookie.get("csrf_token") != "planted"


def test_a_copied_cookie_dies_with_the_sign_out(app, client, ana):
    attempt(client)
    copied = client.get_cookie("stillroom").value
    thief = app.test_client()
    thief.set_cookie("stillroom", copied)
    assert "/sign-in" not in thief.get("/start").headers["Location"]
    client.post("/sign-out")
    assert "/sign-in" in thief.get("/start").headers["Location"]


def test_a_switched_off_account_is_out_at_once(app, client, ana):
    attempt(client)
    with app.extensions["uow"].write() as session:
        switch_off(session, EMAIL, actor=SYSTEM, at=utc_now())
    assert "/sign-in" in client.get("/start").headers["Location"]
    assert attempt(client).status_code == 200


OFF_SITE = [
    "https://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\\\evil.example", "https:evil.example", "https:/evil.example", "http:///evil.example", "/\t/evil.example",
    "/\n/evil.example", "\t//evil.example", " //evil.example", "javascript:alert(1)", "data:text/html,x",
    "/%09/evil.example", "/.evil.example/..//evil.example", "@evil.example", "https://localhost@evil.example",
    "https://localhost.evil.example", "http:\\\\evil.example", "\u2044\u2044evil.example", "/\u3000/evil.example",
    "//evil.example/%2f..", "/\x0b/evil.example", "/\r/evil.example", ".evil.example", "evil.example",
    "//localhost:80@evil.example", "/..//evil.example", "ftp://evil.example", "//[::1]evil.example",
]  # fmt: skip


def test_next_never_leads_off_the_site(app, ana):
    led_away = []
    for target in OFF_SITE:
        answer = app.test_client().post(
            "/sign-in", query_string={"next": target}, data={"email": EMAIL, "password": PASSWORD}
        )
        place = answer.headers.get("Location", "/")
        if not re.fullmatch(r"/(?![/\\])[!-~]*", place) or "//" in place:
            led_away.append((target, place))
    assert led_away == []


def test_next_leads_back_to_the_page_asked_for(client, ana):
    assert attempt(client, to="?next=/start%3Fa%3D1").headers["Location"] == "/start?a=1"


def test_signed_in_pages_are_not_kept_and_the_cookie_is_guarded(client, ana):
    answer = attempt(client)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/start").headers["Cache-Control"] == "no-store"


def test_every_role_can_sign_in(client):
    for role in Role:
        sign_in(client, role)
        assert "/sign-in" not in client.get("/start").headers["Location"]
