"""A customer's procurement system: a visit to the shop, the basket back, the order that follows."""

import re
import socket
from datetime import timedelta
from threading import Thread
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, update

from procurement.catalogue.models import Pack, Product
from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Forbidden
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission, Role
from procurement.sales.models import (
    BasketLine,
    Customer,
    CxmlMessage,
    PunchoutConnection,
    PunchoutVisit,
    SalesOrder,
    SalesOrderLine,
)
from procurement.sales.operations.baskets import add_to_basket, empty_basket, set_basket
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.order_terms import SetOrderTerms, set_order_terms
from procurement.sales.operations.placing import PlaceOrder, place_order
from procurement.sales.operations.punchout_visits import end_visit
from procurement.sales.queries.baskets import basket_of
from procurement.sales.queries.offers import offered_products
from procurement.sales.terms.punchout import DeploymentMode, VisitEnd
from procurement.settings.models import Company
from tests.builders import a_location, an_actor, virtual_locations
from tests.doors import sign_in
from tests.exchange.cxml_client import FROM, RETURN, Buyer, basket_on, item
from tests.sales.connections import HOST, connect
from tests.sales.stories import SELLER, a_customer, a_ready_shop
from tests.threads import at_once


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def buyer(app, client, work):
    with work.write() as session:
        a_ready_shop(session)
        a_customer(session, "BIRCH")
        virtual_locations(session)
        a_location(session, "STORE")
        secret = connect(session, "LINDEN")
    return Buyer(app.test_client(), secret)


def begin(client, buyer, **more):
    answer = buyer.setup(**more)
    assert (answer.code, answer.http) == (200, 200)
    return client.get(urlsplit(answer.start).path)


def orders(work) -> list[SalesOrder]:
    with work.read() as session:
        return list(session.scalars(select(SalesOrder).order_by(SalesOrder.id)))


def test_what_bringing_it_costs_goes_back_beside_the_goods(buyer, client, work):
    with work.write() as session:
        terms = SetOrderTerms(
            currency="EUR",
            freight=Money.parse("8.90", "EUR"),
            free_from=Money.parse("250", "EUR"),
        )
        set_order_terms(session, terms, actor=an_actor(Role.ADMINISTRATOR), at=utc_now())

    def header(packs):
        begin(client, buyer)
        client.post("/basket/ALM-500/bottle", data={"packs": packs})
        page = client.get("/basket").text
        message = basket_on(client.post("/punchout/return").text)[1]
        return page, message.find("Message/PunchOutOrderMessage/PunchOutOrderMessageHeader")

    page, told = header(3)
    assert "8.90" in page
    assert [part.tag for part in told] == ["Total", "Shipping"]
    assert told.findtext("Total/Money") == "35.70", "of the goods alone"
    assert told.findtext("Shipping/Money") == "8.90"
    assert header(30)[1].find("Shipping") is None, "free from 250"


