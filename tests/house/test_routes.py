"""Every address, for whom it is, and that none takes an order without its form's token.

`routes.txt` is the snapshot: a new page shows up in its diff, with its audience. Write it again with
`STILLROOM_SNAPSHOTS=1 python3 dev.py test tests/house/test_routes.py`.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from procurement.api.endpoint import REGISTRY
from procurement.kernel.permissions import Role
from procurement.web.doors import Audience, audience_of, permission_of
from tests.doors import sign_in
from tests.leaks.routes import is_programs, unfilled, walked

SNAPSHOT = Path(__file__).with_name("routes.txt")
UNSAFE = ("DELETE", "PATCH", "POST", "PUT")

# Addresses of the API that answer without a token.
OPEN_TO_PROGRAMS = {(one.method, f"/api/v1{one.rule}") for one in REGISTRY if one.public}


@pytest.fixture
def database() -> str:
    return "sqlite"


def rules(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Each method of each address, in a settled order."""
    pairs = [
        (method, rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    yield from sorted(pairs, key=lambda pair: (pair[1].rule, pair[0]))


def address(app: Flask, rule: Rule) -> str:
    """The rule with something plausible in its gaps."""
    with app.test_request_context():
        values = {
            name: 1 if "Integer" in type(rule._converters[name]).__name__ else "x1"
            for name in rule.arguments
        }
        for name, converter in rule._converters.items():
            if type(converter).__name__ == "AnyConverter":
                values[name] = min(converter.items)
        adapter = app.url_map.bind("localhost")
        return adapter.build(rule.endpoint, values, method=min(rule.methods & {"GET", *UNSAFE}))


def test_the_list_of_addresses_is_the_one_agreed_on(app):
    lines = [
        f"{method:6} {rule.rule}  [{audience_of(app, rule.endpoint)}"
        + (f", {needed}" if (needed := permission_of(app, rule.endpoint)) else "")
        + "]"
        for method, rule in rules(app)
    ]
    text = "\n".join(lines) + "\n"
    if os.environ.get("STILLROOM_SNAPSHOTS") == "1":
        SNAPSHOT.write_text(text)
    assert text == SNAPSHOT.read_text(), "a page came, went or changed hands: look, then renew"


def test_every_page_says_for_whom_it_is(app):
    undecided = {rule.endpoint for _, rule in rules(app) if not audience_of(app, rule.endpoint)}
    assert undecided == set()


def test_every_page_that_is_not_the_staffs_is_looked_through_for_leaks(app):
    """tests/leaks opens each as a visitor and as two customers: it must know what stands in an address's gaps."""
    open_to_buyers = [one for one in walked(app) if not is_programs(app, one)]
    missing = {one.rule: unfilled(one) for one in open_to_buyers if unfilled(one)}
    assert missing == {}, "name what stands there in GAPS of tests/leaks/routes.py"


def test_no_form_is_taken_without_its_token(app):
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    sign_in(client)
    taken = []
    for method, rule in rules(app):
        # By its sender, or with a secret both know: no browser sends that by itself.
        is_signed = rule.rule.startswith(("/webhooks/", "/cxml"))
        is_form = audience_of(app, rule.endpoint) is not Audience.TOKEN and not is_signed
        if method in UNSAFE and is_form:
            answer = client.open(address(app, rule), method=method)
            words = "CSRF" if rule.rule.endswith(".json") else "Nothing was changed"
            if answer.status_code != 400 or words not in answer.text:
                taken.append((method, rule.rule, answer.status_code))
    assert taken == []


def test_a_page_without_an_audience_opens_to_nobody(own_app):
    own_app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    client = own_app.test_client()
    assert client.get("/forgotten").status_code == 303
    for role in (Role.ADMINISTRATOR, Role.WHOLESALE_BUYER):
        sign_in(client, role)
        assert client.get("/forgotten").status_code == 403


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_role_gets_only_through_its_doors(app, role):
    """Walks every page: who does not belong is asked to sign in, or refused, never shown anything or failed."""
    client = app.test_client()
    if role:
        sign_in(client, role)
    wrong = []
    for method, rule in rules(app):
        audience = audience_of(app, rule.endpoint)
        if rule.endpoint == "security.logout":
            continue
        answer = client.open(address(app, rule), method=method, buffered=True)
        if answer.status_code >= 500:
            wrong.append((method, rule.rule, answer.status_code))
        barred = {
            Audience.STAFF: role in {None, Role.WHOLESALE_BUYER},
            Audience.BUYER: role is not Role.WHOLESALE_BUYER,
            Audience.SIGNED_IN: role is None,
            Audience.TOKEN: (method, rule.rule) not in OPEN_TO_PROGRAMS,
            Audience.PUBLIC: False,
        }[audience]
        if barred and answer.status_code not in {303, 401, 403}:
            wrong.append((method, rule.rule, answer.status_code))
    assert wrong == []
