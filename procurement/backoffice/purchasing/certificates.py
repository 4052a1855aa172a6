"""The register of certificates: safety data sheets and other papers of suppliers, with versions and days of renewal."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.catalogue.terms import Kind
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.sourcing.operations.certificates import (
    MOST_BYTES,
    MOST_REMIND_DAYS,
    KeepCertificate,
    ask_for_safety_sheets,
    keep_certificate,
)
from procurement.sourcing.queries import supplier_choices
from procurement.sourcing.queries.certificates import (
    certificate_file,
    certificate_versions,
    certificates,
    missing_safety_sheets,
    safety_sheet_kinds,
)
from procurement.sourcing.terms import CertificateKind, CertificateRow, CertificateState
from procurement.web.doors import Audience, Door
from procurement.web.fields import (
    ChoiceField,
    DateField,
    ManyField,
    TextField,
    UploadField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import attachment, export, export_urls, one_of, wanted_format
from procurement.web.transactions import read, write

bp = Door("certificates", __name__, audience=Audience.STAFF, url_prefix="/certificates")

KINDS = {
    CertificateKind.SDS: "Safety data sheet",
    CertificateKind.ORGANIC: "Organic",
    CertificateKind.COSMOS: "COSMOS",
    CertificateKind.CRUELTY_FREE: "Cruelty-free",
    CertificateKind.ISO_22716: "ISO 22716",
    CertificateKind.INSURANCE: "Insurance",
    CertificateKind.OTHER: "Other",
}
STATES = {
    CertificateState.GOOD: ("Holds", "ok"),
    CertificateState.DUE: ("To be renewed", "soon"),
    CertificateState.PAST: ("Has run out", "past"),
}
HEADER = (
    "number",
    "kind",
    "supplier",
    "product",
    "reference",
    "issuer",
    "version",
    "valid_until",
    "state",
    "file",
)


class PaperForm(BaseForm):
    """What every version says of itself."""

    reference = TextField("Its number", required=False)
    issuer = TextField("Issued by", required=False)
    valid_until = DateField("Valid until", required=False)
    remind_days = WholeNumberField("Remind us", most=MOST_REMIND_DAYS, default=30)
    file = UploadField("PDF", most_bytes=MOST_BYTES)

    def details(self) -> dict[str, Any]:
        return {
            "content": self.file.data,
            "file_name": self.file.file_name,
            "reference": self.reference.data,
            "issuer": self.issuer.data,
            "valid_until": self.valid_until.data,
            "remind_days": self.remind_days.data,
        }


class CertificateForm(PaperForm):
    kind = ChoiceField("What it is", [(kind.value, word) for kind, word in KINDS.items()])
    supplier = ChoiceField("Supplier")
    product = TextField(
        "Product", required=False, description="Its SKU; empty where it is for all they sell."
    )

    def to_command(self) -> KeepCertificate:
        return KeepCertificate(
            kind=CertificateKind(self.kind.data),
            supplier=self.supplier.data,
            product=self.product.data or None,
            **self.details(),
        )


class KindsForm(BaseForm):
    kinds = ManyField(
        "These products need one",
        [(kind.value, kind.replace("_", " ").capitalize()) for kind in Kind],
        required=False,
    )


@bp.get("")
def index() -> Response | str:
    current_actor().require(Permission.SEE_PURCHASING)
    supplier = request.args.get("supplier") or None
    kind, state = one_of(CertificateKind, "kind"), one_of(CertificateState, "state")
    with read() as session:
        at = utc_now()
        found = certificates(
            session, at=at, supplier=supplier, kind=kind, states=(state,) if state else ()
        )
        if wanted_format():
            return export("certificates", HEADER, _cells(found))
        missing = missing_safety_sheets(session, at=at)
        asked = safety_sheet_kinds(session)
        choices = supplier_choices(session)
    return render_template(
        "backoffice/purchasing/certificates.html",
        rows=found,
        missing=[one for one in missing if supplier in {None, one.supplier}],
        asked=asked,
        form=KindsForm(data={"kinds": [one.value for one in asked]}),
        kinds=KINDS,
        states=STATES,
        suppliers=choices,
        supplier=supplier or "",
        kind=kind.value if kind else "",
        state=state.value if state else "",
        files=export_urls(),
    )


@bp.get("/new")
def new() -> Response:
    current_actor().require(Permission.EDIT_SUPPLIERS)
    given = {name: request.args.get(name, "") for name in ("supplier", "product", "kind")}
    return _new_page(CertificateForm(data=given))


@bp.post("")
def create() -> Response:
    form = CertificateForm.from_request()
    _offer_suppliers(form)
    if form.validate() and (number := _kept(form, form)):
        return redirect_with_flash(url_for(".show", number=number), "The certificate is kept.")
    return _new_page(form)


@bp.get("/<number>")
def show(number: str) -> Response:
    return _page(number, PaperForm())


@bp.post("/<number>/versions")
def replace(number: str) -> Response:
    form = PaperForm.from_request()
    if form.validate() and (later := _kept(form, None, number)):
        return redirect_with_flash(url_for(".show", number=later), "The new version counts now.")
    return _page(number, form)


@bp.get("/<number>/file")
def file(number: str) -> Response:
    with read() as session:
        _require_sight(certificate_versions(session, number, at=utc_now())[0])
        paper = certificate_file(session, number)
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.post("/safety-sheets")
def ask() -> Response:
    form = KindsForm.from_request()
    chosen = [Kind(kind) for kind in form.kinds.data or ()] if form.validate() else []
    return section.act(
        url_for(".index"),
        "It is noted which products need a safety data sheet.",
        lambda session: ask_for_safety_sheets(session, chosen, actor=current_actor(), at=utc_now()),
    )


def _kept(form: PaperForm, first: CertificateForm | None, replaces: str | None = None) -> str:
    """The number of what was kept; empty where it was refused, with the reasons at the form's fields."""
    command = first.to_command() if first else KeepCertificate(replaces=replaces, **form.details())
    try:
        with write() as session:
            return keep_certificate(session, command, actor=current_actor(), at=utc_now()).number
    except (Conflict, Invalid) as error:
        form.blame(error)
    return ""


def _page(number: str, form: PaperForm) -> Response:
    with read() as session:
        versions = certificate_versions(session, number, at=utc_now())
    _require_sight(versions[0])
    shown = next(one for one in versions if one.number == number)
    if not form.is_sent:
        form.issuer.data, form.remind_days.data = shown.issuer, shown.remind_days
    return render_form(
        "backoffice/purchasing/certificate.html",
        form,
        one=shown,
        versions=versions,
        kinds=KINDS,
        states=STATES,
    )


def _require_sight(one: CertificateRow) -> None:
    """Who works with a product may read its papers; those of suppliers are for who sees purchasing."""
    actor = current_actor()
    if not (one.product and actor.may(Permission.SEE_CATALOGUE)):
        actor.require(Permission.SEE_PURCHASING)


def _new_page(form: CertificateForm) -> Response:
    _offer_suppliers(form)
    return render_form("backoffice/purchasing/certificate_new.html", form)


def _offer_suppliers(form: CertificateForm) -> None:
    with read() as session:
        form.supplier.choices = [("", "Choose one"), *supplier_choices(session)]


def _cells(rows: Iterable[CertificateRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.kind.value,
            row.supplier,
            row.product,
            row.reference,
            row.issuer,
            row.version,
            row.valid_until,
            row.state.value,
            row.file_name,
        )
