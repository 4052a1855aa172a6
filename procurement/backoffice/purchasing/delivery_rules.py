"""What deliveries must keep to: how much may come on top, how long goods must keep, until when claims are made."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.accepting import (
    MAX_CLAIM_DAYS,
    MAX_DAYS,
    SaveDeliveryRule,
    remove_delivery_rule,
    save_delivery_rule,
)
from procurement.purchasing.queries.accepting import delivery_rules
from procurement.sourcing.queries import supplier_choices
from procurement.web.fields import ChoiceField, PercentField, TextField, WholeNumberField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = section.door("delivery_rules", __name__, "/delivery-rules")


class RuleForm(BaseForm):
    supplier = ChoiceField("Supplier", required=False)
    product = TextField("Product", required=False, description="Its SKU; empty means every one.")
    over = PercentField("More than ordered", required=False)
    least_life = PercentField("Of its shelf life", required=False)
    least_days = WholeNumberField("It must still keep", most=MAX_DAYS, required=False)
    claim_days = WholeNumberField("Claims within", least=1, most=MAX_CLAIM_DAYS, required=False)

    def to_command(self) -> SaveDeliveryRule:
        return SaveDeliveryRule(
            supplier=self.supplier.data or None,
            product=self.product.data or None,
            over=self.over.data,
            least_days=self.least_days.data,
            least_life=self.least_life.data,
            claim_days=self.claim_days.data,
        )


@bp.get("")
def index() -> Response:
    return _page(RuleForm())


@bp.post("")
def save() -> Response:
    form = RuleForm.from_request()
    _offer(form)
    if form.validate():
        try:
            with write() as session:
                command = form.to_command()
                save_delivery_rule(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), "The rule is saved.")
    return _page(form)


@bp.post("/<int:key>/remove")
def remove(key: int) -> Response:
    at = utc_now()
    return section.act(
        url_for(".index"),
        "The rule is gone; the next wider one speaks again.",
        lambda session: remove_delivery_rule(session, key, actor=current_actor(), at=at),
    )


def _offer(form: RuleForm) -> None:
    with read() as session:
        form.supplier.choices = [("", "Every supplier"), *supplier_choices(session)]


def _page(form: RuleForm) -> Response:
    _offer(form)
    with read() as session:
        rules = delivery_rules(session)
    return render_form(
        "backoffice/purchasing/delivery_rules.html",
        form,
        rules=rules,
        may_edit=current_actor().may(Permission.EDIT_SUPPLIERS),
    )
