"""How strict the seller is with the table of allergens."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.operations.deriving import change_safety_rules
from procurement.catalogue.queries.compositions import policy_version, safety_rules
from procurement.catalogue.rules.allergen_table import allergen_table
from procurement.catalogue.terms import SafetyRules
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.web.doors import Audience, Door
from procurement.web.fields import TickField, WholeNumberField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door(
    "safety_rules",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/safety",
)


class SafetyForm(BaseForm):
    is_strict = TickField("Strict: what is akin to a nut counts as one")
    counts_unchecked = TickField("Rows that are not checked count")
    version = WholeNumberField("", most=10**9, required=False)


@bp.route("", methods=["GET", "POST"])
def show() -> Response:
    with read() as session:
        rules, version = safety_rules(session), policy_version(session)
    form = SafetyForm.from_request(
        data={
            "is_strict": rules.is_strict,
            "counts_unchecked": rules.counts_unchecked,
            "version": version,
        }
    )
    if request.method == "POST" and form.validate():
        wanted = SafetyRules(form.is_strict.data, form.counts_unchecked.data)
        try:
            with write() as session:
                change_safety_rules(
                    session,
                    wanted,
                    version=form.version.data or 0,
                    actor=current_actor(),
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show"), "Every product follows from now on.")
    return render_form("backoffice/admin/safety_rules.html", form, table=allergen_table().version)
