"""The whole story: from a catalogue file to an accepted quote, told once on each database."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from procurement.exchange.importing import ImportFile, import_file
from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Forbidden, NotFound
from procurement.kernel.money import Rate
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role, permissions_of
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.queries.needs import needs
from procurement.planning.terms import Drafted
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.receipts import receipt_page
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.terms import OrderStatus
from procurement.sales.operations.answering import Answer, accept_by_link
from procurement.sales.operations.customers import ContactInput, SaveCustomer, create_customer
from procurement.sales.operations.enquiries import AskedProduct, LeaveMessage, leave_message
from procurement.sales.operations.inbox import quote_enquiry as quote_the_enquiry
from procurement.sales.operations.issuing import IssueQuote, issue_quote, revise_quote
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.price_lists import PriceInput, SavePriceList, create_price_list
from procurement.sales.operations.quoting import ChangeQuote, change_quote
from procurement.sales.queries.inbox import EnquiryFilter, enquiries
from procurement.sales.queries.links import issued_paper, linked_paper, linked_quote
from procurement.sales.queries.pipeline import QuoteFilter, quotes
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import CustomerKind, EnquiryStatus, QuoteStatus
from procurement.sourcing.operations.suppliers import SaveSupplier, save_supplier
from procurement.stock.errors import InsufficientStock
from procurement.stock.operations.posting import (
    PostStock,
    StockMove,
    post_stock,
    reverse_posting,
)
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from procurement.stock.operations.transfers import complete_transfer
from procurement.stock.queries.verification import verify
from procurement.stock.terms import Reason
from tests.exchange.files import own
from tests.scenarios.house import (
    ADA,
    KIT,
    MAEVE,
    PIA,
    SAL,
    TOM,
    House,
    euros,
    ml,
    open_the_house,
    pieces,
    read_aloud,
)

FILE = ImportFile(name="first_catalogue.csv", data=own("first_catalogue.csv"))
PUBLIC_URL = "https://linden.example"


@pytest.fixture
def house(fresh_database: str) -> Iterator[House]:
    engine = make_engine(fresh_database)
    yield House(UnitOfWork(engine))
    engine.dispose()


def test_from_a_catalogue_file_to_an_accepted_quote(house: House):
    open_the_house(house)
    a_catalogue_comes_in_from_a_file(house)
    shelves_are_counted_and_rules_set(house)
    noon = therapists_use_oil_and_one_mistypes(house)
    drafted = what_is_short_is_said_and_drafted_once(house)
    the_transfer_is_carried(house, drafted.transfers)
    number = the_order_is_approved_and_placed(house, drafted.purchase_orders)
    the_delivery_comes_in_two_parts(house, number)
    willow = a_customer_with_a_price_list(house)
    quote = a_visitor_asks_and_gets_a_quote(house)
    paper = the_quote_is_issued_on_paper(house, quote)
    token = the_quote_is_revised(house, quote, paper)
    the_customer_opens_the_link_and_accepts(house, token)
    buyers_see_their_own_quotes_only(house, quote, willow)
    the_books_agree_with_what_happened(house, noon)


def a_catalogue_comes_in_from_a_file(house: House) -> None:
    """One price is no number: that row is named, the others are taken; a second time nothing changes."""
    with house.work.write(dry_run=True) as session:
        dry = import_file(session, FILE, actor=ADA, at=house.at)
    taken = house.do(import_file, FILE, by=ADA)
    for outcome in (dry, taken):
        assert (outcome.read, outcome.created, outcome.updated) == (6, 3, 0)
        assert [(one.row, one.column) for one in outcome.refused] == [(6, "price")]
    again = house.do(import_file, FILE, by=ADA)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    supplier = SaveSupplier(
        code="CORRIB", name="Corrib Botanicals", currency="EUR", email="orders@corrib.example"
    )
    house.do(save_supplier, supplier, by=PIA)


def shelves_are_counted_and_rules_set(house: House) -> None:
    """What stands there on the first morning, and how much each room should hold."""
    summer = date(2027, 6, 30)
    counted = (
        StockMove("ALM-500", "OPENING", "STORE", ml(3000), "A1", summer),
        StockMove("ALM-500", "OPENING", "HARBOUR", ml(1000), "A1", summer),
        StockMove("ALM-500", "OPENING", "FERN", ml(500), "A1", summer),
        StockMove("COV-020", "OPENING", "STORE", pieces(40)),
    )
    with pytest.raises(Forbidden):
        house.do(post_stock, PostStock(Reason.OPENING, counted), by=TOM)
    house.do(post_stock, PostStock(Reason.OPENING, counted, note="First count"), by=KIT)
    rules = [
        SetStockingRule("HARBOUR", "ALM-500", ml(1000), ml(400)),
        SetStockingRule("FERN", "ALM-500", ml(1000), ml(300)),
        SetStockingRule("STORE", "ALM-500", ml(24_000), ml(6000)),
        SetStockingRule("STORE", "COV-020", pieces(200), pieces(50)),
    ]
    house.undated(set_stocking_rules, rules, by=MAEVE)


def therapists_use_oil_and_one_mistypes(house: House) -> datetime:
    """Twenty-one treatments of 30 ml; once 300 was typed, and the manager takes that posting back."""

    def use(amount: int) -> str:
        move = StockMove("ALM-500", "HARBOUR", "CONSUMED", ml(amount))
        return house.do(post_stock, PostStock(Reason.CONSUMPTION, (move,)), by=TOM).ref

    for _ in range(10):
        use(30)
    house.clock(23, 12)
    noon = house.at
    house.clock(24, 9)
    wrong = use(300)
    assert house.shelves("ALM-500")["HARBOUR", "A1"] == "400"
    house.do(reverse_posting, wrong, "It was 30", by=MAEVE)
    for _ in range(11):
        use(30)
    with pytest.raises(InsufficientStock):
        use(371)
    assert house.shelves("ALM-500")["HARBOUR", "A1"] == "370"
    return noon


def what_is_short_is_said_and_drafted_once(house: House) -> Drafted:
    """Harbour is topped up from the storeroom; the storeroom buys, in pairs of cases and in packs."""
    found = {(need.location, need.product): need for need in house.ask(needs, at=house.at).open}
    assert set(found) == {("HARBOUR", "ALM-500"), ("STORE", "ALM-500"), ("STORE", "COV-020")}
    harbour, store = found["HARBOUR", "ALM-500"], found["STORE", "ALM-500"]
    assert (harbour.short.amount, harbour.transfer_from, harbour.packs) == ("630", "STORE", 0)
    assert "370 ml on hand." in harbour.why
    assert any("below the reorder point of 400 ml" in reason for reason in harbour.why)
    # A bottle goes to Harbour, which is short of 630 ml; 21500 ml are missing to par then: 3.6 cases, sold in pairs.
    assert (store.short.amount, store.supplier, store.packs) == ("21500", "CORRIB", 4)
    assert str(store.cost) == "318.00 EUR"
    assert found["STORE", "COV-020"].packs == 8
    drafted = house.do(draft_orders, DraftOrders(), by=MAEVE)
    assert (len(drafted.purchase_orders), len(drafted.transfers)) == (1, 1)
    again = house.do(draft_orders, DraftOrders(), by=MAEVE)
    assert (again.purchase_orders, again.transfers) == ((), ())
    assert house.ask(needs, at=house.at).open == ()
    return drafted


def the_transfer_is_carried(house: House, transfers: tuple[str, ...]) -> None:
    (number,) = transfers
    house.clock(24, 10)
    house.do(complete_transfer, number, by=KIT)
    assert house.shelves("ALM-500") == {
        ("HARBOUR", "A1"): "870",
        ("FERN", "A1"): "500",
        ("STORE", "A1"): "2500",
    }


def the_order_is_approved_and_placed(house: House, orders: tuple[str, ...]) -> str:
    """The purchaser may not agree to it alone; placed, it goes out by mail with its paper."""
    (number,) = orders
    with pytest.raises(Forbidden):
        house.do(approve_order, number, by=PIA)
    house.do(approve_order, number, by=MAEVE)
    house.do(place_order, number, by=PIA)
    page = house.ask(order_page, number)
    assert (page.status, page.due_on) == (OrderStatus.PLACED, date(2026, 12, 3))
    assert [(line.product, line.packs) for line in page.lines] == [("ALM-500", 4), ("COV-020", 8)]
    assert str(page.totals.net) == "634.80 EUR"
    ((recipient, body, paper),) = house.mails(number)
    assert recipient == "orders@corrib.example"
    assert number in body
    words = read_aloud(paper)
    assert number in words
    assert "CB-ALM12" in words
    assert "634.80" in words
    return number


def the_delivery_comes_in_two_parts(house: House, number: str) -> None:
    """First three cases in two lots with their dates, then the rest."""

    def deliver(note: str, *lines: DeliveredLine):
        command = ReceiveGoods(
            order_number=number, into="STORE", lines=lines, delivery_note=note, idempotency_key=note
        )
        return house.do(receive_goods, command, by=KIT)

    spring, autumn = date(2028, 3, 31), date(2028, 9, 30)
    house.clock(27, 11)
    first = deliver(
        "DN-71",
        DeliveredLine(position=1, packs=2, supplier_lot="C-0326", expires_on=spring),
        DeliveredLine(position=1, packs=1, supplier_lot="C-0926", expires_on=autumn),
    )
    lines = house.ask(receipt_page, first.number).lines
    assert [(line.lot, line.expires_on) for line in lines] == [
        ("C-0326", spring),
        ("C-0926", autumn),
    ]
    assert house.ask(order_page, number).status is OrderStatus.PARTIALLY_RECEIVED
    house.clock(30, 11)
    rest = (
        DeliveredLine(position=1, packs=1, supplier_lot="C-0926", expires_on=autumn),
        DeliveredLine(position=2, packs=8),
    )
    second = deliver("DN-88", *rest)
    assert deliver("DN-88", *rest).number == second.number
    page = house.ask(order_page, number)
    assert page.status is OrderStatus.RECEIVED
    assert [line.outstanding for line in page.lines] == [0, 0]
    assert house.shelves("ALM-500")["STORE", "C-0326"] == "12000"
    assert house.shelves("ALM-500")["STORE", "C-0926"] == "12000"
    assert sum(int(amount) for amount in house.shelves("COV-020").values()) == 200


def a_customer_with_a_price_list(house: House) -> int:
    """Willow Wellness pays what its own list says: less for two cases, less for six rollers."""
    trade = SavePriceList(
        code="TRADE",
        name="Trade 2026",
        currency="EUR",
        prices=(
            PriceInput("ALM-500", euros("150.00"), "case"),
            PriceInput("ALM-500", euros("141.00"), "case", 2),
            PriceInput("CRR-01", euros("32.50")),
            PriceInput("CRR-01", euros("30.00"), None, 6),
        ),
    )
    house.do(create_price_list, trade, by=SAL)
    willow = SaveCustomer(
        code="WILLOW",
        name="Willow Wellness",
        kind=CustomerKind.WELLNESS_CENTRE,
        price_list="TRADE",
        contacts=(ContactInput("Orla Byrne", "owner", "orla@willow.example"),),
    )
    return house.do(create_customer, willow, by=SAL).id


def a_visitor_asks_and_gets_a_quote(house: House) -> str:
    """The public form lands in the inbox; sales know the sender, and the lines carry her list's prices."""
    message = LeaveMessage(
        name="Orla Byrne",
        email="orla@willow.example",
        company="Willow Wellness",
        kind=CustomerKind.WELLNESS_CENTRE,
        message="Could you quote two cases of almond oil and six calf rollers?",
        products=(AskedProduct("ALM-500", "case", 2), AskedProduct("CRR-01", packs=6)),
        consent="You may keep this and answer it.",
    )
    asked = house.do(leave_message, message, by=PUBLIC)
    (waiting,) = house.ask(enquiries, PageRequest(), EnquiryFilter(EnquiryStatus.NEW), by=SAL).items
    assert waiting.number == asked.number
    with pytest.raises(Forbidden):
        house.do(quote_the_enquiry, asked.number, by=KIT, customer="WILLOW")
    quote = house.do(quote_the_enquiry, asked.number, by=SAL, customer="WILLOW")
    page = house.ask(quote_page, quote.number, by=SAL, at=house.at)
    assert [(line.product, line.packs, line.price.amount) for line in page.lines] == [
        ("ALM-500", 2, "141.00"),
        ("CRR-01", 6, "30.00"),
    ]
    assert all("Trade 2026" in line.price_reason for line in page.lines)
    assert house.ask(enquiries, PageRequest(), EnquiryFilter(EnquiryStatus.NEW), by=SAL).items == ()
    return quote.number


