"""The main pages of the demo spa by role: accessible, no wider than the window, nothing complained of."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from procurement.catalogue.models import Product
from procurement.demo import house
from procurement.demo.load import load_demo
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.planning.models import PurchasePlan
from procurement.purchasing.models import GoodsReceipt, PurchaseOrder
from procurement.purchasing.terms import OrderStatus
from procurement.sales.models import Customer, Enquiry, Quote, SalesOrder
from procurement.sales.terms import QuoteStatus
from procurement.stock.models import Lot, Transfer
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import DESK, PHONE, Person, address_of, serving
from tests.databases import Databases

pytestmark = pytest.mark.browser

VISITOR = "visitor"
PAGES = {
    Role.SPA_MANAGER: """
        /today  /rooms/  /rooms/{room}  /rooms/{room}/use/{oil}  /open/  /open/?room={room}  /open/{bottle}
        /open/{bottle}/decant  /rooms/{room}/left/bottle/{bottle}  /rooms/{room}/move/bottle/{bottle}
        /rooms/{room}/damaged/bottle/{bottle}  /stock/  /postings/  /transfers/{transfer}
        /sites/  /needs  /plans  /plans/{plan}
        /purchase-orders  /purchase-orders/{order}  /purchase-orders/{order}/edit
        /purchase-orders/{placed}/receipts/new  /goods-receipts/{receipt}  /suppliers/{supplier}
        /scan?text={bottle}  /search?q=almond  /labels?kind=container&name={bottle}
        /labels?kind=receipt&name={receipt}  /transfers/new
        /lots/?label=unknown  /lots/{lot}  /recalls/  /recalls/RC-2026-0001
        /products/  /products/{oil}  /products/{oil}/edit  /families/  /catalogue/import/
        /ingredients  /allergens  /synonyms/  /synonyms/new
    """,
    Role.THERAPIST: "/today  /rooms/{room}  /r/{room}",
    Role.SALES: """
        /today  /enquiries/  /enquiries/{enquiry}  /quotes/  /quotes/{draft}  /quotes/{quote}
        /customers/{customer}  /customers/{customer}/punchout/new  /price-lists/  /insight/
        /sales-orders  /sales-orders/{sale}
        /trade-applications  /trade-applications/TA-2026-0002
    """,
    Role.ADMINISTRATOR: """
        /settings  /settings/people  /settings/mail  /settings/shop  /settings/shop/terms  /settings/safety  /profile
    """,
    Role.WHOLESALE_BUYER: """
        /  /catalogue/{oil}  /basket  /quick-order  /basket/order  /account/quotes  /account/quotes/{quote}
        /account  /account/orders  /account/orders/{sale}  /account/colleagues  /account/searches
        /account/addresses  /account/addresses/new  /profile  /take-along
        /account/mails  /account/data
        /account/lists  /account/usuals
    """,
    VISITOR: """
        /  /catalogue?q=almond  /message/  /sign-in  /q/{token}  /trade-account  /family/stillwater-blend
        /compare?compare={oil}&compare=OIL-GRA
    """,
}
VISITS = [(who, page) for who, pages in PAGES.items() for page in pages.split()]
ALSO_DARK = {
    "/today",
    "/rooms/{room}",
    "/open/",
    "/open/{bottle}",
    "/needs",
    "/quotes/{draft}",
    "/",
    "/q/{token}",
}

Come = Callable[[str], Person]


@pytest.fixture(scope="module")
def spa(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo spa behind a real server, loaded once. Its pictures are looked at elsewhere."""
    url, folder = databases.fresh("sqlite"), Path(tmp_path_factory.mktemp("spa"))
    with serving(url, folder) as app:
        with app.extensions["uow"].write() as session:
            load_demo(session, at=utc_now(), public_url=address_of(app), with_pictures=False)
        yield app
    databases.drop(url)


@pytest.fixture(scope="module")
def places(spa: Flask) -> dict[str, str]:
    """What stands for the names in an address: records the demo has."""
    with spa.extensions["uow"].read() as session:

        def newest(column: Any, *wanted: Any) -> str:
            found = session.scalars(select(column).where(*wanted).order_by(column.desc()))
            return str(found.first())

        order, issued = PurchaseOrder.number, Quote.status == QuoteStatus.ISSUED
        buyer = next(user.customer for user in house.users() if user.customer)
        own = Quote.customer_id.in_(select(Customer.id).where(Customer.code == buyer))
        return {
            "room": "K-TIDE",
            "oil": house.uses("back")[0][0],
            "bottle": newest(Lot.number, Lot.parent_id.is_not(None), Lot.finished_at.is_(None)),
            "lot": newest(
                Product.sku + "/" + Lot.number,
                Lot.product_id == Product.id,
                Lot.decanted_at.is_not(None),
            ),
            "supplier": next(house.suppliers()).code,
            "customer": buyer,
            "order": newest(order, PurchaseOrder.status == OrderStatus.DRAFT),
            "placed": newest(order, PurchaseOrder.status == OrderStatus.PLACED),
            "plan": newest(PurchasePlan.number),
            "receipt": newest(GoodsReceipt.number),
            "transfer": newest(Transfer.number),
            "enquiry": newest(Enquiry.number),
            "draft": newest(Quote.number, Quote.status == QuoteStatus.DRAFT),
            "quote": newest(Quote.number, Quote.issued_at.is_not(None), own),
            "sale": newest(SalesOrder.number, SalesOrder.placed_at.is_not(None)),
            "token": newest(Quote.link_token, issued),
        }


@pytest.fixture(scope="module")
def heard() -> Complaints:
    """What any page said; each test asks for its own part."""
    return Complaints()


@pytest.fixture(scope="module")
def come(spa: Flask, browser: Browser, heard: Complaints) -> Iterator[Come]:
    """One person of each role, signed in once."""
    people: dict[str, Person] = {}

    def one(who: str) -> Person:
        if who not in people:
            people[who] = Person(browser, heard, address_of(spa))
            for user in house.users():
                if user.role == who:
                    people[who].sign_in((user.email, house.password()))
        return people[who]

    yield one
    for person in people.values():
        person.context.close()


@pytest.mark.parametrize(("who", "path"), VISITS, ids=[f"{who} {path}" for who, path in VISITS])
def test_a_page_is_accessible_and_fits(come: Come, places, heard: Complaints, who: str, path: str):
    page = come(who).page
    heard.clear()
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme="light")
    answer = page.goto(path.format_map(places))
    assert answer
    assert answer.status == 200
    found = {"desk": faults(page)}
    page.set_viewport_size(PHONE)
    found["phone"] = faults(page)
    if path in ALSO_DARK:
        page.emulate_media(color_scheme="dark")
        found["phone, dark"] = faults(page)
    assert {where: what for where, what in found.items() if what} == {}
    assert heard == []


def faults(page: Page) -> list[str]:
    """What axe finds, and how far the page reaches beyond its window."""
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return violations(page) + ([f"{beyond} px too wide"] if beyond > 0 else [])


def test_what_is_typed_by_a_scanner_leads_on(come: Come, places, heard: Complaints):
    """It types into the field that waits, and presses Enter; no mouse, no other key."""
    page = come(Role.SPA_MANAGER).page
    heard.clear()
    page.set_viewport_size(DESK)
    page.goto("/scan")
    expect(page.locator("[data-scan-text]")).to_be_focused()
    page.keyboard.type(places["bottle"])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Open its page").click()
    expect(page).to_have_url(re.compile(f"/open/{places['bottle']}$"))
    assert heard == []
