"""A top-up run as the content of its paper."""

from decimal import Decimal

from procurement.documents.content import Amount, RunLot, RunPart, RunPartLine, TopUpRunContent
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity
from procurement.settings.queries import get_company, letterhead
from procurement.stock.queries.runs import Pick, RunLine, RunPage, Stop, run_page
from procurement.stock.terms import TransferStatus


def run_content(session: ReadSession, number: str) -> TopUpRunContent:
    """What is still to be brought, or all of it once that is done. Raises NotFound."""
    page: RunPage = run_page(session, number)
    company = get_company(session)
    still = [stop for stop in page.stops if stop.status is TransferStatus.DRAFT]
    return TopUpRunContent(
        letterhead=letterhead(session, company),
        number=number,
        site=page.head.site_name,
        drafted_on=today_in(company.time_zone, page.head.drafted_at),
        drafted_by=page.head.drafted_by,
        shelves=tuple(
            RunPart(shelf.name, tuple(_pick(pick) for pick in shelf.picks))
            for shelf in page.shelves
        ),
        rooms=tuple(_room(stop) for stop in still or page.stops),
    )


def _pick(pick: Pick) -> RunPartLine:
    several = len(pick.lots) > 1
    lots = tuple(RunLot(lot.lot, lot.use_by, _short(lot) if several else "") for lot in pick.lots)
    return _line(pick, lots)


def _room(stop: Stop) -> RunPart:
    lines = tuple(_line(line, (RunLot(line.lot, line.use_by),)) for line in stop.lines)
    return RunPart(f"{stop.name} ({stop.code})", lines)


def _line(line: Pick | RunLine, lots: tuple[RunLot, ...]) -> RunPartLine:
    """Packs above, the base unit below; without whole packs the base unit alone."""
    base = _amount(line.quantity)
    if line.packs and line.pack_name and line.pack_name != "each":
        packs = Amount(Decimal(line.packs), f"× {line.pack_name}")  # noqa: RUF001 (so it is printed)
        return RunPartLine(line.product_name, line.product, packs, lots, base)
    return RunPartLine(line.product_name, line.product, base, lots)


def _amount(quantity: Quantity) -> Amount:
    return Amount(Decimal(quantity.amount), str(quantity.unit))


def _short(lot: RunLine) -> str:
    if lot.packs and lot.pack_name and lot.pack_name != "each":
        return f"{lot.packs} × {lot.pack_name}"  # noqa: RUF001 (so it is printed)
    return str(lot.quantity)
