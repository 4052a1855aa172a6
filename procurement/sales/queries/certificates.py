"""The certificate of what was accepted, made of the record that proves it."""

from datetime import UTC

from babel.dates import format_datetime
from sqlalchemy import select

from procurement.documents.certificate import render_certificate
from procurement.documents.certificate_content import CertificateContent
from procurement.files.queries import PDF, Paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.sales.models import Customer, Quote
from procurement.sales.queries.answers import AnswerRecord, answer_record
from procurement.sales.queries.papers import money_said
from procurement.sales.queries.quotes import no_such_quote, visible_to
from procurement.sales.terms import AnswerKind, SignatureKind
from procurement.settings.queries import get_company, letterhead

LOCALE = "en_IE"
SIGNED = {
    SignatureKind.DRAWN: "Signed by hand on the page behind the private link.",
    SignatureKind.TYPED: "Signed by typing the name.",
    SignatureKind.TOLD: "Told to us, and noted by one of us.",
}


def certificate(session: ReadSession, number: str, revision: int, *, actor: Actor) -> Paper:
    """The paper for an accepted revision that the actor may see; there is none for another."""
    record = answer_record(session, number, revision, actor=actor)
    customer = session.scalar(
        select(Customer.name)
        .join(Quote, Quote.customer_id == Customer.id)
        .where(Quote.number == number, Quote.revision == revision, *visible_to(actor))
    )
    if record is None or customer is None or record.kind is not AnswerKind.ACCEPTED:
        raise no_such_quote()
    content = render_certificate(_content(session, record, number, revision, customer))
    name = f"{number}-r{revision}-acceptance.pdf"
    return Paper(name, PDF, record.record_sha256, content)


def _said(amount: Money) -> str:
    return money_said(amount, LOCALE)


def _content(
    session: ReadSession, record: AnswerRecord, number: str, revision: int, customer: str
) -> CertificateContent:
    company = get_company(session)
    label = number if revision == 1 else f"{number}, revision {revision}"
    moment = format_datetime(record.at.astimezone(UTC), "d MMMM y, HH:mm:ss", locale=LOCALE)
    chosen = [f"{one.name}: {one.packs:,} of {one.pack_name}" for one in record.chosen]
    said = (
        f"{record.name} accepted quotation {label} of {company.name} for {_said(record.gross)}, tax"
        f" included ({_said(record.net)} net, {_said(record.tax)} tax).",
        f"Chosen otherwise than suggested: {'; '.join(chosen)}." if chosen else "As suggested.",
        f"“{record.note}”" if record.note else "",
        SIGNED[record.signature_kind],
        "The figures below are SHA-256 sums. Whoever has the PDF of the quotation can compute the first one again.",
        " ".join(record.faults) or "When this paper was made, all of them agreed.",
    )
    return CertificateContent(
        letterhead=letterhead(session, company),
        recipient=(customer,),
        title="Acceptance",
        issued_on=today_in(company.time_zone, record.at),
        data=(
            ("Quotation", label),
            ("Accepted", f"{moment} UTC"),
            ("By", record.name),
            ("From", record.came_from or "not known"),
            ("Total", _said(record.gross)),
        ),
        said=tuple(filter(None, said)),
        proof=(
            ("PDF of the quotation", record.pdf_sha256),
            ("Its content", record.content_sha256),
            ("This record", record.record_sha256),
            ("Browser", record.user_agent or "not known"),
        ),
        signature=record.signature,
        signed_by=record.name,
    )