def write_lines(house: House, number: str, *, cases: int) -> None:
    """So many cases, and the six rollers five per cent cheaper."""
    page = house.ask(quote_page, number, by=SAL, at=house.at)
    lines = (
        QuoteLineInput("ALM-500", cases, "case"),
        QuoteLineInput("CRR-01", 6, discount=Rate.parse("5")),
    )
    command = ChangeQuote(
        number=number,
        version=page.version,
        valid_until=page.valid_until,
        lines=lines,
        contact_id=page.contact_id,
        price_list=page.price_list,
    )
    house.do(change_quote, command, by=SAL)


def the_quote_is_issued_on_paper(house: House, number: str) -> bytes:
    """282.00 and 171.00 are 453.00, with VAT 557.19: on the page, on paper, in the mail."""
    write_lines(house, number, cases=2)
    house.do(issue_quote, IssueQuote(number=number, public_url=PUBLIC_URL), by=SAL)
    page = house.ask(quote_page, number, by=SAL, at=house.at)
    assert (str(page.net), str(page.gross)) == ("453.00 EUR", "557.19 EUR")
    paper = house.ask(issued_paper, number, 1, by=SAL).content
    assert "557.19" in read_aloud(paper)
    assert hashlib.sha256(paper).hexdigest() == page.pdf_sha256
    ((recipient, body, attached),) = house.mails(number)
    assert recipient == "orla@willow.example"
    assert f"{PUBLIC_URL}/q/{page.link_token}" in body
    assert attached == paper
    return paper


