"""A recall as its paper says it, and as the rows of a file."""

from collections.abc import Iterator
from datetime import datetime

from procurement.documents import content as paper
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity, Unit
from procurement.settings.queries import get_company, letterhead
from procurement.stock.queries.recalls import RecallItemRow, RecallPage, recall_page
from procurement.stock.queries.traces import MOST_GONE, Gone
from procurement.stock.terms import LocationKind, RecallOutcome

OUTCOMES = {
    RecallOutcome.QUARANTINED: "in quarantine",
    RecallOutcome.RETURNED: "back to the supplier",
    RecallOutcome.DESTROYED: "destroyed",
    RecallOutcome.NOT_FOUND: "not found, written off",
}
_WENT = {
    LocationKind.CONSUMED: "used in treatments",
    LocationKind.CUSTOMER: "sold",
    LocationKind.ADJUSTMENT: "written off or corrected",
}


def recall_content(session: ReadSession, number: str) -> paper.RecallContent:
    """Everything the paper of a recall says, as far as it has come."""
    page = recall_page(session, number)
    company = get_company(session)
    zone, head = company.time_zone, page.head
    return paper.RecallContent(
        letterhead=letterhead(session, company),
        number=head.number,
        product=head.product_name,
        sku=head.product,
        lots=page.lots,
        reason=head.reason,
        started_on=today_in(zone, head.started_at),
        started_by=head.started_by,
        progress=f"{head.settled} of {head.places} places, {head.percent} %",
        summary=tuple(summary_of(page)),
        places=tuple(_place(n, item, zone) for n, item in enumerate(page.items, start=1)),
        treatments=tuple(_went(n, one, zone) for n, one in enumerate(page.treatments, start=1)),
        customers=tuple(_went(n, one, zone) for n, one in enumerate(page.customers, start=1)),
        locale=company.locale,
        title="Recall drill" if head.is_drill else "Recall",
        closed_on=today_in(zone, head.closed_at) if head.closed_at else None,
        watermark="DRILL" if head.is_drill else "",
    )


def summary_of(page: RecallPage) -> Iterator[str]:
    """Sentences: what was found, what was used before, how long it took."""
    if page.total is not None:
        yield f"{amount(page.total)} stood in {page.head.places} places when it was found."
    for used in page.sums:
        if used.quantity.steps > 0:
            yield f"{amount(used.quantity)} {_WENT[used.kind]}."
    if page.head.took is not None:
        yield f"All places were dealt with {spoken(int(page.head.took.total_seconds()))} after the start."
    if len(page.treatments) + len(page.customers) + len(page.other) >= MOST_GONE:
        yield f"Only the last {MOST_GONE} movements are listed one by one."


def spoken(seconds: int) -> str:
    """A length of time in two parts at most."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def amount(quantity: Quantity) -> str:
    return f"{quantity.decimal.normalize():,f} {_unit(quantity)}"


def _unit(quantity: Quantity) -> str:
    if quantity.unit is not Unit.PIECE:
        return quantity.unit.value
    return "piece" if quantity.steps == 1 else "pieces"


def described(item: RecallItemRow) -> str:
    if item.opened_from is None:
        return "unopened"
    return f"{'filled' if item.is_decanted else 'opened'} from {item.opened_from}"


def _place(number: int, item: RecallItemRow, zone: str) -> paper.RecallPlace:
    settled = ""
    if item.settled_at is not None:
        settled = f"{item.settled_by}, {_moment(item.settled_at, zone)}"
    return paper.RecallPlace(
        number=str(number),
        what=item.lot,
        detail=described(item),
        place=f"{item.location_name}, {item.site_name}",
        quantity=paper.Amount(item.quantity.decimal, _unit(item.quantity)),
        outcome=OUTCOMES[item.outcome] if item.outcome else "",
        settled=". ".join(part for part in (settled, item.note) if part),
    )


def _went(number: int, one: Gone, zone: str) -> paper.RecallPlace:
    return paper.RecallPlace(
        number=str(number),
        what=_moment(one.occurred_at, zone),
        detail=f"lot {one.lot}",
        place=one.from_name,
        quantity=paper.Amount(one.quantity.decimal, _unit(one.quantity)),
        outcome=(one.document if one.kind is LocationKind.CUSTOMER else None) or one.actor,
        settled=one.note,
    )


def _moment(at: datetime, zone: str) -> str:
    day = today_in(zone, at)
    return f"{day.day} {day:%B %Y}"
