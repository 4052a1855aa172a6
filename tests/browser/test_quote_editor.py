"""A quote is written at the keyboard: typed, pasted, put in order, with options and alternatives; it adds up."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, employ, serving
from tests.databases import Databases
from tests.sales.stories import SELLER, a_line, a_ready_shop

pytestmark = pytest.mark.browser


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        with app.extensions["uow"].write() as session:
            a_ready_shop(session)
        yield app
    databases.drop(url)


def drafted(app: Flask, *packs: int) -> str:
    with app.extensions["uow"].write() as session:
        lines = tuple(a_line(packs=number) for number in packs)
        command = DraftQuote(customer="LINDEN", lines=lines)
        return draft_quote(session, command, actor=SELLER, at=utc_now()).number


def packs_of(page: Page) -> list[str]:
    return [one.input_value() for one in page.locator("[data-line] [data-column=packs]").all()]


def test_a_quote_is_written_without_leaving_the_keyboard(
    app: Flask, browser: Browser, complaints: Complaints
):
    number = drafted(app)
    sal = Person(browser, complaints, address_of(app))
    sal.sign_in(employ(app.extensions["uow"], Role.SALES, "Sal Reilly"))
    sal.goto(f"/quotes/{number}")
    page, keys = sal.page, sal.page.keyboard
    add, total = page.locator("#add"), page.locator("#totals")

    add.focus()
    keys.type("alm")
    page.locator("#found .found-row").first.wait_for()
    keys.press("Enter")
    expect(page.locator("[data-column=packs]")).to_be_focused()
    keys.type("4")
    keys.press("Enter")
    expect(add).to_be_focused()
    expect(total).to_contain_text("58.55")  # 4 bottles at 11.90 and 23 %
    expect(page.locator("#saved")).to_contain_text("Saved")

    keys.type("CRR-01 3")
    keys.press("Enter")
    expect(page.locator("[data-line]")).to_have_count(2)
    price = page.get_by_label("Price of one pack").nth(1)
    price.fill("20")
    price.press("Tab")
    expect(total).to_contain_text("132.35")

    page.get_by_text("Paste lines from a spreadsheet").click()
    page.locator("#paste").fill("ALM-500\t6\t10.50\nnobody knows this\t2\nCRR-01\t1\t30")
    page.get_by_role("button", name="Add these lines").click()
    expect(page.locator("[data-line]")).to_have_count(4)
    expect(page.locator("#paste")).to_have_value("nobody knows this\t2")

    page.locator("#line-3 [data-column=packs]").focus()
    keys.press("Alt+ArrowUp")
    expect(page.locator("#line-2 [data-column=packs]")).to_be_focused()
    expect(page.locator("#line-2 [data-column=packs]")).to_have_value("1")
    assert packs_of(page) == ["4", "3", "1", "6"]

    for line, role in ((2, "alternative"), (3, "optional")):
        page.locator(f"#line-{line} .line-more > summary").last.click()
        page.locator(f"#line-{line} select[name$=role]").select_option(role)
        expect(page.locator(f'#line-{line}[data-role="{role}"]')).to_be_visible()
    expect(page.locator("#line-1")).to_contain_text("Alternative A, suggested")
    expect(total).to_contain_text("132.35")
    page.get_by_role("button", name="Suggest this one").click()
    expect(total).to_contain_text("95.45")  # 30 instead of 60
    expect(page.locator("#paste")).to_have_value("nobody knows this\t2")
    assert violations(page) == []
    sal.context.close()


def test_two_people_at_one_draft_lose_nothing(app: Flask, browser: Browser, complaints: Complaints):
    number = drafted(app, 1, 2)
    sal, ana = (Person(browser, complaints, address_of(app)) for _ in range(2))
    for person, name in ((sal, "Sal Reilly"), (ana, "Ana Silva")):
        person.sign_in(employ(app.extensions["uow"], Role.SALES, name))
        person.goto(f"/quotes/{number}")
    ana.page.locator("#line-0 [data-column=packs]").fill("9")
    ana.page.keyboard.press("Tab")
    expect(ana.page.locator("#saved")).to_contain_text("Ana Silva")
    sal.page.locator("#line-1 [data-column=packs]").fill("5")
    sal.page.keyboard.press("Tab")
    expect(sal.page.locator("#saved")).to_contain_text("Not saved")
    sal.page.get_by_role("button", name="Save", exact=True).last.click()
    expect(sal.page.get_by_role("alert")).to_contain_text("Ana Silva saved this quote")
    complaints[:] = [one for one in complaints if "409" not in one]  # the page of a conflict
    expect(sal.page.get_by_role("alert")).to_contain_text("9 × bottle")  # noqa: RUF001
    assert packs_of(sal.page) == ["1", "5"]
    sal.page.get_by_role("button", name="Keep what I typed").click()
    expect(sal.page.locator("#totals")).to_contain_text("Total")
    sal.goto(f"/quotes/{number}")
    assert packs_of(sal.page) == ["1", "5"]
    for person in (sal, ana):
        person.context.close()


def test_a_line_of_a_long_quote_is_opened_by_a_click_and_the_next_by_a_key(
    app: Flask, browser: Browser, complaints: Complaints
):
    number = drafted(app, *range(1, 101))
    sal = Person(browser, complaints, address_of(app))
    sal.sign_in(employ(app.extensions["uow"], Role.SALES, "Sal Reilly"))
    sal.goto(f"/quotes/{number}")
    page, keys = sal.page, sal.page.keyboard
    expect(page.locator("[data-shut]")).to_have_count(100)
    page.locator("#line-40 [data-for=discount]").click()
    expect(page.locator("#line-40 [data-column=discount]")).to_be_focused()
    page.locator("#line-40 [data-column=packs]").fill("900")
    keys.press("Enter")
    expect(page.locator("#line-41 [data-column=packs]")).to_be_focused()
    expect(page.locator("#line-41 [data-column=packs]")).to_have_value("42")
    expect(page.locator("#net-40")).to_contain_text("10,710.00")
    keys.press("Alt+ArrowUp")
    expect(page.locator("#line-40 [data-column=packs]")).to_be_focused()
    assert packs_of(page) == ["42", "900"]
    page.locator("#add").fill("ALM-500 5")
    keys.press("Enter")
    expect(page.locator("#line-100 [data-column=packs]")).to_be_focused()
    assert packs_of(page) == ["42", "900", "5"]
    page.locator("#line-40 [data-column=packs]").evaluate(PASTE, "7\n8\n9")
    expect(page.locator("#line-42 [data-column=packs]")).to_have_value("9")
    assert packs_of(page) == ["7", "8", "9", "5"]
    assert violations(page) == []
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("[data-shut]")).to_have_count(101)
    expect(page.locator("#line-41")).to_contain_text("8 × bottle")  # noqa: RUF001
    sal.context.close()


PASTE = """(field, text) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""
