"""The whole story by clicking, each person in a browser of their own, against a real server."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.sales.queries.customers import (
    CustomerFilter,
    customer_by_code,
    customers,
)
from procurement.stock.queries.verification import verify
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, employ, serving
from tests.databases import Databases
from tests.exchange.files import OWN
from tests.scenarios.house import SAL, House, open_the_house, read_aloud

pytestmark = pytest.mark.browser

Enter = Callable[..., Person]


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        yield app
    databases.drop(url)


@pytest.fixture
def house(app: Flask) -> House:
    house = House(app.extensions["uow"], utc_now())
    open_the_house(house)
    return house


@pytest.fixture
def enter(app: Flask, browser: Browser, complaints: Complaints) -> Iterator[Enter]:
    """Somebody comes in; all go home at the end."""
    people: list[Person] = []

    def come(credentials: tuple[str, str] | None = None, **more: bool) -> Person:
        people.append(Person(browser, complaints, address_of(app), **more))
        if credentials:
            people[-1].sign_in(credentials)
        return people[-1]

    yield come
    for person in people:
        person.context.close()


def test_the_main_job_by_clicking(house: House, enter: Enter):
    account = partial(employ, house.work)
    maeve = enter(account(Role.SPA_MANAGER, "Maeve Daly"))
    the_manager_imports_the_catalogue(maeve)
    the_manager_says_where_orders_go(maeve)
    the_manager_fills_the_shelves(maeve)
    the_therapist_uses_oil(enter(account(Role.THERAPIST, "Tom Wren"), phone=True))
    order, transfer = the_manager_sees_what_is_short(maeve)
    the_manager_carries_the_transfer(maeve, transfer)
    the_manager_approves_and_places(maeve, house, order)
    the_manager_receives_two_lots_and_then_the_rest(maeve, order)
    assert house.ask(verify) == []

    sal = enter(account(Role.SALES, "Sal Reilly"))
    sales_write_a_price_list(sal)
    a_visitor_leaves_a_message(enter())
    link = sales_answer_with_a_quote(sal, house)
    the_customer_opens_the_link_and_accepts(enter(phone=True), link)
    customer = sales_hear_of_it(sal, house)
    orla = account(Role.WHOLESALE_BUYER, "Orla Byrne", customer_id=customer)
    the_buyer_fills_a_basket_and_asks(enter(orla))
    sales_find_it_in_the_inbox(sal)


def the_manager_imports_the_catalogue(maeve: Person) -> None:
    """The preview names the bad row and keeps nothing; then the good rows are taken."""
    maeve.sees("Nothing needs you today.")
    maeve.follow("Catalogue")
    maeve.follow("Import a list")
    maeve.page.get_by_label("CSV or XLSX file").set_input_files(OWN / "first_catalogue.csv")
    maeve.press("Look at it")
    maeve.sees("Nothing has been kept yet", "price NaN is not a number")
    maeve.press("Import 5 rows")
    maeve.reads("Imported first_catalogue.csv")
    maeve.follow("Catalogue")
    maeve.sees("Sweet Almond Oil", "Calf Release Roller", "Face-cradle Covers")


def the_manager_says_where_orders_go(maeve: Person) -> None:
    maeve.follow("Needs & orders")
    maeve.follow("Suppliers")
    maeve.follow("CORRIB")
    maeve.follow("Change")
    maeve.fill("Name", "Corrib Botanicals")
    maeve.fill("Mail for orders", "orders@corrib.example")
    maeve.press("Save")
    maeve.sees("orders@corrib.example")


def the_manager_fills_the_shelves(maeve: Person) -> None:
    """What stands there today, and how much there should be."""
    for room, amount, par, reorder in (
        ("Storeroom", "3 l", "24000", "6000"),
        ("Harbour room", "400", "1000", "400"),
    ):
        maeve.follow("Rooms")
        maeve.follow(room)
        maeve.follow("Take in opening stock")
        maeve.fill("Product (SKU)", "ALM-500")
        maeve.fill("How much is there", amount)
        maeve.fill("Lot, as printed on it", "A1")
        maeve.press("Take in")
        maeve.sees("Sweet Almond Oil")
        maeve.fill("Levels of product (SKU)", "ALM-500")
        maeve.press("Set levels")
        maeve.fill("Par level, ml", par)
        maeve.fill("Reorder point, ml", reorder)
        maeve.press("Save")
        maeve.reads(room)


def the_therapist_uses_oil(tom: Person) -> None:
    """Three taps on a phone: the oil, Use, and the usual amount."""
    tom.follow("Rooms")
    tom.follow("Harbour room")
    tom.page.get_by_text("Sweet Almond Oil", exact=True).tap()
    tom.press("Use")
    expect(tom.page.get_by_label("How much, ml")).to_have_value("30")
    tom.press("Use")
    tom.reads("Harbour room")
    tom.hears("Used: 30 ml of Sweet Almond Oil.")
    tom.sees("Low", "370 of 1,000 ml")
    assert tom.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def the_manager_sees_what_is_short(maeve: Person) -> tuple[str, str]:
    """Today says it, the plan says why; drafted once, nothing is left to draft."""
    maeve.follow("Today")
    maeve.sees("is low on Sweet Almond Oil")
    maeve.follow("See the plan")
    maeve.sees("From Storeroom", "Corrib Botanicals", "Case of 12")
    maeve.sees("below the reorder point of 400 ml")
    maeve.press("Draft 1 order and 1 transfer")
    said = maeve.hears("Drafted PO-")
    found = re.search(r"Drafted (PO-[0-9-]+) and (T[A-Z]*-[0-9-]+[0-9])", said)
    assert found
    maeve.follow("Needs & orders")
    maeve.sees("Nothing runs short")
    return found[1], found[2]


def the_manager_carries_the_transfer(maeve: Person, transfer: str) -> None:
    maeve.follow("Today")
    maeve.follow(f"Carry: {transfer}")
    maeve.sees("A1", "500 ml")
    maeve.press("Carried")
    maeve.follow("Rooms")
    maeve.follow("Harbour room")
    maeve.sees("870 of 1,000 ml")


def the_manager_approves_and_places(maeve: Person, house: House, order: str) -> None:
    """From Today: approved, then sent; the mail has the paper with it."""
    maeve.follow("Today")
    maeve.press(f"Approve: {order}")
    maeve.follow("Today")
    maeve.press(f"Place: {order}")
    ((recipient, _, paper),) = house.mails(order)
    assert recipient == "orders@corrib.example"
    assert "CB-ALM12" in read_aloud(paper)


def the_manager_receives_two_lots_and_then_the_rest(maeve: Person, order: str) -> None:
    def receive(note: str, *arrived: tuple[str, str, str]) -> None:
        maeve.goto(f"/purchase-orders/{order}")
        maeve.follow("Receive goods")
        maeve.fill("Delivery note", note)
        for _ in arrived[1:]:
            maeve.press("Another lot or place")
        for place, (packs, lot, use_by) in enumerate(arrived):
            packed = maeve.page.get_by_role("spinbutton", name="Packs of Sweet Almond Oil")
            packed.nth(place).fill(packs)
            maeve.page.get_by_label("Lot").nth(place).fill(lot)
            maeve.page.get_by_label("Use by").nth(place).fill(use_by)
        maeve.press("Receive")

    receive("DN-71", ("2", "C-0328", "2028-03-31"), ("1", "C-0928", "2028-09-30"))
    maeve.goto(f"/purchase-orders/{order}")
    maeve.sees("3 of 4", "1 to come")
    receive("DN-88", ("1", "C-0928", "2028-09-30"))
    maeve.goto(f"/purchase-orders/{order}")
    maeve.sees("4 of 4", "DN-71", "DN-88")
    maeve.follow("Rooms")
    maeve.follow("Storeroom")
    maeve.sees("26,500 of 24,000 ml")


def sales_write_a_price_list(sal: Person) -> None:
    sal.follow("Quotes & customers")
    sal.follow("Price lists")
    sal.follow("New price list")
    sal.fill("Code", "TRADE")
    sal.fill("Name", "Trade")
    sal.press("Save")
    prices = "ALM-500 bottle 11.90\nALM-500 case 6 135.60\nCRR-01 32.50"
    sal.fill("Set prices", prices)
    sal.press("Set these prices")
    sal.sees("135.60")


def a_visitor_leaves_a_message(visitor: Person) -> None:
    """Signed out there are no prices, but a way to ask."""
    visitor.goto("/")
    visitor.follow("Sweet Almond Oil")
    expect(visitor.page.locator("main")).not_to_contain_text("11.90")
    visitor.page.locator("main").get_by_role("link", name="Leave a message").click()
    visitor.fill("Your name", "Orla Byrne")
    visitor.fill("Your mail address", "orla@willow.example")
    visitor.fill("Company", "Willow Wellness")
    visitor.fill("Your message", "A dozen bottles, please: what would they cost?")
    visitor.page.get_by_label("You may keep what I wrote").check()
    visitor.page.wait_for_timeout(3_000)  # nobody human is quicker, the form believes
    visitor.press("Send")
    visitor.reads("Thank you, it has arrived")


def sales_answer_with_a_quote(sal: Person, house: House) -> str:
    """The message becomes a quote with the list's price; a dozen bottles; issued and mailed."""
    sal.follow("Today")
    sal.sees("Willow Wellness")
    sal.page.get_by_role("link", name="Answer: ").click()
    sal.press("Make a quote")
    sal.reads("Willow Wellness")
    sal.fill("Packs of Sweet Almond Oil", "12")
    sal.page.keyboard.press("Tab")
    expect(sal.page.locator("#totals")).to_contain_text("175.64")
    sal.page.get_by_role("button", name="Issue and send").first.click()
    sal.page.get_by_role("dialog").get_by_role("button", name="Issue and send").click()
    link = sal.page.get_by_label("Private link").input_value()
    number = re.search(r"Q-[0-9]{4}-[0-9]+", sal.page.url)
    assert number
    recipient, body, paper = house.mails(number[0])[0]
    assert recipient == "orla@willow.example"
    assert link in body
    assert "175.64" in read_aloud(paper)
    return link


