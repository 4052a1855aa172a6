"""Issuing a quote: from then on it is frozen, on paper and behind a private link. A change makes a new revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.documents.content import to_json
from procurement.documents.figures import figures
from procurement.documents.languages import words_for
from procurement.documents.languages.tax_names import taxed_words
from procurement.documents.quote import render_quote
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_token
from procurement.outbox.operations import MailFile, NewMail
from procurement.sales.errors import NotPriced, QuoteExpired, WrongStatus
from procurement.sales.models import Enquiry, Quote
from procurement.sales.operations.approving import require_agreed
from procurement.sales.operations.enquiries import reopen
from procurement.sales.operations.lines import copied, total_up
from procurement.sales.operations.mails import write_buyer
from procurement.sales.operations.quoting import draft_of, require_version, touch
from procurement.sales.operations.threads import mark_answered
from procurement.sales.queries.papers import money_said, quote_content
from procurement.sales.queries.prices import price_book
from procurement.sales.queries.quotes import QuotePage, page_of, revisions_for_update
from procurement.sales.rules.speaking import label_said
from procurement.sales.rules.validity import default_until, status_on
from procurement.sales.terms import EnquiryStatus, LineKind, QuoteStatus
from procurement.sales.terms.mails import Topic
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile

REVISABLE = frozenset({QuoteStatus.ISSUED, QuoteStatus.DECLINED, QuoteStatus.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueQuote:
    """`public_url` is how links begin ("https://spa.example"); `send` mails it where there is an address."""

    number: str
    public_url: str
    version: int | None = None
    send: bool = True
    message: str = ""


def issue_quote(session: Session, command: IssueQuote, *, actor: Actor, at: datetime) -> Quote:
    """Freeze the draft, print it, make its link, mail both. An older revision and its link end here."""
    actor.require(Permission.SELL)
    revisions = revisions_for_update(session, command.number)
    quote = draft_of(revisions)
    require_version(quote, command.version)
    company = get_company(session)
    today = today_in(company.time_zone, at)
    _require_issuable(quote)
    if quote.valid_until < today:
        raise QuoteExpired("Its last valid day is over; give it a later one.", field="valid_until")
    require_agreed(session, quote, actor=actor, at=at)
    _supersede(revisions, quote, actor, at)
    quote.rounding_rule = company.rounding_rule
    total_up(quote)
    quote.link_token = new_token()
    quote.issued_at = at
    touch(quote, actor, at)
    session.flush()  # the older revision leaves its place first; the content is read back from the rows
    page = page_of(session, quote, today, revisions)
    link = link_of(command.public_url, quote.link_token)
    content = quote_content(session, page, on=today, link=link)
    paper = keep_paper(session, render_quote(content), _file_name(quote), at=at)
    quote.content = to_json(content)
    quote.pdf_id = paper.id
    quote.move_to(QuoteStatus.ISSUED, by=actor.name[:200], at=at)
    _close_enquiry(session, quote, at)
    if command.send and page.mail_to:
        message = text.prose(command.message, "message")
        mail = _mail(page, content.locale, link, message, company, paper.id)
        write_buyer(session, mail, Topic.QUOTE_SENT, locale=content.locale, at=at)
    record(session, "issue quote", quote.label, f"for {page.gross}", actor=actor, at=at)
    return quote


def revise_quote(session: Session, number: str, *, actor: Actor, at: datetime) -> Quote:
    """Begin the next revision as a draft with the same lines; what the customer has stays valid until it is issued."""
    actor.require(Permission.SELL)
    revisions = revisions_for_update(session, number)
    drafts = [quote for quote in revisions if quote.status is QuoteStatus.DRAFT]
    if drafts:
        raise WrongStatus(f"{drafts[0].label} is still a draft: change that one.")
    company = get_company(session)
    today = today_in(company.time_zone, at)
    last = next((q for q in reversed(revisions) if q.status is not QuoteStatus.CANCELLED), None)
    if last is None or status_on(last.status, last.valid_until, today) not in REVISABLE:
        newest = last or revisions[-1]
        raise WrongStatus(f"{newest.label} is {newest.status}: it cannot be revised.")
    quote = Quote(
        number=last.number,
        revision=revisions[-1].revision + 1,
        status=QuoteStatus.DRAFT,
        customer_id=last.customer_id,
        contact_id=last.contact_id,
        enquiry_id=last.enquiry_id,
        currency=last.currency,
        price_list_id=last.price_list_id,
        valid_until=max(last.valid_until, default_until(today, company.quote_validity_days)),
        introduction=last.introduction,
        terms=last.terms,
        nut_free=last.nut_free,
        fragrance_free=last.fragrance_free,
        vegan=last.vegan,
        avoid=last.avoid,
        locale=last.locale,
        cover=last.cover,
        drafted_at=at,
        drafted_by=actor.name[:200],
        drafted_by_id=actor.id,
        changed_at=at,
        changed_by=actor.name[:200],
        rounding_rule=company.rounding_rule,
        lines=[copied(line) for line in last.lines],
    )
    book = price_book(
        session,
        quote.currency,
        quote.price_list_id,
        {line.pack_id for line in quote.lines if line.pack_id},
        customer_id=quote.customer_id,
    )
    for line in quote.lines:
        if line.pack_id is None:
            continue
        # The price offered stays; beside it stands what the list says now.
        found = book.price(line.pack_id, line.packs, today)
        line.list_price_e4 = found.price.e4 if found else None
        for offer in line.offers:
            found = book.price(line.pack_id, offer.packs, today)
            offer.list_price_e4 = found.price.e4 if found else None
    total_up(quote)
    session.add(quote)
    session.flush()  # a second person revising at once is refused here, by the index
    record(session, "revise quote", quote.label, actor=actor, at=at)
    return quote


def link_of(public_url: str, token: str) -> str:
    """The private address of a revision."""
    return f"{public_url.rstrip('/')}/q/{token}"


def _require_issuable(quote: Quote) -> None:
    priced = [line for line in quote.lines if line.kind is LineKind.PRODUCT]
    if all(line.optional for line in priced):
        raise NotPriced("A quote needs a line that is not optional.", field="lines")
    for i, line in enumerate(quote.lines):
        if line.price_e4 is None and line.kind is not LineKind.TEXT:
            raise NotPriced(f"Line {i + 1} has no price yet.", field=f"lines.{i}.unit_price")


def _supersede(revisions: Sequence[Quote], quote: Quote, actor: Actor, at: datetime) -> None:
    for older in revisions:
        if older.revision >= quote.revision:
            continue
        if older.status is QuoteStatus.ACCEPTED:
            raise WrongStatus(
                f"{older.label} has been accepted by {older.answered_by}: cancel this draft."
            )
        if older.status in REVISABLE:
            older.move_to(QuoteStatus.SUPERSEDED, by=actor.name[:200], at=at)


def _close_enquiry(session: Session, quote: Quote, at: datetime) -> None:
    """What was asked has its answer: the quote."""
    enquiry = session.get(Enquiry, quote.enquiry_id) if quote.enquiry_id else None
    if enquiry is None:
        return
    reopen(session, enquiry)
    enquiry.status = EnquiryStatus.QUOTED
    enquiry.answered_at = enquiry.answered_at or at
    enquiry.waiting_since = None
    mark_answered(session, at, enquiry_id=enquiry.id)


def _file_name(quote: Quote) -> str:
    return f"{quote.number}.pdf" if quote.revision == 1 else f"{quote.number}-r{quote.revision}.pdf"


def _mail(
    page: QuotePage, locale: str, link: str, message: str, company: CompanyProfile, paper: int
) -> NewMail:
    """In the language of the paper; the salesperson's own message stays as typed."""
    words = taxed_words(words_for(locale), company.country)
    label = label_said(page.number, page.revision, words)
    body = "\n\n".join(
        filter(
            None,
            (
                words.mail_greeting.format(name=page.contact_name or page.customer_name),
                message,
                words.mail_offer.format(
                    label=label,
                    total=money_said(page.gross, locale),
                    tax=words.vat,
                    until=figures(locale).date(page.valid_until),
                ),
                f"{words.mail_link}\n{link}",
                words.mail_attached,
                f"{page.drafted_by}\n{company.name}",
            ),
        )
    )
    return NewMail(
        recipient=page.mail_to,
        subject=words.mail_subject.format(label=label, company=company.name),
        body=body,
        reference=page.number,
        files=(MailFile(paper),),
    )
