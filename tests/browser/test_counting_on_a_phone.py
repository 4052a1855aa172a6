"""Counting a room on phones, with the network gone and back: nothing is lost, nothing is there twice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect

from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.counting.closing import cancel_count
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import count_of
from procurement.stock.queries.counting.review import count_lines
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import PASSWORD, PHONE, Person, address_of, employ, serving
from tests.builders import a_company, a_product
from tests.databases import Databases
from tests.stock.builders import a_spa, opened

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]
COUNT = "SC-2026-0001"
OFFLINE = ("ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "401", "502")  # the console tells what we did


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """ROOM-1 holds three sealed bottles and an open one of an oil, two jars of a balm; its count has begun."""
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        with app.extensions["uow"].write() as session:
            a_company(session)
            a_spa(session)
            at = utc_now()
            oil = a_product(
                session, name="Sweet Almond Oil", packs={"bottle": "500", "case": "6000"}
            )
            oil.packs[0].gtin = "4006381333931"
            balm = a_product(session, "BLM-100", name="Warming Balm", packs={"jar": "100"})
            balm.packs[0].gtin = "5901234123457"
            oil.packs[1].gtin = "14006381333938"
            grapeseed = a_product(session, "GRP-1", name="Grapeseed Oil", packs={"bottle": "1000"})
            grapeseed.packs[0].gtin = "00036000291452"
            clove = a_product(session, "CLV-10", name="Clove Oil", packs={"bottle": "10"})
            clove.packs[0].gtin = "00000096385074"
            opened(session, 2000, lot="A1", into="ROOM-1", at=at)
            opened(session, 200, product="BLM-100", lot="W1", into="ROOM-1", at=at)
            open_container(session, OpenContainer("ROOM-1", "ALM-500"), actor=SYSTEM, at=at)
            assert start_count(session, StartCount("ROOM-1"), actor=SYSTEM, at=at).number == COUNT
        yield app
    databases.drop(url)


@pytest.fixture
def come(app: Flask, browser: Browser) -> Iterator[Enter]:
    """A therapist whose phone has the count open and could go on without a network."""
    people: list[Person] = []
    complaints = Complaints()

    def arrive(name: str, *, browser: Browser = browser) -> Person:
        person = Person(browser, complaints, address_of(app), phone=True)
        people.append(person)
        sign_in(person.page, employ(app.extensions["uow"], Role.THERAPIST, name))
        person.page.get_by_role("button", name="Sweet Almond Oil").wait_for()
        person.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
        return person

    yield arrive
    for person in people:
        person.context.close()
    assert [said for said in complaints if not any(word in said for word in OFFLINE)] == []


def sign_in(page: Page, credentials: tuple[str, str]) -> None:
    page.goto(f"/sign-in?next=/count/{COUNT}")
    page.get_by_label("Mail address").fill(credentials[0])
    page.get_by_label("Password").fill(credentials[1])
    page.get_by_role("button", name="Sign in").click()


def tap(person: Person, name: str) -> None:
    person.page.get_by_role("button", name=name).first.tap()


def count_balm(person: Person, jars: int) -> None:
    tap(person, "Warming Balm")
    for _ in range(jars):
        tap(person, "One more")
    tap(person, f"Save {jars} and next")


def line_says(person: Person, words: str) -> None:
    expect(person.page.locator("[data-count-line]")).to_contain_text(words)


def counted(app: Flask) -> dict[str, list[str]]:
    """What holds for each lot now, as the server has it."""
    with app.extensions["uow"].read() as session:
        lines = count_lines(session, count_of(session, COUNT))
    return {
        line.lot or line.supplier_lot or line.product: [e.quantity.amount for e in line.entries]
        for line in lines
        if line.entries
    }


def test_a_room_is_counted_without_a_network_and_nothing_is_lost_or_doubled(app, come):
    mira = come("Mira")
    mira.context.set_offline(True)
    tap(mira, "Sweet Almond Oil")
    tap(mira, "One more")
    tap(mira, "One more")
    mira.page.locator(".count-quarters .tile").nth(2).tap()
    tap(mira, "Save 2½ and next")
    line_says(mira, "Offline. 2 counts wait for the network.")
    mira.page.reload()
    line_says(mira, "2 counts wait")
    count_balm(mira, 3)
    tap(mira, "Warming Balm")
    tap(mira, "One less")
    tap(mira, "Save 2 and next")  # a correction
    field = mira.page.get_by_label("Scan, or type a name or code")
    field.fill("grape")
    tap(mira, "Grapeseed Oil")
    tap(mira, "One more")
    mira.page.get_by_label("Lot on the label").fill("G7")
    tap(mira, "Save 1 and next")
    line_says(mira, "5 counts wait")
    assert counted(app) == {}
    mira.context.set_offline(False)
    line_says(mira, "Everything is sent.")
    whole = {"A1": ["1000"], "B-2026-0001": ["250"], "W1": ["200"], "G7": ["1000"]}
    assert counted(app) == whole
    mira.page.reload()
    line_says(mira, "")
    expect(mira.page.locator("[data-count-figure]")).to_have_text("3 of 3")
    assert counted(app) == whole


def test_an_answer_that_got_lost_is_asked_for_again_and_stored_once(app, come):
    mira = come("Mira")
    sent = []
    enter = app.view_functions["count_sync.enter"]

    def lose_the_first(number: str) -> Response:
        answer = enter(number=number)
        sent.append([(one["id"], one["result"]) for one in answer.get_json()["results"]])
        return answer if len(sent) > 1 else Response("The answer went astray.", 502)

    app.view_functions["count_sync.enter"] = lose_the_first
    count_balm(mira, 2)
    line_says(mira, "Everything is sent.")
    assert [[result for _, result in batch] for batch in sent] == [["stored"], ["known"]]
    assert sent[0][0][0] == sent[1][0][0]
    assert counted(app) == {"W1": ["200"]}


def test_two_phones_count_the_same_and_a_person_decides(app, come):
    mira, tom = come("Mira"), come("Tom")
    for person, jars in ((mira, 1), (tom, 2)):
        person.context.set_offline(True)
        count_balm(person, jars)
    for person in (mira, tom):
        person.context.set_offline(False)
        line_says(person, "Everything is sent.")
    assert sorted(counted(app)["W1"]) == ["100", "200"]
    tom.page.reload()
    tap(tom, "Warming Balm")
    expect(tom.page.locator(".count-quarrel")).to_contain_text("Mira counted 1")
    assert violations(tom.page) == []
    tap(tom, "Together 3")
    line_says(tom, "Everything is sent.")
    assert counted(app) == {"W1": ["300"]}


def test_what_waits_is_its_persons_own_whoever_takes_the_phone(app, come):
    mira = come("Mira")
    mira.context.set_offline(True)
    count_balm(mira, 2)
    mira.context.clear_cookies()  # the session ended while the network was gone
    mira.context.set_offline(False)
    line_says(mira, "You are signed out. 1 count is kept here.")
    sign_in(mira.page, employ(app.extensions["uow"], Role.THERAPIST, "Tom"))
    expect(mira.page.locator("[data-count-figure]")).to_have_text("0 of 2")
    mira.goto("/today")
    mira.page.get_by_role("button", name="More").tap()
    mira.page.locator(".user-menu summary").tap()
    tap(mira, "Sign out")
    expect(mira.page).to_have_url(f"{address_of(app)}/")
    mira.context.set_offline(True)
    mira.goto(f"/count/{COUNT}")
    mira.sees("Nobody has signed in on this device yet")
    mira.context.set_offline(False)
    assert counted(app) == {}
    sign_in(mira.page, ("mira@linden.example", PASSWORD))
    expect(mira.page.locator("[data-count-figure]")).to_have_text("1 of 2")
    line_says(mira, "Everything is sent.")
    assert counted(app) == {"W1": ["200"]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_target_is_big_enough_and_everybody_can_read_it(app, come, scheme):
    mira = come("Mira")
    mira.page.emulate_media(color_scheme=scheme)
    assert violations(mira.page) == []
    tap(mira, "Sweet Almond Oil")
    assert violations(mira.page) == []
    small = mira.page.evaluate(
        """() => [...document.querySelectorAll('body > :not(.skip) :is(button, a, .tile, summary, [data-scan-text])')]
            .filter(one => one.checkVisibility())
            .map(one => [one.innerText || one.ariaLabel, one.getBoundingClientRect()])
            .filter(([, box]) => box.width < 48 || box.height < 48)
            .map(([text]) => text)"""
    )
    assert small == []
    assert mira.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_without_scripts_lines_are_counted_one_by_one(app, come, browser):
    mira = come("Mira")
    context = browser.new_context(
        base_url=address_of(app),
        viewport=PHONE,
        java_script_enabled=False,
        storage_state=mira.context.storage_state(),
    )
    page = context.new_page()
    page.goto("/r/ROOM-1")
    page.get_by_role("link", name="Go on counting").click()
    page.get_by_role("link", name="Warming Balm").click()
    page.get_by_label("How much is there").fill("1.5")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Warming Balm").click()
    page.get_by_label("How much is there").fill("250")
    page.get_by_label("Counted in").select_option("ml")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Found something else").fill("grapeseed")
    page.get_by_role("button", name="Count it").click()
    page.get_by_label("How much is there").fill("1")
    page.get_by_label("Lot on the label").fill("G7")
    page.get_by_role("button", name="Save").click()
    assert counted(app) == {"W1": ["250"], "G7": ["1000"]}
    page.get_by_role("button", name="Hand in the count").click()
    expect(page.locator("[data-toast]")).to_contain_text("Handed in")
    context.close()


GS = "\x1d"


def test_a_phone_without_a_network_takes_from_a_code_only_what_is_certain(app, come):
    mira = come("Mira")
    mira.context.set_offline(True)
    sheet = {
        "location": {"code": "ROOM-1"},
        "products": [
            {"sku": "OIL", "packs": [{"gtin": "04006381333931", "code": "EA", "steps": 5}]},
            {"sku": "GEL", "packs": [{"gtin": "00000096385074", "code": "EA", "steps": 7}]},
        ],
        "rows": [
            {"key": "1", "sku": "OIL", "lot": "L-1", "supplierLot": "A1", "isOpen": False},
            {"key": "2", "sku": "OIL", "lot": "B-7", "supplierLot": None, "isOpen": True},
            {"key": "3", "sku": "GEL", "lot": "A1", "supplierLot": "A1", "isOpen": False},
        ],
    }
    meant = [
        ("]E04006381333931", ["OIL", None, 5, None]),
        ("4006381333931", ["OIL", None, 5, None]),
        ("]E496385074", ["GEL", None, 7, None]),
        ("b-7", ["OIL", "2", None, None]),
        ("gel", ["GEL", None, None, None]),
        ("A1", None),  # a lot of two products
        ("]d2010400638133393110A1", ["OIL", "1", 5, None]),
        (f"]C1010400638133393117270301{'10'}a1{GS}3012", ["OIL", "1", 60, None]),
        ("(01)04006381333931(17)270301(10)A1", ["OIL", "1", 5, None]),
        ("]d20104006381333931172703013712", ["OIL", None, 60, None]),
        ("0104006381333931" + "10A117270301", ["OIL", None, 5, "A117270301"]),  # no separator
        ("0104006381333932", None),
        ("https://spa.example/r/ROOM-2", {"room": "ROOM-2"}),
        ("https://spa.example/b/B-7", ["OIL", "2", None, None]),
        ("https://spa.example/s?p=OIL&l=L-1", ["OIL", "1", None, None]),
        ("https://", None),
        ("nothing we know", None),
    ]
    found = mira.page.evaluate(
        """async ([texts, sheet]) => {
            const app = document.querySelector('script[src$="/js/count/app.js"]').src;
            const { meaningHere } = await import(app.replace("app.js", "codes.js"));
            return texts.map((text) => meaningHere(text, sheet));
        }""",
        [[text for text, _ in meant], sheet],
    )
    short = [
        [one.get(key) for key in ("sku", "row", "steps", "lot")] if one and "sku" in one else one
        for one in found
    ]
    assert short == [meaning for _, meaning in meant]


def test_a_count_that_was_closed_meanwhile_says_so_and_keeps_what_came_late(app, come):
    mira = come("Mira")
    mira.context.set_offline(True)
    count_balm(mira, 1)
    with app.extensions["uow"].write() as session:
        cancel_count(session, COUNT, actor=SYSTEM, at=utc_now())
    mira.context.set_offline(False)
    mira.sees("The count was closed before it arrived; a manager can see it.")
    tap(mira, "Understood")
    mira.sees("This count was cancelled.")


RETAIL_AND_LOT = [
    (zxingcpp.create_barcode("4006381333931", zxingcpp.EAN13), "Sweet Almond Oil: 1"),
    (
        zxingcpp.create_barcode(
            "(01)05901234123457(17)270301(10)W1", zxingcpp.DataMatrix, gs1=True
        ),
        "Warming Balm: 1",
    ),
]
CASES_AND_LETTERS = [
    (zxingcpp.create_barcode("036000291452", zxingcpp.UPCA), "Grapeseed Oil"),
    (zxingcpp.create_barcode("96385074", zxingcpp.EAN8), "Clove Oil"),
    (zxingcpp.create_barcode("14006381333938", zxingcpp.ITF), "Sweet Almond Oil"),
    (
        zxingcpp.create_barcode("(01)05901234123457(10)W1", zxingcpp.Code128, gs1=True),
        "Warming Balm",
    ),
    (
        zxingcpp.create_barcode("(01)00036000291452(10)G7", zxingcpp.QRCode, gs1=True),
        "Grapeseed Oil",
    ),
]


@pytest.mark.parametrize("seen", [RETAIL_AND_LOT, CASES_AND_LETTERS])
def test_the_camera_reads_retail_codes_cases_and_codes_with_a_lot(app, come, film, seen):
    mira = come("Mira", browser=film([symbol for symbol, _ in seen]))
    tap(mira, "Camera")
    said = mira.page.locator("[data-scan-status]")
    for _, words in seen:
        expect(said).to_contain_text(words, timeout=20_000)
    line_says(mira, "Everything is sent.")
    if seen is RETAIL_AND_LOT:
        assert counted(app)["A1"] == ["500"]
    mira.context.close()
