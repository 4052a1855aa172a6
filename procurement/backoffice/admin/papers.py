"""How papers look, with the paper beside the form: drawn again while one types, or by a button without a script."""

from dataclasses import replace
from typing import Any

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from procurement.documents.content import Letterhead
from procurement.documents.languages import LANGUAGES
from procurement.documents.preview import preview_quote
from procurement.documents.sample import sample_quote
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.settings.operations.look import ChangeLook, NewPicture, change_look
from procurement.settings.queries import get_company, letterhead, picture_of
from procurement.settings.rules.colours import is_colour
from procurement.settings.terms import CompanyProfile
from procurement.web.doors import Audience, Door
from procurement.web.fields import (
    ChoiceField,
    ProseField,
    TextField,
    TickField,
    UploadField,
    WholeNumberField,
)
from procurement.web.filters import today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door(
    "papers",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/papers",
)

MOST_PICTURE = 4 * 1024 * 1024
PICTURES = ("logo", "head", "cover")
_KINDS = "PNG, JPEG or WebP, up to 4 MB."


class LookForm(BaseForm):
    version = WholeNumberField("Version", most=10**9)
    brand_colour = TextField("Brand colour", most=7, description="On papers and in the portal.")
    tagline = TextField("Line below the name", required=False)
    footer = ProseField(
        "Foot of every page",
        required=False,
        most=1000,
        description="Bank, register, directors; three lines are shown.",
    )
    logo = UploadField("Logo", most_bytes=MOST_PICTURE, required=False, description=_KINDS)
    head = UploadField(
        "Letterhead as a picture",
        most_bytes=MOST_PICTURE,
        required=False,
        description="Takes the place of logo, name and address. 165 mm wide, 32 mm high at most.",
    )
    head_everywhere = TickField("The letterhead on later pages, too")
    quote_cover = TickField("A cover before every quote")
    cover = UploadField(
        "Picture of the cover",
        most_bytes=MOST_PICTURE,
        required=False,
        description="Its middle is shown. Without one the cover is in your colour.",
    )
    no_logo = TickField("Take the logo away")
    no_head = TickField("Take the letterhead away")
    no_cover = TickField("Take the picture away")
    language = ChoiceField("Shown in", [(w.language, w.own_name) for w in LANGUAGES.values()])

    def to_command(self) -> ChangeLook:
        pictures: dict[str, NewPicture | None] = {}
        for name in PICTURES:
            field = getattr(self, name)
            if field.data:
                pictures[name] = NewPicture(field.data, field.file_name)
            elif getattr(self, f"no_{name}").data:
                pictures[name] = None
        return ChangeLook(
            tagline=self.tagline.data,
            footer=self.footer.data,
            brand_colour=self.brand_colour.data.upper(),
            head_everywhere=self.head_everywhere.data,
            quote_cover=self.quote_cover.data,
            version=self.version.data,
            pictures=pictures,
        )


@bp.get("")
def show() -> Response:
    with read() as session:
        company = get_company(session)
    form = LookForm(data=_as_kept(company))
    return _page(form, company)


@bp.post("")
def save() -> Response:
    form = LookForm.from_request()
    with read() as session:
        company = get_company(session)
    if request.form.get("do") != "preview" and form.validate():
        try:
            with write() as session:
                change_look(session, form.to_command(), actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show"), "Papers from now on look like this.")
    return _page(form, company)


@bp.post("/preview")
def preview() -> Response:
    """The sheets alone, for the page that is already there."""
    form = LookForm.from_request()
    with read() as session:
        company = get_company(session)
    return FlaskResponse(
        render_template("backoffice/admin/paper_sheets.html", sheets=_sheets(form, company))
    )


def _page(form: LookForm, company: CompanyProfile) -> Response:
    return render_form(
        "backoffice/admin/papers.html", form, company=company, sheets=_sheets(form, company)
    )


def _sheets(form: LookForm, company: CompanyProfile) -> list[Markup]:
    """A made-up quote in the look that is typed; what is not yet valid stays as it is kept."""
    with read() as session:
        kept = letterhead(session, company)
        cover = _picture(form, "cover", picture_of(session, company.cover_id))
    colour = str(form.brand_colour.data or "").strip()
    look = replace(
        kept,
        colour=colour if is_colour(colour) else kept.colour,
        tagline=form.tagline.data or "",
        footer=form.footer.data or "",
        logo=_picture(form, "logo", kept.logo),
        head=_picture(form, "head", kept.head),
        head_everywhere=bool(form.head_everywhere.data),
    )
    return [Markup(svg) for svg in _drawn(look, form, company, cover)]  # noqa: S704 - drawn by us, text escaped


def _drawn(
    look: Letterhead, form: LookForm, company: CompanyProfile, cover: bytes | None
) -> list[str]:
    language = form.language.data if form.language.data in LANGUAGES else "en"
    content = sample_quote(
        look,
        company.locale if language == "en" else language,
        today(),
        cover=bool(form.quote_cover.data),
        cover_picture=cover,
        currency=company.currency,
        country=company.country,
    )
    return preview_quote(content)


def _picture(form: LookForm, name: str, kept: bytes | None) -> bytes | None:
    new: bytes | None = getattr(form, name).data
    if new:
        return new
    return None if getattr(form, f"no_{name}").data else kept


def _as_kept(company: CompanyProfile) -> dict[str, Any]:
    return {name: getattr(company, name) for name in CompanyProfile.__slots__} | {"language": "en"}
