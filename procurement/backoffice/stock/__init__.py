"""Rooms, stock, postings, transfers, sites: staff pages over the ledger."""

from flask import Blueprint

from procurement.backoffice.stock import (
    arrivals,
    board,
    bottles,
    card,
    count_report,
    count_sync,
    counting,
    counts,
    decanting,
    labels,
    lot_pages,
    lots,
    periods,
    postings,
    rooms,
    scanning,
    shelf_work,
    sites,
    top_up,
    transfers,
)

DOORS: list[Blueprint] = [
    rooms.bp,
    board.bp,
    bottles.bp,
    decanting.bp,
    counting.bp,
    shelf_work.bp,
    count_sync.bp,
    count_report.bp,
    counts.bp,
    lots.bp,
    card.bp,
    lot_pages.bp,
    postings.bp,
    periods.bp,
    transfers.bp,
    arrivals.bp,
    top_up.bp,
    sites.bp,
    scanning.bp,
    labels.bp,
]