def the_quote_is_revised(house: House, number: str, first: bytes) -> str:
    """Four cases instead of two. The old link ends, the old paper stays as it was."""
    old = house.ask(quote_page, number, by=SAL, at=house.at).link_token
    house.do(revise_quote, number, by=SAL)
    write_lines(house, number, cases=4)
    house.do(issue_quote, IssueQuote(number=number, public_url=PUBLIC_URL), by=SAL)
    page = house.ask(quote_page, number, by=SAL, at=house.at)
    assert (page.revision, str(page.gross)) == (2, "904.05 EUR")
    assert "904.05" in read_aloud(house.ask(issued_paper, number, 2, by=SAL).content)
    assert house.ask(issued_paper, number, 1, by=SAL).content == first
    assert house.ask(linked_quote, old, at=house.at).status is QuoteStatus.SUPERSEDED
    with pytest.raises(NotFound):
        house.ask(linked_paper, old)
    return page.link_token


def the_customer_opens_the_link_and_accepts(house: House, token: str) -> None:
    shown = house.ask(linked_quote, token, at=house.at)
    assert shown.can_be_answered
    assert str(shown.gross) == "904.05 EUR"
    assert "904.05" in read_aloud(house.ask(linked_paper, token).content)
    answer = Answer(name="Orla Byrne", note="Our order 77", came_from="192.0.2.7")
    with house.work.write() as session:
        accept_by_link(session, token, answer, at=house.at)
    page = house.ask(quote_page, shown.number, by=SAL, at=house.at)
    assert (page.status, page.answered_by) == (QuoteStatus.ACCEPTED, "Orla Byrne")
    recipient, body, _ = house.mails(shown.number)[-1]
    assert recipient == "sales@linden.example"
    assert "has accepted" in body


