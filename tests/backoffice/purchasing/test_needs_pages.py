"""The needs in pages: filtered, paged, put aside, every figure opened, and how use is measured."""

import re
from datetime import timedelta

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.planning.operations.measuring import measure_use
from procurement.planning.queries.need_page import need_page
from procurement.stock.models import Site
from tests.backoffice.purchasing.pages import text_of
from tests.builders import a_location, a_product, a_supplier_item
from tests.doors import sign_in
from tests.planning.builders import ANA, a_rule
from tests.queries import counted
from tests.stock.builders import opened, used

HERE = "location=ROOM-1&product=ALM-500"


def ago(days: int):
    return utc_now() - timedelta(days=days)


@pytest.fixture
def short(manager, work):
    """ROOM-1 uses 100 ml a week and is short of oil; the storeroom is, too."""
    with work.write() as session:
        opened(session, 900, into="ROOM-1", lot="A1", at=ago(60))
        for week in range(1, 8):
            used(session, 100, "ROOM-1", at=ago(7 * week))
        a_rule(session, "ROOM-1", 2000, 500)
        a_rule(session, "STORE", 3000, 1000)
        measure_use(session, actor=ANA, at=utc_now())
    return manager


def test_the_list_says_the_finding_and_is_filtered_in_the_address(short):
    page = text_of(short.get("/needs"))
    assert "One product runs short" in page
    assert "Room-1 runs out" in page
    assert "ml a week is used" in page
    assert "Draft" not in text_of(short.get("/needs?room=STORE"))
    assert "Nothing runs short here" in text_of(short.get("/needs?room=STORE&supplier=NOBODY"))
    assert short.get("/needs?site=MARS").status_code == 422


def test_a_long_list_is_paged_in_as_many_statements(short, work):
    with work.write() as session:
        for n in range(70):
            a_product(session, f"P-{n:02d}")
            a_supplier_item(session, f"P-{n:02d}")
            a_rule(session, "ROOM-1", 2000, 500, product=f"P-{n:02d}")
    first = short.get("/needs?limit=40")
    assert text_of(first).count("Every figure") == 40
    address = re.search(r'href="([^"]+)" rel="next"', first.text)[1]
    assert text_of(short.get(address.replace("&amp;", "&"))).count("Every figure") == 32
    assert short.get("/needs?cursor=nonsense").status_code == 404


def test_every_figure_opens(short):
    page = text_of(short.get(f"/needs/figures?{HERE}"))
    for said in (
        "Use by week",
        "the mean, because",
        "Safety stock at 95 %",
        "A1",
        "Nothing is on order",
    ):
        assert said in page
    short.post("/needs/draft-orders")
    assert "PO-" in text_of(short.get("/needs/figures?location=STORE&product=ALM-500"))
    assert short.get("/needs/figures?location=ROOM-1&product=NONE").status_code == 404
    assert short.get("/needs/figures").status_code == 404


def test_a_page_of_figures_takes_as_many_statements_whatever_is_there(short, work):
    with work.write() as session:
        need_page(session, "ROOM-1", "ALM-500", at=utc_now())
        with counted(session.connection()) as few:
            need_page(session, "ROOM-1", "ALM-500", at=utc_now())
        for n in range(5):
            opened(session, 10, into="ROOM-1", lot=f"B{n}")
        session.flush()
        with counted(session.connection()) as many:
            need_page(session, "ROOM-1", "ALM-500", at=utc_now())
    assert len(many) == len(few) <= 21


def test_a_need_is_put_aside_from_its_row_and_from_its_page(short):
    named = {"location": "STORE", "product": "ALM-500"}
    assert "Put aside until" in text_of(
        short.post("/needs/snooze", data=named, follow_redirects=True)
    )
    assert "Left alone" in text_of(short.get("/needs"))
    assert "One product is put aside" in text_of(short.get("/needs?show=snoozed"))
    short.post("/needs/wake", data=named)
    assert "Left alone" not in text_of(short.get("/needs"))
    late = {"snooze-until": "2020-01-01", "snooze-comes_back": "worse", "snooze-note": ""}
    answer = short.post(f"/needs/figures/snooze?{HERE}", data=late)
    assert (answer.status_code, "A day after today" in text_of(answer)) == (422, True)
    until = (utc_now() + timedelta(days=3)).date().isoformat()
    short.post(
        f"/needs/figures/snooze?{HERE}",
        data=late | {"snooze-until": until, "snooze-note": "Room is painted"},
    )
    assert "Room is painted" in text_of(short.get(f"/needs/figures?{HERE}"))


def test_levels_follow_the_use_or_stay(short):
    answer = short.post(f"/needs/figures/follow?{HERE}", data={"follow-cover_days": "0"})
    assert answer.status_code == 422
    short.post(
        f"/needs/figures/follow?{HERE}",
        data={"follow-cover_days": "14", "follow-service_level": "990"},
    )
    page = text_of(short.get(f"/needs/figures?{HERE}"))
    assert "follow the use" in page
    assert "Safety stock at 99 %" in page
    levels = {"fix-par_level": "500", "fix-reorder_point": "600"}
    answer = short.post(f"/needs/figures/fix?{HERE}", data=levels)
    assert (answer.status_code, "lies above the par level" in text_of(answer)) == (422, True)
    answer = short.post(f"/needs/figures/fix?{HERE}", data=levels | {"fix-par_level": "2500"})
    assert answer.status_code == 303, text_of(answer)
    assert "stay as they were set" in text_of(short.get(f"/needs/figures?{HERE}"))


def test_how_use_is_measured(short, work):
    rule = {
        "rule-service_level": "980",
        "rule-history_weeks": "12",
        "rule-review_days": "7",
        "rule-top_up_days": "200",
    }
    assert short.post("/needs/measuring", data=rule).status_code == 422
    assert short.post("/needs/measuring", data=rule | {"rule-top_up_days": "2"}).status_code == 303
    factor = {
        "factor-kind": "season",
        "factor-month": "",
        "factor-percent": "130",
        "factor-valid_from": "2026-01-01",
    }
    answer = short.post("/needs/measuring/factors", data=factor)
    assert (answer.status_code, "names its month" in text_of(answer)) == (422, True)
    short.post("/needs/measuring/factors", data=factor | {"factor-month": "12"})
    assert "December against a usual month" in text_of(short.get("/needs/measuring"))
    short.post("/needs/measuring/factors/1/drop")
    assert "Nobody has said anything" in text_of(short.get("/needs/measuring"))
    assert "One use measured" in text_of(short.post("/needs/measuring/now", follow_redirects=True))
    with work.write() as session:
        a_location(session, "CORK-STORE", site="CORK")
    short.post("/needs/measuring/buying-sites/CORK", data={"buying_site": "KIN"})
    with work.read() as session:
        assert session.query(Site).filter_by(code="CORK").one().buying_site_id is not None
    answer = short.post(
        "/needs/measuring/buying-sites/KIN", data={"buying_site": "CORK"}, follow_redirects=True
    )
    assert "does not buy for itself" in text_of(answer)


def test_who_may_measure(client, work):
    sign_in(client, Role.PURCHASER)
    assert client.get("/needs/measuring").status_code == 403
    assert client.post("/needs/measuring/now").status_code == 403
