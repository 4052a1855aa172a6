"""The certificate of what was accepted, made of the record that proves it."""

from datetime import UTC
from decimal import Decimal

from babel import Locale
from babel.dates import format_datetime
from sqlalchemy import select

from procurement.documents.certificate import render_certificate
from procurement.documents.certificate_content import CertificateContent
from procurement.documents.content import QuoteContent, from_json
from procurement.documents.figures import figures
from procurement.documents.languages import answering_for, words_for
from procurement.documents.languages.answering import Answering
from procurement.documents.languages.words import Words
from procurement.files.queries import PDF, Paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.sales.models import Customer, Quote
from procurement.sales.queries.answers import AnswerRecord, answer_record
from procurement.sales.queries.papers import money_said
from procurement.sales.queries.quotes import no_such_quote, visible_to
from procurement.sales.rules.speaking import label_said, pack_said
from procurement.sales.terms import AnswerKind
from procurement.settings.queries import get_company, letterhead


def certificate(session: ReadSession, number: str, revision: int, *, actor: Actor) -> Paper:
    """The paper for an accepted revision that the actor may see; there is none for another."""
    record = answer_record(session, number, revision, actor=actor)
    found = session.execute(
        select(Customer.name, Quote.content)
        .join(Quote, Quote.customer_id == Customer.id)
        .where(Quote.number == number, Quote.revision == revision, *visible_to(actor))
    ).one_or_none()
    if record is None or found is None or record.kind is not AnswerKind.ACCEPTED:
        raise no_such_quote()
    customer, content = found
    locale = from_json(QuoteContent, content).locale
    label = label_said(number, revision, words_for(locale))
    paper = render_certificate(_content(session, record, label, customer, locale))
    name = f"{number}-r{revision}-acceptance.pdf"
    return Paper(name, PDF, record.record_sha256, paper)


def _content(
    session: ReadSession, record: AnswerRecord, label: str, customer: str, locale: str
) -> CertificateContent:
    """In the language of the quotation."""
    company = get_company(session)
    words, say = words_for(locale), answering_for(locale)
    moment = format_datetime(
        record.at.astimezone(UTC), "medium", locale=Locale.parse(locale.replace("-", "_"))
    )
    told = {"name": record.name, "label": label, "company": company.name}
    sums = {name: money_said(getattr(record, name), locale) for name in ("net", "tax", "gross")}
    said = (
        say.said.format(**told, total=sums["gross"], net=sums["net"], tax=sums["tax"]),
        say.chosen.format(lines=_chosen(record, words, say)) if record.chosen else say.unchanged,
        f"“{record.note}”" if record.note else "",
        say.signed_long[record.signature_kind],
        say.sums,
        " ".join(say.faults[one] for one in record.faults) or say.agreed_then,
    )
    return CertificateContent(
        letterhead=letterhead(session, company),
        recipient=(customer,),
        title=say.acceptance,
        issued_on=today_in(company.time_zone, record.at),
        data=(
            (words.quotation, label),
            (say.accepted_at, f"{moment} UTC"),
            (say.by, record.name),
            (say.came_from, record.came_from or say.not_known),
            (say.total, sums["gross"]),
        ),
        said=tuple(filter(None, said)),
        proof=(
            (say.proof_pdf, record.pdf_sha256),
            (say.proof_offer, record.content_sha256),
            (say.proof_record, record.record_sha256),
            (say.browser, record.user_agent or say.not_known),
        ),
        signature=record.signature,
        signed_by=record.name,
        locale=locale,
    )


def _chosen(record: AnswerRecord, words: Words, say: Answering) -> str:
    written = figures(words.language)
    return "; ".join(
        say.chosen_line.format(
            name=one.name,
            packs=written.number(Decimal(one.packs)),
            pack=pack_said(words, one.pack_name, one.packs),
        )
        for one in record.chosen
    )
