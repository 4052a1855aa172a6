"""Leave a message: people get through, robots do not, and nothing is half kept."""

import re

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import select

from procurement.catalogue.models import Pack
from procurement.documents.languages import answering_for
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.outbox.models import Message
from procurement.sales.models import Customer
from procurement.sales.operations.inbox import answer_enquiry, quote_enquiry
from procurement.sales.queries.enquiries import enquiry_page
from procurement.sales.queries.inbox import EnquiryFilter, enquiries
from tests.sales.stories import SELLER, a_shop


@pytest.fixture
def page(app, client, monkeypatch):
    with app.extensions["uow"].write() as session:
        a_shop(session)
    opened = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: opened(self) - 60)
    text = client.get("/message/?product=ALM-500").text
    monkeypatch.setattr(TimestampSigner, "get_timestamp", opened)
    return {
        "name": "Zoë",
        "email": "zoe@rooms.example",
        "kind": "individual",
        "message": "Do you have almond oil?",
        "consent": "y",
        "product": "ALM-500",
        "opened": re.search(r'name="opened"[^>]*value="([^"]+)"', text)[1],
    }


def received(app):
    with app.extensions["uow"].read() as session:
        return enquiries(session, PageRequest(), EnquiryFilter(), actor=SELLER).items


def test_a_message_arrives_with_its_product_and_consent(app, client, page):
    answer = client.post("/message/", data=page, follow_redirects=True)
    assert "Thank you" in answer.text
    assert [(row.name, row.products) for row in received(app)] == [("Zoë", 1)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
        ({"kind": "castle"}, "kind"),
        ({"message": ""}, "message"),
        ({"message": "x" * 5_001}, "message"),
        ({"consent": ""}, "consent"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(
    app, client, page, changes, field
):
    sent = {name: value for name, value in (page | changes).items() if value or name != "consent"}
    answer = client.post("/message/", data=sent)
    assert answer.status_code == 422
    assert (
        f'id="{field}-error"' in answer.text or f'aria-describedby="{field}-error"' in answer.text
    )
    assert changes.get("name", "Zoë") in answer.text
    assert received(app) == ()


def test_a_robot_that_fills_the_hidden_field_is_thanked_and_forgotten(app, client, page):
    answer = client.post("/message/", data=page | {"website": "https://spam.example"})
    assert answer.status_code == 303
    assert received(app) == ()


@pytest.mark.parametrize("stamp", ["", "forged", "Im9wZW5lZCI.aaaa.bbbb"])
def test_a_page_nobody_opened_is_not_answered(app, client, page, stamp):
    assert client.post("/message/", data=page | {"opened": stamp}).status_code == 422
    assert received(app) == ()


def test_a_form_sent_at_once_is_asked_to_wait(app, client, page):
    fresh = re.search(r'name="opened"[^>]*value="([^"]+)"', client.get("/message/").text)[1]
    answer = client.post("/message/", data=page | {"opened": fresh})
    assert "very quick" in answer.text
    assert received(app) == ()


def test_an_unknown_product_in_the_address_is_refused_without_a_fault(app, client, page):
    assert client.post("/message/", data=page | {"product": "NOPE"}).status_code == 422
    assert client.get("/message/?product=%00&product=NOPE").status_code == 200


def test_many_messages_from_one_address_are_slowed_down(client, page):
    answers = [client.post("/message/", data=page).status_code for _ in range(25)]
    assert answers[0] == 303
    assert answers[-1] == 429


def test_how_many_of_which_pack_goes_with_the_product_in_the_address(app, client, page):
    shown = client.get("/message/?product=ALM-500&product=NOPE").text
    assert "NOPE" not in shown
    assert re.findall(r'name="(wanted-0-\w+)"', shown) == [
        "wanted-0-product",
        "wanted-0-packs",
        "wanted-0-pack",
    ]
    del page["product"]
    line = {"wanted-0-product": "ALM-500", "wanted-0-packs": "12", "wanted-0-pack": "case"}
    for name, wrong in (("packs", "0"), ("packs", "many"), ("pack", "barrel"), ("product", "X")):
        sent = page | line | {f"wanted-0-{name}": wrong}
        answer = client.post("/message/", data=sent)
        assert answer.status_code == 422
    assert received(app) == ()
    assert client.post("/message/", data=page | line).status_code == 303
    (row,) = received(app)
    with app.extensions["uow"].read() as session:
        (asked,) = enquiry_page(session, row.number, actor=SELLER).lines
    assert (asked.product, asked.pack, asked.packs) == ("ALM-500", "case", 12)


@pytest.fixture
def asking(client, page):
    """A visitor with a basket of two packs, and the form that goes with it."""
    client.post("/basket/ALM-500/case", data={"packs": "6"})
    client.post("/basket/CRR-01/piece", data={"packs": "2"})
    return page | {"about": "basket", "message": ""}


def test_a_visitors_basket_becomes_an_enquiry_and_a_quote_with_its_quantities(app, client, asking):
    shown = client.get("/message/?about=basket").text
    assert "6 cases" in shown
    assert "2 pieces" in shown
    assert client.post("/message/", data=asking).status_code == 303
    assert "Nothing in it yet" in client.get("/basket").text
    (row,) = received(app)
    with app.extensions["uow"].write() as session:
        quote = quote_enquiry(session, row.number, actor=SELLER, at=utc_now())
        lines = {(line.pack_id, line.packs) for line in quote.lines}
        codes = dict(list(session.execute(select(Pack.id, Pack.code))))
    assert {(codes[pack], packs) for pack, packs in lines} == {("case", 6), ("piece", 2)}


def test_a_basket_that_cannot_be_sent_yet_is_kept(app, client, asking):
    answer = client.post("/message/", data=asking | {"email": "nobody"})
    assert answer.status_code == 422
    assert "6 cases" in answer.text
    assert "2 products" in client.get("/basket").text
    assert received(app) == ()


def test_a_message_about_an_empty_basket_needs_words(app, client, page):
    answer = client.post("/message/", data=page | {"about": "basket", "message": ""})
    assert answer.status_code == 422
    assert received(app) == ()


def test_hoped_for_prices_travel_with_the_basket(app, client, asking):
    page = client.get("/message/?about=basket").text
    packs = re.findall(r'name="hopes-\d+-pack" value="(\d+)"', page)
    assert len(packs) == 2
    hopes = {f"hopes-{i}-pack": pack for i, pack in enumerate(packs)}
    wrong = client.post("/message/", data=asking | hopes | {"hopes-0-price": "cheap"})
    assert wrong.status_code == 422
    assert 'id="hopes-0-price-error"' in wrong.text
    assert received(app) == ()
    assert (
        client.post("/message/", data=asking | hopes | {"hopes-0-price": "95.50"}).status_code
        == 303
    )
    with app.extensions["uow"].read() as session:
        lines = enquiry_page(session, received(app)[0].number, actor=SELLER).lines
    assert [line.target and line.target.amount for line in lines] == ["95.50", None]


def test_the_words_agreed_to_are_kept(app, client, page):
    client.post("/message/", data=page)
    with app.extensions["uow"].read() as session:
        enquiry = enquiry_page(session, received(app)[0].number, actor=SELLER)
    assert enquiry.consent in client.get("/message/").text
    assert enquiry.consented_at == enquiry.received_at


def test_the_senders_link_shows_the_thread_and_takes_more(app, client, page):
    client.post("/message/", data=page)
    number = received(app)[0].number
    with app.extensions["uow"].write() as session:
        token = answer_enquiry(
            session, number, "We <b>do</b>.", actor=SELLER, at=utc_now()
        ).link_token
    shown = client.get(f"/m/{token}")
    assert "We &lt;b&gt;do&lt;/b&gt;." in shown.text
    assert shown.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert client.post(f"/m/{token}", data={"message": " "}).status_code == 422
    assert client.post(f"/m/{token}", data={"message": "Two, please"}).status_code == 303
    assert "Two, please" in client.get(f"/m/{token}").text
    assert received(app)[0].waiting_since is not None
    assert client.get("/m/nobody").status_code == 404
    assert client.post("/m/nobody", data={"message": "Hello"}).status_code == 404


@pytest.mark.parametrize(("asks", "kept"), [("de-AT,en;q=0.5", "de"), ("pt", "")])
def test_who_is_new_is_answered_and_quoted_in_the_language_they_wrote_from(
    app, client, page, asks, kept
):
    client.post("/message/", data=page, headers={"Accept-Language": asks})
    (row,) = received(app)
    with app.extensions["uow"].write() as session:
        assert enquiry_page(session, row.number, actor=SELLER).language == kept
        answer_enquiry(
            session,
            row.number,
            "Quux",
            actor=SELLER,
            at=utc_now(),
            public_url="https://spa.example",
        )
    with app.extensions["uow"].write() as session:
        made = quote_enquiry(session, row.number, actor=SELLER, at=utc_now())
        customer = session.get_one(Customer, made.customer_id)
        written = session.scalars(
            select(Message.body).where(Message.recipient == "zoe@rooms.example")
        ).one()
    assert customer.locale == (kept or "en")
    assert answering_for(kept or "en").mail_write_again in written
