"""A visitor's basket becomes a quote with the packs and quantities they chose, by clicking, on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from procurement.kernel.permissions import Role
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, employ, serving
from tests.databases import Databases
from tests.sales.stories import a_ready_shop

pytestmark = pytest.mark.browser


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        with app.extensions["uow"].write() as session:
            a_ready_shop(session)
        yield app
    databases.drop(url)


def test_a_visitors_basket_becomes_a_quote(app: Flask, browser: Browser, complaints: Complaints):
    visitor = Person(browser, complaints, address_of(app), phone=True)
    visitor.goto("/catalogue/ALM-500")
    visitor.page.get_by_role("button", name="Add").last.click()
    visitor.goto("/basket")
    packs = visitor.page.get_by_role("spinbutton").first
    packs.fill("7")
    packs.press("Enter")
    visitor.sees("7 cases")
    visitor.follow("Ask for a quote")
    visitor.sees("In your basket", "7 cases")
    assert violations(visitor.page) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visitor.fill("Your name", "Orla Byrne")
    visitor.fill("Your mail address", "orla@willow.example")
    visitor.page.get_by_label("You may keep what I wrote").check()
    visitor.page.wait_for_timeout(3_000)  # nobody human is quicker, the form believes
    visitor.press("Ask for a quote")
    visitor.reads("Thank you, it has arrived")
    visitor.goto("/basket")
    visitor.sees("Nothing in it yet")
    visitor.context.close()

    sal = Person(browser, complaints, address_of(app))
    sal.sign_in(employ(app.extensions["uow"], Role.SALES, "Sal Reilly"))
    sal.page.get_by_role("link", name="Answer: ").click()
    sal.press("Make a quote")
    sal.reads("Orla Byrne")
    expect(sal.page.get_by_label("Packs of")).to_have_value("7")
    expect(sal.page.locator("#totals")).to_contain_text("949.20")
    sal.context.close()
