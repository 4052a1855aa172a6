"""Which quotes wait for approval, and whose."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.backoffice.admin.approval_rules import ASKED, role_name
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission, Role
from procurement.purchasing.queries.approvals import people_who_approve
from procurement.sales.operations.approval_rules import (
    NewQuoteRule,
    add_quote_rule,
    remove_quote_rule,
)
from procurement.sales.queries.approvals import quote_approval_rules
from procurement.settings.queries import get_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ManyField, MoneyField, PercentField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door(
    "quote_rules",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/quote-approvals",
)


class QuoteRuleForm(BaseForm):
    discount_above = PercentField("Discount above", required=False)
    margin_below = PercentField("Margin below", required=False)
    amount_above = MoneyField("Total above", required=False)
    roles = ManyField(
        "Of these roles", [(role.value, role_name(role)) for role in ASKED], required=False
    )
    people = ManyField("Or of these people", required=False)

    def offer(self, session: ReadSession) -> None:
        self.amount_above.currency = get_company(session).currency
        self.people.choices = [(str(key), name) for key, name in people_who_approve(session)]

    def to_command(self) -> NewQuoteRule:
        return NewQuoteRule(
            discount_above=self.discount_above.data,
            margin_below=self.margin_below.data,
            amount_above=self.amount_above.data,
            roles=tuple(Role(role) for role in self.roles.data or ()),
            people=tuple(int(key) for key in self.people.data or ()),
        )


@bp.get("")
def index() -> Response:
    form = QuoteRuleForm()
    with read() as session:
        form.offer(session)
    return _page(form)


@bp.post("")
def add() -> Response:
    form = QuoteRuleForm.from_request()
    with read() as session:
        form.offer(session)
    if form.validate():
        try:
            with write() as session:
                add_quote_rule(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), "The rule holds from now on.")
    return _page(form)


@bp.post("/<int:rule_id>/remove")
def remove(rule_id: int) -> Response:
    with write() as session:
        remove_quote_rule(session, rule_id, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), "The rule is gone.")


def _page(form: QuoteRuleForm) -> Response:
    with read() as session:
        rules = quote_approval_rules(session)
        currency = get_company(session).currency
    return render_form(
        "backoffice/admin/quote_rules.html",
        form,
        rules=rules,
        currency=currency,
        role_name=role_name,
    )
