"""Families: variants of one thing, side by side."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.operations.families import change_family
from procurement.catalogue.queries.pages import FamilyPage, families, family_page
from procurement.catalogue.terms import FamilyDraft
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.web.doors import Audience, Door
from procurement.web.fields import ProseField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = Door("families", __name__, audience=Audience.STAFF, url_prefix="/families")


class FamilyForm(BaseForm):
    name = TextField("Name")
    description = ProseField("Description", required=False)

    def to_draft(self, code: str) -> FamilyDraft:
        return FamilyDraft(code, self.name.data, self.description.data)


@bp.get("/")
def index() -> str | Response:
    current_actor().require(Permission.SEE_CATALOGUE)
    text = search_text()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: families(session, paging, text=text))
            cells = [(row.code, row.name, row.products) for row in rows]
            return export("families", ("Code", "Name", "Variants"), cells)
        page = families(session, page_request(), text=text)
    return render_template(
        "backoffice/catalogue/families.html",
        page=page,
        text=text,
        next_url=next_url(page),
        exports=export_urls(),
    )


@bp.get("/<path:code>")
def show(code: str) -> str:
    actor = current_actor()
    actor.require(Permission.SEE_CATALOGUE)
    family = _family(code)
    names = list(dict.fromkeys(name for one in family.variants for name, _ in one.options))
    return render_template(
        "backoffice/catalogue/family.html",
        family=family,
        option_names=names,
        may_edit=actor.may(Permission.EDIT_CATALOGUE),
    )


@bp.route("/<path:code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CATALOGUE)
    family = _family(code)
    form = FamilyForm.from_request(obj=family)
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                change_family(session, form.to_draft(code), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=code), f"{form.name.data} is saved.")
    return render_form("backoffice/catalogue/family_edit.html", form, family=family)


def _family(code: str) -> FamilyPage:
    with read() as session:
        return family_page(session, code)
