"""The catalogue to take along: each reader's own prices, in every shape, and nothing of anybody else's."""

import io

import pypdf
import pytest
from lxml import etree

from procurement.exchange.order_lists import file_lines
from procurement.exchange.tabular import read_table
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.operations.price_lists import PriceInput, SavePriceList, create_price_list
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.terms.shop import VisitorPrices
from tests.builders import an_actor
from tests.doors import sign_in
from tests.exchange.ubl_schema import catalogue_schema
from tests.sales.stories import a_customer, a_ready_shop, euros

G = "{http://base.google.com/ns/1.0}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
NAMES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": CBC.strip("{}"),
}
ALL = ("price-list.pdf", "catalogue.pdf", "catalogue.csv", "catalogue.xlsx", "catalogue.xml")


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def buyers(work):
    """Linden buys by the default list, Birch has a price of its own."""
    with work.write() as session:
        linden = a_ready_shop(session)
        own = SavePriceList(
            code="BIRCH-OWN",
            name="Only for Birch",
            currency="EUR",
            is_default=False,
            prices=(PriceInput("ALM-500", euros("7.77")),),
        )
        create_price_list(session, own, actor=an_actor(), at=utc_now())
        birch = a_customer(session, "BIRCH", price_list="BIRCH-OWN")
        return linden.id, birch.id


def text_of(answer):
    """All the words of a file."""
    kind = answer.content_type
    if "pdf" in kind:
        pages = pypdf.PdfReader(io.BytesIO(answer.data)).pages
        return "\n".join(page.extract_text() for page in pages)
    if "sheet" in kind:
        table = read_table(answer.data)
        rows = [table.header, *(row.cells for row in table.rows)]
        return "\n".join("|".join(str(cell) for cell in row) for row in rows)
    return answer.data.decode("utf-8-sig")


def test_each_buyer_gets_their_own_prices_and_nobody_elses(client, buyers):
    linden, birch = buyers
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    for name in ALL:
        theirs = client.get(f"/take-along/{name}")
        assert theirs.status_code == 200, name
        assert theirs.headers["Cache-Control"] == "no-store"
        assert "11.9" in text_of(theirs)
        assert "7.77" not in text_of(theirs)
        assert client.get(f"/take-along/{name}").data == theirs.data
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=birch)
    for name in ALL:
        own = text_of(client.get(f"/take-along/{name}"))
        assert "7.77" in own
        assert "11.9" not in own


def test_visitors_get_what_the_shop_shows_them(client, work, buyers):
    assert client.get("/take-along/catalogue.xml").status_code == 404
    for name in ("catalogue.csv", "catalogue.pdf", "price-list.pdf"):
        words = text_of(client.get(f"/take-along/{name}"))
        assert "ALM-500" in words
        assert "11.9" not in words
    with work.write() as session:
        arrange_shop(session, VisitorPrices.LIST, None, actor=an_actor(), at=utc_now())
    assert "11.9" in text_of(client.get("/take-along/catalogue.csv"))
    assert client.get("/take-along/catalogue.exe").status_code == 404
    assert "CRR-01" not in text_of(client.get("/take-along/catalogue.csv?kind=oil"))


def test_staff_take_a_customers_papers_and_a_list(client, buyers):
    assert client.get("/customers/BIRCH/take-along/price-list.pdf").status_code == 303
    sign_in(client, Role.SALES)
    for name in ALL:
        words = text_of(client.get(f"/customers/BIRCH/take-along/{name}"))
        assert "7.77" in words
        assert "11.9" not in words
    paper = text_of(client.get("/price-lists/BIRCH-OWN/pdf"))
    assert "Only for Birch" in paper
    assert "7.77" in paper
    assert "CRR-01" not in paper
    assert client.get("/customers/MOON/take-along/catalogue.pdf").status_code == 404
    sign_in(client, Role.THERAPIST)
    assert client.get("/customers/BIRCH/take-along/price-list.pdf").status_code == 403