def test_the_whole_story(buyer, client, work):
    sign_in(client, Role.ADMINISTRATOR)  # whoever was signed in here before is not any more
    came = begin(client, buyer)
    assert (came.status_code, came.location) == (303, "/")
    page = client.get("/")
    assert "shopping for Linden Rooms" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert "11.90" in client.get("/catalogue/ALM-500").text
    for closed in (
        "/account",
        "/basket/order",
        "/account/orders",
        "/sign-in",
        "/message/",
        "/today",
    ):
        assert client.get(closed).status_code in {403, 404}, closed
    client.post("/basket/ALM-500/bottle", data={"packs": "3"})
    client.post("/basket/ALM-500/case", data={"packs": "6"})
    assert "Return the basket" in client.get("/basket").text
    back = client.post("/punchout/return")
    address, message = basket_on(back.text)
    assert address == RETURN
    policy = back.headers["Content-Security-Policy"]
    assert f"form-action 'self' https://{HOST};" in policy
    assert back.headers["Referrer-Policy"] == "strict-origin"
    order = message.find("Message/PunchOutOrderMessage")
    assert order.findtext("BuyerCookie") == "c-1"
    assert message.findtext("Header/To/Credential/Identity") == FROM[1]
    assert order.findtext("PunchOutOrderMessageHeader/Total/Money") == "849.30"
    told = [
        (
            one.get("quantity"),
            one.findtext("ItemID/SupplierPartID"),
            one.findtext("ItemID/SupplierPartAuxiliaryID"),
            one.findtext("ItemDetail/UnitPrice/Money"),
            one.findtext("ItemDetail/UnitOfMeasure"),
            one.findtext("ItemDetail/Classification"),
        )
        for one in order.iter("ItemIn")
    ]
    assert told == [
        ("3", "ALM-500", "bottle", "11.90", "XBO", "53131600"),
        ("6", "ALM-500", "case", "135.60", "XCS", "53131600"),
    ]
    again = basket_on(client.post("/punchout/return").text)[1]  # the browser asked twice
    assert len(list(again.iter("ItemIn"))) == 2
    gone = client.get("/catalogue")
    assert (gone.status_code, gone.location) == (303, "/punchout/over")
    assert "11.90" not in client.get("/catalogue/ALM-500").text
    lines = [
        item(part, packs, pack=pack, price=price, line=n)
        for n, (packs, part, pack, price, *_) in enumerate(told, start=1)
    ]
    answer = buyer.order("4711", *lines, payload="p-1")
    (made,) = orders(work)
    assert (answer.code, answer.text) == (200, f"{made.number} is with us.")
    assert (made.customer_ref, made.net_minor, made.look_first) == ("4711", 84930, "")
    assert (made.note_to_us, made.status) == ("Ring twice", "draft")
    assert buyer.order("4711", *lines, payload="p-1").text == answer.text  # the same message again
    assert buyer.order("4711", *lines).code == 409
    assert len(orders(work)) == 1
    with work.read() as session:
        kept = session.scalars(
            select(StoredFile.id).where(StoredFile.file_name == "order-4711.xml")
        )
        content = session.scalar(select(StoredFile.content).where(StoredFile.id == kept.one()))
        assert b"4711" in content
        assert buyer.secret.encode() not in content
        accounts = select(func.count()).where(BasketLine.user_id.is_not(None))
        assert session.scalar(accounts) == 0


def test_only_agreed_hosts_frame_a_visit_and_its_cookie_is_theirs_alone(buyer, client, app, work):
    def told(answer):
        policy = answer.headers["Content-Security-Policy"]
        return re.findall("frame-ancestors ([^;]*)", policy), answer.headers.get("Set-Cookie", "")

    frames, cookie = told(begin(client, buyer))
    assert (frames, "SameSite=Lax" in cookie, "Partitioned" in cookie) == (["'none'"], True, False)
    with work.write() as session:
        session.execute(update(PunchoutConnection).values(framed=True))
    inside = app.test_client()
    frames, cookie = told(begin(inside, buyer))
    assert all(part in cookie for part in ("SameSite=None", "Secure", "Partitioned", "HttpOnly"))
    cookie = cookie.split(";")[0]  # a test's browser keeps no secure cookie of plain http
    for place in ("/", "/catalogue/ALM-500", "/basket", "/quick-order"):
        assert told(client.get(place))[0] == ["'none'"]
        bare = app.test_client(use_cookies=False)
        shown = bare.get(place, headers={"Cookie": cookie})
        assert told(shown)[0] == [f"https://{HOST}"]
        assert told(app.test_client().get(place))[0] == ["'none'"]


def test_strangers_hear_nothing_and_nothing_is_kept(buyer, work):
    wrong = buyer.setup(secret="wrong")
    assert (wrong.code, wrong.text) == (401, "No connection has these credentials.")
    other = Buyer(buyer.client, buyer.secret, ("DUNS", "000000000"))
    assert (other.setup().code, other.order("1", item("ALM-500")).code) == (401, 401)
    with work.write() as session:
        session.execute(update(PunchoutConnection).values(active=False))
    assert buyer.setup() == wrong
    with work.read() as session:
        assert session.scalar(select(func.count()).select_from(CxmlMessage)) == 0


def test_whoever_guesses_is_slowed_down(buyer):
    codes = {buyer.setup(secret=f"guess {n}").http for n in range(62)}
    assert codes == {200, 429}


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
NO_MESSAGES = (
    b"no xml",
    b"<cXML/>",
    b'<!DOCTYPE cXML [<!ENTITY a "b">]><cXML payloadID="1">&a;</cXML>',
    b'<!DOCTYPE cXML [<!ENTITY a SYSTEM "file:///etc/passwd">]><cXML payloadID="1">&a;</cXML>',
    b'<!DOCTYPE cXML [<!ENTITY l0 "lol">' + LAUGHS + b']><cXML payloadID="1">&l11;</cXML>',
)


