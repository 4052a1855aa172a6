"""A passkey in a real browser, with the device that Chromium pretends to have: added, used, removed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from procurement.kernel.permissions import Role
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import PASSWORD, Person, address_of, employ, serving
from tests.databases import Databases

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    url = databases.fresh("sqlite")
    with serving(url, tmp_path, host="localhost") as app:
        yield app
    databases.drop(url)


def test_a_passkey_replaces_the_password(app: Flask, browser: Browser, complaints: Complaints):
    ana = Person(browser, complaints, address_of(app), phone=True)
    talk = ana.context.new_cdp_session(ana.page)
    talk.send("WebAuthn.enable")
    talk.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    ana.sign_in(employ(app.extensions["uow"], Role.SALES, "Ana Linden"))

    ana.goto("/profile")
    ana.fill("Name of the device", "Ana\u2019s phone")
    ana.fill("Your password, once more", PASSWORD)
    ana.press("Add a passkey")
    ana.hears("this passkey signs you in")
    ana.sees("Ana\u2019s phone", "never")
    assert violations(ana.page) == []

    ana.context.clear_cookies()
    ana.goto("/sign-in?next=/profile")
    assert violations(ana.page) == []
    ana.press("Sign in with a passkey")
    ana.reads("Your account")
    ana.press("Remove")
    expect(ana.page.locator("#passkeys table")).to_have_count(0)

    ana.context.clear_cookies()
    ana.goto("/sign-in")
    with ana.page.expect_response("**/passkeys/sign-in") as answered:
        ana.press("Sign in with a passkey")
    assert answered.value.status == 400
    expect(ana.page.get_by_role("alert")).to_contain_text("not accepted")
    ana.context.close()
    complaints.remove(next(each for each in complaints if "400" in each))  # the refusal itself
