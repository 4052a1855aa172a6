"""Price rules: in the order they are tried, and the form of one."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import price_rules_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.catalogue.queries.pages import family_choices
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.price_rules import (
    SavePriceRule,
    change_price_rule,
    create_price_rule,
    remove_price_rule,
)
from procurement.sales.queries.groups import group_choices
from procurement.sales.queries.price_rules import RuleRow, price_rule, price_rules
from procurement.sales.rules.price_rules import BASIS_WORDS, CostBasis, RuleKind
from procurement.settings.queries import currencies
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    PercentField,
    TextField,
    TickField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

KINDS = [
    (RuleKind.DISCOUNT.value, "a discount: percent off the list price"),
    (RuleKind.COST_PLUS.value, "cost-plus: percent on top of what the goods cost"),
]
BASES = [(basis.value, BASIS_WORDS[basis].capitalize()) for basis in CostBasis]
HEADER = (
    "Priority",
    "Name",
    "Kind",
    "Percent",
    "Customer",
    "Group",
    "Product",
    "Family",
    "Brand",
    "Currency",
    "From packs",
    "From",
    "Until",
    "Least margin",
    "Active",
)


class PriceRuleForm(BaseForm):
    name = TextField("Name")
    kind = ChoiceField("It is", KINDS)
    percent = PercentField("Percent", most=1000)
    basis = ChoiceField("Cost counted by", BASES)
    priority = WholeNumberField("Priority", least=1, most=999)
    customer = CodeField("Customer", required=False)
    group = ChoiceField("Customer group", required=False)
    product = CodeField("Product", required=False)
    family = ChoiceField("Family", required=False)
    brand = TextField("Brand", required=False)
    currency = ChoiceField("Prices in", required=False)
    from_packs = WholeNumberField("From packs", least=1, most=1_000_000)
    valid_from = DateField("From", required=False)
    valid_until = DateField("Until, that day included", required=False)
    least_margin = PercentField("Least margin", required=False)
    active = TickField("Active")
    version = WholeNumberField("Version", required=False, most=10**9)

    def offer(self) -> None:
        with read() as session:
            self.group.choices = [("", "every customer"), *group_choices(session)]
            self.family.choices = [("", "every family"), *family_choices(session)]
            self.currency.choices = [("", "every currency")] + [
                (code, code) for code in currencies(session)
            ]

    def to_command(self) -> SavePriceRule:
        return SavePriceRule(
            name=self.name.data,
            kind=RuleKind(self.kind.data),
            percent=self.percent.data,
            priority=self.priority.data,
            basis=CostBasis(self.basis.data),
            customer=self.customer.data or None,
            group=self.group.data or None,
            product=self.product.data or None,
            family=self.family.data or None,
            brand=self.brand.data,
            currency=self.currency.data or None,
            from_packs=self.from_packs.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            least_margin=self.least_margin.data,
            active=self.active.data,
            version=self.version.data,
        )


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    with read() as session:
        rules = price_rules(session, actor=actor)
    if wanted_format():
        return export("price-rules", HEADER, [_exported(rule) for rule in rules])
    return render_template(
        "backoffice/sales/price_rules.html",
        tabs=sales_tabs("price_rules"),
        rules=rules,
        bases=BASIS_WORDS,
        exports_of=export_urls(),
        may_edit=actor.may(Permission.EDIT_PRICES),
    )


def _exported(rule: RuleRow) -> tuple[Cell, ...]:
    return (
        rule.priority,
        rule.name,
        rule.kind.value,
        rule.percent.percent,
        rule.customer,
        rule.group,
        rule.product,
        rule.family,
        rule.brand,
        rule.currency,
        rule.from_packs,
        rule.valid_from,
        rule.valid_until,
        rule.least_margin.percent if rule.least_margin is not None else None,
        "yes" if rule.active else "no",
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_PRICES)
    sent = request.method == "POST"
    form = (
        PriceRuleForm.from_request()
        if sent
        else PriceRuleForm(active=True, priority=100, from_packs=1)
    )
    form.offer()
    if form.is_sent and form.validate():
        try:
            with write() as session:
                create_price_rule(session, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), f"{form.name.data} holds from now on.")
    return render_form("backoffice/sales/price_rule_form.html", form, rule=None)


@bp.route("/<int:rule_id>/edit", methods=["GET", "POST"])
def edit(rule_id: int) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_PRICES)
    with read() as session:
        rule = price_rule(session, rule_id, actor=actor)
    form = PriceRuleForm.from_request() if request.method == "POST" else PriceRuleForm(obj=rule)
    form.offer()
    if form.is_sent and form.validate():
        try:
            with write() as session:
                change_price_rule(session, rule_id, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), f"{form.name.data} saved.")
    return render_form("backoffice/sales/price_rule_form.html", form, rule=rule)


@bp.post("/<int:rule_id>/remove")
def remove(rule_id: int) -> Response:
    with write() as session:
        remove_price_rule(session, rule_id, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), "The rule is gone.")