def test_what_is_no_message_is_not_acceptable(buyer, monkeypatch):
    def called(*_):
        raise AssertionError("the parser went outside")

    if buyer.client.application.extensions["uow"].engine.dialect.name == "sqlite":
        monkeypatch.setattr(socket.socket, "connect", called)
    for body in NO_MESSAGES:
        answer = buyer.post(body)
        assert (answer.code, answer.http) == (406, 200), body
        assert "root:" not in answer.text


def test_too_much_and_the_wrong_verb(buyer):
    assert buyer.post(b"<cXML>" + b" " * 1_000_001 + b"</cXML>").http == 413
    assert buyer.client.get("/cxml").status_code == 405
    assert buyer.send("<ProfileRequest/>").code == 200
    assert buyer.send("<StatusUpdateRequest/>").code == 450


def test_a_basket_goes_only_where_it_was_agreed_to_go(buyer):
    for back in (
        "http://buy.linden.example/",
        "https://evil.example/",
        "https://buy.linden.example.evil.example/",
        "https://buy.linden.example@evil.example/",
        "https://buy.linden.example:8443/",
        "https://evil.example\\@buy.linden.example/",
        "javascript:alert(1)",
        "//buy.linden.example/",
        "https://[::1/",
    ):
        assert buyer.setup(back=back).code == 400, back
    assert buyer.setup(back="https://BUY.linden.example:443/").code == 200


def test_the_way_in_works_once_and_soon(buyer, app, client, work):
    first = urlsplit(buyer.setup().start).path
    assert app.test_client().head(first).status_code == 204  # looking is not going in
    assert client.get(first).status_code == 303
    assert app.test_client().get(first).status_code == 410
    late = urlsplit(buyer.setup().start).path
    with work.write() as session:
        session.execute(
            update(PunchoutVisit)
            .where(PunchoutVisit.started_at.is_(None))
            .values(start_until=utc_now() - timedelta(seconds=1))
        )
    stranger = app.test_client()
    assert stranger.get(late).status_code == 410
    assert "11.90" not in stranger.get("/catalogue/ALM-500").text
    with work.write() as session:
        session.execute(update(PunchoutVisit).values(ends_at=utc_now()))
    assert client.get("/basket").location == "/punchout/over"


def test_another_customers_visit_with_the_same_cookie_is_another_visit(buyer, app, client, work):
    with work.write() as session:
        secret = connect(session, "BIRCH", origin=("DUNS", "2"), hosts=("buy.birch.example",))
    birch = Buyer(app.test_client(), secret, ("DUNS", "2"))
    other = app.test_client()
    begin(client, buyer, cookie="same")
    begin(other, birch, cookie="same", back="https://buy.birch.example/")
    client.post("/basket/ALM-500/bottle", data={"packs": "3"})
    assert "Nothing in it yet" in other.get("/basket").text
    other.post("/basket/ALM-500/bottle", data={"packs": "1"})
    address, message = basket_on(other.post("/punchout/return").text)
    assert address == "https://buy.birch.example/"
    assert [one.get("quantity") for one in message.iter("ItemIn")] == ["1"]
    assert birch.setup(back=RETURN).code == 400  # the host of somebody else's connection
    assert buyer.order("1", item("ALM-500")).code == birch.order("1", item("ALM-500")).code == 200


def test_a_basket_is_changed_looked_at_or_left(buyer, client):
    lines = item("ALM-500", "4", pack="case") + item("NO-SUCH", line=2)
    assert begin(client, buyer, operation="edit", items=lines).location == "/basket"
    page = client.get("/basket").text
    assert "NO-SUCH" in page
    assert "571.20" in page
    client.post("/basket/CRR-01/piece", data={"packs": "1"})  # on request: it cannot go back
    assert client.post("/punchout/return").location == "/basket"
    client.post("/basket/CRR-01/piece", data={"packs": "0"})
    address, message = basket_on(client.post("/punchout/cancel").text)
    assert (address, list(message.iter("ItemIn"))) == (RETURN, [])
    assert message.find("Message/Status").get("code") == "204"
    assert "shopping for" not in client.get("/").text
    begin(client, buyer, operation="inspect", items=item("ALM-500", "4", pack="case"))
    client.post("/basket/ALM-500/case", data={"packs": "9"})
    assert len(list(basket_on(client.post("/punchout/return").text)[1].iter("ItemIn"))) == 1
    assert buyer.setup(operation="source").code == 400


