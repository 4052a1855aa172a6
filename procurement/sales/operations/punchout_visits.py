"""Visits from a procurement system: opened by it, begun once in a browser, filled, given back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from procurement.catalogue.terms import ProductStatus
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.secrets import digest_of, new_link
from procurement.sales.errors import LinkEnded
from procurement.sales.models import BasketLine, PunchoutConnection, PunchoutVisit
from procurement.sales.operations.baskets import MOST_LINES
from procurement.sales.operations.lines import MOST_PACKS
from procurement.sales.operations.punchout_messages import Noted, note_message
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.punchout import buyer_of, no_such_connection
from procurement.sales.rules.punchout import frames_of, origin_of
from procurement.sales.terms.punchout import (
    DeploymentMode,
    MessageKind,
    Said,
    VisitAsked,
    VisitEnd,
    WantedPart,
)

TO_START = timedelta(minutes=10)  # the procurement system opens the address at once
LONGEST = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Begun:
    """The secret for the browser's cookie, where to begin, and what of an old basket is not to be had."""

    secret: str
    selected: str
    lost: str
    has_lines: bool
    frames: tuple[str, ...] = ()  # origins that may show it inside a page of theirs


def open_visit(
    session: Session,
    connection_id: int,
    asked: VisitAsked,
    payload_id: str,
    mode: DeploymentMode,
    *,
    at: datetime,
) -> str:
    """The token of the address at which the visit begins: it works once, soon.

    Raises Forbidden (nobody to buy for), Invalid (baskets do not go to that host).
    """
    connection = session.get(PunchoutConnection, connection_id)
    if connection is None:
        raise no_such_connection()
    buyer_of(session, connection)
    try:
        origin_of(asked.return_url, connection.return_hosts.splitlines())
    except ValueError as error:
        raise Invalid(str(error), field="BrowserFormPost") from None
    is_test = DeploymentMode.TEST in {mode, connection.mode}
    token, digest = new_link()
    visit = PunchoutVisit(
        connection_id=connection.id,
        operation=asked.operation,
        mode=DeploymentMode.TEST if is_test else DeploymentMode.PRODUCTION,
        buyer_cookie=asked.buyer_cookie,
        return_url=asked.return_url,
        who=asked.who,
        email=asked.email,
        selected=asked.selected[:64],
        lost="",
        asked_at=at,
        start_digest=digest,
        start_until=at + TO_START,
        ends_at=at + LONGEST,
    )
    session.add(visit)
    session.flush()  # its lines need its key
    visit.lost = _take_over(session, visit, asked.parts)
    noted = Noted(
        kind=MessageKind.SETUP,
        payload_id=payload_id,
        said=Said(200, ""),
        reference=asked.who or asked.email,
    )
    note_message(session, connection.id, noted, at=at)
    return token


def start_visit(session: Session, token: str, *, at: datetime) -> Begun:
    """Whoever opens the address first is the visitor. Raises LinkEnded for everybody else, and when it is late."""
    secret, digest = new_link()
    begun = session.execute(
        update(PunchoutVisit)
        .where(
            PunchoutVisit.start_digest == digest_of(token),
            PunchoutVisit.started_at.is_(None),
            PunchoutVisit.start_until > at,
        )
        .values(started_at=at, session_digest=digest)
        .execution_options(synchronize_session=False)
        .returning(
            PunchoutVisit.id,
            PunchoutVisit.selected,
            PunchoutVisit.lost,
            PunchoutVisit.connection_id,
        )
    ).one_or_none()
    if begun is None:
        raise LinkEnded("This way in was used already, or is too old.")
    lines = session.scalar(
        select(func.count()).select_from(BasketLine).where(BasketLine.visit_id == begun.id)
    )
    connection = session.get_one(PunchoutConnection, begun.connection_id)
    frames = frames_of(connection.return_hosts.splitlines()) if connection.framed else ()
    return Begun(secret, begun.selected, begun.lost, bool(lines), frames)


def end_visit(session: Session, visit_id: int, end: VisitEnd, *, at: datetime) -> None:
    """The basket has gone back, or nothing has. Once returned it may be sent again, and stays as it is."""
    visit = session.scalar(
        select(PunchoutVisit)
        .where(PunchoutVisit.id == visit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if visit is None or (visit.ended_at is not None and visit.end is not end):
        raise Conflict("This visit is over.")
    if visit.ended_at is None:
        visit.ended_at, visit.end = at, end


def _take_over(session: Session, visit: PunchoutVisit, parts: Sequence[WantedPart]) -> str:
    """The lines that came along; answers what of them is not to be had, in words."""
    products = offered_products(session, skus={one.part for one in parts})
    packs: dict[int, BasketLine] = {}
    lost: list[str] = []
    for one in parts:
        product = products.get(one.part)
        pack = product.pack(one.auxiliary) if product else None
        if (
            product is None
            or pack is None
            or product.status is not ProductStatus.ACTIVE
            or not 1 <= one.packs <= MOST_PACKS
            or len(packs) >= MOST_LINES
        ):
            lost.append(product.name if product else one.part)
        elif pack.id in packs:
            packs[pack.id].packs = min(MOST_PACKS, packs[pack.id].packs + one.packs)
        else:
            packs[pack.id] = BasketLine(
                visit_id=visit.id,
                pack_id=pack.id,
                product_id=product.id,
                packs=one.packs,
                changed_at=visit.asked_at,
            )
    session.add_all(packs.values())
    return "\n".join(dict.fromkeys(lost))[:2_000]
