"""An order's private link: its supplier reads and answers, nobody else learns that it exists."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.planning.queries.today import today_for
from procurement.purchasing.models import OrderPaper, PurchaseOrder
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.operations.papers import end_links
from procurement.purchasing.queries.confirmations import confirmations_of
from procurement.purchasing.queries.links import links_of
from tests.backoffice.purchasing.pages import text_of
from tests.doors import sign_in
from tests.purchasing.builders import ANA, CASES, COVERS, a_draft, a_spa_that_orders


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def path(work):
    with work.write() as session:
        a_spa_that_orders(session)
        number = a_draft(session, CASES, COVERS, note_to_supplier="Ring <first>").number
        approve_order(session, number, actor=ANA, at=utc_now())
        place_order(session, number, actor=ANA, at=utc_now(), public_url="https://spa.example")
    return link_in_last_mail(work)


def link_in_last_mail(work) -> str:
    with work.read() as session:
        body = session.scalars(select(Message.body).order_by(Message.id.desc()).limit(1)).one()
    return urlsplit(re.search(r"https://spa\.example\S+", body)[0]).path


def answered(work):
    with work.read() as session:
        return confirmations_of(session, "PO-2026-0001")


def test_the_page_tells_everything_and_is_kept_from_search_engines(client, path):
    answer = client.get(path)
    said = text_of(answer)
    assert "10 × case" in said  # noqa: RUF001 - as pages write it
    assert "Ring <first>" in said
    assert "The Linden Rooms" in said
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(f"{path}/pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize("token", ["x", "A" * 22, "%00", "\N{SNOWMAN}"])
def test_a_link_nobody_made_leads_nowhere(client, path, token):
    pages = {client.get(f"/o/{token}{part}").status_code for part in ("", "/pdf")}
    assert pages == {404}
    assert client.post(f"/o/{token}", data={"said_by": "A", "meant": "all"}).status_code == 404


def test_all_is_confirmed_by_one_tap_and_a_second_changes_nothing(client, work, path):
    for _ in range(2):
        sent = {"said_by": "Orla", "meant": "all", "supplier_order": "S-1"}
        assert client.post(path, data=sent).status_code == 303
    (one,) = answered(work)
    assert (one.answer, one.said_by, one.supplier_order) == ("accepted", "Orla", "S-1")
    assert "You confirmed it as ordered" in client.get(path).text


def test_a_line_is_changed_another_refused_and_a_message_left(client, work, path):
    sent = {
        "said_by": "Orla",
        "meant": "lines",
        "message": "Harvest is late",
        "lines-0-position": "1",
        "lines-0-packs": "6",
        "lines-0-remark": "rest in May",
        "lines-1-position": "2",
        "lines-1-packs": "0",
    }
    assert client.post(path, data=sent).status_code == 303
    (one,) = answered(work)
    assert [(line.packs, line.remark) for line in one.lines] == [(6, "rest in May"), (0, "")]
    assert one.message == "Harvest is late"
    assert "You confirmed it with changes" in client.get(path).text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"said_by": ""}, "Your name:"),
        ({"lines-0-packs": "six"}, "whole number"),
        ({"lines-0-due_on": "2019-01-01"}, "in the next three years"),
        ({"lines-0-position": "77"}, "No line 77"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(client, work, path, change, says):
    sent = {"said_by": "Orla", "meant": "lines", "message": "Typed", "lines-0-position": "1"}
    answer = client.post(path, data=sent | change)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "Typed" in answer.text
    assert answered(work) == ()


def test_a_link_that_was_ended_says_so_and_answers_nothing(client, work, path):
    with work.write() as session:
        end_links(session, "PO-2026-0001", actor=ANA, at=utc_now())
    assert "This link has ended" in text_of(client.get(path))
    assert client.get(f"{path}/pdf").status_code == 404
    assert client.post(path, data={"said_by": "Orla", "meant": "all"}).status_code == 303
    assert answered(work) == ()


def test_staff_write_an_answer_down_note_it_send_again_and_end_the_link(client, work, path):
    sign_in(client, Role.SPA_MANAGER)
    order = "/purchase-orders/PO-2026-0001"
    assert "0 packs: they cannot deliver it" in client.get(f"{order}/confirmation").text
    sent = {"said_by": "Orla", "meant": "lines", "lines-0-position": "1", "lines-0-packs": "4"}
    assert client.post(f"{order}/confirmation", data=sent).status_code == 303
    page = text_of(client.get(order))
    assert "4 instead of 10" in page
    assert "Suppliers answered" in text_of(client.get("/today"))
    (one,) = answered(work)
    assert client.post(f"{order}/confirmations/{one.id}/noted").status_code == 303
    assert "Suppliers answered" not in text_of(client.get("/today"))
    wrong = client.post(f"{order}/send", data={"recipient": "nobody"})
    assert (wrong.status_code, "not a mail address" in wrong.text) == (422, True)
    assert client.post(f"{order}/send", data={"recipient": "x@y.example"}).status_code == 303
    assert client.post(f"{order}/end-links").status_code == 303
    assert client.get(path).status_code == 200
    with work.read() as session:
        assert session.scalars(select(PurchaseOrder.answer)).one() == "changed"


def links(work):
    with work.read() as session:
        return links_of(session, "PO-2026-0001")


def test_opened_is_told_by_the_page_not_by_who_fetches_the_address(client, work, path):
    assert client.head(path).status_code == 200
    assert f'data-opened="{path}/opened"' in client.get(path).text
    (link,) = links(work)
    assert link.first_opened_at is None
    for _ in range(2):
        assert client.post(f"{path}/opened").status_code == 204
    (link,) = links(work)
    assert link.first_opened_at < link.last_opened_at
    assert answered(work) == ()
    assert client.post(f"/o/{'a' * 26}/opened").status_code == 204


def test_who_is_signed_in_does_not_open_it_and_an_answer_does(app, client, work, path):
    sign_in(client, Role.PURCHASER)
    assert "data-opened" not in client.get(path).text
    client.post(f"{path}/opened")
    (link,) = links(work)
    assert link.first_opened_at is None
    client.post(path, data={"said_by": "Orla", "meant": "all"})
    (link,) = links(work)
    assert link.first_opened_at is not None


def test_an_order_without_an_answer_stands_under_today_after_some_days(app, client, work, path):
    at = utc_now() + timedelta(days=3, minutes=1)
    with work.read() as session:
        assert today_for(session, actor=ANA, at=at - timedelta(minutes=2)).unanswered == ()
        (row,) = today_for(session, actor=ANA, at=at).unanswered
        assert (row.order, row.opened_at) == ("PO-2026-0001", None)
    with work.write() as session:
        issued = session.scalars(select(OrderPaper)).one()
        issued.issued_at -= timedelta(days=4)
    client.post(f"{path}/opened")
    other = app.test_client()
    sign_in(other, Role.PURCHASER)
    page = text_of(other.get("/today"))
    assert "has not answered" in page
    assert "last opened today" in page
    assert "Opened by the supplier" in text_of(other.get("/purchase-orders/PO-2026-0001"))
    client.post(path, data={"said_by": "Orla", "meant": "all"})
    assert "has not answered" not in text_of(other.get("/today"))