def test_a_visit_orders_quickly_and_keeps_to_the_rules_of_packs(buyer, client, work):
    with work.write() as session:
        pack = session.scalars(
            select(Pack).join(Product, Product.id == Pack.product_id)
            .where(Product.sku == "ALM-500", Pack.code == "bottle")
        ).one()  # fmt: skip
        pack.order_least = pack.order_step = 6
    begin(client, buyer)
    home = client.get("/").text
    assert "Quick order" in home
    assert "Add to a list" not in client.get("/catalogue/ALM-500").text
    page = client.get("/quick-order")
    assert page.status_code == 200
    assert "Your lists" not in page.text
    read = client.post("/quick-order", data={"paste": "ALM-500 7", "do": "read"}).text
    assert "Add to basket" in read
    assert "Ask for a quote" not in read
    rows = {"code-0": "ALM-500", "packs-0": "7", "pack-0": "bottle"}
    for closed in ("ask", "list"):
        refused = client.post("/quick-order", data={**rows, "do": closed})
        assert "your procurement system" in refused.text
    for _ in range(2):  # beside what is there
        added = client.post("/quick-order", data={**rows, "do": "basket"})
        assert added.location == "/basket"
    basket = client.get("/basket").text
    assert "Make it 18" in basket
    assert re.search(r"<button[^>]*disabled[^>]*>[^<]*Return the basket", basket)
    assert client.post("/punchout/return").location == "/basket"
    client.post("/basket/ALM-500/bottle", data={"packs": "18"})
    message = basket_on(client.post("/punchout/return").text)[1]
    assert [one.get("quantity") for one in message.iter("ItemIn")] == ["18"]
    assert orders(work) == []


def test_what_a_visit_puts_in_while_its_basket_goes_back_is_refused(buyer, client, work):
    begin(client, buyer)
    with work.read() as session:
        key = session.scalars(select(PunchoutVisit.id)).one()
        pack = offered_products(session, skus={"ALM-500"})["ALM-500"].packs[0].id
        customer = session.scalars(select(Customer.id).where(Customer.code == "LINDEN")).one()
    visitor = Actor(None, "V", frozenset({Permission.BUY}), customer_id=customer, visit=key)
    with work.write() as session:
        set_basket(session, {pack: 1}, actor=visitor, at=utc_now())
        add_to_basket(session, {pack: 2}, actor=visitor, at=utc_now())
    with work.write() as session:
        with pytest.raises(Forbidden):
            place_order(session, PlaceOrder(key="k"), actor=visitor, at=utc_now())
        end_visit(session, key, VisitEnd.RETURNED, at=utc_now())
        for late in (set_basket, add_to_basket):
            with pytest.raises(Conflict):
                late(session, {pack: 5}, actor=visitor, at=utc_now())
        with pytest.raises(Conflict):
            empty_basket(session, actor=visitor, at=utc_now())
        assert basket_of(session, actor=visitor) == {pack: 3}


def priced_in(currency):
    return item("ALM-500", price="11.90").replace("EUR", currency)


def day(written, **more):
    named = f'<ItemOut requestedDeliveryDate="{written}T00:00:00+00:00" '
    return item("ALM-500", **more).replace("<ItemOut ", named)


def test_each_line_is_wanted_on_its_own_day(buyer, work):
    soon, later = (utc_now().date() + timedelta(days=days) for days in (9, 30))
    assert buyer.order("1", day(soon), day(later, pack="case", line=2)).code == 200
    assert buyer.order("2", day(soon), day(soon, pack="case", line=2)).code == 200
    with work.read() as session:
        told = session.execute(
            select(SalesOrder.wanted_on, SalesOrderLine.wanted_on)
            .join(SalesOrderLine, SalesOrderLine.order_id == SalesOrder.id)
            .order_by(SalesOrder.id, SalesOrderLine.position)
        )
        assert [tuple(row) for row in told] == [
            (None, soon), (None, later), (soon, None), (soon, None)
        ]  # fmt: skip


def test_an_order_in_another_currency_names_it(buyer, work):
    def total(mode):
        body = buyer.wrap(
            f'<Request deploymentMode="{mode}"><OrderRequest><OrderRequestHeader orderID="5">'
            f'<Total><Money currency="USD">1</Money></Total></OrderRequestHeader>{item("ALM-500")}'
            "</OrderRequest></Request>"
        )
        return buyer.post(body)

    for mode in ("production", "test"):
        answer = total(mode)
        assert (answer.code, "in USD" in answer.text, "in EUR" in answer.text) == (400, True, True)
    assert orders(work) == []


