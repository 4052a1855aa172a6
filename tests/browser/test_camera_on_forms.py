"""The camera of a phone reads for the pages that have a scan field: a room's label, a transfer."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from playwright.sync_api import Browser, expect

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.browser.conftest import Complaints
from tests.browser.live import Person, address_of, employ, serving
from tests.builders import a_company, a_product
from tests.databases import Databases
from tests.stock.builders import a_spa, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """Oil with a barcode in the storeroom."""
    url = databases.fresh("sqlite")
    with serving(url, tmp_path) as app:
        with app.extensions["uow"].write() as session:
            a_company(session)
            a_spa(session)
            oil = a_product(session, name="Sweet Almond Oil", packs={"bottle": "500"})
            oil.packs[0].gtin = "04006381333931"
            opened(session, 2000, lot="A1", at=utc_now())
        yield app
    databases.drop(url)


@pytest.mark.parametrize(
    ("page", "seen", "filled"),
    [
        ("/scan", "the label of a room", "Room-1"),
        ("/transfers/new", "the barcode of a bottle", "ALM-500"),
    ],
)
def test_what_the_camera_sees_fills_the_page(
    app: Flask,
    complaints: Complaints,
    film: Callable[..., Browser],
    page: str,
    seen: str,
    filled: str,
) -> None:
    symbol = (
        zxingcpp.create_barcode(f"{address_of(app)}/r/ROOM-1", zxingcpp.QRCode)
        if "room" in seen
        else zxingcpp.create_barcode("4006381333931", zxingcpp.EAN13)
    )
    person = Person(film([symbol]), complaints, address_of(app), phone=True)
    address, password = employ(app.extensions["uow"], Role.STOCK_KEEPER, "Tomasz")
    person.goto(page)
    person.fill("Mail address", address)
    person.fill("Password", password)
    person.press("Sign in")
    person.page.get_by_role("button", name="Camera").tap()
    if page == "/scan":
        expect(person.page.locator("main")).to_contain_text(filled)
    else:
        expect(person.page.get_by_label("Product (SKU)").first).to_have_value(filled)
        expect(person.page.locator("[data-scan-view]")).to_be_visible()  # open for the next one
    person.context.close()
