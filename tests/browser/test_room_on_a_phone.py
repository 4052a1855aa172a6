"""The room page in a browser as wide as a phone: few taps, big targets, two thumbs, and with scripts or without."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.queries.requests import top_up_requests
from procurement.stock.queries.verification import verify
from tests.browser.conftest import Complaints
from tests.browser.live import PHONE, Person, address_of, employ, serving
from tests.builders import a_company, a_product
from tests.databases import Databases
from tests.stock.builders import a_spa, opened

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]
ROOM = "/r/ROOM-1"


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """Four bottles of oil in ROOM-1, one of them open."""
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        with app.extensions["uow"].write() as session:
            a_company(session)
            a_spa(session)
            a_product(session, name="Sweet Almond Oil").dose = 25_000
            opened(session, 2000, lot="A1", into="ROOM-1", at=utc_now())
            command = OpenContainer("ROOM-1", "ALM-500")
            open_container(session, command, actor=SYSTEM, at=utc_now())
        yield app
        with app.extensions["uow"].read() as session:
            assert verify(session) == []
    databases.drop(url)


@pytest.fixture
def enter(app: Flask, browser: Browser, complaints: Complaints) -> Iterator[Enter]:
    """A therapist with a phone; all go home at the end."""
    people: list[Person] = []

    def come(name: str = "Mira") -> Person:
        credentials = employ(app.extensions["uow"], Role.THERAPIST, name)
        people.append(Person(browser, complaints, address_of(app), phone=True))
        people[-1].goto(ROOM)  # the label at the door, read before signing in
        people[-1].fill("Mail address", credentials[0])
        people[-1].fill("Password", credentials[1])
        people[-1].press("Sign in")
        people[-1].reads("Room-1")
        return people[-1]

    yield come
    for person in people:
        person.context.close()


def there(app: Flask) -> dict[tuple[str, str], str]:
    with app.extensions["uow"].read() as session:
        rows = stock(session, StockFilter(), at=utc_now(), paging=PageRequest()).items
    return {(row.location, row.lot): row.on_hand.amount for row in rows}


def tap(person: Person, name: str) -> None:
    person.page.get_by_role("button", name=name, exact=True).tap()


def choose(person: Person, value: str) -> None:
    person.page.locator(f'label:has([value="{value}"])').tap()


def test_the_common_things_take_a_tap_or_two(app, enter):
    mira = enter()
    tap(mira, "Use a dose")
    mira.hears("Used 25")
    assert there(app)["ROOM-1", "B-2026-0001"] == "475"
    tap(mira, "What is left")
    tap(mira, "½: 250\N{NO-BREAK SPACE}ml")
    mira.hears("225")
    tap(mira, "Empty, next")
    mira.hears("opened B-2026-0002")
    choose(mira, "product ALM-500")
    tap(mira, "Running low")
    mira.hears("a top-up is asked for")
    choose(mira, "product ALM-500")
    tap(mira, "Open")
    mira.hears("Write B-2026-0003 on it")
    choose(mira, "bottle B-2026-0003")
    tap(mira, "Move")
    tap(mira, "Room-2")
    mira.hears("moved")
    assert there(app) == {
        ("ROOM-1", "A1"): "500",
        ("ROOM-1", "B-2026-0002"): "500",
        ("ROOM-2", "B-2026-0003"): "500",
    }
    with app.extensions["uow"].read() as session:
        assert [row.asked_by for row in top_up_requests(session)] == ["Mira"]


def test_every_target_is_big_enough_and_nothing_reaches_beyond_the_window(enter):
    mira = enter()
    for thing in ("bottle B-2026-0001", "product ALM-500"):
        choose(mira, thing)
        small = mira.page.evaluate(
            """() => [...document.querySelectorAll('.sheet button, .tile, .choice-row, .room-head a')]
                .filter(one => one.checkVisibility())
                .map(one => [one.innerText, one.getBoundingClientRect()])
                .filter(([, box]) => box.width < 48 || box.height < 48)
                .map(([text]) => text)"""
        )
        assert small == []
    beyond = mira.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert beyond <= 0
    sheet = mira.page.locator(".sheet").bounding_box()
    assert sheet
    assert sheet["y"] > PHONE["height"] / 2  # within a thumb's reach
    assert sheet["y"] + sheet["height"] <= PHONE["height"] + 1


def test_an_oily_thumb_taps_twice(app, enter):
    mira = enter()
    sent = []
    mira.page.on("request", lambda request: request.method == "POST" and sent.append(request))
    mira.page.get_by_role("button", name="Use a dose").dblclick()
    mira.hears("Used 25")
    assert len(sent) == 1
    assert there(app)["ROOM-1", "B-2026-0001"] == "475"


def test_a_second_tap_that_gets_through_does_nothing_more(app, enter):
    mira = enter()
    slower = mira.context.new_page()
    slower.goto(ROOM)
    # The page as it was shown once, sent by two tabs: what a browser does that asks again for an answer it lost.
    once = mira.page.locator("[name=once]").input_value()
    slower.locator("[name=once]").evaluate("(field, value) => { field.value = value; }", once)
    tap(mira, "Use a dose")
    mira.hears("Used 25")
    slower.get_by_role("button", name="Use a dose").tap()
    expect(slower.locator("[data-toast]")).to_contain_text("That was done already")
    assert there(app)["ROOM-1", "B-2026-0001"] == "475"


def test_two_finish_the_same_bottle_and_the_slower_hears_who_was_quicker(app, enter):
    mira, tom = enter(), enter("Tom")
    tap(mira, "Empty, next")
    mira.hears("opened B-2026-0002")
    tap(tom, "Empty, next")
    tom.hears("B-2026-0001 is empty already; Mira finished it.")
    assert there(app) == {("ROOM-1", "A1"): "1000", ("ROOM-1", "B-2026-0002"): "500"}


def test_what_was_done_is_undone_where_it_is_said(app, enter):
    mira = enter()
    tap(mira, "Empty, next")
    mira.hears("opened B-2026-0002")
    tap(mira, "Undo")
    mira.hears("Taken back")
    assert there(app)["ROOM-1", "B-2026-0001"] == "500"


def test_a_broken_bottle_is_photographed(app, enter, tmp_path):
    mira = enter()
    tap(mira, "Damaged")
    mira.page.screenshot(path=str(tmp_path / "broken.png"))
    mira.page.get_by_label("A picture of it").set_input_files(tmp_path / "broken.png")
    tap(mira, "Write off")
    mira.hears("Written off: 500")
    assert there(app) == {("ROOM-1", "A1"): "1500"}


def test_without_scripts_all_of_it_works_too(app, enter, browser):
    mira = enter()
    context = browser.new_context(
        base_url=address_of(app),
        viewport=PHONE,
        java_script_enabled=False,
        storage_state=mira.context.storage_state(),
    )
    page = context.new_page()
    page.goto(ROOM)
    page.get_by_role("button", name="Use a dose").click()
    expect(page.locator("[data-toast]")).to_contain_text("Used 25")
    page.locator('label:has([value="product ALM-500"])').click()
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.locator("[data-toast]")).to_contain_text("Write B-2026-0002 on it")
    assert there(app)["ROOM-1", "B-2026-0002"] == "500"
    context.close()
