"""A document by the number that stands on it, for the search."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series
from procurement.purchasing.models import (
    Claim,
    GoodsReceipt,
    PurchaseOrder,
    RequestForQuotation,
    SupplierInvoice,
    SupplierReturn,
)
from procurement.sales.models import Enquiry, Quote
from procurement.stock.models import StockCount, Transfer

_NUMBER = re.compile(r"([A-Z]{1,3})-[0-9]{4}-[0-9]{4,}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DocumentName:
    series: Series
    number: str


_KINDS: Mapping[str, tuple[Any, Permission]] = {
    Series.PURCHASE_ORDER: (PurchaseOrder, Permission.SEE_PURCHASING),
    Series.GOODS_RECEIPT: (GoodsReceipt, Permission.SEE_PURCHASING),
    Series.SUPPLIER_INVOICE: (SupplierInvoice, Permission.SEE_PURCHASING),
    Series.REQUEST_FOR_QUOTATION: (RequestForQuotation, Permission.SEE_PURCHASING),
    Series.SUPPLIER_RETURN: (SupplierReturn, Permission.SEE_PURCHASING),
    Series.CLAIM: (Claim, Permission.SEE_PURCHASING),
    Series.QUOTE: (Quote, Permission.SEE_SALES),
    Series.ENQUIRY: (Enquiry, Permission.SEE_SALES),
    Series.TRANSFER: (Transfer, Permission.SEE_STOCK),
    Series.STOCK_COUNT: (StockCount, Permission.COUNT_STOCK),
}


def document_named(session: ReadSession, text: str, *, actor: Actor) -> DocumentName | None:
    """The document that has this number, for those who may see it; capitals are forgiven."""
    found = _NUMBER.fullmatch(text.strip().upper())
    if found is None or found[1] not in _KINDS:
        return None
    model, permission = _KINDS[found[1]]
    if not actor.may(permission):
        return None
    number = session.scalar(select(model.number).where(model.number == found[0]).limit(1))
    return DocumentName(Series(found[1]), number) if number else None
