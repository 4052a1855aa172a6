"""`/scans`: what a scanned code names. Nothing is written."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.scanning import ScanQuery, ScanShape
from procurement.kernel.clock import today_in
from procurement.kernel.permissions import Permission
from procurement.settings.queries import get_company
from procurement.stock.queries.scanning import find_scanned

api = Api("scans", "/scans")


@api.get("", query=ScanQuery, gives=ScanShape, any_text=True, summary="What a scanned code names")
def read_scan(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    today = today_in(get_company(call.session).time_zone, call.at)
    found = find_scanned(call.session, call.query.text, today=today, kept=call.query.kept)
    return Answer(ScanShape.of(found))
