"""Budgets: how far each has come, and setting them."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.catalogue.queries.pages import family_choices
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.budgeting import SaveBudget, change_budget, create_budget
from procurement.purchasing.queries.approvals import people_who_approve
from procurement.purchasing.queries.budgets import budget_list, budget_row
from procurement.purchasing.queries.cost_centres import cost_centre_choices
from procurement.purchasing.terms import BudgetPeriod, BudgetRow
from procurement.settings.queries import get_company
from procurement.stock.queries.places import sites
from procurement.web.fields import ChoiceField, CodeField, MoneyField, TextField, TickField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, next_url, page_request, wanted_format
from procurement.web.transactions import read, write

bp = section.door("budgets", __name__, "/budgets")

HEADER = (
    "code",
    "name",
    "owner",
    "period",
    "from",
    "until",
    "site",
    "family",
    "cost_centre",
    "active",
)
AMOUNTS = ("amount", "committed", "spent", "left", "currency")
PERIODS = {
    BudgetPeriod.MONTH: "each month",
    BudgetPeriod.QUARTER: "each quarter",
    BudgetPeriod.YEAR: "each year",
}


class BudgetForm(BaseForm):
    code = CodeField("Code")
    name = TextField("Name")
    amount = MoneyField("Amount", description="Net of tax, in your own currency.")
    period = ChoiceField("For", [(period.value, words) for period, words in PERIODS.items()])
    site = ChoiceField("Delivered to", required=False)
    family = ChoiceField("Products of", required=False)
    cost_centre = ChoiceField("Of cost centre", required=False)
    owner = ChoiceField("Owner", description="Has to agree to an order that goes beyond it.")
    active = TickField("It is in force")

    def offer(self, session: ReadSession) -> None:
        self.amount.currency = get_company(session).currency
        self.site.choices = [("", "every site"), *((one.code, one.name) for one in sites(session))]
        self.family.choices = [("", "every family"), *family_choices(session)]
        self.cost_centre.choices = cost_centre_choices(session, "every cost centre")
        self.owner.choices = [
            ("", ""),
            *((str(key), name) for key, name in people_who_approve(session)),
        ]

    def to_command(self, code: str, *, active: bool) -> SaveBudget:
        return SaveBudget(
            code=code,
            name=self.name.data,
            owner=int(self.owner.data),
            period=BudgetPeriod(self.period.data),
            amount=self.amount.data,
            site=self.site.data or None,
            family=self.family.data or None,
            cost_centre=self.cost_centre.data or None,
            active=active,
        )


@bp.get("")
def index() -> Response:
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: budget_list(session, paging, at=utc_now()))
            return export("budgets", HEADER + AMOUNTS, [_cells(row) for row in rows])
        page = budget_list(session, page_request(), at=utc_now())
    return render_form(
        "backoffice/purchasing/budgets.html",
        BudgetForm(),
        rows=page.items,
        next_url=next_url(page),
        exports_of=export_urls(),
    )


@bp.get("/new")
@bp.post("")
def new() -> Response:
    current_actor().require(Permission.EDIT_SETTINGS)
    form = BudgetForm.from_request() if request.method == "POST" else BudgetForm()
    with read() as session:
        form.offer(session)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                command = form.to_command(form.code.data, active=True)
                create_budget(session, command, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), f"{form.name.data} is set.")
    return render_form("backoffice/purchasing/budget_form.html", form, budget=None)


@bp.get("/<code>/edit")
@bp.post("/<code>/edit")
def edit(code: str) -> Response:
    current_actor().require(Permission.EDIT_SETTINGS)
    with read() as session:
        budget = budget_row(session, code, at=utc_now())
        form = (
            BudgetForm.from_request()
            if request.method == "POST"
            else BudgetForm(data=_as_data(budget))
        )
        form.offer(session)
    if form.is_sent:
        form.code.data, form.code.raw_data = code, [code]
        if form.validate():
            try:
                with write() as session:
                    command = form.to_command(code, active=bool(form.active.data))
                    change_budget(session, command, actor=current_actor(), at=utc_now())
            except DomainError as error:
                form.blame(error)
            else:
                return redirect_with_flash(url_for(".index"), f"{form.name.data} is saved.")
    return render_form("backoffice/purchasing/budget_form.html", form, budget=budget)


def _as_data(budget: BudgetRow) -> dict[str, object]:
    return {
        "code": budget.code,
        "name": budget.name,
        "amount": budget.amount,
        "period": budget.period,
        "site": budget.site,
        "family": budget.family,
        "cost_centre": budget.cost_centre or "",
        "owner": budget.owner_id,
        "active": budget.active,
    }


def _cells(row: BudgetRow) -> tuple[Cell, ...]:
    return (
        row.code,
        row.name,
        row.owner_name,
        str(row.period),
        row.first_day,
        row.last_day,
        row.site,
        row.family,
        row.cost_centre,
        str(row.active).lower(),
        row.amount.decimal,
        row.committed.decimal,
        row.spent.decimal,
        row.left.decimal,
        row.amount.currency,
    )
