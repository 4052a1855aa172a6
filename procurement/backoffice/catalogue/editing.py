"""Making and changing products, their packs and pictures."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.catalogue.product_form import (
    NewPackForm,
    NewProductForm,
    PackForm,
    ProductForm,
    typed_of,
)
from procurement.backoffice.catalogue.products import bp
from procurement.catalogue.operations.picture_order import lead_with_picture, remove_picture
from procurement.catalogue.operations.pictures import add_picture
from procurement.catalogue.operations.products import change_product, create_pack, create_product
from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.queries.pages import family_choices, product_page
from procurement.catalogue.queries.search import categories, tags
from procurement.catalogue.rules.label_text import ReadLabel
from procurement.catalogue.rules.product_safety import ProductSafety, product_safety
from procurement.catalogue.terms import Composition, PackDraft, ProductDraft, TagDimension
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.permissions import Permission
from procurement.web.fields import TextField, UploadField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

MOST_BYTES = 12 * 1024 * 1024


class PictureForm(BaseForm):
    picture = UploadField("Picture", most_bytes=MOST_BYTES)
    alternative_text = TextField("What it shows, for those who cannot see it", required=False)


def _offered(session: ReadSession, form: NewProductForm | ProductForm) -> dict[str, Any]:
    """The names a product may take up, for its form."""
    known = tags(session)
    form.areas.offer(known[TagDimension.BODY_AREA])
    form.techniques.offer(known[TagDimension.TECHNIQUE])
    form.skin_feels.offer(known[TagDimension.SKIN_FEEL])
    form.scents.offer(known[TagDimension.SCENT])
    return {"categories": categories(session), "families": family_choices(session)}


@dataclass(frozen=True, slots=True)
class Understood:
    """What a label was understood as, before anything is saved."""

    label: ReadLabel
    safety: ProductSafety
    means: dict[str, str]  # allergens by ingredient


def _understood(session: ReadSession, form: NewProductForm | ProductForm) -> Understood | None:
    """When "Read the label" was pressed: nothing is saved, the lists are filled in."""
    if request.method != "POST" or "read_label" not in request.form:
        return None
    label = form.read_the_label()
    made_of = Composition(label.names, label.may_names)
    safety = product_safety(made_of, safety_rules(session))
    means = {
        name: ", ".join(
            dict.fromkeys(one.allergen for one in safety.told if one.ingredient == name)
        )
        for name in made_of.names
    }
    return Understood(label, safety, means)


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CATALOGUE)
    form = NewProductForm.from_request()
    with read() as session:
        offered = _offered(session, form)
        understood = _understood(session, form)
    if understood:
        offered["understood"] = understood
    elif request.method == "POST" and form.validate():
        try:
            with write() as session:
                create_product(session, form.to_draft(), form.to_packs(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(_renamed(error, size="pack_size", code="pack_code"))
        else:
            sku = form.sku.data
            return redirect_with_flash(url_for(".show", sku=sku), f"{form.name.data} is there.")
    status = 200 if understood else None
    return render_form("backoffice/catalogue/product_new.html", form, status=status, **offered)


@bp.route("/<path:sku>/edit", methods=["GET", "POST"])
def edit(sku: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CATALOGUE)
    with read() as session:
        page = product_page(session, sku)
        form = ProductForm.from_request(data=typed_of(page), unit=page.product.unit)
        offered = _offered(session, form)
        understood = _understood(session, form)
    if understood:
        offered["understood"] = understood
    elif request.method == "POST" and form.validate():
        try:
            with write() as session:
                change_product(
                    session,
                    form.to_draft(sku),
                    actor=actor,
                    at=utc_now(),
                    version=form.version.data,
                )
        except DomainError as error:
            form.blame(_renamed(error))
        else:
            return redirect_with_flash(url_for(".show", sku=sku), f"{form.name.data} is saved.")
    status = 200 if understood else None
    return render_form(
        "backoffice/catalogue/product_edit.html", form, status=status, page=page, **offered
    )


def _renamed(error: DomainError, **words: str) -> DomainError:
    """An ingredient or tag is named by its place in a list; the form has one field for all of them."""
    names = {
        "body_areas": "more_areas",
        **{name: f"more_{name}" for name in ("techniques", "skin_feels", "scents")},
        **words,
    }
    error.field = names.get(error.field, error.field)
    return error


@bp.route("/<path:sku>/packs/new", methods=["GET", "POST"])
def add_pack(sku: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CATALOGUE)
    with read() as session:
        page = product_page(session, sku)
    form = NewPackForm.from_request(unit=page.product.unit)
    if request.method == "POST" and form.validate():
        code, size = form.code.data, form.size.data
        draft = PackDraft(
            sku,
            code,
            form.name.data,
            size.steps,
            form.gtin.data or None,
            is_sales_pack=True if form.is_sales_pack.data else None,
            tare=form.tare,
            rule=form.rule,
        )
        try:
            with write() as session:
                create_pack(session, draft, actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(_renamed(error))
        else:
            return redirect_with_flash(url_for(".show", sku=sku), f"{form.name.data} is there.")
    return render_form("backoffice/catalogue/pack.html", form, page=page, pack=None)


@bp.route("/<path:sku>/packs/<code>", methods=["GET", "POST"])
def edit_pack(sku: str, code: str) -> Response:
    """A pack's size never changes: what was bought and counted in it would change with it."""
    actor = current_actor()
    actor.require(Permission.EDIT_CATALOGUE)
    with read() as session:
        page = product_page(session, sku)
    pack = page.product.packs.get(code)
    if pack is None:
        raise NotFound(f"{sku} has no pack {code}.")
    tare = Decimal(pack.tare).scaleb(-3) if pack.tare else None
    typed = {
        "tare_grams": tare,
        "order_least": pack.rule.least if pack.rule.least > 1 else None,
        "order_step": pack.rule.step if pack.rule.step > 1 else None,
        "order_most": pack.rule.most,
    }
    form = PackForm.from_request(obj=pack, data=typed)
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                packs = [form.to_draft(sku, code)]
                change_product(session, ProductDraft(sku), packs, actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(_renamed(error))
        else:
            return redirect_with_flash(url_for(".show", sku=sku), f"{form.name.data} is saved.")
    return render_form("backoffice/catalogue/pack.html", form, page=page, pack=pack)


@bp.route("/<path:sku>/pictures", methods=["GET", "POST"])
def pictures(sku: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_CATALOGUE)
    with read() as session:
        page = product_page(session, sku)
    form = PictureForm.from_request()
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                add_picture(
                    session,
                    sku,
                    form.picture.data,
                    file_name=form.picture.file_name,
                    alternative_text=form.alternative_text.data,
                    actor=actor,
                    at=utc_now(),
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".pictures", sku=sku), "The picture is there.")
    return render_form("backoffice/catalogue/pictures.html", form, page=page)


@bp.post("/<path:sku>/pictures/<sha256>/lead")
def lead_picture(sku: str, sha256: str) -> Response:
    with write() as session:
        lead_with_picture(session, sku, sha256, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".pictures", sku=sku), "That picture leads now.")


@bp.post("/<path:sku>/pictures/<sha256>/remove")
def drop_picture(sku: str, sha256: str) -> Response:
    with write() as session:
        remove_picture(session, sku, sha256, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".pictures", sku=sku), "The picture is taken away.")
