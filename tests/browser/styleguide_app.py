"""The style guide on its own: templates and styles, invented content, no database.

`python tests/browser/styleguide_app.py` serves it; browser tests see it through a real policy.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, flash, g, render_template, request
from jinja2 import StrictUndefined
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice

from procurement.documents.languages import ANSWERING

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("parts", "today", "needs", "room", "quote", "catalogue", "form", "table", "error")
POLICY = (
    "default-src 'self'; script-src 'nonce-{}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str = ""
    count: int = 0
    active: bool = False
    sections: tuple[object, ...] = ()


PLACES = (
    ("Today", "today", "today", 10),
    ("Rooms", "room", "rooms", 0),
    ("Needs & orders", "needs", "orders", 6),
    ("Quotes & customers", "quote", "quotes", 2),
    ("Catalogue", "table", "catalogue", 0),
    ("Treatments", "form", "treatments", 0),
    ("Reports", "parts", "reports", 0),
)


class LineForm(Form):
    packs = StringField("Packs", [validators.InputRequired("How many packs came?")])
    lot = StringField("Lot")
    expires_on = StringField("Use by")


class ReceiptForm(Form):
    delivery_note = StringField("Delivery note", description="The number on their paper")
    into = SelectField(
        "Into", choices=[SelectChoice("S", "Storeroom"), SelectChoice("Q", "Quarantine")]
    )
    quantity = StringField("Quantity", [validators.Regexp(r"[0-9.]+", message="A plain number.")])
    price = StringField("Price", [validators.InputRequired()])
    expires_on = DateField("Use by", [validators.Optional()])
    condition = RadioField(
        "Condition",
        choices=[
            SelectChoice("g", "Good"),
            SelectChoice("d", "Doubtful"),
            SelectChoice("r", "Refused"),
        ],
    )
    note = TextAreaField("Note")
    label = BooleanField("Print a label for each container", description="Two a sheet")
    picture = FileField("Picture of the papers")
    lines = FieldList(FormField(LineForm), min_entries=3)


def receipt_form() -> ReceiptForm:
    """Filled in with one mistake of each kind, as it comes back to its writer."""
    lines = [{"packs": "2", "lot": "26-0917"}, {"packs": ""}, {"packs": "1"}]
    form = ReceiptForm(
        data={"quantity": "half", "price": "14.90", "condition": "g", "lines": lines}
    )
    form.validate()
    form.lines.entries[1].form.packs.errors = ["How many packs came?"]
    return form


def make_app() -> Flask:
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.jinja_env.undefined = StrictUndefined
    app.secret_key = "only invented content"
    app.add_template_global(lambda path: f"/static/{path}", "static_url")
    app.add_template_global(lambda path: (ROOT / "static" / path).is_file(), "static_exists")
    app.add_template_global(lambda: "token", "csrf_token")
    app.add_template_global(nonce, "csp_nonce")
    app.add_template_global(lambda name: getattr(ANSWERING["en"], name), "page_word")
    app.add_template_global(lambda: None, "current_visit")
    app.add_template_filter(lambda value: f"{value:,}", "number")
    app.context_processor(frames)
    app.add_url_rule("/", "index", lambda: page("today"))
    app.add_url_rule("/<name>", "page", page)
    app.after_request(protect)
    return app


def page(name: str) -> str:
    if name not in PAGES:
        abort(404)
    if name == "parts":
        flash({"text": "Moved 2 bottles to Room 4", "undo": "/parts"}, "ok")
    return render_template(
        "styleguide.html" if name == "parts" else f"styleguide/{name}.html",
        form=receipt_form(),
        status=404,
    )


def nonce() -> str:
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return g.nonce


def protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY.format(nonce())
    return response


def frames() -> dict[str, object]:
    here = request.path.strip("/")
    places = [Link(a, f"/{b}", c, d, b == here) for a, b, c, d in PLACES]
    shell = {
        "home": "/today",
        "search": "/search",
        "suggest": "",
        "account": "/form",
        "manifest": "",
        "sign_out": "/error",
        "places": places,
        "extra": [Link("Settings", "/form", "settings")],
        "name": "Ines Moreau",
        "initials": "IM",
        "company": "Larkwater Spa",
    }
    seller = {
        "name": "Fennel & Rowe",
        "logo": "",
        "home": "/catalogue",
        "links": [
            Link("Browse", "/catalogue", active=True),
            Link("Quotes", "/error"),
            Link("Orders", "/error"),
            Link("Account", "/error"),
        ],
        "search": "/catalogue",
        "suggest": "",
        "search_hint": "Search 214 products",
        "basket": "/error",
        "basket_count": 3,
        "sign_in": "",
        "brand_css": "",
        "foot": ["4 Quay Street, Portmere", "Prices before VAT"],
    }
    return {"shell": shell, "seller": seller}


if __name__ == "__main__":
    make_app().run(port=8765)
