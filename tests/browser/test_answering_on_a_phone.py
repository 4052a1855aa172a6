"""A customer answers a quote on a phone: an option, a larger quantity, a drawn signature; and the link of yesterday."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from procurement.kernel.clock import utc_now
from procurement.sales.models import Quote
from procurement.sales.operations.issuing import IssueQuote, issue_quote, revise_quote
from procurement.sales.operations.lines import OfferInput
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.links import linked_quote
from procurement.sales.terms import LineChoice
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, serving
from tests.databases import Databases
from tests.sales.stories import SELLER, a_line, a_ready_shop, euros

pytestmark = pytest.mark.browser


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        yield app
    databases.drop(url)


@pytest.fixture
def link(app: Flask) -> str:
    """Two bottles at 10, twelve at 9 each if they like; a roller at 20 as an option."""
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
        lines = (
            a_line(packs=2, price="10", offers=(OfferInput(12, euros("9")),)),
            a_line("CRR-01", 1, price="20", choice=LineChoice.OPTIONAL),
        )
        command = DraftQuote(customer="LINDEN", lines=lines)
        number = draft_quote(session, command, actor=SELLER, at=utc_now()).number
        return issued(session, number)


def issued(session, number: str = "") -> str:
    if not number:
        number = session.query(Quote.number).limit(1).scalar()
    command = IssueQuote(number=number, public_url="https://spa.example")
    return str(issue_quote(session, command, actor=SELLER, at=utc_now()).link_token)


def test_a_quote_is_chosen_from_signed_and_accepted(
    app: Flask, link: str, browser: Browser, complaints: Complaints
):
    aoife = Person(browser, complaints, address_of(app), phone=True)
    page = aoife.page
    aoife.goto(f"/q/{link}")
    expect(page.locator("header")).to_contain_text("The Linden Rooms")
    accept = page.get_by_role("button", name="Accept for")
    expect(accept).to_have_text("Accept for €24.60")
    assert violations(page) == []
    page.get_by_label(re.compile(r"^12 bottles")).check()
    expect(accept).to_have_text("Accept for €132.84")
    page.get_by_label("O.1 CRR-01").check()
    expect(accept).to_have_text("Accept for €157.44")
    aoife.fill("Your order number", "PO 7")
    page.locator("form[data-choosing]").get_by_label("Your name").fill("Aoife")
    page.get_by_text("Draw it too").click()
    field = page.locator("[data-signing] svg")
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 60 + 20 * (step % 2))
    page.mouse.up()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    accept.click()
    aoife.sees("What was accepted", "Aoife", "€157.44", "by hand")
    expect(page.locator("svg.signature")).to_be_visible()
    assert violations(page) == []
    with app.extensions["uow"].read() as session:
        kept = linked_quote(session, link, at=utc_now())
    assert kept.record is not None
    assert kept.record.signature.startswith("M")
    assert [(one.position, one.packs) for one in kept.record.choices] == [(1, 12), (2, None)]
    assert kept.record.faults == ()
    aoife.context.close()


def test_the_link_of_an_older_revision_is_gone_and_tells_how_to_get_the_new_one(
    app: Flask, link: str, browser: Browser, complaints: Complaints
):
    with app.extensions["uow"].write() as session:
        number = session.query(Quote.number).limit(1).scalar()
        revise_quote(session, number, actor=SELLER, at=utc_now())
    with app.extensions["uow"].write() as session:
        newer = issued(session)
    aoife = Person(browser, complaints, address_of(app), phone=True)
    gone = aoife.context.request.get(f"/q/{link}")
    assert gone.status == 410
    assert newer not in gone.text()
    assert "There is a newer version" in gone.text()
    aoife.goto(f"/q/{newer}")
    aoife.reads("Quotation")
    aoife.context.close()
