"""A buyer orders from a spreadsheet: pasted, looked at, put right and put into the basket, by keyboard alone too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, serving
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


@pytest.mark.parametrize("phone", [True, False])
def test_pasted_lines_are_put_right_and_go_into_the_basket(
    app: Flask, browser: Browser, complaints: Complaints, phone: bool
):
    buyer = Person(browser, complaints, address_of(app), phone=phone)
    buyer.goto("/quick-order")
    assert violations(buyer.page) == []
    paste = buyer.page.get_by_label("Paste from a spreadsheet")
    paste.focus()
    buyer.page.keyboard.insert_text("ALM-500\t6\nCRR-01\t1,000\n2x ALM-500")
    buyer.page.get_by_role("button", name="Read it").focus()
    buyer.page.keyboard.press("Enter")
    buyer.sees("6 + 2", "no whole number", "1 line has to be looked at")
    assert violations(buyer.page) == []
    assert buyer.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    code = buyer.page.get_by_label("Code, line 2")
    code.fill("CRR-01")
    packs = buyer.page.get_by_label("Packs, line 2")
    packs.fill("10")
    # Enter goes down the column, as in a spreadsheet.
    packs.press("Enter")
    expect(buyer.page.get_by_label("Packs, line 3")).to_be_focused()
    buyer.page.get_by_role("button", name="Read the lines again").focus()
    buyer.page.keyboard.press("Enter")
    add = buyer.page.get_by_role("button", name="Add to basket")
    expect(add).to_be_visible()
    add.focus()
    buyer.page.keyboard.press("Enter")
    buyer.sees("8 bottles", "10 pieces")
    buyer.context.close()
