"""The cost centres that orders, budgets and approval rules may name."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.cost_centres import (
    SaveCostCentre,
    change_cost_centre,
    create_cost_centre,
)
from procurement.purchasing.queries.cost_centres import cost_centres
from procurement.stock.queries.places import sites
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, CodeField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door(
    "cost_centres",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/cost-centres",
)
HEADER = ("code", "name", "site", "active")


class CostCentreForm(BaseForm):
    code = CodeField("Code")
    name = TextField("Name")
    site = ChoiceField("Of site", required=False)

    def offer(self, session: ReadSession) -> None:
        self.site.choices = [("", "every site"), *((one.code, one.name) for one in sites(session))]

    def to_command(self) -> SaveCostCentre:
        return SaveCostCentre(code=self.code.data, name=self.name.data, site=self.site.data or None)


@bp.get("")
def index() -> Response:
    if wanted_format():
        with read() as session:
            rows = cost_centres(session)
        cells = [(row.code, row.name, row.site, str(row.active).lower()) for row in rows]
        return export("cost-centres", HEADER, cells)
    return _page(CostCentreForm())


@bp.post("")
def add() -> Response:
    form = CostCentreForm.from_request()
    with read() as session:
        form.offer(session)
    if form.validate():
        try:
            with write() as session:
                create_cost_centre(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), f"{form.name.data} is there.")
    return _page(form)


@bp.post("/<code>/<any(on, off):state>")
def switch(code: str, state: str) -> Response:
    with write() as session:
        found = next((row for row in cost_centres(session) if row.code == code), None)
        if found is None:
            raise NotFound(f"There is no cost centre {code}.")
        command = SaveCostCentre(code=code, name=found.name, site=found.site, active=state == "on")
        change_cost_centre(session, command, actor=current_actor(), at=utc_now())
    word = "offered again" if state == "on" else "no longer offered"
    return redirect_with_flash(url_for(".index"), f"{found.name} is {word}.")


def _page(form: CostCentreForm) -> Response:
    with read() as session:
        form.offer(session)
        rows = cost_centres(session)
        names = {site.code: site.name for site in sites(session)}
    return render_form(
        "backoffice/admin/cost_centres.html",
        form,
        rows=rows,
        site_names=names,
        exports_of=export_urls(),
    )
