"""A quote opened by its private link: read it, choose, ask, take the PDF, accept or decline. Nobody signs in here."""

from typing import ClassVar

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from procurement.documents.languages import answering_for
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, Invalid, NotFound
from procurement.portal.choosing import read_choices
from procurement.portal.spoken import SpokenForm
from procurement.sales.operations.answering import Answer, accept_by_link, decline_by_link
from procurement.sales.operations.links import note_opened
from procurement.sales.operations.questions import ask_by_link
from procurement.sales.queries.links import LinkedQuote, linked_paper, linked_quote
from procurement.sales.rules.totals import Choice
from procurement.sales.terms import LossReason
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, ProseField, TextField
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.speaking import errors_speak, language_of, page_word, speak
from procurement.web.throttle import limited
from procurement.web.transactions import read, write

bp = Door("quote_links", __name__, audience=Audience.PUBLIC, url_prefix="/q")

bp.before_request(errors_speak)

ANSWERS, QUESTIONS = "decline-", "ask-"
# What a customer may say; the rest of the reasons are ours to note.
THEIR_REASONS = (
    LossReason.PRICE,
    LossReason.COMPETITOR,
    LossReason.TIMING,
    LossReason.DELIVERY,
    LossReason.NOT_OFFERED,
    LossReason.OTHER,
)


class AcceptForm(SpokenForm):
    WORDS: ClassVar = {"name": "your_name", "note": "note", "signature": "draw_here"}

    name = TextField("Your name")
    note = ProseField("Your order number, or anything we should know", required=False, most=2_000)
    signature = TextField("Your signature", required=False, most=20_000)

    def to_answer(self, choices: tuple[Choice, ...]) -> Answer:
        shown = request.form.get("shown", "")
        return Answer(
            name=self.name.data,
            note=self.note.data,
            signature=self.signature.data,
            choices=choices,
            shown=int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 16 else None,
            came_from=request.remote_addr or "",
            user_agent=request.headers.get("User-Agent", ""),
        )


class DeclineForm(SpokenForm):
    WORDS: ClassVar = {"name": "your_name", "why": "why", "reason": "different"}

    name = TextField("Your name")
    why = ChoiceField(
        "What is the reason?",
        [("", ""), *((one.value, one.value) for one in THEIR_REASONS)],
        required=False,
    )
    reason = ProseField("What should be different?", required=False, most=2_000)

    def speak(self, locale: str) -> None:
        super().speak(locale)
        say = answering_for(locale)
        self.why.choices = [
            ("", say.rather_not),
            *((one.value, say.reasons[one]) for one in THEIR_REASONS),
        ]

    def to_answer(self) -> Answer:
        return Answer(
            name=self.name.data,
            reason=self.reason.data,
            why=LossReason(self.why.data) if self.why.data else None,
            came_from=request.remote_addr or "",
            user_agent=request.headers.get("User-Agent", ""),
        )


class QuestionForm(SpokenForm):
    WORDS: ClassVar = {"name": "your_name", "question": "your_question"}

    name = TextField("Your name")
    question = ProseField("Your question", most=5_000)


