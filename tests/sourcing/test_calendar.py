"""Order days, cut-off, holidays: on which day an order is taken and on which the goods come."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.permissions import Role
from procurement.sourcing.operations.calendars import SaveCalendar, save_calendar
from procurement.sourcing.queries import calendar_of, calendars_of, supplier_page
from procurement.sourcing.rules.calendar import delivery_on, next_delivery, next_order_day
from procurement.sourcing.terms import ClosedDays, MomentInZone, OrderCalendar
from tests.builders import NOON, a_supplier, an_actor

DUBLIN, BERLIN = "Europe/Dublin", "Europe/Berlin"
MON_THU = OrderCalendar(DUBLIN, frozenset({1, 4}), time(14))
FREIBURG = OrderCalendar(BERLIN, cut_off=time(12), country="DE", subdivision="BW")


def there(zone: str, day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "day", "clock", "taken"),
    [
        (MON_THU, "2026-11-26", "13:59", "2026-11-26"),
        (MON_THU, "2026-11-26", "14:00", "2026-11-26"),  # until means until
        (MON_THU, "2026-11-26", "14:01", "2026-11-30"),
        (MON_THU, "2026-11-24", "09:00", "2026-11-26"),
        (OrderCalendar(DUBLIN), "2026-11-27", "23:59", "2026-11-27"),  # no cut-off: the whole day
        (OrderCalendar(DUBLIN), "2026-11-28", "00:01", "2026-11-30"),
        # Summer time ends on 25 October: 12:30 UTC is after noon in Berlin before and after.
        (FREIBURG, "2026-10-23", "12:01", "2026-10-26"),
        (FREIBURG, "2026-10-26", "11:59", "2026-10-26"),
        # Christmas, its second day, New Year and, in Baden-Württemberg, Epiphany.
        (FREIBURG, "2026-12-24", "12:30", "2026-12-28"),
        (FREIBURG, "2026-12-31", "12:30", "2027-01-04"),
        (FREIBURG, "2027-01-05", "12:30", "2027-01-07"),
        (
            OrderCalendar(BERLIN, cut_off=time(12), country="DE"),
            "2027-01-05",
            "12:30",
            "2027-01-06",
        ),
    ],
)
def test_an_order_is_taken_on_an_order_day(calendar, day, clock, taken):
    at = there(calendar.time_zone, day, clock)
    assert next_order_day(calendar, at) == date.fromisoformat(taken)


@pytest.mark.parametrize(
    ("calendar", "ordered", "lead", "comes"),
    [
        (MON_THU, "2026-11-26T14:30", 8, "2026-12-08"),  # taken on Monday, 8 days on
        (MON_THU, "2026-11-26T10:00", 9, "2026-12-07"),  # that would be a Saturday
        (FREIBURG, "2026-12-18T10:00", 7, "2026-12-28"),  # Christmas Day, its second day, Sunday
        (FREIBURG, "2026-12-30T10:00", 7, "2027-01-07"),  # Epiphany, over the year's end
        (OrderCalendar(DUBLIN), "2026-11-27T10:00", 0, "2026-11-27"),
        # Friday and Saturday are the weekend in Kuwait, so that Sunday is a working day.
        (
            OrderCalendar("Asia/Kuwait", frozenset({1, 7}), country="KW"),
            "2026-11-23T10:00",
            6,
            "2026-11-29",
        ),
    ],
)
def test_goods_come_on_a_working_day(calendar, ordered, lead, comes):
    at = there(calendar.time_zone, *ordered.split("T"))
    assert delivery_on(calendar, at, lead) == date.fromisoformat(comes)


def test_the_suppliers_day_counts_not_ours():
    auckland = OrderCalendar("Pacific/Auckland", cut_off=time(14))
    evening_here = there(DUBLIN, "2026-11-26", "22:00")  # Friday morning there
    assert next_order_day(auckland, evening_here) == date(2026, 11, 27)


def test_closed_days_hold_orders_and_deliveries():
    works = ClosedDays(date(2026, 11, 30), date(2026, 12, 4), "Works outing")
    closed = OrderCalendar(DUBLIN, closed=(works,))
    assert next_order_day(closed, there(DUBLIN, "2026-11-28", "10:00")) == date(2026, 12, 7)
    assert delivery_on(closed, there(DUBLIN, "2026-11-27", "10:00"), 4) == date(2026, 12, 7)
    said = next_delivery(MON_THU, there(DUBLIN, "2026-11-26", "10:00"), 12)
    assert said.order_by == MomentInZone(date(2026, 11, 26), time(14), DUBLIN)
    assert said.delivered_on == date(2026, 12, 8)


def test_a_supplier_that_never_opens_answers_with_the_day_itself():
    forever = OrderCalendar(DUBLIN, closed=(ClosedDays(date(2026, 1, 1), date(2099, 1, 1)),))
    assert next_order_day(forever, there(DUBLIN, "2026-11-26", "10:00")) == date(2026, 11, 26)


def kept(session, calendar, **more):
    command = SaveCalendar("CORRIB", calendar)
    save_calendar(session, command, **{"actor": an_actor(), "at": NOON} | more)
    session.flush()


def test_a_calendar_is_kept_changed_and_forgotten(session):
    supplier = a_supplier(session)
    session.flush()
    assert calendar_of(session, supplier.id) is None
    summer = ClosedDays(date(2027, 8, 2), date(2027, 8, 13), "Summer")
    for calendar in (
        OrderCalendar(BERLIN, frozenset({2}), time(9, 30), "DE", "BW", (summer,)),
        OrderCalendar(DUBLIN, frozenset({1, 7}), closed=(ClosedDays(summer.first, summer.first),)),
    ):
        kept(session, calendar)
        assert calendars_of(session, {supplier.id}) == {supplier.id: calendar}
        assert supplier_page(session, "CORRIB").calendar == calendar
    kept(session, None)
    assert calendar_of(session, supplier.id) is None


def test_what_a_calendar_cannot_be_is_said_at_its_field(session):
    a_supplier(session)
    day, later = date(2026, 12, 1), date(2026, 12, 9)
    for calendar, field in (
        (OrderCalendar(DUBLIN, frozenset()), "order_days"),
        (OrderCalendar(DUBLIN, frozenset({8})), "order_days"),
        (OrderCalendar("Europe/Atlantis"), "time_zone"),
        (OrderCalendar(DUBLIN, country="XX"), "country"),
        (OrderCalendar(DUBLIN, country="DE", subdivision="SCT"), "subdivision"),
        (OrderCalendar(DUBLIN, country="IE", subdivision="D"), "subdivision"),
        (OrderCalendar(DUBLIN, closed=(ClosedDays(later, day),)), "closed.0.last"),
        (OrderCalendar(DUBLIN, closed=(ClosedDays(day, date(2027, 12, 1)),)), "closed.0.last"),
        (OrderCalendar(DUBLIN, closed=(ClosedDays(day, later), ClosedDays(later, later))), "closed.1.first"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            kept(session, calendar)
        assert [error.field for error in refusal.value.errors] == [field]
    with pytest.raises(Forbidden):
        kept(session, None, actor=an_actor(Role.THERAPIST))
