"""The parts every page is made of, looked at in a real browser: access, width, and life without scripts."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from tests.browser.axe import violations
from tests.browser.styleguide_app import PAGES, ROOT, make_app

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def guide() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.mark.parametrize("name", PAGES)
def test_every_part_is_accessible_and_fits(page: Page, guide: str, name: str):
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{guide}/{name}")
    found = {}
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[width, scheme] = violations(page)
    assert {where: broken for where, broken in found.items() if broken} == {}
    for width in (320, 768, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, width


def test_controls_are_large_enough_for_a_thumb(browser: Browser, guide: str):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    page.goto(f"{guide}/room")
    small = page.eval_on_selector_all(
        ".button, .sheet-actions > *, .icon-button, .tile",
        "all => all.filter(e => e.getBoundingClientRect().height < 48).map(e => e.outerHTML)",
    )
    context.close()
    assert small == []


def test_a_dangerous_button_asks_once_without_scripts(browser: Browser, guide: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{guide}/form")
    page.get_by_role("button", name="Cancel the order").first.click()
    dialog = page.locator("#cancel-order")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("What has been received stays")
    dialog.get_by_role("button", name="Keep as it is").click()
    expect(dialog).to_be_hidden()
    page.goto(f"{guide}/parts")
    expect(page.locator("[data-step]").first).to_be_hidden()
    context.close()


def test_the_dialog_keeps_the_focus_and_gives_it_back(page: Page, guide: str):
    page.goto(f"{guide}/form")
    button = page.get_by_role("button", name="Cancel the order").first
    button.click()
    expect(page.locator("#cancel-order:modal")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#cancel-order")).to_be_hidden()
    expect(button).to_be_focused()


def test_the_slash_key_goes_to_the_search_but_not_from_a_field(page: Page, guide: str):
    page.goto(f"{guide}/today")
    search = page.get_by_role("searchbox", name="Search or scan")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("a/b")
    expect(search).to_have_value("a/b")


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page: Page, guide: str):
    page.goto(f"{guide}/form")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="Quantity: A plain number.").click()
    quantity = page.get_by_role("textbox", name="Quantity, ml")
    expect(quantity).to_be_focused()
    expect(quantity).to_have_accessible_description("Error: A plain number.")


def test_plus_and_minus_stay_within_the_field(page: Page, guide: str):
    page.goto(f"{guide}/parts")
    packs = page.get_by_role("spinbutton", name="Packs")
    page.get_by_role("button", name="One more: Packs").click()
    expect(packs).to_have_value("3")
    for _ in range(5):
        page.get_by_role("button", name="One less: Packs").click()
    expect(packs).to_have_value("0")


def test_a_block_from_a_spreadsheet_fills_the_lines_and_enter_moves_down(page: Page, guide: str):
    page.goto(f"{guide}/form")
    packs = page.locator("[data-column=packs]")
    packs.first.focus()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "4\\tL-1\\t2027-01-31\\r\\n5\\tL-2\\r\\n");
          document.activeElement.dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(packs.nth(0)).to_have_value("4")
    expect(packs.nth(1)).to_have_value("5")
    expect(page.locator("[data-column=lot]").nth(1)).to_have_value("L-2")
    expect(page.locator("[data-column=expires_on]").nth(0)).to_have_value("2027-01-31")
    expect(page.get_by_role("status")).to_contain_text("2 lines filled in.")
    packs.first.press("Enter")
    expect(packs.nth(1)).to_be_focused()


def test_a_message_with_an_undo_stays_until_it_is_closed(page: Page, guide: str):
    page.clock.install()
    page.goto(f"{guide}/parts")
    message = page.locator("[data-toast]", has_text="Moved 2 bottles to Room 4")
    page.clock.run_for(60_000)
    expect(message).to_be_visible()
    message.get_by_role("button", name="Close this message").click()
    expect(message).to_have_count(0)


def test_the_chosen_colours_are_drawn_by_the_server(page: Page, guide: str):
    page.goto(f"{guide}/today")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Colours: as the system").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("body")).to_have_css("color", "rgb(237, 235, 229)")


def test_the_rest_of_the_places_is_one_tap_away_on_a_phone(page: Page, guide: str):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{guide}/today")
    expect(page.get_by_role("link", name="Reports")).to_be_hidden()
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("link", name="Reports")).to_be_visible()
    expect(page.get_by_role("link", name="Settings")).to_be_visible()


def test_the_stylesheets_stay_small_and_take_every_colour_from_the_tokens():
    sheets = {
        file.name: file.read_text(encoding="utf-8") for file in (ROOT / "static/css").iterdir()
    }
    assert (
        sum(map(len, sheets.values())) < 85_000
    )  # of which a page loads six, and at most one of its area
    assert "!important" not in sheets["tokens.css"]
