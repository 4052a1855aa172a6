"""Tools that are issued, cleaned and worn out; linen that goes round by way of the laundry."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from procurement.catalogue.terms import Kind
from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.stock.errors import InsufficientStock
from procurement.stock.models import Lot
from procurement.stock.operations.arrivals import (
    ArrivedLine,
    ArriveTransfer,
    Missing,
    arrive_transfer,
)
from procurement.stock.operations.linen import (
    SendToLaundry,
    SetLinenRule,
    send_to_laundry,
    set_linen_rule,
)
from procurement.stock.operations.places import CreateLocation, create_location
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.operations.tools import (
    TagTool,
    clean_tool,
    move_tool,
    retire_tool,
    tag_tool,
)
from procurement.stock.operations.transfers import DraftTransfer, TransferItem, draft_transfer
from procurement.stock.queries.linen import linen
from procurement.stock.queries.tools import tool_page, tools
from procurement.stock.queries.verification import verify
from procurement.stock.rules.linen import LinenPar
from procurement.stock.terms import Cause, Difference, LocationKind, Reason
from tests.builders import a_product, an_actor
from tests.doors import sign_in
from tests.stock.builders import MORNING, a_spa
from tests.threads import at_once

ANA = an_actor(name="Ana")


def pieces(number):
    return Quantity(number, Unit.PIECE)


def a_house(session, at=MORNING):
    """Two rooms, a therapist, a laundry; three gua sha stones and forty towels in the store, ten in each room."""
    a_spa(session)
    for code, kind in (("MIRA", LocationKind.PERSON), ("WASH", LocationKind.LAUNDRY)):
        create_location(session, CreateLocation(code, code.title(), kind, "KIN"), actor=ANA)
    a_product(session, "GUA", name="Gua Sha", kind=Kind.TOOL, unit=Unit.PIECE)
    a_product(session, "TWL", name="Towel", kind=Kind.LINEN, unit=Unit.PIECE)
    stock = [
        ("GUA", "STORE", 3),
        ("TWL", "STORE", 40),
        ("TWL", "ROOM-1", 10),
        ("TWL", "ROOM-2", 10),
    ]
    moves = tuple(StockMove(sku, "OPENING", place, pieces(n), "A1") for sku, place, n in stock)
    post_stock(session, PostStock(Reason.OPENING, moves), actor=ANA, at=at)
    session.flush()


@pytest.fixture
def house(session):
    a_house(session)
    return session


def tagged(session, **more):
    tool = tag_tool(session, TagTool("STORE", "GUA", **more), actor=ANA, at=MORNING)
    session.flush()
    return tool.number


def test_a_tool_is_numbered_issued_cleaned_and_worn_out(house):
    number = tagged(house, serial="SN-1", warranty_until=date(2026, 12, 31), clean_every_days=7)
    assert number == "TL-2026-0001"
    move_tool(house, number, "MIRA", actor=ANA, at=MORNING)
    (row,) = tools(house, at=MORNING + timedelta(days=7))
    assert (row.location, row.is_issued, row.is_due, row.warranty_ends_soon) == (
        "MIRA",
        True,
        True,
        True,
    )
    clean_tool(house, number, actor=ANA, at=MORNING + timedelta(days=7))
    house.flush()
    (row,) = tools(house, at=MORNING + timedelta(days=8))
    assert (row.is_due, row.cleaning_due) == (False, date(2026, 12, 7))
    retire_tool(house, number, Cause.WORN_OUT, actor=ANA, at=MORNING + timedelta(days=9))
    assert tools(house, at=MORNING) == []
    page = tool_page(house, number, at=MORNING)
    assert [event.to for event in page.events] == ["Adjustment", "", "Mira", "Store"]
    assert page.from_lot == "A1"
    with pytest.raises(Conflict):
        move_tool(house, number, "STORE", actor=ANA, at=MORNING + timedelta(days=9))
    assert verify(house) == []


def test_each_refusal_of_a_tool(house):
    number = tagged(house)
    tagged(house)
    tagged(house)
    with pytest.raises(InsufficientStock):
        tagged(house)
    for command, field in (
        (TagTool("NONE", "GUA"), "location"),
        (TagTool("STORE", "TWL"), "product"),
        (TagTool("STORE", "GUA", clean_every_days=0), "clean_every_days"),
    ):
        with pytest.raises(Invalid) as refused:
            tag_tool(house, command, actor=ANA, at=MORNING)
        assert refused.value.field == field
    with pytest.raises(Conflict):
        move_tool(house, number, "STORE", actor=ANA, at=MORNING)
    with pytest.raises(Invalid):
        retire_tool(house, number, Cause.SPOILT, actor=ANA, at=MORNING)
    with pytest.raises(NotFound):
        clean_tool(house, "TL-1", actor=ANA, at=MORNING)
    with pytest.raises(Forbidden):
        move_tool(house, number, "MIRA", actor=an_actor(Role.SALES), at=MORNING)
    assert house.scalars(
        select(Lot.number).where(Lot.number.like("TL-%")).order_by(Lot.number)
    ).all() == [
        "TL-2026-0001",
        "TL-2026-0002",
        "TL-2026-0003",
    ]


def test_a_numbered_tool_goes_nowhere_without_being_named(house):
    """FEFO would take its lot like any other: two of the three stones have a number, one is free."""
    first = tagged(house)
    tagged(house)
    for reason, to, cause in (
        (Reason.TRANSFER, "ROOM-1", None),
        (Reason.WRITE_OFF, "ADJUSTMENT", Cause.LOST),
        (Reason.CONSUMPTION, "CONSUMED", None),
    ):
        two = PostStock(reason, (StockMove("GUA", "STORE", to, pieces(2)),), cause=cause)
        with pytest.raises(InsufficientStock, match="taken by that number") as refused:
            post_stock(house, two, actor=ANA, at=MORNING)
        assert refused.value.left == Unit.PIECE.steps
    transfer = DraftTransfer("STORE", "ROOM-1", (TransferItem("GUA", pieces(2)),))
    with pytest.raises(InsufficientStock):
        draft_transfer(house, transfer, actor=ANA, at=MORNING)
    one = DraftTransfer("STORE", "ROOM-1", (TransferItem("GUA", pieces(1)),))
    draft_transfer(
        house, one, actor=ANA, at=MORNING
    )  # promises the free one, and nothing of a tool's
    named = StockMove("GUA", "STORE", "ROOM-1", pieces(1), first)
    post_stock(house, PostStock(Reason.TRANSFER, (named,)), actor=ANA, at=MORNING)
    house.flush()
    assert {row.number: row.location for row in tools(house, at=MORNING)}[first] == "ROOM-1"
    assert verify(house) == []


def test_two_people_take_the_same_tool_and_one_has_it(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_house(session)
    with work.write() as session:
        number = tagged(session)

    def take(n):
        try:
            with work.write() as session:
                move_tool(session, number, ("MIRA", "ROOM-1")[n % 2], actor=ANA, at=MORNING)
        except Conflict as error:
            return error
        return None

    assert any(error is None for error in at_once(4, take))
    with work.read() as session:
        assert verify(session) == []
        assert len(tools(session, at=MORNING)) == 1
    engine.dispose()


def test_par_is_rooms_by_turns_by_pieces_by_days():
    par = LinenPar(2, 5, 2, 3)
    assert par.pieces == 60
    assert par.why == "2 rooms × 5 turns a day × 2 pieces × 3 days = 60"  # noqa: RUF001


def sent(session, source, number, **more):
    command = SendToLaundry(source, "WASH", "STORE", (TransferItem("TWL", pieces(number)),), **more)
    transfer = send_to_laundry(session, command, actor=ANA, at=MORNING)
    session.flush()
    return transfer.number


def test_linen_goes_round_and_its_losses_are_explained(house):
    set_linen_rule(house, SetLinenRule("KIN", "TWL", 5, 2, 3), actor=ANA)
    number = sent(house, "ROOM-1", 10)
    (row,) = linen(house, "KIN")
    assert (row.clean, row.in_rooms, row.at_laundry, row.short) == (40, 10, 10, 0)
    missing = (Missing(Difference.LOST, pieces(1)), Missing(Difference.WORN_OUT, pieces(2)))
    command = ArriveTransfer(number, (ArrivedLine(1, pieces(6), missing),))
    arrive_transfer(house, command, actor=ANA, at=MORNING)
    house.flush()
    (row,) = linen(house, "KIN")
    assert (row.clean, row.in_rooms, row.at_laundry, row.short) == (46, 10, 1, 3)
    assert row.par.pieces == 60
    assert verify(house) == []


def test_each_refusal_of_linen(house):
    with pytest.raises(Invalid) as refused:
        set_linen_rule(house, SetLinenRule("KIN", "TWL", 0, 1, 1001), actor=ANA)
    assert [error.field for error in refused.value.errors] == ["turns_a_day", "days"]
    with pytest.raises(Invalid):
        set_linen_rule(house, SetLinenRule("KIN", "GUA", 1, 1, 1), actor=ANA)
    command = SendToLaundry("STORE", "WASH", "ROOM-1", (TransferItem("GUA", pieces(1)),))
    with pytest.raises(Invalid):
        send_to_laundry(house, command, actor=ANA, at=MORNING)
    with pytest.raises(InsufficientStock):
        sent(house, "ROOM-1", 11)


@pytest.fixture
def spa(app, client):
    sign_in(client, Role.SPA_MANAGER)
    with app.extensions["uow"].write() as session:
        a_house(session, at=utc_now())
    return client


def test_tools_in_the_back_office(spa):
    assert "No tool has a number yet" in spa.get("/tools/").text
    form = {"what": "STORE GUA", "serial": "SN-1", "clean_every_days": "7"}
    page = spa.post("/tools/new", data=form).headers["Location"]
    assert "SN-1" in spa.get(page).text
    spa.post(page, data={"do": "move", "to": "MIRA", "once": "a"})
    assert "With Mira" in spa.get(page).text
    assert "Tools to clean" not in spa.get("/today").text
    assert (
        "done already"
        in spa.post(
            page, data={"do": "move", "to": "MIRA", "once": "a"}, follow_redirects=True
        ).text
    )
    spa.post(page, data={"do": "clean", "back": "list"})
    assert "Mira" in spa.get("/tools/?format=csv").text
    assert "Cleaned" in spa.get(page).text
    spa.post(page, data={"do": "retire", "cause": "worn_out"})
    assert "Not in use any more" in spa.get(page).text
    refused = spa.post("/tools/new", data=form | {"clean_every_days": "0"})
    assert refused.status_code == 422
    assert spa.get("/tools/TL-1").status_code == 404


def test_linen_in_the_back_office(spa):
    rule = {"product": "TWL", "turns_a_day": "5", "pieces_a_turn": "2", "days": "4"}
    assert spa.post("/linen/rules/KIN", data=rule).status_code == 303
    assert "Towel is short by 20" in spa.get("/linen/").text
    page = spa.get("/linen/send").text
    form = {
        "once": re.search(r'name="once"[^>]*value="(\w+)"', page)[1],
        "source": "ROOM-1",
        "laundry": "WASH",
        "back_to": "STORE",
        "lines-0-product": "TWL",
        "lines-0-pieces": "10",
    }
    much = spa.post("/linen/send", data=form | {"lines-0-pieces": "11"})
    assert much.status_code == 422
    assert "10 piece" in much.text
    assert spa.post("/linen/send", data=form).status_code == 303
    assert "sent already" in spa.post("/linen/send", data=form, follow_redirects=True).text
    assert "Take back in" in spa.get("/linen/?site=KIN").text
    assert "80" in spa.get("/linen/?format=csv").text
    assert spa.post("/linen/rules/KIN/drop", data={"product": "TWL"}).status_code == 303
    assert spa.get("/linen/rules/NONE").status_code == 200