@bp.after_request
def keep_private(response: Response) -> Response:
    """A private link is for one reader: no search engine, no shared cache, no referrer tells it on."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<token>")
def show(token: str) -> Response:
    return _page(token, sent=request.args)


def _page(
    token: str,
    accepting: AcceptForm | None = None,
    declining: DeclineForm | None = None,
    asking: QuestionForm | None = None,
    *,
    sent: MultiDict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """What an address or a form chose is chosen on the page; what cannot be chosen is left out."""
    quote = _quote(token, sent, strict=False)
    gone = quote.is_revoked or quote.link_ended
    accepting = accepting or AcceptForm()
    declining = declining or DeclineForm(prefix=ANSWERS)
    asking = asking or QuestionForm(prefix=QUESTIONS)
    for form in (accepting, declining, asking):
        form.speak(quote.content.locale)
    body = render_template(
        "portal/quote_gone.html" if gone else "portal/quote.html",
        quote=quote,
        content=quote.content,
        chooser=quote.chooser,
        token=token,
        accepting=accepting,
        declining=declining,
        asking=asking,
        page_language=language_of(quote.content.locale),
        company=current_company(),
        preview=current_actor().id is not None and current_actor().customer_id is None,
    )
    return Response(body, 410 if gone else status, content_type="text/html; charset=utf-8")


def _quote(token: str, sent: MultiDict[str, str] | None, *, strict: bool) -> LinkedQuote:
    """The quote with what was chosen; `strict` refuses what it does not offer."""
    at = utc_now()
    with read() as session:
        quote = linked_quote(session, token, at=at)
        if not sent:
            return quote
        try:
            choices = read_choices(sent, quote.chooser.rows)
            return linked_quote(session, token, at=at, choices=choices) if choices else quote
        except Invalid:
            if strict:
                raise
            return quote


@bp.get("/<token>/total")
def total(token: str) -> Response:
    """What the choices in the address come to, as a piece of the page."""
    try:
        quote = _quote(token, request.args, strict=True)
    except Invalid as refusal:
        return Response(refusal.message, 422, content_type="text/plain; charset=utf-8")
    if not quote.can_be_answered or quote.link_ended:
        raise NotFound("There is no such document.")
    speak(quote.content.locale)
    body = render_template(
        "portal/quote_total.html", quote=quote, content=quote.content, chooser=quote.chooser
    )
    return Response(body, content_type="text/html; charset=utf-8")


@bp.get("/<token>/pdf")
def pdf(token: str) -> Response:
    with read() as session:
        paper = linked_paper(session, token)
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.post("/<token>/opened")
@limited
def opened(token: str) -> Response:
    """The page says that somebody looks at it: programs that fetch addresses run no scripts, and we do not count."""
    if current_actor().id is None or current_actor().customer_id is not None:
        with write() as session:
            note_opened(session, token, at=utc_now())
    return Response(status=204)


@bp.post("/<token>/accept")
@limited
def accept(token: str) -> Response:
    form = AcceptForm.from_request()
    rows = _quote(token, None, strict=False).chooser.rows
    if form.validate():
        try:
            answer = form.to_answer(read_choices(request.form, rows))
            with write() as session:
                accept_by_link(session, token, answer, at=utc_now())
        except NotFound:
            raise
        except Conflict:
            return _as_it_stands(token)  # a second click, or too late: the page says which
        except DomainError as error:
            form.blame(error)
        else:
            return _as_it_stands(token)
    return _page(token, accepting=form, sent=request.form, status=422)


@bp.post("/<token>/decline")
@limited
def decline(token: str) -> Response:
    form = DeclineForm.from_request(prefix=ANSWERS)
    if form.validate():
        try:
            with write() as session:
                decline_by_link(session, token, form.to_answer(), at=utc_now())
        except NotFound:
            raise
        except Conflict:
            return _as_it_stands(token)
        except DomainError as error:
            form.blame(error)
        else:
            return _as_it_stands(token)
    return _page(token, declining=form, status=422)


@bp.post("/<token>/question")
@limited
def ask(token: str) -> Response:
    form = QuestionForm.from_request(prefix=QUESTIONS)
    if form.validate():
        try:
            with write() as session:
                ask_by_link(
                    session,
                    token,
                    form.name.data,
                    form.question.data,
                    at=utc_now(),
                    came_from=request.remote_addr or "",
                )
        except NotFound:
            raise
        except Conflict:
            return _as_it_stands(token)
        except DomainError as error:
            form.blame(error)
        else:
            url = url_for(".show", token=token)
            speak(_quote(token, None, strict=False).content.locale)
            return redirect_with_flash(url, page_word("question_sent"))
    return _page(token, asking=form, status=422)


def _as_it_stands(token: str) -> Response:
    return Response(status=303, headers={"Location": url_for(".show", token=token)})
