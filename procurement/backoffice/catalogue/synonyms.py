"""Synonyms: what buyers call things, beside what Stillroom knows already."""

import re

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.operations.synonyms import remove_synonym, save_synonym
from procurement.catalogue.queries.synonyms import (
    shipped_synonyms,
    shipped_version,
    synonym,
    synonyms,
)
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.web.doors import Audience, Door
from procurement.web.fields import ProseField
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

bp = Door("synonyms", __name__, audience=Audience.STAFF, url_prefix="/synonyms")


class SynonymForm(BaseForm):
    phrases = ProseField("Words that mean the same")

    def to_phrases(self) -> list[str]:
        return [part.strip() for part in re.split(r"[,;=\n]", self.phrases.data or "")]


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_CATALOGUE)
    text = search_text()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: synonyms(session, paging, text=text, actor=actor))
            return export("synonyms", ("Words",), [(" = ".join(row.phrases),) for row in rows])
        page = synonyms(session, page_request(), text=text, actor=actor)
    return render_template(
        "backoffice/catalogue/synonyms.html",
        page=page,
        text=text,
        known=shipped_synonyms(text),
        version=shipped_version(),
        next_url=next_url(page),
        exports=export_urls(),
        may_edit=may_edit(actor),
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    """`word` is what buyers searched for in vain, `like` what it probably means."""
    actor = current_actor()
    actor.require_any(Permission.EDIT_CATALOGUE, Permission.SELL)
    form = SynonymForm.from_request()
    if request.method == "GET":
        words = [search_text("word"), search_text("like")]
        form.phrases.data = ", ".join(word for word in words if word)
    elif form.validate():
        try:
            with write() as session:
                save_synonym(session, form.to_phrases(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), "Searches know it from now on.")
    return render_form("backoffice/catalogue/synonym_form.html", form, row=None)


@bp.route("/<int:key>", methods=["GET", "POST"])
def edit(key: int) -> Response:
    actor = current_actor()
    actor.require_any(Permission.EDIT_CATALOGUE, Permission.SELL)
    with read() as session:
        row = synonym(session, key, actor=actor)
    form = SynonymForm.from_request()
    if request.method == "GET":
        form.phrases.data = ", ".join(row.phrases)
    elif form.validate():
        try:
            with write() as session:
                save_synonym(session, form.to_phrases(), key, actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), "Searches know it from now on.")
    return render_form("backoffice/catalogue/synonym_form.html", form, row=row)


@bp.post("/<int:key>/remove")
def remove(key: int) -> Response:
    with write() as session:
        remove_synonym(session, key, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), "They mean different things again.")


def may_edit(actor: Actor) -> bool:
    return actor.may(Permission.EDIT_CATALOGUE) or actor.may(Permission.SELL)
