"""Many quotes at one go: each in its own transaction, what refuses is told, the rest goes on."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.accounts.operations.users import change_user
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import GRANTS, Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.models import QuoteBatchLine
from procurement.sales.operations.batching import (
    CLAIM_LASTS,
    BeginBatch,
    begin_batch,
    cancel_batch,
    claim_batch,
    draw_next,
)
from procurement.sales.queries.batches import (
    batch_faults,
    batch_papers,
    batch_row,
    finished_batches,
)
from procurement.sales.queries.pipeline import QuoteFilter
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.batches import BatchStatus
from procurement.worker.batching import Printer
from tests.builders import NOON
from tests.doors import sign_in
from tests.sales.stories import SELLER, URL, a_draft, a_person, a_ready_shop, issue

ALL = QuoteFilter()


def a_batch(session, **more):
    command = BeginBatch(wanted=more.pop("wanted", ALL), public_url=URL, **more)
    return begin_batch(session, command, actor=SELLER, at=NOON)


def test_a_batch_prints_what_is_issued_and_what_is_not(app, client):
    uow = app.extensions["uow"]
    with uow.write() as session:
        a_ready_shop(session)
        issued = issue(session, a_draft(session).number)
        kept = issued.pdf_id
        a_draft(session)
        number = a_batch(session).number
    assert Printer(uow).print_once() == 2
    assert Printer(uow).print_once() == 0
    with uow.read() as session:
        row = batch_row(session, number, actor=SELLER)
    assert (row.status, row.drawn, row.failed, row.total) == (BatchStatus.DONE, 2, 0, 2)
    sign_in(client, Role.SALES)
    assert "2 of 2 quotes are on paper" in client.get(f"/quote-batches/{number}").text
    assert number in client.get("/quote-batches/").text
    first, again = (client.get(f"/quote-batches/{number}/zip").data for _ in range(2))
    assert first == again
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        names = archive.namelist()
        assert all(archive.read(name).startswith(b"%PDF") for name in names)
    assert len(names) == 2
    assert sum("draft" in name for name in names) == 1
    assert kept


def test_drafts_are_issued_and_those_that_cannot_be_are_told_by_reason(app, client):
    uow = app.extensions["uow"]
    with uow.write() as session:
        a_ready_shop(session)
        good = a_draft(session).number
        over = [a_draft(session, valid_until=NOON.date()).number for _ in range(6)]  # tomorrow
        last = a_draft(session).number
        number = a_batch(
            session, issues=True, mails=True, wanted=QuoteFilter(status=QuoteStatus.DRAFT)
        ).number
    Printer(uow, lambda: NOON + timedelta(days=1)).print_once()
    with uow.read() as session:
        row = batch_row(session, number, actor=SELLER)
        faults = batch_faults(session, number, actor=SELLER)
        found = [
            quote_page(session, one, actor=SELLER, at=NOON).status for one in (good, over[0], last)
        ]
    assert (row.status, row.drawn, row.failed) == (BatchStatus.DONE, 2, 6)
    why = "Its last valid day is over; give it a later one."
    assert [(one.quote, one.fault) for one in faults] == [(one, why) for one in reversed(over)]
    assert found == [QuoteStatus.ISSUED, QuoteStatus.DRAFT, QuoteStatus.ISSUED]
    sign_in(client, Role.SALES)
    page = client.get(f"/quote-batches/{number}").text
    assert page.count(why) == 1
    assert "<summary>1 more</summary>" in page
    assert all(f'/quotes/{one}?revision=1">{one}</a>' in page for one in over)


def test_a_batch_is_claimed_once_and_taken_up_when_its_printer_is_gone(session):
    a_ready_shop(session)
    a_draft(session)
    a_draft(session)
    number = a_batch(session).number
    assert claim_batch(session, at=NOON) == number
    assert claim_batch(session, at=NOON) is None
    assert draw_next(session, number, at=NOON)
    later = NOON + CLAIM_LASTS * 2
    assert claim_batch(session, at=later) == number
    assert draw_next(session, number, at=later)
    assert not draw_next(session, number, at=later)
    assert batch_row(session, number, actor=SELLER).status is BatchStatus.DONE


def test_a_cancelled_batch_draws_no_more_and_keeps_what_it_has(session):
    a_ready_shop(session)
    a_draft(session)
    a_draft(session)
    number = a_batch(session).number
    assert draw_next(session, number, at=NOON)
    cancel_batch(session, number, actor=SELLER, at=NOON)
    assert not draw_next(session, number, at=NOON)
    cancel_batch(session, number, actor=SELLER, at=NOON)
    row = batch_row(session, number, actor=SELLER)
    assert (row.status, row.drawn, row.total) == (BatchStatus.CANCELLED, 1, 2)


def test_a_batch_ends_with_the_right_of_whoever_began_it(session):
    a_ready_shop(session)
    person = a_person(session, "sal", Role.SALES)
    owner = Actor(person.id, person.name, GRANTS[Role.SALES])
    waiting = a_draft(session).number
    a_draft(session)  # the newest is first
    command = BeginBatch(wanted=ALL, public_url=URL, issues=True)
    number = begin_batch(session, command, actor=owner, at=NOON).number
    assert draw_next(session, number, at=NOON)
    change_user(
        session,
        person.email,
        name="Sal",
        roles=frozenset({Role.THERAPIST}),
        customer_id=None,
        actor=SYSTEM,
        at=NOON,
    )
    assert not draw_next(session, number, at=NOON)
    row = batch_row(session, number, actor=SELLER)
    assert (row.status, row.drawn) == (BatchStatus.CANCELLED, 1)
    assert quote_page(session, waiting, actor=SELLER, at=NOON).status is QuoteStatus.DRAFT


def test_a_batch_of_nothing_is_refused(session):
    a_ready_shop(session)
    with pytest.raises(Invalid, match="no such quotes"):
        a_batch(session)


def test_a_batch_is_begun_watched_and_cancelled_on_its_page(app, client):
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
        a_draft(session)
    sign_in(client, Role.SALES)
    answer = client.post("/quote-batches/", data={"status": "draft"})
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "0 of 1 quotes are done" in client.get(page).text
    part = client.get(page, headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith("<section")
    assert client.post(f"{page}/cancel").status_code == 303
    assert "Cancelled" in client.get(page).text
    assert client.get("/quote-batches/QB-2026-9999").status_code == 404
    assert client.post("/quote-batches/", data={"status": "declined"}).status_code == 422


def test_of_two_printers_one_takes_a_batch_and_every_quote_is_drawn_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_ready_shop(session)
        for _ in range(4):
            a_draft(session)
        number = a_batch(session, issues=True).number

    def claim(_):
        with work.write() as session:
            return claim_batch(session, at=NOON)

    with ThreadPoolExecutor(4) as pool:
        assert sorted(map(str, pool.map(claim, range(4)))) == ["None"] * 3 + [number]

        def draw(_):
            with work.write() as session:
                return draw_next(session, number, at=NOON)

        # As when a printer that was slow, not gone, meets the one that took over.
        assert sum(pool.map(draw, range(8))) == 4
    with work.read() as session:
        row = batch_row(session, number, actor=SELLER)
        papers = [key for key, _ in batch_papers(session, number, actor=SELLER)]
    assert (row.status, row.drawn, row.failed) == (BatchStatus.DONE, 4, 0)
    assert len(set(papers)) == 4
    engine.dispose()


def test_who_began_a_batch_is_told_that_it_is_over(session):
    a_ready_shop(session)
    a_draft(session)
    person = a_person(session, "aoife", Role.SALES)
    owner = replace(SELLER, id=person.id)
    number = begin_batch(
        session, BeginBatch(wanted=ALL, public_url=URL), actor=owner, at=NOON
    ).number

    def told(after, actor=owner):
        session.flush()
        at = NOON + timedelta(days=after)
        return [row.number for row in finished_batches(session, actor=actor, at=at, limit=8)]

    assert told(0) == []
    draw_next(session, number, at=NOON)
    draw_next(session, number, at=NOON)
    assert (told(0.5), told(2), told(0.5, SELLER)) == ([number], [], [])
    line = session.scalars(select(QuoteBatchLine)).one()
    line.paper_id, line.fault = None, "No price."
    assert (told(2), told(8)) == ([number], [])
