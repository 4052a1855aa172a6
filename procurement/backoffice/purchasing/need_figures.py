"""One need with every figure opened: the use by week, the levels, what is here, on order and promised."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.planning.operations.following import (
    LONGEST_COVER,
    FixLevels,
    FollowUse,
    fix_levels,
    follow_use,
)
from procurement.planning.operations.snoozing import LONGEST_NOTE, SnoozeNeed, snooze_need
from procurement.planning.queries.need_page import NeedPage, need_page
from procurement.planning.terms import SERVICE_LEVELS, Method
from procurement.web.fields import (
    ChoiceField,
    DateField,
    QuantityField,
    TextField,
    WholeNumberField,
)
from procurement.web.filters import show_date, show_number, show_quantity
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = section.door("need_figures", __name__, "/needs/figures")

METHODS = {
    Method.MEAN: "the mean, because it is used in most weeks",
    Method.SBA: "Croston's estimate without its bias (SBA), because it is used now and then",
    Method.TSB: "an estimate that fades (TSB), because it has not been used for a long while",
    Method.NONE: "nothing, because it was not used",
}
SERVICE_CHOICES = [(str(permille), f"{permille / 10:g} %") for permille in SERVICE_LEVELS]
UNLESS_WORSE, ALWAYS = "worse", "always"


class SnoozeForm(BaseForm):
    until = DateField("Leave it alone until", description="The day on which it comes back.")
    comes_back = ChoiceField(
        "It stays away",
        [
            (UNLESS_WORSE, "unless it gets worse"),
            (ALWAYS, "whatever happens"),
        ],
        description="Worse: less is there and coming than now.",
    )
    note = TextField("Why", most=LONGEST_NOTE, required=False)


class FollowForm(BaseForm):
    cover_days = WholeNumberField(
        "Days to cover",
        least=1,
        most=LONGEST_COVER,
        description="From the reorder point up to par.",
    )
    service_level = ChoiceField("Service level", required=False)


class FixForm(BaseForm):
    par_level = QuantityField("Par level", zero=True)
    reorder_point = QuantityField("Reorder point", zero=True)

    def process(  # type: ignore[override] # one keyword more than WTForms knows
        self, formdata: Any = None, *arguments: Any, unit: Unit = Unit.PIECE, **more: Any
    ) -> None:
        self.par_level.unit = self.reorder_point.unit = unit
        super().process(formdata, *arguments, **more)


def _asked_for() -> tuple[str, str]:
    return request.args.get("location", ""), request.args.get("product", "")


def _here() -> str:
    location, product = _asked_for()
    return url_for(".show", location=location, product=product)


@bp.get("")
def show() -> Response:
    return _page()


@bp.post("/snooze")
def snooze() -> Response:
    location, product = _asked_for()
    form = SnoozeForm.from_request(prefix="snooze-")
    if not form.validate():
        return _page(snoozing=form)
    command = SnoozeNeed(
        location=location,
        product=product,
        until=form.until.data,
        note=str(form.note.data or ""),
        unless_worse=form.comes_back.data == UNLESS_WORSE,
    )
    try:
        with write() as session:
            snooze_need(session, command, actor=current_actor(), at=utc_now())
    except DomainError as error:
        form.blame(error)
        return _page(snoozing=form)
    return redirect_with_flash(_here(), f"Put aside until {show_date(command.until)}.")


@bp.post("/follow")
def follow() -> Response:
    location, product = _asked_for()
    form = FollowForm.from_request(prefix="follow-")
    form.service_level.choices = _services()
    if not form.validate():
        return _page(following=form)
    chosen = str(form.service_level.data or "")
    command = FollowUse(
        location=location,
        product=product,
        cover_days=form.cover_days.data,
        service_permille=int(chosen) if chosen else None,
    )
    try:
        with write() as session:
            follow_use(session, [command], actor=current_actor(), at=utc_now())
    except DomainError as error:
        form.blame(error)
        return _page(following=form)
    return redirect_with_flash(_here(), "The levels follow the measured use from now on.")


@bp.post("/fix")
def fix() -> Response:
    location, product = _asked_for()
    with read() as session:
        unit = need_page(session, location, product, at=utc_now()).unit
    form = FixForm.from_request(prefix="fix-", unit=unit)
    if not form.validate():
        return _page(fixing=form)
    command = FixLevels(location, product, form.par_level.data, form.reorder_point.data)
    try:
        with write() as session:
            fix_levels(session, command, actor=current_actor())
    except DomainError as error:
        form.blame(error)
        return _page(fixing=form)
    return redirect_with_flash(_here(), "These levels stay, whatever is used.")


def _services() -> list[tuple[str, str]]:
    return [("", "The house's"), *SERVICE_CHOICES]


def _page(
    *,
    snoozing: SnoozeForm | None = None,
    following: FollowForm | None = None,
    fixing: FixForm | None = None,
) -> Response:
    location, product = _asked_for()
    with read() as session:
        page = need_page(session, location, product, at=utc_now())
    actor = current_actor()
    form = snoozing or following or fixing or SnoozeForm(prefix="snooze-")
    return render_form(
        "backoffice/purchasing/need.html",
        form,
        page=page,
        title=_title(page),
        lead=_lead(page),
        method=METHODS[page.use.method] if page.use else "",
        snoozing=snoozing or SnoozeForm(prefix="snooze-"),
        following=following or _follow_form(page),
        fixing=fixing or _fix_form(page),
        may_act=actor.may(Permission.DRAFT_ORDERS) or actor.may(Permission.MOVE_STOCK),
        may_measure=actor.may(Permission.EDIT_LOCATIONS),
        points=[int(steps.decimal) for _, steps in page.use.weeks] if page.use else [],
    )


def _fix_form(page: NeedPage) -> FixForm:
    return FixForm(
        prefix="fix-",
        unit=page.unit,
        par_level=page.par_level,
        reorder_point=page.reorder_point,
    )


def _follow_form(page: NeedPage) -> FollowForm:
    levels = page.levels
    form = FollowForm(
        prefix="follow-",
        cover_days=levels.cover_days if levels else None,
        service_level=levels.own_service if levels else None,
    )
    form.service_level.choices = _services()
    return form


def _title(page: NeedPage) -> str:
    need = page.need
    if need is None:
        return f"{page.location_name} has enough {page.product_name}"
    if need.snooze:
        return f"{page.product_name} is put aside until {show_date(need.snooze.until)}"
    if need.is_waiting:
        return f"{page.product_name} for {page.location_name} is on order"
    return f"{page.location_name} is short of {show_quantity(need.short)} of {page.product_name}"


def _lead(page: NeedPage) -> str:
    need = page.need
    if need is None:
        return "What is here and coming is at its reorder point or above."
    parts = [f"{show_quantity(row.quantity)} from {row.source_name}" for row in need.refills]
    if need.packs and need.pack_value:
        parts.append(
            f"{show_number(need.packs)} × {need.pack_value.name} from {need.supplier_name}"  # noqa: RUF001 (so it is printed)
        )
    if not parts:
        return "Nothing is proposed."
    return f"Proposed: {section.joined(parts)}."
