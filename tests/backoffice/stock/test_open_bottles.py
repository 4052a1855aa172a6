"""The room page, the board and a bottle's own pages: the common steps in few taps, each refusal in words."""

import io
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from sqlalchemy import func, select, update

from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.stock.models import Lot, Posting, PostingPhoto
from procurement.stock.queries.board import board
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.queries.requests import top_up_requests
from procurement.stock.queries.verification import verify
from tests.builders import a_product
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.stock.builders import a_hundred_rooms, a_spa, opened

ROOM = "/rooms/ROOM-1"


@pytest.fixture
def spa(app, client):
    sign_in(client, Role.THERAPIST)
    with app.extensions["uow"].write() as session:
        a_spa(session)
        oil = a_product(session, name="Sweet Almond Oil", packs={"BOT": "500", "SMALL": "100"})
        oil.period_after_opening_months = 6
        oil.dose = 25_000
        opened(session, 1500, lot="A1", into="ROOM-1", at=utc_now())
    yield client
    with app.extensions["uow"].read() as session:
        assert verify(session) == []


def there(app):
    with app.extensions["uow"].read() as session:
        rows = stock(session, StockFilter(), at=utc_now(), paging=PageRequest()).items
    return {(row.location, row.lot): row.on_hand.amount for row in rows}


def once(page):
    return re.search(r'name="once"[^>]*value="(\w+)"', page)[1]


def tap(client, do, thing="bottle B-2026-0001", **more):
    page = client.get(ROOM).text
    return client.post(ROOM, data={"once": once(page), "do": do, "thing": thing, **more})


def said(client, answer):
    """The toast on the page one is led to."""
    page = client.get(answer.headers["Location"]).text
    return re.search(r'<span class="grow">([^<]*)</span>', page)[1]


def past_its_date(app):
    with app.extensions["uow"].write() as session:
        session.execute(
            update(Lot)
            .where(Lot.parent_id.is_not(None))
            .values(use_by=utc_now().date().replace(year=2020))
        )


def test_the_label_at_the_door_opens_the_room_after_signing_in(app, spa):
    assert "Sweet Almond Oil" in spa.get("/r/ROOM-1").text
    stranger = app.test_client()
    sent = stranger.get("/r/ROOM-1")
    assert sent.status_code == 303
    assert parse_qs(urlsplit(sent.headers["Location"]).query) == {"next": ["/r/ROOM-1"]}


def test_a_bottle_is_opened_used_and_finished_with_a_tap_each(app, spa):
    answer = tap(spa, "open", "product ALM-500")
    assert said(spa, answer) == (
        "Opened Sweet Almond Oil of lot A1, the one to be used first. Write B-2026-0001 on it."
    )
    assert said(spa, tap(spa, "use")) == "Used 25\N{NO-BREAK SPACE}ml of Sweet Almond Oil."
    assert there(app)["ROOM-1", "B-2026-0001"] == "475"
    answer = tap(spa, "next")
    assert said(spa, answer) == "Finished B-2026-0001 and opened B-2026-0002 of Sweet Almond Oil."
    assert there(app) == {("ROOM-1", "A1"): "500", ("ROOM-1", "B-2026-0002"): "500"}