def buyers_see_their_own_quotes_only(house: House, number: str, willow: int) -> None:
    other = SaveCustomer(code="MOSS", name="Moss House", kind=CustomerKind.SPA_OWNER)
    moss = house.do(create_customer, other, by=SAL).id
    buy = permissions_of(frozenset({Role.WHOLESALE_BUYER}))
    orla, ned = (Actor(None, name, buy, key) for name, key in (("Orla", willow), ("Ned", moss)))
    everything = (QuoteFilter(), PageRequest())
    assert [row.number for row in house.ask(quotes, *everything, by=orla, at=house.at).items] == [
        number
    ]
    assert house.ask(quote_page, number, by=orla, at=house.at).link_token is None
    assert house.ask(quotes, *everything, by=ned, at=house.at).items == ()
    with pytest.raises(NotFound):
        house.ask(quote_page, number, by=ned, at=house.at)
    with pytest.raises(NotFound):
        house.ask(issued_paper, number, 2, by=ned)


def the_books_agree_with_what_happened(house: House, noon: datetime) -> None:
    """Every balance follows from the ledger; Monday noon is still what it was; nothing more is needed."""
    assert house.ask(verify) == []
    assert house.shelves("ALM-500", noon) == {
        ("HARBOUR", "A1"): "700",
        ("FERN", "A1"): "500",
        ("STORE", "A1"): "3000",
    }
    assert house.shelves("ALM-500", noon - timedelta(days=1)) == {}
    assert house.shelves("ALM-500", datetime(2026, 12, 1, tzinfo=UTC)) == house.shelves("ALM-500")
    found = house.ask(needs, at=house.at)
    assert (found.open, found.waiting) == ((), ())
