"""Groups of customers: all of them, and one more."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import groups_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.groups import SaveGroup, save_group
from procurement.sales.queries.groups import customer_groups
from procurement.web.fields import CodeField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write


class GroupForm(BaseForm):
    code = CodeField("Code")
    name = TextField("Name")


@bp.get("/")
def index() -> Response:
    return _page(GroupForm())


@bp.post("/")
def save() -> Response:
    form = GroupForm.from_request()
    if form.validate():
        command = SaveGroup(form.code.data, form.name.data)
        try:
            with write() as session:
                group = save_group(session, command, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), f"{group.name} saved.")
    return _page(form)


def _page(form: GroupForm) -> Response:
    actor = current_actor()
    with read() as session:
        groups = customer_groups(session, actor=actor)
    return render_form(
        "backoffice/sales/groups.html",
        form,
        groups=groups,
        tabs=sales_tabs("customers"),
        may_edit=actor.may(Permission.EDIT_PRICES),
    )
