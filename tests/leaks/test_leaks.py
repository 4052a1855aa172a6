"""Nobody learns another's price, anybody's cost, or what another customer does: by value, by order, by count.

Every address that is not the staff's is opened by a visitor, by two customers, signed in and by their programs'
tokens, and by somebody whom one customer's procurement system sent; what it says is searched, and what mails say. Then
the other customer's and the seller's secrets change, and nothing that anybody else is told may be different. And what
is another's is answered as if it were not there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from procurement.accounts.models import User
from procurement.accounts.operations.credentials import open_session
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.terms.shop import VisitorPrices
from procurement.web.identity import SESSION_SECRET
from procurement.web.throttle import limiter
from tests.leaks.keeping import mails, way_in
from tests.leaks.looking import Marks, alike, belongings, told_by
from tests.leaks.routes import (
    ASKED,
    BY_LINK,
    FILES,
    NEVER_SHOWN,
    SENT,
    address_of,
    asked_of,
    is_programs,
    owned_gaps,
    unfilled,
    walked,
)
from tests.leaks.world import LATER, STAFF, Told, World, a_world, move_on
from tests.queries import counted

SELLERS = Marks(frozenset({"crannog"}), frozenset({"311901", "311905", "400301"}))
# For gaps that take numbers; elsewhere nobody has a thing of this name.
NOBODYS = dict.fromkeys(("address_id", "passkey_id", "rule", "search_id", "token_id"), "999999")
PRICES = SELLERS | Marks(frozenset(), frozenset({"500301", "600701", "791901"}))
# Where products are shown.
SHOP = (
    "/catalogue",
    "/family",
    "/compare",
    "/suggest",
    "/sitemap",
    "/api/v1/catalogue",
    "/api/v1/search",
)
BARRED = {401, 403}
# Lists one's own sessions, and each look begins another.
TELLS_OF_LOOKING = frozenset({"/account/data/take"})
PAPERS = ("quote", "accepted", "order", "shipment", "return", "ref", "message", "mails")
SELLERS_MAIL = "sales@spa.example"
LEAST_SEEN = 60  # answers that hold something of their reader's; fewer, and the test has gone blind


@dataclass(frozen=True)
class Eyes:
    """Somebody who looks, with a browser and a program of their own."""

    app: Flask
    own: Told | None
    by_system: bool = False  # sent here by the customer's procurement system

    @property
    def whose(self) -> str:
        return self.own.secrets.name if self.own else "a visitor"

    @property
    def name(self) -> str:
        return f"a visit of {self.whose}" if self.by_system else self.whose

    def browser(self) -> FlaskClient:
        """A fresh one: what was looked at before changes what is shown."""
        client = self.app.test_client()
        if self.own and self.by_system:
            with self.app.extensions["uow"].write() as session:
                path = way_in(session, self.own.secrets, self.own.customer, at=LATER)
            assert client.get(path).status_code == 303
            assert client.post("/basket/GEL-200/tube", data={"packs": "7"}).status_code == 303
            client.get("/")  # the next page says that it is in the basket
        elif self.own:
            with self.app.extensions["uow"].write() as session:
                user = session.get_one(User, self.own.user)
                secret, mark = open_session(session, user.id, at=LATER), user.fs_uniquifier
            with client.session_transaction() as cookie:
                cookie["_user_id"] = mark
                cookie["_fresh"] = True
                cookie[SESSION_SECRET] = secret
            client.get("/robots.txt")  # the first answer renews the cookie, the others do not
        return client

    def asks(
        self,
        browser: FlaskClient,
        rule: Rule,
        path: str,
        method: str = "GET",
        sent: dict[str, str] | None = None,
    ) -> TestResponse:
        limiter.reset()
        if is_programs(self.app, rule):
            shown = {"Authorization": f"Bearer {self.own.bearer}"} if self.own else {}
            body = {} if method == "GET" else {"json": {}}
            return browser.open(path, method=method, headers=shown, buffered=True, **body)
        return browser.open(path, method=method, data=sent, buffered=True)


@dataclass(frozen=True)
class Seen:
    """One address, as somebody asked it."""

    rule: Rule
    path: str
    method: str
    answer: TestResponse
    told: str

    @property
    def asked(self) -> str:
        """As an answer says it back."""
        return self.path.partition("=")[2] or self.path


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    with time_machine.travel(LATER, tick=False):
        with app.test_request_context(), app.extensions["uow"].write() as session:
            made = a_world(session)
        yield made


@pytest.fixture
def everybody(app: Flask, world: World) -> list[Eyes]:
    ouzel, whinchat = world.customers
    return [
        Eyes(app, None),
        Eyes(app, ouzel),
        Eyes(app, ouzel, by_system=True),
        Eyes(app, whinchat),
    ]


def looks(eyes: Eyes, gaps: dict[str, str], rules: Iterable[Rule]) -> Iterator[Seen]:
    """Every address once for each of its queries and, where it offers itself as a file, as that; then what is sent."""
    browser = eyes.browser()

    def seen(rule: Rule, path: str, method: str, sent: dict[str, str] | None = None) -> Seen:
        answer = eyes.asks(browser, rule, path, method, sent)
        return Seen(rule, path, method, answer, told_by(browser, answer))

    rules = [one for one in rules if not (eyes.by_system and is_programs(eyes.app, one))]
    for rule in rules:
        if "GET" in (rule.methods or ()):
            for path in asked_of(eyes.app, rule, gaps):
                plain = seen(rule, path, "GET")
                yield plain
                if "?" not in path and FILES[0] in plain.told:
                    yield from (seen(rule, f"{path}?{query}", "GET") for query in FILES)
    for path, sent in SENT.items():
        for rule in rules:
            if rule.rule == path and "POST" in (rule.methods or ()):
                yield seen(rule, path, "POST", sent)


def marks_of(app: Flask, world: World) -> dict[str, Marks]:
    """By whose they are."""
    with app.extensions["uow"].read() as session:
        return {"the seller": SELLERS} | {
            one.secrets.name: belongings(session, one.customer)
            | Marks(frozenset({one.secrets.name.lower()}), frozenset({f"{one.secrets.digits}1"}))
            for one in world.customers
        }


def test_what_anybody_is_told_neither_holds_nor_follows_anothers_secrets(
    app, database, world, everybody
):
    """All of it on SQLite; on PostgreSQL what searches and sorts."""
    rules = [one for one in walked(app) if database == "sqlite" or one.rule in ASKED]
    marks, wrong, seen_own, before = marks_of(app, world), [], 0, {}
    for eyes in everybody:
        links_of = eyes.own or world.ouzel
        for seen in looks(eyes, links_of.gaps, rules):
            reader = links_of.secrets.name if seen.rule.rule.startswith(BY_LINK) else eyes.whose
            faults = faults_of(seen, eyes, reader, marks)
            wrong += [(eyes.name, seen.path, seen.answer.status_code, one) for one in faults]
            seen_own += reader in marks and bool(marks[reader].found_in(seen.told))
            before[eyes.name, seen.method, seen.path] = seen
    wrong += list(faults_of_mails(app, marks))
    assert wrong == []
    assert database != "sqlite" or seen_own > LEAST_SEEN
    with app.extensions["uow"].write() as session:
        move_on(session, world.whinchat)
    assert differences(everybody[:3], before, world) == []


def faults_of(seen: Seen, eyes: Eyes, reader: str, marks: dict[str, Marks]) -> Iterator[str]:
    answer = seen.answer
    for whose, one in marks.items():
        if whose != reader and (found := one.found_in(seen.told, asked=seen.asked)):
            yield f"tells of {whose}: {found}"
    if answer.status_code >= 500:
        yield "fails"
    if reader in marks and marks[reader].found_in(seen.told, asked=seen.asked):
        kept = answer.headers.get("Cache-Control", "")
        if "no-store" not in kept and "private" not in kept:
            yield f"others may be given it: Cache-Control: {kept}"
    yield from faults_of_reach(seen, eyes)


def faults_of_reach(seen: Seen, eyes: Eyes) -> Iterator[str]:
    """Whether an address leads anybody further or less far than it should."""
    answer = seen.answer
    if eyes.own and eyes.by_system:
        if papers := [one for one in PAPERS if eyes.own.gaps[one] in seen.told]:
            yield f"tells a visit of {papers}"
    elif eyes.own and answer.status_code not in BARRED:
        owned = set(owned_gaps(seen.rule).values())
        if unfilled(seen.rule):
            yield "a buyer gets in: fill its gaps in GAPS of tests/leaks/routes.py"
        elif owned and answer.status_code != (404 if owned & NEVER_SHOWN else 200):
            yield "leads nowhere: is there such a thing in tests/leaks/world.py?"


def faults_of_mails(app: Flask, marks: dict[str, Marks]) -> Iterator[tuple[str, str, str]]:
    with app.extensions["uow"].read() as session:
        for recipient, told in mails(session):
            for whose, one in marks.items():
                is_theirs = recipient.startswith(whose.lower()) or recipient == SELLERS_MAIL
                if not is_theirs and (found := one.found_in(told)):
                    yield recipient, f"tells of {whose}", ", ".join(found)


def differences(
    others: list[Eyes], before: dict[tuple[str, str, str], Seen], world: World
) -> list[tuple[str, str, str, str]]:
    """Who is told something else than before, where, and the first line of it."""
    found = []
    for eyes in others:
        rules = {
            (seen.rule.rule, seen.method): seen.rule
            for (name, _, _), seen in before.items()
            if name == eyes.name and seen.answer.status_code not in BARRED
        }
        for seen in looks(eyes, (eyes.own or world.ouzel).gaps, rules.values()):
            if seen.rule.rule in TELLS_OF_LOOKING:
                continue
            was, now = alike(before[eyes.name, seen.method, seen.path].told), alike(seen.told)
            if was != now:
                lines = zip(was.splitlines(), now.splitlines(), strict=False)
                first = next(((a, b) for a, b in lines if a != b), ("", "shorter or longer"))
                found.append((eyes.name, seen.path, *first))
    return found


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_shop_that_hides_its_prices_tells_visitors_none(app, world, everybody):
    with app.extensions["uow"].write() as session:
        arrange_shop(session, VisitorPrices.NONE, None, actor=STAFF, at=LATER)
    shop = [one for one in walked(app) if one.rule == "/" or one.rule.startswith(SHOP)]
    found = [
        (seen.path, hits)
        for seen in looks(everybody[0], world.ouzel.gaps, shop)
        if (hits := PRICES.found_in(seen.told, asked=seen.asked))
    ]
    assert found == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_anothers_is_answered_as_if_it_were_not_there(app, world, everybody):
    """The same status, the same bytes, and about the same work, whichever way one asks."""
    engine, wrong = app.extensions["uow"].engine, []
    eyes = next(one for one in everybody if one.own is world.ouzel)
    browser = eyes.browser()
    for rule in walked(app):
        if rule.rule.startswith(BY_LINK):
            continue
        for gap in set(owned_gaps(rule).values()) - NEVER_SHOWN:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                answers = []
                for value in (NOBODYS.get(gap, "nobodys-7"), world.whinchat.gaps[gap]):
                    path = address_of(app, rule, {**world.ouzel.gaps, gap: value}, method)
                    with counted(engine) as sent:
                        answer = eyes.asks(browser, rule, path, method)
                    told = alike(told_by(browser, answer))
                    told = told.replace(value, "*") if len(value) > 3 else told
                    answers.append((told, len(sent)))
                (nothing, few), (anothers, many) = answers
                if nothing != anothers or answer.status_code < 400 or abs(few - many) > 1:
                    wrong.append((method, rule.rule, gap, answer.status_code, few, many))
    assert wrong == []
