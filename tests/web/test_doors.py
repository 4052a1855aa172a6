"""Who gets through which door."""

from flask.testing import FlaskClient

from procurement.kernel.permissions import Role
from procurement.web.doors import audience_of
from tests.doors import sign_in


def test_every_page_says_for_whom_it_is(app):
    undecided = [
        rule.endpoint for rule in app.url_map.iter_rules() if not audience_of(app, rule.endpoint)
    ]
    assert undecided == []


def test_a_visitor_is_asked_to_sign_in_and_comes_back(client: FlaskClient):
    answer = client.get("/start")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/start"


def test_a_signed_in_person_is_let_in(client: FlaskClient):
    sign_in(client, Role.THERAPIST)
    assert not client.get("/start").headers["Location"].startswith("/sign-in")
