"""From nothing to a quote of six lines in the customer's mail: clicks, fields filled and confirmations are counted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import func, select

from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.sales.models import Quote, QuoteLine
from procurement.sales.terms import QuoteStatus
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, employ, serving
from tests.databases import Databases
from tests.sales.stories import a_ready_shop

pytestmark = pytest.mark.browser
MOST = 25
# What somebody types: codes with a number, parts of names, whichever is at hand.
LINES = ("ALM-500 12", "CRR-01 3", "ALM-500 6", "CRR-01 1", "ALM-500 24", "CRR-01 10")


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        with app.extensions["uow"].write() as session:
            a_ready_shop(session)
        yield app
    databases.drop(url)


class Hand:
    """Whatever a person does on the page, once each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.done: list[str] = []

    def click(self, target: Locator) -> None:
        self.done.append("click")
        target.click()

    def fill(self, target: Locator, text: str) -> None:
        self.done.append(f"fill {text}")
        target.press_sequentially(text)

    def choose(self, target: Locator, value: str) -> None:
        self.done.append(f"choose {value}")
        target.select_option(value)

    def confirm(self) -> None:
        self.done.append("Enter")
        self.page.keyboard.press("Enter")


def test_a_quote_of_six_lines_takes_few_interactions(
    app: Flask, browser: Browser, complaints: Complaints
):
    sal = Person(browser, complaints, address_of(app))
    sal.sign_in(employ(app.extensions["uow"], Role.SALES, "Sal Reilly"))
    sal.goto("/quotes/")
    page, hand = sal.page, Hand(sal.page)
    hand.click(
        page.get_by_role("link", name="New quote")
        .or_(page.get_by_role("button", name="New quote"))
        .first
    )
    hand.choose(page.get_by_label("Customer"), "LINDEN")
    hand.click(page.get_by_role("button", name="Begin the quote"))
    add = page.locator("#add")
    for number, line in enumerate(LINES, start=1):
        hand.fill(add, line)
        hand.confirm()
        expect(page.locator("[data-line]")).to_have_count(number)
        expect(add).to_have_value("")
    for place in (1, 3, 5):  # no list has a price of the tool
        hand.fill(page.get_by_label("Price of one pack").nth(place), "19.50")
    hand.click(page.get_by_role("button", name="Issue and send"))
    hand.click(page.locator("#issue").get_by_role("button", name="Issue"))
    expect(page.get_by_role("button", name="Issue and send")).to_have_count(0)
    with app.extensions["uow"].read() as session:
        assert session.scalars(select(Quote.status)).all() == [QuoteStatus.ISSUED]
        packs = session.scalars(select(QuoteLine.packs).order_by(QuoteLine.position)).all()
        assert packs == [12, 3, 6, 1, 24, 10]
        assert session.scalar(select(func.count()).select_from(Message)) == 1
    assert len(hand.done) <= MOST, hand.done
    sal.context.close()
