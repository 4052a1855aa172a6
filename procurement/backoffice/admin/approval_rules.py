"""Who approves which orders."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission, Role
from procurement.purchasing.operations.approval_rules import (
    NewApprovalRule,
    add_approval_rule,
    remove_approval_rule,
)
from procurement.purchasing.queries.approvals import approval_rules, people_who_approve
from procurement.purchasing.queries.cost_centres import cost_centre_choices
from procurement.settings.queries import get_company
from procurement.stock.queries.places import sites
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, ManyField, MoneyField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door(
    "approval_rules",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/approvals",
)
ASKED = tuple(role for role in Role if role is not Role.WHOLESALE_BUYER)


def role_name(role: Role | None) -> str:
    return role.replace("_", " ").capitalize() if role else ""


class RuleForm(BaseForm):
    above = MoneyField("Orders above", description="Tax included, in your own currency.")
    approvals = ChoiceField("Need the approval of", [("1", "one person"), ("2", "two people")])
    site = ChoiceField(
        "Delivered to",
        required=False,
        description="A site with rules of its own follows only them.",
    )
    cost_centre = ChoiceField(
        "For cost centre",
        required=False,
        description="A cost centre with rules of its own follows only them.",
    )
    roles = ManyField(
        "Of these roles", [(role.value, role_name(role)) for role in ASKED], required=False
    )
    people = ManyField("Or of these people", required=False)

    def offer(self, session: ReadSession) -> None:
        self.above.currency = get_company(session).currency
        self.site.choices = [("", "every site"), *((one.code, one.name) for one in sites(session))]
        self.cost_centre.choices = cost_centre_choices(session, "every cost centre")
        self.people.choices = [(str(key), name) for key, name in people_who_approve(session)]

    def to_command(self) -> NewApprovalRule:
        return NewApprovalRule(
            above=self.above.data,
            approvals=int(self.approvals.data),
            site=self.site.data or None,
            cost_centre=self.cost_centre.data or None,
            roles=tuple(Role(role) for role in self.roles.data or ()),
            people=tuple(int(key) for key in self.people.data or ()),
        )


@bp.get("")
def index() -> Response:
    if wanted_format():
        with read() as session:
            rows = approval_rules(session)
        cells = [
            (
                row.above.decimal,
                row.above.currency,
                row.approvals,
                row.site,
                row.cost_centre,
                ", ".join(one.name or role_name(one.role) for one in row.approvers),
            )
            for row in rows
        ]
        header = ("Above", "Currency", "Approvals", "Site", "Cost centre", "Of")
        return export("approval-rules", header, cells)
    with read() as session:
        form = RuleForm()
        form.offer(session)
    return _page(form)


@bp.post("")
def add() -> Response:
    form = RuleForm.from_request()
    with read() as session:
        form.offer(session)
    if form.validate():
        try:
            with write() as session:
                add_approval_rule(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), "The rule holds from now on.")
    return _page(form)


@bp.post("/<int:rule_id>/remove")
def remove(rule_id: int) -> Response:
    with write() as session:
        remove_approval_rule(session, rule_id, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), "The rule is gone.")


def _page(form: RuleForm) -> Response:
    with read() as session:
        rules = approval_rules(session)
        currency = get_company(session).currency
        names = {site.code: site.name for site in sites(session)}
    return render_form(
        "backoffice/admin/approvals.html",
        form,
        rules=rules,
        currency=currency,
        site_names=names,
        role_name=role_name,
        exports_of=export_urls(),
    )