@pytest.mark.parametrize(
    ("do", "thing"),
    [
        ("open", "product ALM-500"),
        ("use", "bottle B-2026-0001"),
        ("next", "bottle B-2026-0001"),
        ("finish", "bottle B-2026-0001"),
    ],
)
def test_an_oily_thumb_that_taps_twice_does_it_once(app, spa, do, thing):
    tap(spa, "open", "product ALM-500")
    form = {"once": once(spa.get(ROOM).text), "do": do, "thing": thing}
    first = spa.post(ROOM, data=form)
    after = there(app)
    second = spa.post(ROOM, data=form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert there(app) == after
    spa.get(first.headers["Location"])


def test_what_was_done_is_taken_back_by_who_did_it(app, spa):
    tap(spa, "open", "product ALM-500")
    before = there(app)
    page = spa.get(tap(spa, "next").headers["Location"]).text
    refs = re.search(r'name="refs" value="([^"]+)"', page)[1]
    assert refs.count(",") == 1
    answer = spa.post("/open/undo", data={"refs": refs, "back": ROOM})
    assert said(spa, answer) == "Taken back."
    assert there(app) == before
    again = spa.post("/open/undo", data={"refs": refs, "back": ROOM})
    assert "was used since" in said(spa, again)
    assert there(app) == before


def test_running_low_asks_once_and_shows(app, spa):
    for _ in range(2):
        answer = tap(spa, "low", "product ALM-500")
    assert said(spa, answer) == "Sweet Almond Oil: a top-up is asked for."
    assert "asked for" in spa.get(ROOM).text
    with app.extensions["uow"].read() as session:
        assert len(top_up_requests(session)) == 1
    assert "Not needed: Sweet Almond Oil" in spa.get(ROOM).text
    answer = tap(spa, "settle", "product ALM-500")
    assert said(spa, answer) == "Sweet Almond Oil: no top-up is asked for any more."
    with app.extensions["uow"].read() as session:
        assert top_up_requests(session) == []


def test_what_is_left_is_told_by_eye_or_exactly(app, spa):
    tap(spa, "open", "product ALM-500")
    address = tap(spa, "left").headers["Location"]
    page = spa.get(address).text
    assert page.count('<button class="tile"') == 5
    spa.post(address, data={"told": "eye", "amount": "3", "once": once(page)})
    assert there(app)["ROOM-1", "B-2026-0001"] == "375"
    spa.post(address, data={"told": "left", "amount": "0.2 l", "correction": "Spilled"})
    assert there(app)["ROOM-1", "B-2026-0001"] == "200"
    for typed, words in (
        ("900", "more than it held"),
        ("x", "plain decimal number"),
        ("", "Fill this in"),
    ):
        answer = spa.post(address, data={"told": "left", "amount": typed})
        assert answer.status_code == 422
        assert words in answer.text
    answer = spa.post(address, data={"told": "scale", "amount": "300"})
    assert "empty container weighs" in answer.text


def test_a_bottle_is_moved_in_three_taps(app, spa):
    tap(spa, "open", "product ALM-500")
    address = tap(spa, "move").headers["Location"]
    assert 'value="ROOM-2"' in spa.get(address).text
    spa.post(address, data={"to": "ROOM-2"})
    assert there(app)["ROOM-2", "B-2026-0001"] == "500"
    assert "/use/ALM-500" in tap(spa, "use", "product ALM-500").headers["Location"]


@pytest.mark.parametrize(
    ("thing", "left"),
    [
        ("bottle B-2026-0001", {("ROOM-1", "A1"): "1000", ("ROOM-1", "B-2026-0001"): "450"}),
        ("product ALM-500", {("ROOM-1", "A1"): "950", ("ROOM-1", "B-2026-0001"): "500"}),
    ],
)
def test_damage_is_written_off_with_a_picture(app, spa, thing, left):
    tap(spa, "open", "product ALM-500")
    address = tap(spa, "damaged", thing).headers["Location"]
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "brown").save(picture, "PNG")
    form = {"once": once(spa.get(address).text), "quantity": "50", "cause": "damaged"}
    for _ in range(2):
        picture.seek(0)
        photo = (io.BytesIO(picture.getvalue()), "broken.png")
        answer = spa.post(address, data=form | {"photo": photo})
        assert answer.status_code == 303
    if thing.startswith("product"):  # the open bottle goes first wherever it is written off unnamed
        left = {("ROOM-1", "A1"): "1000", ("ROOM-1", "B-2026-0001"): "450"}
    assert there(app) == left
    with app.extensions["uow"].read() as session:
        assert session.scalar(select(func.count()).select_from(PostingPhoto)) == 1
        ref = session.scalar(select(Posting.ref).where(Posting.reason == "write_off"))
    page = spa.get(f"/postings/{ref}").text
    shown = spa.get(re.search(r'<img src="([^"]+)"', page)[1])
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert spa.get(f"/postings/{ref}/photos/{'0' * 64}.webp").status_code == 404
    no_picture = (io.BytesIO(b"GIF89a, says who"), "x.gif")
    answer = spa.post(address, data={"quantity": "1", "cause": "damaged", "photo": no_picture})
    assert answer.status_code == 422


def test_past_its_date_a_bottle_is_thrown_away_with_one_tap_on_the_board(app, spa):
    tap(spa, "open", "product ALM-500")
    past_its_date(app)
    assert "was to be used by" in said(spa, tap(spa, "use"))
    page = spa.get("/open/").text
    assert "One open bottle is past its date" in page
    form = {"once": once(page), "do": "discard B-2026-0001", "back": "/open/"}
    assert said(spa, spa.post("/open/", data=form)).startswith("Thrown away: 500")
    assert there(app) == {("ROOM-1", "A1"): "1000"}
    assert "Nothing is open" in spa.get("/open/").text
    assert "B-2026-0001 is finished" in spa.get("/open/B-2026-0001").text


def test_a_bottle_that_is_still_good_is_thrown_away_with_a_cause(app, spa):
    tap(spa, "open", "product ALM-500")
    asked = spa.get(tap(spa, "discard").headers["Location"])
    address = asked.headers["Location"]
    assert "What happened" in spa.get(address).text
    answer = spa.post(address, data={"quantity": "500", "cause": "past_date"})
    assert "is not past its date" in answer.text
    assert spa.post(address, data={"quantity": "500", "cause": "spoilt"}).status_code == 303
    assert there(app) == {("ROOM-1", "A1"): "1000"}


