"""Claims against suppliers: made from a delivery by a tap, looked through, sent, answered, settled."""

from collections.abc import Iterable, Iterator

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import all_rows
from procurement.purchasing.operations.claiming import (
    ChangeClaim,
    ClaimAnswer,
    ClaimedLine,
    MakeClaim,
    answer_claim,
    change_claim,
    make_claim,
    send_claim,
    settle_claim,
    withdraw_claim,
)
from procurement.purchasing.queries.claims import claim_page, claim_paper, claims
from procurement.purchasing.rules.wording import FAULT_WORDS
from procurement.purchasing.terms import (
    UNSETTLED,
    ClaimPage,
    ClaimRow,
    Fault,
    Remedy,
)
from procurement.web.fields import (
    ChoiceField,
    DateField,
    MoneyField,
    ProseField,
    TextField,
    WholeNumberField,
)
from procurement.web.forms import (
    BaseForm,
    LineForm,
    LineList,
    redirect_with_flash,
    render_form,
)
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = section.door("claims", __name__, None)

HEADER = (
    "number",
    "status",
    "supplier",
    "supplier_name",
    "order",
    "receipt",
    "made_at",
    "deadline",
    "asked",
    "agreed",
    "currency",
    "remedy",
)
REMEDIES = {
    Remedy.CREDIT: "A credit",
    Remedy.REPLACEMENT: "A replacement",
    Remedy.RETURN: "We send the goods back",
}


class FoundForm(BaseForm):
    """Something found later, on a line that was taken as good."""

    position = WholeNumberField("Line", least=1, most=1000)
    packs = WholeNumberField("Packs", least=1)
    fault = ChoiceField(
        "What is wrong", [(fault.value, word) for fault, word in FAULT_WORDS.items()]
    )
    note = TextField("Remark", required=False)


class AskedForm(LineForm):
    position = HiddenField()
    asked = MoneyField("We ask for")


class ClaimForm(BaseForm):
    version = WholeNumberField("Version")
    deadline = DateField("Answer by")
    note = ProseField("To the supplier", required=False, most=2000)
    lines = LineList(FormField(AskedForm), spare=0, least=1)

    def to_command(self) -> ChangeClaim:
        return ChangeClaim(
            note=self.note.data,
            deadline=self.deadline.data,
            asked={
                int(entry.form.position.data): entry.form.asked.data
                for entry in self.lines.entries
                if entry.form.position.data.isascii() and entry.form.position.data.isdigit()
            },
            version=self.version.data,
        )


class AnswerForm(BaseForm):
    remedy = ChoiceField(
        "They agree to",
        [*((one.value, word) for one, word in REMEDIES.items()), ("no", "Nothing: they say no")],
    )
    amount = MoneyField("Worth", required=False)
    text = TextField("What they said", required=False)


@bp.get("/claims")
def index() -> Response | str:
    view = "all" if request.args.get("view") == "all" else "open"
    statuses = None if view == "all" else UNSETTLED
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: claims(session, paging, statuses=statuses))
            return export("claims", HEADER, _cells(rows))
        page = claims(session, page_request(), statuses=statuses)
    return render_template(
        "backoffice/purchasing/claims.html",
        page=page,
        view=view,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.post("/goods-receipts/<number>/claims")
def create(number: str) -> Response:
    """One tap claims all that was not right; with a line, what was found on it later."""
    back = url_for("goods_receipts.show", number=number)
    lines: tuple[ClaimedLine, ...] = ()
    if "position" in request.form:
        form = FoundForm.from_request()
        if not form.validate():
            said = "; ".join(
                f"{field.label.text}: {field.errors[0]}" for field in form if field.errors
            )
            return redirect_with_flash(back, f"Nothing was claimed. {said}", category="error")
        lines = (
            ClaimedLine(
                position=form.position.data,
                packs=form.packs.data,
                fault=Fault(form.fault.data),
                note=form.note.data,
            ),
        )
    try:
        with write() as session:
            command = MakeClaim(receipt=number, lines=lines)
            made = make_claim(session, command, actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return redirect_with_flash(back, error.message, category="error")
    url = url_for(".show", number=made.number)
    return redirect_with_flash(url, f"{made.number} is open: look it through and send it.")


@bp.get("/claims/<number>")
def show(number: str) -> Response:
    with read() as session:
        page = claim_page(session, number)
    return _page(page, _filled(page))


@bp.get("/claims/<number>/pdf")
def pdf(number: str) -> Response:
    with read() as session:
        paper = claim_paper(session, number, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.post("/claims/<number>/change")
def change(number: str) -> Response:
    with read() as session:
        page = claim_page(session, number)
    form = ClaimForm.from_request()
    for entry in form.lines.entries:
        entry.form.asked.currency = page.currency
    if form.validate():
        try:
            with write() as session:
                command = form.to_command()
                change_claim(session, number, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), "The claim is saved.")
    return _page(page, form)


@bp.post("/claims/<number>/send")
def send(number: str) -> Response:
    at = utc_now()
    return section.act(
        url_for(".show", number=number),
        f"{number} is sent.",
        lambda session: send_claim(session, number, actor=current_actor(), at=at),
        lambda address: (
            f"{number} goes to {address}."
            if address
            else f"{number} counts as sent. No mail address is on file: send its PDF yourself."
        ),
    )


@bp.post("/claims/<number>/answer")
def answer(number: str) -> Response:
    with read() as session:
        page = claim_page(session, number)
    form = AnswerForm.from_request()
    form.amount.currency = page.currency
    if not form.validate():
        return _page(page, _filled(page), form)
    remedy = None if form.remedy.data == "no" else Remedy(form.remedy.data)
    command = ClaimAnswer(remedy=remedy, amount=form.amount.data, text=form.text.data)
    at = utc_now()
    return section.act(
        url_for(".show", number=number),
        "Noted: they agree." if remedy else "Noted: they say no.",
        lambda session: answer_claim(session, number, command, actor=current_actor(), at=at),
    )


@bp.post("/claims/<number>/<any(settle, withdraw):what>")
def finish(number: str, what: str) -> Response:
    at = utc_now()
    operation = settle_claim if what == "settle" else withdraw_claim
    return section.act(
        url_for(".show", number=number),
        f"{number} is settled." if what == "settle" else f"{number} is withdrawn.",
        lambda session: operation(session, number, actor=current_actor(), at=at),
    )


def _filled(page: ClaimPage) -> ClaimForm:
    form = ClaimForm(
        data={
            "version": page.version,
            "deadline": page.head.deadline,
            "note": page.note,
            "lines": [{"position": line.position, "asked": line.asked} for line in page.lines],
        }
    )
    for entry in form.lines.entries:
        entry.form.asked.currency = page.currency
    return form


def _page(page: ClaimPage, form: ClaimForm, answered: AnswerForm | None = None) -> Response:
    answer_form = answered or AnswerForm(data={"amount": page.head.asked})
    answer_form.amount.currency = page.currency
    return render_form(
        "backoffice/purchasing/claim.html",
        form,
        claim=page,
        head=page.head,
        answer_form=answer_form,
        faults=FAULT_WORDS,
        remedies=REMEDIES,
        may_act=section.may_claim(),
    )


def _cells(rows: Iterable[ClaimRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.status.value,
            row.supplier,
            row.supplier_name,
            row.order,
            row.receipt,
            row.made_at,
            row.deadline,
            row.asked.decimal,
            row.agreed.decimal if row.agreed else None,
            row.asked.currency,
            row.remedy.value if row.remedy else "",
        )
