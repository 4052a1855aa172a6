"""Ingredients of the catalogue, and the table of allergens they are read by."""

from flask import render_template, request
from werkzeug.wrappers import Response

from procurement.catalogue.queries.ingredients import IngredientRow, ingredients
from procurement.catalogue.rules.allergen_table import AllergenRule, allergen_table, rules_matching
from procurement.catalogue.terms import AllergenGroup
from procurement.kernel.paging import all_rows, part_of
from procurement.kernel.permissions import Permission
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read

bp = Door("ingredients", __name__, audience=Audience.STAFF, url_prefix="/ingredients")
table_bp = Door("allergens", __name__, audience=Audience.STAFF, url_prefix="/allergens")

HEADER = ("INCI", "Means", "Products")
TABLE_HEADER = (
    "Row", "Stands for", "About", "Names", "CAS", "Left on %", "Rinsed off %", "Written in", "Checked", "Note",
)  # fmt: skip
GROUPS = {
    AllergenGroup.TREE_NUT: "Tree nuts",
    AllergenGroup.PEANUT: "Peanut",
    AllergenGroup.FOOD: "Other food allergens",
    AllergenGroup.FRAGRANCE: "Fragrance substances",
    AllergenGroup.SCENT: "Perfume and oils that smell",
    AllergenGroup.ACTIVE: "Active ingredients (US)",
}


@bp.get("")
def index() -> str | Response:
    current_actor().require(Permission.SEE_CATALOGUE)
    text = search_text()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: ingredients(session, paging, text=text))
            return export("ingredients", HEADER, [_cells(row) for row in rows])
        page = ingredients(session, page_request(), text=text)
    return render_template(
        "backoffice/catalogue/ingredients.html",
        page=page,
        text=text,
        next_url=next_url(page),
        exports=export_urls(),
    )


def _cells(row: IngredientRow) -> tuple[str | int, ...]:
    return (row.inci, "; ".join(rule.allergen for rule in row.rules), row.products)


@table_bp.get("", endpoint="index")
def index_of_table() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_CATALOGUE)
    text, group = search_text(), one_of(AllergenGroup, "group")
    checked = {"yes": True, "no": False}.get(request.args.get("checked", ""))
    found = rules_matching(text, group, checked=checked)
    if wanted_format():
        return export("allergens", TABLE_HEADER, [_table_cells(rule) for rule in found])
    page = part_of(found, page_request(), lambda rule: (rule.row,))
    known = allergen_table()
    return render_template(
        "backoffice/catalogue/allergens.html",
        page=page,
        table=known,
        sources=known.sources.values(),
        groups=[(one.value, words) for one, words in GROUPS.items()],
        group_names=GROUPS,
        text=text,
        group=group.value if group else "",
        checked=request.args.get("checked", ""),
        next_url=next_url(page),
        exports=export_urls(),
        may_set=actor.may(Permission.EDIT_SETTINGS),
    )


def _table_cells(rule: AllergenRule) -> tuple[str | int, ...]:
    return (
        rule.row,
        rule.allergen,
        GROUPS[rule.group],
        "; ".join(rule.names),
        ", ".join(rule.cas),
        rule.leave_on,
        rule.rinse_off,
        rule.written,
        "yes" if rule.checked else "no",
        rule.note,
    )
