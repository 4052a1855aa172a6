"""The order's paper: what it says, and that a draft is marked as one."""

import hashlib
from decimal import Decimal

import pytest
from sqlalchemy import select

from procurement.files.models import StoredFile
from procurement.kernel.errors import Forbidden, NotFound
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.queries.papers import order_content, order_paper
from procurement.sourcing.models import Supplier
from tests.builders import a_company, an_actor, files_of
from tests.documents.papers import text_of
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
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
    order = a_draft(session, note_to_supplier="Ring first", note_to_us="They owe us a crate")
    content = order_content(session, order.number)
    assert "crate" not in str(content)
    assert content.requests == ("Lot and use-by date, please.", "No pallets.")
    notes = {note.title: note.text for note in content.arrangements}
    assert notes["Please note"] == "Ring first"
    assert notes["Deliver to"].startswith("Store, Kinsale")


def test_a_draft_carries_a_watermark_and_becomes_a_pdf(session):
    order = a_draft(session)
    paper = order_paper(session, order.number, actor=ANA)
    assert (paper.file_name, paper.media_type) == (f"{order.number}-draft.pdf", "application/pdf")
    assert "DRAFT" in text_of(paper.content)


def test_a_placed_order_stays_on_paper_as_it_was_placed(session):
    order = a_placed_order(session)
    placed = order_paper(session, order.number, actor=ANA)
    supplier = session.get_one(Supplier, order.supplier_id)
    supplier.name, supplier.address = "Corrib Oils (2027) plc", "Elsewhere"
    a_company(session).name = "Another Name"
    order.lines[0].name = "Another oil"
    session.flush()
    again = order_paper(session, order.number, actor=ANA)
    assert again == placed
    assert hashlib.sha256(again.content).hexdigest() == again.sha256
    assert "2027" not in text_of(again.content)
    assert "DRAFT" not in text_of(again.content)


def test_the_mail_of_a_placed_order_carries_the_kept_paper(session):
    order = a_placed_order(session)
    assert files_of(session, session.scalars(select(Message)).one()) == [order.pdf_id]


def test_an_order_without_a_mail_address_is_frozen_too(session):
    order = a_draft(session)
    session.get_one(Supplier, order.supplier_id).email = ""
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY)
    assert session.get_one(StoredFile, order.pdf_id).file_name == f"{order.number}.pdf"
    assert session.scalar(select(Message.id)) is None


def test_the_paper_is_for_those_who_see_purchasing(session):
    order = a_placed_order(session)
    with pytest.raises(Forbidden):
        order_paper(session, order.number, actor=an_actor(Role.WHOLESALE_BUYER))


def test_an_order_nobody_wrote_has_no_paper(session):
    with pytest.raises(NotFound):
        order_content(session, "PO-2026-9999")
