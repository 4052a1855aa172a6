"""The order's paper: what it says, and that a draft is marked as one."""

from decimal import Decimal

import pytest

from procurement.documents.purchase_order import render_purchase_order
from procurement.kernel.errors import NotFound
from procurement.purchasing.queries.papers import order_content
from tests.builders import a_company
from tests.purchasing.builders import (
    CASES,
    COVERS,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
)


@pytest.fixture(autouse=True)
def _spa(session):
    a_spa_that_orders(session)


def test_lines_say_both_codes_packs_and_what_they_hold(session):
    content = order_content(session, a_placed_order(session, CASES, COVERS).number)
    oil, covers = content.lines
    assert (oil.supplier_code, oil.sku) == ("CORRIB-ALM-500", "ALM-500")
    assert (oil.packs.value, oil.packs.word) == (10, "cases")
    assert (oil.base.value, oil.base.word) == (120, "bottles")
    assert (oil.price.per_pack, oil.price.per_unit) == (Decimal("79.5"), Decimal("6.63"))
    assert (covers.base.value, covers.base.word) == (160, "pieces")
    assert content.totals.net == Decimal("1111.80")
    assert content.watermark == ""


def test_wishes_notes_and_the_place_of_delivery_are_on_it(session):
    a_company(session).order_requests = "Lot and use-by date, please.\n\nNo pallets."
    order = a_draft(session, note_to_supplier="Ring first")
    content = order_content(session, order.number)
    assert content.requests == ("Lot and use-by date, please.", "No pallets.")
    notes = {note.title: note.text for note in content.arrangements}
    assert notes["Please note"] == "Ring first"
    assert notes["Deliver to"].startswith("Store, Kinsale")


def test_a_draft_carries_a_watermark_and_becomes_a_pdf(session):
    content = order_content(session, a_draft(session).number)
    assert content.watermark == "DRAFT"
    assert render_purchase_order(content).startswith(b"%PDF-")


def test_an_order_nobody_wrote_has_no_paper(session):
    with pytest.raises(NotFound):
        order_content(session, "PO-2026-9999")
