"""A buyer's visit from the first look to the next order: at a desk, on a phone, and with scripts switched off."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from procurement.accounts.queries import account_by_email
from procurement.catalogue.operations.products import create_product
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft
from procurement.kernel.clock import utc_now
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Unit
from procurement.sales.operations.buyers import change_colleague
from procurement.sales.terms.buyers import Powers
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import DESK, PHONE, address_of, employ, serving
from tests.builders import a_location, an_actor, virtual_locations
from tests.databases import Databases
from tests.sales.stories import a_ready_shop

pytestmark = pytest.mark.browser
BUDGET = 300_000  # bytes of a page without its pictures


@dataclass
class Shop:
    app: Flask
    orla: tuple[str, str]  # orders up to 500 euros
    aoife: tuple[str, str]  # agrees to more


@pytest.fixture
def shop(databases: Databases, tmp_path: Path) -> Iterator[Shop]:
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        work = app.extensions["uow"]
        with work.write() as session:
            linden = a_ready_shop(session).id
            virtual_locations(session)
            a_location(session, "STORE")
            for n in range(3):
                sku = f"BALM-{n}"
                draft = ProductDraft(
                    sku, name=f"Balm number {n}", kind=Kind.BALM, unit=Unit.G, body_areas=("Back",)
                )
                packs = [PackDraft(sku, "T", "Tin 50 g", 50_000)]
                create_product(session, draft, packs, actor=an_actor(), at=utc_now())
        aoife = employ(work, Role.WHOLESALE_BUYER, "Aoife Byrne", customer_id=linden)
        orla = employ(work, Role.WHOLESALE_BUYER, "Orla Daly", customer_id=linden)
        with work.write() as session:
            manager = account_by_email(session, aoife[0])
            assert manager
            powers = Powers(
                may_manage=False, may_approve=False, order_limit=Money.parse("500.00", "EUR")
            )
            change_colleague(session, orla[0], powers, actor=manager.actor, at=utc_now())
        yield Shop(app, orla, aoife)
    databases.drop(url)


class Visit:
    """Somebody's browser; every page it comes to is looked at."""

    def __init__(self, context: BrowserContext, *, scripts: bool) -> None:
        self.page: Page = context.new_page()
        self.scripts = scripts
        self.bytes = 0
        self.page.on("response", self._weigh)

    def _weigh(self, answer) -> None:
        if "/pictures/" not in answer.url and answer.status == 200:
            self.bytes += answer.request.sizes()["responseBodySize"]

    def goto(self, path: str, heading: str) -> None:
        self.bytes = 0
        self.page.goto(path, wait_until="networkidle")
        assert self.bytes < BUDGET
        self.reads(heading)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def reads(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)
        if self.scripts:
            assert violations(self.page) == []
            assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    def sees(self, words: str) -> None:
        expect(self.page.locator("body")).to_contain_text(words)

    def sign_in(self, credentials: tuple[str, str]) -> None:
        self.page.goto("/sign-in")
        self.page.get_by_label("Mail address").fill(credentials[0])
        self.page.get_by_label("Password").fill(credentials[1])
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).not_to_have_text("Sign in")

    def narrows_to_balms(self) -> None:
        fold = self.page.locator(".facets-fold")
        if fold.locator("summary").is_visible():
            fold.locator("summary").click()
        self.page.get_by_label("Balms").check()
        if not self.scripts:
            self.press("Show")

    def orders_by_paste(self, lines: str) -> None:
        self.goto("/quick-order", "Quick order")
        self.page.get_by_label("Paste from a spreadsheet").fill(lines)
        self.press("Read it")
        self.reads("Quick order")
        self.press("Add to basket")
        self.reads("Your basket")

    def checks_out(self) -> str:
        self.goto("/basket", "Your basket")
        self.page.get_by_role("link", name="Order it").click()
        self.reads("Place the order")
        self.page.get_by_label("Deliver to").select_option(label="Another address, written below")
        where = self.page.get_by_label("Where it goes")
        if not where.is_visible():
            self.page.get_by_text("Another address", exact=True).click()
        where.fill("2 Quay Row, Cork")
        self.page.get_by_role("button", name="Order for").click()
        self.reads("Order SO-")
        return self.page.url


@pytest.mark.parametrize("way", ["desk", "phone", "without scripts"])
def test_from_the_first_look_to_the_next_order(
    shop: Shop, browser: Browser, complaints: Complaints, way: str
):
    contexts = []
    scripts = way != "without scripts"

    def come() -> Visit:
        contexts.append(
            browser.new_context(
                base_url=address_of(shop.app),
                viewport=PHONE if way == "phone" else DESK,
                has_touch=way == "phone",
                reduced_motion="reduce",
                java_script_enabled=scripts,
            )
        )
        contexts[-1].set_default_timeout(15_000)
        contexts[-1].on("page", complaints.watch)
        return Visit(contexts[-1], scripts=scripts)

    orla, aoife = come(), come()
    looks_around(orla)
    orla.sign_in(shop.orla)
    within_her_limit(orla)
    beyond_it(orla, aoife, shop.aoife)
    for context in contexts:
        context.close()


def looks_around(visit: Visit) -> None:
    visit.goto("/catalogue", "Everything for the treatment room")
    visit.narrows_to_balms()
    visit.reads("Balms")
    visit.sees("3 products")
    for name in ("Balm number 0", "Balm number 1"):
        visit.page.get_by_role("link", name=f"Compare {name}").click()
    visit.page.get_by_role("link", name="Compare 2").click()
    visit.reads("Side by side")
    visit.page.get_by_role("link", name="Balm number 0", exact=True).click()
    visit.reads("Balm number 0")


def within_her_limit(visit: Visit) -> None:
    visit.orders_by_paste("ALM-500\t6")
    visit.checks_out()
    visit.sees("2 Quay Row, Cork")
    visit.goto("/account/orders", "Your orders")
    visit.sees("SO-")


def beyond_it(orla: Visit, aoife: Visit, credentials: tuple[str, str]) -> None:
    """Her colleague agrees; afterwards she orders the same again."""
    orla.goto("/quick-order", "Quick order")
    orla.page.get_by_label("Paste from a spreadsheet").fill("ALM-500\t60\nno such thing 3")
    orla.press("Read it")
    orla.sees("1 line has to be looked at")
    orla.press("Add the 1 understood to the basket")
    orla.sees("in your basket")
    order = orla.checks_out()
    orla.sees("more than they may alone")
    aoife.sign_in(credentials)
    aoife.goto("/account/orders", "Your orders")
    aoife.page.goto(order)
    aoife.sees("more than they may alone")
    aoife.press("Agree")
    expect(aoife.page.get_by_role("button", name="Agree", exact=True)).to_have_count(0)
    aoife.sees("ALM-500")
    orla.page.goto(order)
    orla.press("Order it again")
    orla.reads("Your basket")
    orla.sees("60 bottles")
