"""One scan fills a line of a delivery; what does not fit is said and fills nothing."""

import html
import re

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Pack
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.planning.queries.labels import labels_of_receipt
from procurement.stock.queries.on_hand import StockFilter, stock
from tests.backoffice.purchasing.pages import text_of
from tests.purchasing.builders import CASES, COVERS, a_placed_order

BOTTLE, CASE, COVER = "09501101530003", "19501101530000", "00000096385074"
FIELDS = ("packs", "lot", "expires_on")


class Desk:
    """Somebody with a hand scanner before the page: each scan sends what stands in the form."""

    def __init__(self, browser, number):
        self.browser, self.url = browser, f"/purchase-orders/{number}/receipts"
        self.page = browser.get(f"{self.url}/new")

    def send(self, **more):
        tags = re.findall(r"<input [^>]*>", self.page.text)
        sent = {}
        for tag in tags:
            named = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            if named.get("type") != "radio" or " checked" in tag:
                sent[named.get("name", "")] = html.unescape(named.get("value", ""))
        into = re.search(
            r'name="into".*?<option selected value="([\w-]+)"', self.page.text, re.DOTALL
        )
        chosen = {"into": into[1]}
        self.page = self.browser.post(self.url, data={**sent, **chosen, **more})
        return text_of(self.page)

    def scan(self, text):
        return self.send(scan=text)

    @property
    def rows(self):
        found = re.findall(
            r'name="lines-(\d+)-(packs|lot|expires_on)"[^>]*?value="([^"]*)"', self.page.text
        )
        rows = {}
        for row, field, value in found:
            rows.setdefault(int(row), {})[field] = value
        return [tuple(rows[row].get(field, "") for field in FIELDS) for row in sorted(rows)]


@pytest.fixture
def desk(manager, work):
    with work.write() as session:
        number = a_placed_order(session, CASES, COVERS).number
        for pack in session.scalars(select(Pack)):
            pack.gtin = {"bottle": BOTTLE, "case": CASE, "pack": COVER}[pack.code]
    return Desk(manager, number)


def test_one_scan_fills_lot_use_by_and_packs(desk, work):
    said = desk.scan(f"01{CASE}1730123110L9\x1d303")
    assert "Sweet Almond Oil, lot L9: 3 packs." in said
    assert desk.rows == [("3", "L9", "2030-12-31"), ("8", "", "")]
    desk.scan(f"(01){CASE}(17)301231(10)L9(30)2")  # another box of the same lot
    assert desk.rows[0] == ("5", "L9", "2030-12-31")
    assert "Another lot; type how many" in desk.scan(f"(01){CASE}(17)310131(10)M1")
    assert desk.rows[:2] == [("5", "L9", "2030-12-31"), ("0", "M1", "2031-01-31")]
    desk.scan(f"(01){BOTTLE}(17)310131(10)M1(30)24")  # bottles of the lot: two cases of twelve
    assert desk.rows[1] == ("2", "M1", "2031-01-31")
    desk.scan("ROOM-1")
    desk.send(**{"lines-2-packs": "0"})
    assert desk.page.status_code == 303
    with work.read() as session:
        rows = stock(session, StockFilter(), at=utc_now(), paging=PageRequest()).items
        assert {(row.location, row.lot, row.on_hand.amount) for row in rows} == {
            ("ROOM-1", "L9", "30000"),
            ("ROOM-1", "M1", "12000"),
        }
        number = desk.page.headers["Location"].rpartition("/")[2]
        wanted = labels_of_receipt(session, number, per_pack=True)
        assert [(one.name, one.copies) for one in wanted] == [("L9", 5), ("M1", 2)]


def test_a_camera_reads_for_the_field_and_stays_open(desk):
    page = desk.page.text
    assert "data-scan-field" in page
    assert "data-scan-again" not in page
    # A camera of ours loses no separator: what a hand scanner would be asked about is understood.
    desk.send(scan=f"]d201{CASE}10L2107", scanned_by="camera")
    assert desk.rows[0][1] == "L2107"
    assert "data-scan-again" in desk.page.text
    assert "Set-Cookie" not in desk.page.headers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nothing", "is nothing of ours"),
        (f"(01){BOTTLE}(10)L9(30)7", "no whole packs"),
        (f"01{CASE}10L2107", "the lot can be read in 2 ways"),
        (CASE, "The label names no lot"),
        ("29501101530007", "a case of Sweet Almond Oil"),
    ],
)
def test_what_does_not_fit_fills_nothing(desk, text, said):
    before = desk.rows
    assert said in desk.scan(text)
    assert desk.rows == before
    assert desk.page.status_code == 200


def test_enter_in_another_field_receives_nothing(desk):
    before = desk.rows
    desk.send(add="scan", scan="", **{"lines-0-lot": "L9"})
    assert desk.page.status_code == 200
    assert desk.rows == [("10", "L9", ""), *before[1:]]


def test_of_two_readings_the_person_picks_one(desk):
    desk.scan(f"01{CASE}1730123110L2107")
    readings = re.findall(r'name="picked" value="([^"]*)"', desk.page.text)
    assert readings == [f"(01){CASE}(17)301231(10)L2107", f"(01){CASE}(17)301231(10)L(21)07"]
    desk.send(picked=readings[0])
    assert desk.rows[0] == ("10", "L2107", "2030-12-31")
