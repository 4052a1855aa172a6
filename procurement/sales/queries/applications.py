"""Applications for trade accounts: the list, one whole, its documents."""

from sqlalchemy import Select, func, select

from procurement.files.models import StoredFile
from procurement.files.queries import Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.models import ApplicationPaper, Customer, TradeApplication
from procurement.sales.terms.applications import (
    ApplicationPage,
    ApplicationPaperRow,
    ApplicationRow,
    ApplicationStatus,
)


def applications(
    session: ReadSession,
    page: PageRequest,
    *,
    status: ApplicationStatus | None = None,
    actor: Actor,
) -> Page[ApplicationRow]:
    """The newest first; one statement."""
    actor.require(Permission.SEE_SALES)
    query = _rows().order_by(TradeApplication.id.desc()).limit(page.limit + 1)
    if status:
        query = query.where(TradeApplication.status == status)
    if after := page.key(int):
        query = query.where(TradeApplication.id < after[0])
    rows = [_row(application, count) for application, count in session.execute(query)]
    return page.page(rows, lambda row: (row.key,))


def waiting_applications(
    session: ReadSession, *, actor: Actor, limit: int
) -> tuple[ApplicationRow, ...]:
    """Those nobody has decided on, the longest first; nothing for who may not decide."""
    if not actor.may(Permission.SEE_SALES) or not actor.may(Permission.EDIT_CUSTOMERS):
        return ()
    query = (
        _rows()
        .where(TradeApplication.status == ApplicationStatus.WAITING)
        .order_by(TradeApplication.id)
        .limit(limit)
    )
    return tuple(_row(application, count) for application, count in session.execute(query))


def application_page(session: ReadSession, number: str, *, actor: Actor) -> ApplicationPage:
    """Three statements."""
    actor.require(Permission.SEE_SALES)
    found = session.execute(_rows().where(TradeApplication.number == number)).one_or_none()
    if found is None:
        raise _none()
    one = found[0]
    papers = session.execute(
        select(
            ApplicationPaper.position,
            ApplicationPaper.file_name,
            StoredFile.media_type,
            StoredFile.size,
        )
        .join(StoredFile, StoredFile.id == ApplicationPaper.file_id)
        .where(ApplicationPaper.application_id == one.id)
        .order_by(ApplicationPaper.position)
    )
    code = (
        session.scalar(select(Customer.code).where(Customer.id == one.customer_id))
        if one.customer_id
        else None
    )
    return ApplicationPage(
        row=_row(*found),
        kind=one.kind,
        phone=one.phone,
        vat_id=one.vat_id,
        homepage=one.homepage,
        street=one.street,
        postal_code=one.postal_code,
        city=one.city,
        region=one.region,
        country=one.country,
        message=one.message,
        consented_at=one.consented_at,
        consent=one.consent,
        reason=one.reason,
        customer=code,
        papers=tuple(ApplicationPaperRow(*paper) for paper in papers),
    )


def application_paper(session: ReadSession, number: str, position: int, *, actor: Actor) -> Paper:
    """A document with the name it was sent under."""
    actor.require(Permission.SEE_SALES)
    found = session.execute(
        select(ApplicationPaper.file_id, ApplicationPaper.file_name)
        .join(TradeApplication, TradeApplication.id == ApplicationPaper.application_id)
        .where(TradeApplication.number == number, ApplicationPaper.position == position)
    ).one_or_none()
    paper = kept_paper(session, found.file_id) if found else None
    if found is None or paper is None:
        raise _none()
    return Paper(found.file_name, paper.media_type, paper.sha256, paper.content)


def _rows() -> Select[TradeApplication, int]:
    papers = (
        select(func.count())
        .select_from(ApplicationPaper)
        .where(ApplicationPaper.application_id == TradeApplication.id)
        .scalar_subquery()
    )
    return select(TradeApplication, papers)


def _row(one: TradeApplication, papers: int) -> ApplicationRow:
    return ApplicationRow(
        number=one.number,
        status=one.status,
        company=one.company,
        name=one.name,
        email=one.email,
        received_at=one.received_at,
        decided_at=one.decided_at,
        decided_by=one.decided_by,
        papers=papers,
        key=one.id,
    )


def _none() -> NotFound:
    return NotFound("There is no such application.")