def the_customer_opens_the_link_and_accepts(orla: Person, link: str) -> None:
    orla.goto(link)
    orla.sees("Sweet Almond Oil", "175.64")
    assert orla.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    accepting = orla.page.get_by_role("region", name="Yes, please go ahead")
    accepting.get_by_label("Name").first.fill("Orla Byrne")
    accepting.get_by_role("button", name="Accept for").click()
    orla.sees("Accepted by Orla Byrne")


def sales_hear_of_it(sal: Person, house: House) -> int:
    """Today says that Willow said yes; their own list is given to them for the next time."""
    sal.follow("Today")
    sal.sees("Willow Wellness said yes")
    (willow,) = house.ask(customers, CustomerFilter(), PageRequest(), by=SAL).items
    return house.ask(customer_by_code, willow.code).id


def the_buyer_fills_a_basket_and_asks(orla: Person) -> None:
    """Own prices on the shelf; bottles and a case in the basket; asked for."""
    orla.goto("/")
    orla.sees("11.90")
    orla.follow("Sweet Almond Oil")
    orla.press("Add Sweet Almond Oil, Case of 12")
    orla.follow("Browse")
    orla.press("Add Calf Release Roller")
    orla.page.get_by_role("link", name=re.compile("^Basket")).click()
    orla.sees("Sweet Almond Oil", "Calf Release Roller", "32.50")
    orla.fill("Anything we should know", "For the spring, please.")
    orla.press("Ask for a quote")
    orla.sees("Being prepared", "2 products")


def sales_find_it_in_the_inbox(sal: Person) -> None:
    sal.follow("Today")
    sal.page.get_by_role("link", name="Answer: ").click()
    sal.sees("For the spring, please.", "Calf Release Roller", "Case of 12")
    sal.press("Make a quote")
    sal.reads("Willow Wellness")
