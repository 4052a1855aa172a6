"""Scorecards: what order lines say of a supplier, and the figures they add up to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from procurement.documents.scorecard import render_scorecard
from procurement.kernel.money import Rate, UnitPrice
from procurement.purchasing.operations.claiming import MakeClaim, make_claim, withdraw_claim
from procurement.purchasing.operations.confirming import SupplierSays, confirm_order
from procurement.purchasing.operations.deciding import close_short
from procurement.purchasing.operations.invoicing import (
    NewInvoiceLine,
    RecordInvoice,
    record_invoice,
)
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.queries.scorecard import (
    scorecards,
    supplier_scorecard,
)
from procurement.purchasing.queries.scorecard_paper import scorecard_content
from procurement.purchasing.queries.scorecard_papers import papers_of
from procurement.purchasing.rules.scorecard import judged, lead_time, price_drift
from procurement.purchasing.terms import LineAnswer
from procurement.purchasing.terms.scorecard import Arrival, Delivered, Figure, Period
from tests.documents.papers import text_of
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    REFUSED,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)
from tests.queries import assert_queries

PLACED, DUE, TODAY = date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 20)


def a_line(*arrivals, packs=10, closed=False, due=DUE, price="8.60", order="PO-1", placed=PLACED):
    return Delivered(
        order=order,
        position=1,
        product="ALM-500",
        product_name="Almond",
        pack="case",
        placed_on=placed,
        due_on=due,
        packs=packs,
        price=UnitPrice.parse(price, "EUR"),
        is_closed=closed,
        arrivals=tuple(Arrival(date(2026, 11, day), *packs) for day, *packs in arrivals),
    )


@pytest.mark.parametrize(
    ("line", "on_time", "in_full", "otif", "late", "lead"),
    [
        (a_line((9, 10)), True, True, True, 0, 7),  # on its day
        (a_line((5, 4), (9, 6)), True, True, True, 0, 7),  # in two parts
        (a_line((9, 4), (12, 6)), False, True, False, 3, 10),  # the rest was late
        (a_line((12, 10)), False, True, False, 3, 10),
        (
            a_line((9, 4), closed=True),
            True,
            False,
            False,
            0,
            None,
        ),  # short, but what came was on time
        (a_line((9, 4)), False, False, False, 11, None),  # the rest is still missing
        (a_line(), False, False, False, 11, None),
        (a_line((9, 12)), True, True, True, 0, 7),  # more than ordered
        (a_line((9, 0, 10)), False, False, False, 11, None),  # refused at the door
        (a_line((9, 0, 10), (10, 10)), False, True, False, 1, 8),
    ],
)
def test_a_line_is_judged(line, on_time, in_full, otif, late, lead):
    (one,) = judged([line], today=TODAY)
    found = (one.on_time, one.in_full, one.otif, one.days_late, one.lead_days)
    assert found == (on_time, in_full, otif, late, lead)


def test_what_is_not_due_yet_says_nothing():
    later = TODAY + timedelta(days=1)
    assert judged([a_line(due=later), a_line((9, 4), due=TODAY)], today=TODAY) == []
    assert (
        len(judged([a_line((9, 10), due=later), a_line(due=later, closed=True)], today=TODAY)) == 2
    )


def test_the_lead_time_has_a_mean_and_a_spread():
    lines = [a_line((9, 10)), a_line((10, 10)), a_line((13, 10)), a_line((13, 1))]
    told = lead_time(judged(lines, today=TODAY))
    assert (told.lines, told.promised) == (3, Decimal("7.0"))
    assert (told.measured, told.spread) == (Decimal("8.7"), Decimal("1.7"))  # 7, 8, 11
    assert lead_time([]) is None


def test_prices_drift_from_the_first_order_to_the_last():
    first = a_line(price="10.00", packs=30)
    last = a_line(price="11.00", packs=10, order="PO-2", placed=PLACED + timedelta(days=9))
    between = a_line(price="99", packs=10, order="PO-1b", placed=PLACED + timedelta(days=1))
    assert price_drift([last, between, first]).change == Rate(1000)
    assert price_drift([first]) is None
    assert price_drift([first, a_line(price="0", order="PO-9")]).change == Rate(-10_000)


def test_a_scorecard_is_read_from_orders_and_receipts(session):
    a_spa_that_orders(session)
    order = a_placed_order(session, CASES, COVERS)  # due on 2 December
    wrong = received(session, order.number, delivered(8, 2))
    reverse_receipt(session, wrong.number, why="wrong pallet", actor=ANA, at=MONDAY)
    received(session, order.number, delivered(6), delivered(3, 2, condition=REFUSED))
    close_short(session, order.number, position=2, actor=ANA, at=MONDAY)
    late = datetime(2026, 12, 20, 12, tzinfo=UTC)
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    session.flush()
    with assert_queries(session.get_bind(), 7):
        (card,) = scorecards(session, period, at=late)
    assert (card.supplier, card.lines) == ("CORRIB", 2)
    assert (card.on_time, card.in_full, card.otif) == (Rate(0), Rate(0), Rate(0))
    assert card.rejected == Rate(3330)  # 3 of 9
    assert card.lead_time is None
    received(session, order.number, delivered(4))
    same, lines = supplier_scorecard(session, "CORRIB", period, at=late)
    assert (same.on_time, same.in_full) == (Rate(5000), Rate(5000))
    assert same.lead_time.measured == 0
    assert [one.line.position for one in lines if one.counts_for(Figure.REJECTED)] == [2]
    before = Period(date(2025, 1, 1), date(2026, 11, 22))
    assert supplier_scorecard(session, "CORRIB", before, at=late) == (None, [])


def test_a_day_the_supplier_moved_is_still_late_by_the_first(session):
    a_spa_that_orders(session)
    order = a_placed_order(session)
    promised, moved = order.due_on, order.due_on + timedelta(days=9)
    says = SupplierSays(said_by="Orla", lines=(LineAnswer(1, due_on=moved),))
    confirm_order(session, order.number, says, actor=ANA, at=MONDAY)
    session.flush()
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    late = datetime(2026, 12, 20, 12, tzinfo=UTC)
    card, (line,) = supplier_scorecard(session, "CORRIB", period, at=late)
    assert (order.due_on, line.line.due_on, card.on_time) == (moved, promised, Rate(0))


def test_claims_and_invoice_differences_enter_with_their_papers(session):
    a_spa_that_orders(session)
    order = a_placed_order(session)
    receipt = received(session, order.number, delivered(2, condition=REFUSED), delivered(8))
    command = MakeClaim(receipt=receipt.number)
    withdrawn = make_claim(session, command, actor=ANA, at=MONDAY)
    withdraw_claim(session, withdrawn.number, actor=ANA, at=MONDAY)
    session.flush()
    claim = make_claim(session, command, actor=ANA, at=MONDAY)
    for number, packs in (("INV-1", 7), ("INV-2", 3)):
        line = NewInvoiceLine(order=order.number, position=1, packs=packs)
        told = {"supplier": "CORRIB", "supplier_number": number, "invoiced_on": date(2026, 11, 20)}
        record_invoice(session, RecordInvoice(**told, lines=(line,)), actor=ANA, at=MONDAY)
    session.flush()
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    card, _ = supplier_scorecard(session, "CORRIB", period, at=MONDAY)
    assert (card.claims, str(card.claimed)) == (1, "159.00 EUR")
    assert (card.invoices, card.invoiced_wrong.percent) == (2, "50")
    assert str(card.too_much) == "159.00 EUR"  # 10 invoiced, 8 received
    papers = papers_of(session, period, supplier="CORRIB")["CORRIB"]
    assert [one.number for one in papers.claims] == [claim.number]
    assert [one.supplier_number for one in papers.differing] == ["INV-2"]
    assert papers_of(session, Period(date(2026, 1, 1), date(2026, 10, 31))) == {}
    printed = text_of(render_scorecard(scorecard_content(session, "CORRIB", period, at=MONDAY)))
    for word in ("Corrib Botanicals", claim.number, "2 too many", "50 %"):
        assert word in " ".join(printed.split())