def test_a_table_goes_back_in_as_a_quick_order(client, buyers):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=buyers[0])
    today = utc_now().date()
    for name in ("catalogue.csv", "catalogue.xlsx"):  # nobody has said how many
        assert file_lines(client.get(f"/take-along/{name}").data, today=today) == []
    header, *rows = text_of(client.get("/take-along/catalogue.csv")).splitlines()
    place = header.split(",").index("Quantity")
    wanted = [row.split(",") for row in rows if row.startswith("ALM-500")]
    for cells in wanted:
        cells[place] = "3"
    back = "\r\n".join([header, *(",".join(cells) for cells in wanted)])
    lines = file_lines(back.encode(), today=today)
    assert [(line.ways[0].packs, line.ways[0].pack) for line in lines] == [
        (3, "bottle"),
        (3, "case"),
    ]


def test_a_ubl_catalogue_is_valid_and_says_the_ladder(client, buyers):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=buyers[0])
    root = etree.fromstring(client.get("/take-along/catalogue.xml").data)
    catalogue_schema().assertValid(root)
    lines = root.findall("cac:CatalogueLine", NAMES)
    assert [
        line.findtext("cac:Item/cac:SellersItemIdentification/cbc:ID", None, NAMES)
        for line in lines
    ] == [
        "ALM-500",
        "ALM-500 case",
    ]
    prices = [
        (
            one.findtext("cbc:MinimumQuantity", "1", NAMES),
            one.findtext("cac:Price/cbc:PriceAmount", None, NAMES),
        )
        for one in lines[1].findall("cac:RequiredItemLocationQuantity", NAMES)
    ]
    assert prices == [("1", "142.80"), ("6", "135.60")]
    # PEPPOL-T19-R017, R018, R012, R014, R015 and the parties' endpoints.
    assert root.findtext("cbc:ProfileID", "", NAMES).endswith("catalogue_wo_response:3")
    assert root.findtext("cbc:CustomizationID", "", NAMES).endswith("trns:catalogue:3")
    for party in ("ProviderParty", "ReceiverParty"):
        assert root.find(f"cac:{party}/cbc:EndpointID[@schemeID]", NAMES).text
    assert {
        one.text for one in root.iterfind(".//cac:ClassifiedTaxCategory/cbc:Percent", NAMES)
    } == {"23"}
    assert not [e for e in root.iter() if len(e) == 0 and not (e.text or "").strip()]


def test_the_feed_is_what_visitors_see_whoever_asks(client, work, buyers):
    feed = client.get("/feed.xml")
    items = etree.fromstring(feed.data).findall("channel/item")
    assert sorted(item.findtext(f"{G}id") for item in items) == ["ALM-500", "CRR-01"]
    assert all(item.find(f"{G}price") is None for item in items)
    oil = next(item for item in items if item.findtext(f"{G}id") == "ALM-500")
    assert oil.findtext(f"{G}link").endswith("/catalogue/ALM-500")
    assert oil.findtext(f"{G}unit_pricing_measure") == "500ml"
    assert oil.findtext(f"{G}availability") == "out_of_stock"
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=buyers[1])
    assert client.get("/feed.xml").data == feed.data
    again = client.get("/feed.xml", headers={"If-None-Match": feed.headers["ETag"]})
    assert again.status_code == 304
    assert client.get("/feed.xml?part=1").status_code == 404
    assert client.get("/feed.xml?part=x").status_code == 404
    with work.write() as session:
        arrange_shop(session, VisitorPrices.LIST, None, actor=an_actor(), at=utc_now())
    assert b"<g:price>11.90 EUR</g:price>" in client.get("/feed.xml").data


def test_the_page_offers_what_the_reader_may_have(client, buyers):
    page = client.get("/take-along?kind=oil").text
    assert "catalogue.xlsx?kind=oil" in page
    assert "UBL" not in page
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=buyers[0])
    assert "UBL" in client.get("/take-along").text
    assert 'href="/take-along"' in client.get("/account").text
    assert "/take-along?kind=oil" in client.get("/catalogue?kind=oil").text
