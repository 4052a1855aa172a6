"""How the house measures its use: service level, weeks, season and growth, and which site buys for which."""

import calendar

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.backoffice.purchasing.need_figures import SERVICE_CHOICES
from procurement.catalogue.queries.pages import family_choices
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.planning.operations.following import (
    AddFactor,
    ChangeMeasuring,
    add_factor,
    change_measuring,
    drop_factor,
)
from procurement.planning.operations.measuring import measure_use
from procurement.planning.queries.measuring import HouseRule, factor_rows, house_rule
from procurement.planning.terms import FactorKind
from procurement.stock.operations.places import set_buying_site
from procurement.stock.queries.places import sites
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    DecimalField,
    WholeNumberField,
)
from procurement.web.filters import today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = section.door("measuring", __name__, "/needs/measuring")

MONTHS = tuple(calendar.month_name[1:])


class RuleForm(BaseForm):
    service_level = ChoiceField(
        "Service level",
        SERVICE_CHOICES,
        description="How often the safety stock is enough between two deliveries.",
    )
    history_weeks = WholeNumberField("Weeks to measure", least=4, most=104)
    review_days = WholeNumberField(
        "Days between two looks at what to buy", most=90, description="0: every day."
    )
    top_up_days = WholeNumberField("Days between two top-ups", least=1, most=90)


class FactorForm(BaseForm):
    kind = ChoiceField(
        "What is known",
        [(FactorKind.SEASON, "A month differs"), (FactorKind.GROWTH, "Use grows or falls")],
    )
    month = ChoiceField(
        "Month",
        [("", "none"), *((str(n), name) for n, name in enumerate(MONTHS, 1))],
        required=False,
    )
    percent = DecimalField(
        "Percent", description="130 for a month of 30 % more; 5 or -10 for growth a year."
    )
    product = CodeField("Product", required=False, description="Its SKU; empty: all.")
    family = ChoiceField("or family", required=False)
    site = ChoiceField("Site", required=False)
    valid_from = DateField("From")
    valid_until = DateField("Until", required=False, description="Empty: until changed.")


@bp.get("")
def show() -> Response:
    return _page()


@bp.post("")
def change() -> Response:
    form = RuleForm.from_request(prefix="rule-")
    if form.validate():
        command = ChangeMeasuring(
            service_permille=int(form.service_level.data),
            history_weeks=form.history_weeks.data,
            review_days=form.review_days.data,
            top_up_days=form.top_up_days.data,
        )
        try:
            with write() as session:
                change_measuring(session, command, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show"), "Measured anew.")
    return _page(rule=form)


@bp.post("/now")
def measure() -> Response:
    with write() as session:
        done = measure_use(session, actor=current_actor(), at=utc_now())
    levels = section.plural(done.levels, "one level changed", "{} levels changed")
    said = section.plural(done.measured, "One use measured", "{} uses measured")
    return redirect_with_flash(url_for(".show"), f"{said}, {levels}.")


@bp.post("/factors")
def add() -> Response:
    form = FactorForm.from_request(prefix="factor-")
    _offer(form)
    if form.validate():
        month = str(form.month.data or "")
        command = AddFactor(
            kind=FactorKind(str(form.kind.data)),
            percent=form.percent.data,
            month=int(month) if month else None,
            valid_from=form.valid_from.data,
            valid_until=form.valid_until.data,
            product=str(form.product.data) or None,
            family=str(form.family.data) or None,
            site=str(form.site.data) or None,
        )
        try:
            with write() as session:
                add_factor(session, command, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show"), "It counts from now on.")
    return _page(factor=form)


@bp.post("/factors/<int:factor>/drop")
def drop(factor: int) -> Response:
    with write() as session:
        drop_factor(session, factor, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show"), "It no longer counts.")


@bp.post("/buying-sites/<site>")
def buy_for(site: str) -> Response:
    buyer = request.form.get("buying_site") or None
    try:
        with write() as session:
            set_buying_site(session, site, buyer, actor=current_actor())
    except DomainError as error:
        return redirect_with_flash(url_for(".show"), error.message, category="error")
    return redirect_with_flash(url_for(".show"), "Saved.")


def _offer(form: FactorForm) -> None:
    with read() as session:
        form.family.choices = [("", "none"), *family_choices(session)]
        form.site.choices = [("", "All sites"), *((s.code, s.name) for s in sites(session))]


def _page(*, rule: RuleForm | None = None, factor: FactorForm | None = None) -> Response:
    current_actor().require(Permission.EDIT_LOCATIONS)
    if factor is None:
        factor = FactorForm(prefix="factor-", valid_from=today(), kind=FactorKind.SEASON)
        _offer(factor)
    with read() as session:
        house = house_rule(session)
        known = factor_rows(session)
        houses = sites(session)
    return render_form(
        "backoffice/purchasing/measuring.html",
        rule if rule is not None and rule.is_sent else factor,
        rule=rule or _rule_form(house),
        factor=factor,
        house=house,
        known=known,
        months=MONTHS,
        sites=houses,
    )


def _rule_form(house: HouseRule) -> RuleForm:
    return RuleForm(
        prefix="rule-",
        service_level=house.service_permille,
        history_weeks=house.history_weeks,
        review_days=house.review_days,
        top_up_days=house.top_up_days,
    )
