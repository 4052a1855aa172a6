"""The page of a supplier's order days."""

from datetime import date, time

from procurement.kernel.permissions import Role
from procurement.purchasing.queries.orders import order_page
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.terms import ClosedDays, OrderCalendar
from tests.backoffice.purchasing.pages import text_of
from tests.doors import sign_in
from tests.purchasing.builders import COVERS, a_placed_order
from tests.sourcing.test_calendar import kept

URL = "/suppliers/CORRIB/order-days"
GOOD = {
    "order_days": ["1", "4"],
    "cut_off": "14:00",
    "time_zone": "Europe/Dublin",
    "country": "IE",
    "subdivision": "",
    "closed-0-first": "2026-12-24",
    "closed-0-last": "2027-01-02",
    "closed-0-why": "Christmas",
    "closed-1-first": "2027-03-01",
}


def test_order_days_are_written_down_and_shown(manager, work):
    assert "any day counts" in text_of(manager.get("/suppliers/CORRIB"))
    assert manager.post(URL, data=GOOD).status_code == 303
    with work.read() as session:
        calendar = supplier_page(session, "CORRIB").calendar
    assert calendar == OrderCalendar(
        "Europe/Dublin",
        frozenset({1, 4}),
        time(14),
        "IE",
        closed=(
            ClosedDays(date(2026, 12, 24), date(2027, 1, 2), "Christmas"),
            ClosedDays(date(2027, 3, 1), date(2027, 3, 1)),
        ),
    )
    assert "Mondays and Thursdays until 14:00" in text_of(manager.get("/suppliers/CORRIB"))
    assert 'value="14:00"' in manager.get(URL).text
    assert manager.post(f"{URL}/forget").status_code == 303
    assert "any day counts" in text_of(manager.get("/suppliers/CORRIB"))


def test_what_cannot_be_is_said_beside_its_field(manager):
    for change, said in (
        ({"order_days": []}, "Fill this in"),
        ({"cut_off": "25:00"}, "Write the time as 14:00"),
        ({"subdivision": "BW"}, "has none of its own"),
        ({"closed-0-last": "2026-12-01"}, "The last day comes before the first"),
    ):
        answer = manager.post(URL, data=GOOD | change)
        assert answer.status_code == 422
        assert said in text_of(answer)


def test_only_who_keeps_suppliers_may(client, work):
    sign_in(client, Role.STOCK_KEEPER)
    assert client.get(URL).status_code == 403
    assert client.post(URL, data=GOOD).status_code == 403


def test_an_order_is_due_by_the_calendar(work):
    with work.write() as session:
        kept(session, OrderCalendar("Europe/Dublin", frozenset({4}), country="IE"))
        # Drafted and placed on Monday 23 November; taken on Thursday; nine days on is a Saturday.
        order = a_placed_order(session, COVERS)
        assert order_page(session, order.number).due_on == date(2026, 12, 7)
