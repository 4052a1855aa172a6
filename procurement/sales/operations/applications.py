"""Trade accounts: applied for by anybody, approved or refused by who keeps customers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.errors import AddressTaken
from procurement.accounts.operations.users import LinkMaker, clean_email, invite_buyer
from procurement.accounts.queries import account_by_email
from procurement.audit.operations import record
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.kernel.tax_numbers import tax_number
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.errors import WrongStatus
from procurement.sales.models import ApplicationPaper, Buyer, Customer, TradeApplication
from procurement.sales.operations.customers import (
    AddressInput,
    ContactInput,
    SaveCustomer,
    address_of,
    create_customer,
)
from procurement.sales.queries.buyers import has_buyers
from procurement.sales.queries.customers import customer_for_update
from procurement.sales.rules.addresses import is_country
from procurement.sales.terms import AddressKind, CustomerKind
from procurement.sales.terms.applications import ApplicationStatus
from procurement.settings.queries import get_company

MOST_PAPERS = 3
MOST_BYTES = 5 * 1024 * 1024
CONSENT = "You may keep what I wrote here to decide about my account."
# How a file begins that is what it says: PDF, JPEG, PNG.
_BEGINNINGS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A document as it was sent: a PDF or a picture."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForAccount:
    """What a company writes of itself. `consent` are the words that were agreed to."""

    company: str
    kind: CustomerKind
    name: str
    email: str
    country: str  # ISO 3166-1
    phone: str = ""
    vat_id: str = ""
    homepage: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    message: str = ""
    consent: str = CONSENT
    papers: tuple[ShownPaper, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveApplication:
    """`customer` joins the applicant to one that is known; without it a new one is made."""

    number: str
    customer: str | None = None
    group: str | None = None
    price_list: str | None = None


def apply_for_account(
    session: Session, command: ApplyForAccount, *, actor: Actor, at: datetime
) -> TradeApplication:
    """Take an application in; the company hears of it, and the applicant that it has arrived.

    An address that has an account already is taken all the same and told so by mail only: the form does not tell
    strangers who is a customer here.
    """
    if not command.consent:
        raise Invalid("Please agree, or we may not keep your application.", field="consent")
    if not is_country(command.country):
        raise Invalid("Choose the country.", field="country")
    application = TradeApplication(
        status=ApplicationStatus.WAITING,
        company=text.name(command.company, "company"),
        kind=command.kind,
        name=text.name(command.name, "name"),
        email=clean_email(command.email),
        phone=text.optional_line(command.phone, "phone"),
        vat_id=tax_number(command.vat_id, "vat_id"),
        homepage=text.optional_line(command.homepage, "homepage"),
        street=text.prose(command.street, "street"),
        postal_code=text.optional_line(command.postal_code, "postal_code")[:20],
        city=text.optional_line(command.city, "city"),
        region=text.optional_line(command.region, "region"),
        country=command.country,
        message=text.prose(command.message, "message"),
        consent=text.prose(command.consent, "consent"),
        consented_at=at,
        received_at=at,
    )
    _require_letter(application)
    papers = [_checked(paper) for paper in command.papers]
    if len(papers) > MOST_PAPERS:
        raise Invalid(f"At most {MOST_PAPERS} documents.", field="papers")
    company = get_company(session)
    today = today_in(company.time_zone, at)
    application.number = next_number(session, Series.TRADE_APPLICATION, today)
    session.add(application)
    session.flush()  # its key is needed by its papers; of two that wait with one address the second is refused
    for position, (paper, media_type) in enumerate(papers, 1):
        kept = keep_paper(session, paper.content, paper.file_name, at=at, media_type=media_type)
        session.add(
            ApplicationPaper(
                application_id=application.id,
                position=position,
                file_id=kept.id,
                file_name=paper.file_name[:200],
            )
        )
    record(
        session, "apply for account", application.number, application.company, actor=actor, at=at
    )
    _tell(session, application, at)
    return application


def approve_application(
    session: Session,
    command: ApproveApplication,
    *,
    link_of: LinkMaker,
    actor: Actor,
    at: datetime,
) -> Customer:
    """The applicant becomes a customer, or a buyer of a known one without powers over its others.

    A link to choose a password is sent to them.
    """
    actor.require(Permission.EDIT_CUSTOMERS)
    application = _waiting(session, command.number)
    if account_by_email(session, application.email) is not None:
        raise AddressTaken
    joined = False
    if command.customer:
        customer = customer_for_update(session, command.customer)
        joined = has_buyers(session, customer.id)
    else:
        customer = create_customer(session, _as_customer(application, command), actor=actor, at=at)
    user = invite_buyer(
        session,
        application.email,
        application.name,
        customer.id,
        company=get_company(session).name,
        link_of=link_of,
        actor=actor,
        at=at,
    )
    if joined:  # their colleagues say what more they may
        session.add(Buyer(user_id=user.id, may_manage=False, may_approve=False))
    application.customer_id = customer.id
    _decide(application, ApplicationStatus.APPROVED, actor, at)
    record(session, "approve application", application.number, customer.code, actor=actor, at=at)
    return customer


def refuse_application(
    session: Session, number: str, reason: str, *, actor: Actor, at: datetime
) -> None:
    """The applicant is told by mail, with the reason as it is written here."""
    actor.require(Permission.EDIT_CUSTOMERS)
    application = _waiting(session, number)
    application.reason = text.prose(reason, "reason").strip()
    if not application.reason:
        raise Invalid("Say why; the applicant reads it.", field="reason")
    _decide(application, ApplicationStatus.REFUSED, actor, at)
    company = get_company(session).name
    words = f"we cannot open a trade account for you.\n\n{application.reason}"
    body = f"Hello {application.name},\n\n{words}\n\n{company}\n"
    subject = f"Your application at {company}"
    put_mail(session, NewMail(application.email, subject, body, number), at=at)
    record(session, "refuse application", number, application.company, actor=actor, at=at)


def _require_letter(application: TradeApplication) -> None:
    """The address fits on a letter: else nobody could ever approve the application. Raises Invalid."""
    try:
        for address in _addresses_of(application)[:1]:
            address_of(address, 0)
    except Invalid as error:
        raise Invalid(error.message, field=error.field.rpartition(".")[2]) from error


def _checked(paper: ShownPaper) -> tuple[ShownPaper, str]:
    """The paper and what it is, by how it begins, whatever its name says."""
    if len(paper.content) > MOST_BYTES:
        raise Invalid(f"A document has at most {MOST_BYTES // 1024**2} MB.", field="papers")
    for beginning, media_type in _BEGINNINGS.items():
        if paper.content.startswith(beginning):
            return paper, media_type
    raise Invalid(f"{paper.file_name} is neither a PDF nor a JPEG or PNG picture.", field="papers")


def _tell(session: Session, application: TradeApplication, at: datetime) -> None:
    company = get_company(session)
    known = account_by_email(session, application.email) is not None
    arrived = (
        "there is an account with this address already: sign in with it, or ask for a new password."
        if known
        else f"your application {application.number} has arrived. Somebody reads it and answers by mail."
    )
    body = f"Hello {application.name},\n\n{arrived}\n\n{company.name}\n"
    subject = f"Your application at {company.name}"
    put_mail(session, NewMail(application.email, subject, body, application.number), at=at)
    if company.email:
        words = f"{application.name} <{application.email}>\n\n{application.message}".strip()
        title = f"{application.number}: {application.company} asks for an account"
        put_mail(session, NewMail(company.email, title[:200], words, application.number), at=at)


def _waiting(session: Session, number: str) -> TradeApplication:
    """Locked, so that two people do not decide at once."""
    application = session.scalars(
        select(TradeApplication)
        .where(TradeApplication.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if application is None:
        raise NotFound("There is no such application.")
    if application.status is not ApplicationStatus.WAITING:
        raise WrongStatus(f"{number} was {application.status} by {application.decided_by} already.")
    return application


def _decide(
    application: TradeApplication, status: ApplicationStatus, actor: Actor, at: datetime
) -> None:
    application.status = status
    application.decided_at, application.decided_by = at, actor.name[:200]


def _addresses_of(application: TradeApplication) -> tuple[AddressInput, ...]:
    """Where they are, for bills and for goods; nothing where they did not say."""
    if not (application.street or application.city):
        return ()
    return tuple(
        AddressInput(
            kind,
            street=application.street,
            postal_code=application.postal_code,
            city=application.city,
            region=application.region,
            country=application.country,
        )
        for kind in (AddressKind.BILLING, AddressKind.DELIVERY)
    )


def _as_customer(application: TradeApplication, command: ApproveApplication) -> SaveCustomer:
    return SaveCustomer(
        name=application.company,
        kind=application.kind,
        email=application.email,
        phone=application.phone,
        vat_id=application.vat_id,
        group=command.group,
        price_list=command.price_list,
        contacts=(ContactInput(application.name, "", application.email, application.phone),),
        addresses=_addresses_of(application),
    )
