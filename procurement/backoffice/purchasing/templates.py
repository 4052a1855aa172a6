"""Orders that come again: templates, drafting from them, and the rhythms in which they are drafted by themselves."""

from functools import partial

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Forbidden, NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.standing import (
    BeginStanding,
    begin_standing,
    end_standing,
    pause_standing,
)
from procurement.purchasing.operations.templating import (
    draft_from_template,
    retire_template,
    save_template,
)
from procurement.purchasing.queries.templates import template_list, template_page
from procurement.purchasing.rules.rhythm import WEEKDAYS, Rhythm, words_of
from procurement.purchasing.terms import Every, StandingRow, TemplatePage, TemplateRow
from procurement.web.fields import ChoiceField, DateField, WholeNumberField
from procurement.web.filters import today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, next_url, page_request, wanted_format
from procurement.web.transactions import read, write

bp = section.door("templates", __name__, "/order-templates")

HEADER = ("number", "name", "supplier", "deliver_to", "lines", "next_on", "active")


class RhythmForm(BaseForm):
    every = WholeNumberField("Every", least=1, most=52)
    unit = ChoiceField("", [(unit.value, unit.value) for unit in Every])
    weekday = ChoiceField("On", [(str(day), name) for day, name in enumerate(WEEKDAYS)])
    start = DateField("From", required=False)
    until = DateField("Until", required=False, description="Empty: until it is ended.")

    def to_command(self, number: str) -> BeginStanding:
        return BeginStanding(
            template=number,
            every=self.every.data,
            unit=Every(self.unit.data),
            weekday=int(self.weekday.data),
            start=self.start.data,
            until=self.until.data,
        )


@bp.get("")
def index() -> Response | str:
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: template_list(session, paging))
            return export("order-templates", HEADER, [_cells(row) for row in rows])
        page = template_list(session, page_request())
    return render_template(
        "backoffice/purchasing/templates.html",
        rows=page.items,
        next_url=next_url(page),
        exports_of=export_urls(),
    )


@bp.get("/<number>")
def show(number: str) -> Response:
    with read() as session:
        page = template_page(session, number)
    return _page(
        RhythmForm(data={"every": 1, "weekday": today().weekday(), "start": today()}), page
    )


@bp.post("/of/<order_number>")
def keep(order_number: str) -> Response:
    try:
        with write() as session:
            template = save_template(
                session,
                order_number,
                request.form.get("name", ""),
                actor=current_actor(),
                at=utc_now(),
            )
            number = template.number
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        url = url_for("purchase_orders.show", number=order_number)
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url_for(".show", number=number), f"{number} is kept as a template.")


@bp.post("/<number>/draft")
def draft(number: str) -> Response:
    try:
        with write() as session:
            order = draft_from_template(session, number, actor=current_actor(), at=utc_now())
            drafted = order.number
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return redirect_with_flash(url_for(".show", number=number), error.message, category="error")
    url = url_for("purchase_orders.show", number=drafted)
    return redirect_with_flash(url, f"{drafted} is drafted.")


@bp.post("/<number>/retire")
def retire(number: str) -> Response:
    return _act(number, partial(retire_template, number=number), f"{number} is retired.")


@bp.post("/<number>/standing")
def begin(number: str) -> Response:
    form = RhythmForm.from_request()
    with read() as session:
        page = template_page(session, number)
    if form.validate():
        try:
            with write() as session:
                begin_standing(
                    session, form.to_command(number), actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            url = url_for(".show", number=number)
            return redirect_with_flash(url, "It is drafted by itself from now on.")
    return _page(form, page)


@bp.post("/<number>/standing/<standing>/<any(pause, resume, end):what>")
def change(number: str, standing: str, what: str) -> Response:
    operations: dict[str, section.Operation] = {
        "pause": partial(pause_standing, paused=True),
        "resume": partial(pause_standing, paused=False),
        "end": end_standing,
    }
    said = {"pause": "rests", "resume": "goes on", "end": "has ended"}[what]
    return _act(number, partial(operations[what], number=standing), f"{standing} {said}.")


def _act(number: str, operation: section.Operation, said: str) -> Response:
    run = partial(operation, actor=current_actor(), at=utc_now())
    return section.act(url_for(".show", number=number), said, run)


def _page(form: RhythmForm, page: TemplatePage) -> Response:
    return render_form(
        "backoffice/purchasing/template.html",
        form,
        page=page,
        rhythm_words=_words,
        may_draft=current_actor().may(Permission.DRAFT_ORDERS),
    )


def _words(row: StandingRow) -> str:
    return words_of(Rhythm(row.every, row.unit, row.weekday))


def _cells(row: TemplateRow) -> tuple[Cell, ...]:
    return (
        row.number,
        row.name,
        row.supplier,
        row.deliver_to,
        row.lines,
        row.next_on,
        str(row.active).lower(),
    )