def test_a_bottles_page_says_which_is_used_first_and_why(app, spa):
    tap(spa, "open", "product ALM-500")
    tap(spa, "open", "product ALM-500")
    with app.extensions["uow"].write() as session:
        later = update(Lot).where(Lot.number == "B-2026-0002")
        session.execute(later.values(use_by=date(2090, 3, 1), expires_on=date(2090, 3, 1)))
    assert "Use this one first" in spa.get("/open/B-2026-0001").text
    assert "the earliest date of" in spa.get("/open/B-2026-0001").text
    assert ": B-2026-0001, the earliest date" in text_of(spa, "B-2026-0002")


def text_of(client, number):
    return re.sub(r"\s+", " ", client.get(f"/open/{number}").text)


def test_a_bottle_has_a_page_and_its_true_opening_day(app, spa):
    tap(spa, "open", "product ALM-500")
    with app.extensions["uow"].write() as session:
        session.execute(update(Lot).values(received_on=None))
    assert "Opened earlier" in spa.get("/open/B-2026-0001").text
    answer = spa.post("/open/B-2026-0001/opened-on", data={"opened_on": "2026-01-15"})
    assert answer.status_code == 303
    with app.extensions["uow"].read() as session:
        (room,) = board(session, at=utc_now())
    assert room.rows[0].use_by.isoformat() == "2026-07-15"
    refused = spa.post("/open/B-2026-0001/opened-on", data={"opened_on": "2190-01-15"})
    assert refused.status_code == 422
    assert "still to come" in refused.text


def test_bottles_are_filled_from_a_bigger_one(app, spa):
    tap(spa, "open", "product ALM-500")
    address = "/open/B-2026-0001/decant"
    form = {"bottles": "3", "each": "100", "pack": "SMALL", "to": "ROOM-2", "loss": "5"}
    form["once"] = once(spa.get(address).text)
    for _ in range(2):
        assert spa.post(address, data=form).status_code == 303
    assert there(app) == {
        ("ROOM-1", "A1"): "1000",
        ("ROOM-1", "B-2026-0001"): "195",
        ("ROOM-2", "B-2026-0002"): "100",
        ("ROOM-2", "B-2026-0003"): "100",
        ("ROOM-2", "B-2026-0004"): "100",
    }
    refused = spa.post(address, data=form | {"once": "other", "bottles": "2"})
    assert refused.status_code == 422


def test_what_makes_no_sense_is_refused_in_words(app, spa):
    assert said(spa, spa.post(ROOM, data={"do": "use"})) == "Choose a bottle or a product first."
    assert "Choose what to do" in said(spa, tap(spa, "dance", "product ALM-500"))
    assert "left to take" in said(
        spa, spa.post("/rooms/ROOM-2", data={"do": "open", "thing": "product ALM-500"})
    )
    assert "open bottle" in said(spa, spa.get("/rooms/ROOM-1/left/product/ALM-500"))
    for address in ("/open/B-1", "/rooms/ROOM-1/left/bottle/B-1", "/open/B-1/decant", "/r/NONE"):
        assert spa.get(address).status_code == 404
    assert spa.post("/open/", data={"do": "use B-1"}).status_code == 404
    assert spa.post("/open/", data={"do": "dance"}).status_code in {400, 422}


def test_who_may_only_look_taps_nothing(app, spa):
    tap(spa, "open", "product ALM-500")
    sign_in(spa, Role.SALES)
    assert 'value="use"' not in spa.get(ROOM).text
    assert spa.post(ROOM, data={"do": "use", "thing": "bottle B-2026-0001"}).status_code == 403
    assert spa.post(ROOM, data={"do": "low", "thing": "product ALM-500"}).status_code == 403
    assert spa.get("/rooms/ROOM-1/damaged/bottle/B-2026-0001").status_code == 403
    assert spa.get("/rooms/ROOM-1/move/bottle/B-2026-0001").status_code == 403


def test_a_hundred_rooms_with_two_thousand_bottles_open_at_once(app, client):
    sign_in(client, Role.SPA_MANAGER)
    with app.extensions["uow"].write() as session:
        a_hundred_rooms(session)
    engine = app.extensions["uow"].engine
    with assert_queries(engine, 8):
        page = client.get("/open/?site=KIN")
    assert page.status_code == 200
    assert "2000 open" in page.text
    assert len(page.data) < 300_000
    with assert_queries(engine, 13):
        assert client.get("/rooms/ROOM-7").status_code == 200