def test_an_order_that_cannot_be_taken_leaves_nothing_but_a_note(buyer, work):
    refused = (
        ([item("ALM-500"), item("NO-SUCH", line=7)], 417, "Line 7: There is no product"),
        ([item("ALM-500", pack="keg", line=3)], 417, "Line 3: ALM-500 has no such pack"),
        ([item("ALM-500", "1.5", line=4)], 400, "Line 4: packs are not divided"),
        ([item("ALM-500", "0", line=4)], 400, "Line 4: From 1 to"),
        ([item("CRR-01", line=2)], 417, "Line 2: CRR-01 has no price"),
        ([priced_in("USD")], 400, "Line 1: The price is in USD; what we agreed on is in EUR."),
        ([day("2026-11-22")], 400, "Line 1: That day is over."),
        ([], 400, "no ItemOut"),
    )
    for lines, code, said in refused:
        answer = buyer.order("9", *lines)
        assert answer.code == code, said
        assert said in answer.text
    assert orders(work) == []
    with work.read() as session:
        noted = session.scalars(select(CxmlMessage).order_by(CxmlMessage.id)).all()
        assert [one.code for one in noted] == [code for _, code, _ in refused]
        assert {(one.reference, one.order_id) for one in noted} == {("9", None)}


def test_another_price_waits_for_our_people_also_where_orders_are_confirmed_at_once(buyer, work):
    with work.write() as session:
        session.scalars(select(Company)).one().confirms_orders = True
    assert buyer.order("1", item("ALM-500", price="11.90")).code == 200
    assert buyer.order("2", item("ALM-500", price="9.00")).code == 200
    fine, odd = orders(work)
    assert (fine.status, odd.status) == ("confirmed", "draft")
    assert odd.look_first == "Line 1, ALM-500: they wrote 9.00, our price is 11.90."
    assert odd.net_minor == 2380


def test_updates_and_withdrawals_reach_what_is_not_confirmed(buyer, work):
    buyer.order("1", item("ALM-500", "2"))
    assert buyer.order("1", item("ALM-500", "5"), kind="update").code == 200
    first, second = orders(work)
    assert (first.status, second.status, second.net_minor) == ("cancelled", "draft", 5950)
    assert buyer.order("1", kind="delete").text == f"{second.number} is withdrawn."
    assert orders(work)[1].status == "cancelled"
    assert buyer.order("8", item("ALM-500"), kind="update").code == 417
    buyer.order("2", item("ALM-500"))
    with work.write() as session:
        confirm_order(session, orders(work)[2].number, actor=SELLER, at=utc_now())
    for kind in ("update", "delete"):
        assert buyer.order("2", item("ALM-500", "9"), kind=kind).code == 409
    assert buyer.order("2", item("ALM-500", "NO")).code == 400
    assert len(orders(work)) == 3


def test_what_we_confirm_at_that_moment_is_not_withdrawn(buyer, app, work):
    buyer.order("1", item("ALM-500"))
    (made,) = orders(work)
    answers: list[int] = []

    def withdraw() -> None:
        theirs = Buyer(app.test_client(), buyer.secret)
        answers.append(theirs.order("1", kind="delete").code)

    withdrawing = Thread(target=withdraw)
    with work.write() as session:
        confirm_order(session, made.number, actor=SELLER, at=utc_now())
        session.flush()
        withdrawing.start()
        withdrawing.join(0.5)  # it waits for us
    withdrawing.join()
    assert (answers, orders(work)[0].status) == ([409], "confirmed")


def test_a_test_is_checked_and_not_ordered(buyer, work):
    assert buyer.order("1", item("ALM-500"), mode="test").text.startswith("A test")
    assert buyer.order("1", item("NO-SUCH"), mode="test").code == 417
    with work.write() as session:
        session.execute(update(PunchoutConnection).values(mode=DeploymentMode.TEST))
    assert buyer.order("1", item("ALM-500")).text.startswith("A test")
    assert orders(work) == []


def test_the_same_order_twice_at_once_is_one(buyer, app, work):
    body = buyer.wrap(
        '<Request><OrderRequest><OrderRequestHeader orderID="5" type="new"/>'
        f"{item('ALM-500')}</OrderRequest></Request>",
        payload="twice",
    )
    answers = at_once(4, lambda _: Buyer(app.test_client(), buyer.secret).post(body))
    (made,) = orders(work)
    assert {(one.code, one.text) for one in answers} == {(200, f"{made.number} is with us.")}
