"""When a supplier takes orders: order days, cut-off, holidays."""

import re
from datetime import time
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from flask import url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.purchasing import suppliers
from procurement.backoffice.purchasing.supplier_days import WEEK
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.sourcing.operations.calendars import SaveCalendar, save_calendar
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.rules.calendar import countries
from procurement.sourcing.terms import ClosedDays, OrderCalendar, SupplierPage
from procurement.web.company import current_company
from procurement.web.fields import ChoiceField, DateField, ManyField, TextField
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = suppliers.bp

ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
_NAMES = Locale("en").territories
COUNTRIES = sorted(
    ((code, str(_NAMES.get(code, code))) for code in countries()), key=lambda c: c[1]
)


class ClockField(TextField):
    """A time of day as 14:00."""

    def parsed(self, text: str) -> Any:
        typed = re.fullmatch(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", text.strip())
        if not typed:
            raise ValueError("Write the time as 14:00.")
        return time(int(typed[1]), int(typed[2]))

    def shown(self, value: Any) -> str:
        return f"{value:%H:%M}"


class ClosedForm(LineForm):
    first = DateField("First day")
    last = DateField("Last day", required=False)
    why = TextField("Why", required=False)


class CalendarForm(BaseForm):
    order_days = ManyField(
        "They take orders on", [(str(number), day) for number, day in enumerate(WEEK, start=1)]
    )
    cut_off = ClockField("Orders until", required=False)
    time_zone = ChoiceField("Their time zone", ZONES)
    country = ChoiceField("Public holidays of", [("", "No country"), *COUNTRIES], required=False)
    subdivision = TextField("Part of the country", required=False, most=32)
    closed = LineList(FormField(ClosedForm), "Closed", spare=2, least=0)

    def to_command(self, supplier: str) -> SaveCalendar:
        calendar = OrderCalendar(
            time_zone=self.time_zone.data,
            order_days=frozenset(int(day) for day in self.order_days.data or ()),
            cut_off=self.cut_off.data or None,
            country=self.country.data or "",
            subdivision=self.subdivision.data if self.country.data else "",
            closed=tuple(_closed(entry.form) for entry in self.closed.entries or ()),
        )
        return SaveCalendar(supplier, calendar)


def _closed(form: Any) -> ClosedDays:
    """One day where no last one is given."""
    return ClosedDays(form.first.data, form.last.data or form.first.data, form.why.data)


@bp.get("/<code>/order-days")
def order_days(code: str) -> Response:
    current_actor().require(Permission.EDIT_SUPPLIERS)
    with read() as session:
        supplier = supplier_page(session, code)
    calendar = supplier.calendar or OrderCalendar(time_zone=current_company().time_zone)
    form = CalendarForm(
        data={
            "order_days": [str(day) for day in sorted(calendar.order_days)],
            "cut_off": calendar.cut_off,
            "time_zone": calendar.time_zone,
            "country": calendar.country,
            "subdivision": calendar.subdivision,
            "closed": [
                {"first": days.first, "last": days.last, "why": days.why}
                for days in calendar.closed
            ],
        }
    )
    return _page(form, supplier)


@bp.post("/<code>/order-days")
def save_order_days(code: str) -> Response:
    form = CalendarForm.from_request()
    with read() as session:
        supplier = supplier_page(session, code)
    if form.validate():
        try:
            with write() as session:
                save_calendar(session, form.to_command(code), actor=current_actor(), at=utc_now())
        except Invalid as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=code), "The order days are saved.")
    return _page(form, supplier)


@bp.post("/<code>/order-days/forget")
def forget_order_days(code: str) -> Response:
    with write() as session:
        save_calendar(session, SaveCalendar(code, None), actor=current_actor(), at=utc_now())
    text = "Any day counts as an order day again."
    return redirect_with_flash(url_for(".show", code=code), text)


def _page(form: CalendarForm, supplier: SupplierPage) -> Response:
    return render_form("backoffice/purchasing/order_days.html", form, supplier=supplier)
