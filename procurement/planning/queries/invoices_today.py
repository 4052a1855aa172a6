"""The supplier invoices that need somebody today."""

from datetime import datetime, timedelta

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.queries.invoices import InvoiceFilter, invoices, invoices_due
from procurement.purchasing.terms.invoices import (
    InvoiceRow,
    InvoiceStatus,
)
from procurement.settings.queries import get_company

DUE_DAYS = 3
MOST = 8


def invoices_today(
    session: ReadSession, *, actor: Actor, at: datetime
) -> dict[str, tuple[InvoiceRow, ...]]:
    """With differences, for those who decide; due soon and not decided, for those who record."""
    found: dict[str, tuple[InvoiceRow, ...]] = {}
    if actor.may(Permission.APPROVE_INVOICES):
        recorded = InvoiceFilter(statuses=frozenset({InvoiceStatus.RECORDED}))
        found["invoices"] = invoices(session, recorded, PageRequest(MOST)).items
    if actor.may(Permission.RECORD_INVOICES):
        until = today_in(get_company(session).time_zone, at) + timedelta(days=DUE_DAYS)
        seen = {row.number for row in found.get("invoices", ())}
        due = invoices_due(session, until, limit=MOST)
        found["invoices_due"] = tuple(row for row in due if row.number not in seen)
    return found
