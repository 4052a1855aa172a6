"""The main pages of the demo spa by role: accessible, no wider than the window, nothing complained of."""

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select, update

from procurement.catalogue.models import Product
from procurement.demo import house
from procurement.demo.load import load_demo
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.planning.models import PurchasePlan
from procurement.purchasing.models import GoodsReceipt, PurchaseOrder
from procurement.purchasing.terms import OrderStatus
from procurement.sales.models import Customer, Enquiry, PunchoutConnection, Quote, SalesOrder
from procurement.sales.operations.punchout_visits import open_visit
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.punchout import (
    DeploymentMode,
    VisitAsked,
    VisitOperation,
    WantedPart,
)
from procurement.stock.models import Lot, Transfer
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.live import DESK, PHONE, Person, address_of, serving
from tests.databases import Databases

pytestmark = pytest.mark.browser

VISITOR, VISIT = (
    "visitor",
    "visit",
)  # who comes by themselves, and who is sent by a procurement system
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
        /customers/{customer}  /customers/{customer}/punchout/new
        /customers/{customer}/punchout/{connection}  /price-lists/  /insight/
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
        /account/lists  /account/usuals  /account/codes
    """,
    VISITOR: """
        /  /catalogue?q=almond  /message/  /sign-in  /q/{token}  /trade-account  /family/stillwater-blend
        /compare?compare={oil}&compare=OIL-GRA
    """,
    VISIT: "/  /catalogue/{oil}  /basket  /quick-order  /family/stillwater-blend",
}
BACK = "http://localhost:9000/back"
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
            "connection": newest(PunchoutConnection.id),
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
            if who == VISIT:
                people[who].goto(way_in(spa))
                people[who].page.wait_for_url("**/basket")
        return people[who]

    yield one
    for person in people.values():
        person.context.close()


def way_in(spa: Flask, back: str = BACK) -> str:
    """A procurement system asks for a visit that goes on with a basket; where its person begins."""
    asked = VisitAsked(
        operation=VisitOperation.EDIT,
        buyer_cookie="c",
        return_url=back,
        parts=(WantedPart("1", "LIN-BTH-IVO", "EACH", 3),),
    )
    with spa.extensions["uow"].write() as session:
        connection = session.scalars(select(PunchoutConnection.id)).one()
        token = open_visit(
            session, connection, asked, "setup", DeploymentMode.PRODUCTION, at=utc_now()
        )
    return f"/punchout/{token}"


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


def test_a_visit_gives_its_basket_back(spa: Flask, browser: Browser, heard: Complaints):
    """The browser sends it by itself, without a word of ours in between; afterwards the shop is closed to it."""
    heard.clear()
    person = Person(browser, heard, address_of(spa))
    taken: list[str] = []

    def take(route: Route) -> None:
        taken.append(route.request.post_data or "")
        route.fulfill(body="<title>Theirs</title>", content_type="text/html")

    person.context.route(f"{BACK}**", take)
    person.goto(way_in(spa))
    person.follow("Quick order")
    person.fill("Paste from a spreadsheet, a mail, anywhere", "LIN-HND-WHI 7")
    person.press("Read it")
    person.press("Add to basket")
    person.sees("Basket for The Linden Rooms", "Hand Towel, white")
    person.press("Return the basket")
    person.page.wait_for_url(f"{BACK}**")
    (sent,) = parse_qs(taken[0])["cXML-urlencoded"]
    assert re.findall(r'ItemIn quantity="([0-9]+)"', sent) == ["7", "3"]
    answer = person.page.goto("/catalogue")
    assert answer
    assert answer.status == 410
    assert faults(person.page) == []
    person.context.close()


class Theirs(BaseHTTPRequestHandler):
    """A page of another site that shows ours inside."""

    shown = ""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        page = (
            f'<title>Theirs</title><iframe src="{self.shown}" width="1200" height="800"></iframe>'
        )
        self.wfile.write(page.encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>It is here</h1>")

    def log_message(self, *_: object) -> None:
        """Quiet."""


def test_a_visit_in_a_frame_of_their_page_stays_a_visit(spa: Flask, browser: Browser):
    """The browser sends a cookie there that was made for it; any other it would keep to itself."""
    theirs = HTTPServer(("localhost", 0), Theirs)
    host = f"localhost:{theirs.server_port}"
    with spa.extensions["uow"].write() as session:
        hosts = f"localhost:9000\n{host}"
        session.execute(update(PunchoutConnection).values(framed=True, return_hosts=hosts))
    Theirs.shown = address_of(spa) + way_in(spa, f"http://{host}/back")
    threading.Thread(target=theirs.serve_forever, daemon=True).start()
    person = Person(browser, Complaints(), address_of(spa))
    person.page.goto(f"http://{host}/")
    inside = person.page.frame_locator("iframe")
    expect(inside.get_by_role("heading", level=1)).to_have_text("Basket for The Linden Rooms")
    inside.get_by_role("link", name="Quick order").click()
    expect(inside.get_by_role("heading", level=1)).to_have_text("Quick order")
    expect(inside.get_by_text("You are shopping for The Linden Rooms")).to_be_visible()
    inside.get_by_role("link", name="Basket and return").click()
    inside.get_by_role("button", name="Return the basket").click()
    expect(inside.get_by_role("heading", level=1)).to_have_text("It is here")
    person.context.close()
    theirs.shutdown()
    theirs.server_close()
