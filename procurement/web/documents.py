"""From a document's number to its page: "GR-2026-0007" is a goods receipt."""

from flask import url_for

from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series
from procurement.web.identity import current_actor

# Documents that stand behind postings; each page opens to those who may see what it is about.
_PAGES = {
    Series.GOODS_RECEIPT: ("goods_receipts.show", Permission.SEE_PURCHASING),
    Series.TRANSFER: ("transfers.show", Permission.SEE_STOCK),
    Series.CONTAINER: ("bottles.show", Permission.SEE_STOCK),
    Series.RECALL: ("recalls.show", Permission.SEE_STOCK),
    Series.STOCK_COUNT: ("counts.show", Permission.SEE_STOCK),
    Series.TOOL: ("tools.show", Permission.SEE_STOCK),
}


def document_url(number: str | None) -> str:
    """The address of a document's page; empty where there is none, or none for this person."""
    series = (number or "").partition("-")[0]
    if series not in {kind.value for kind in _PAGES}:
        return ""
    endpoint, permission = _PAGES[Series(series)]
    return url_for(endpoint, number=number) if current_actor().may(permission) else ""
