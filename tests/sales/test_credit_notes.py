"""The credit note of a return says on paper what its UBL says."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from procurement.kernel.errors import Forbidden
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity, Unit
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import Shipment
from procurement.sales.operations.taking_back import (
    ReturnedLine,
    TakeBack,
    reverse_customer_return,
    take_back,
)
from procurement.sales.queries.credit_notes import credit_note_paper
from procurement.sales.queries.invoice_drafts import Drafting, credit_draft
from procurement.sales.terms.orders import CustomerReturnReason
from tests.builders import NOON, an_actor
from tests.documents.papers import text_of
from tests.sales.fulfilling import KEEPER, SELLER, a_confirmed_order, a_stocked_shop, shipped


@pytest.fixture
def back(session):
    """A bottle and a half of three came back."""
    a_stocked_shop(session)
    shipment = shipped(session, a_confirmed_order(session, 3), 3).number
    lines = (ReturnedLine(1, Quantity(750_000, Unit.ML)),)
    command = TakeBack(
        shipment=shipment, lines=lines, into="HOLD", reason=CustomerReturnReason.DAMAGED
    )
    made = take_back(session, command, actor=KEEPER, at=NOON)
    session.flush()
    return made.number, shipment


def test_it_says_what_the_ubl_says(session, back):
    number, shipment = back
    draft = credit_draft(session, number)
    text = text_of(credit_note_paper(session, number, actor=SELLER).content)
    for said in (
        "Credit note",
        number,
        shipment,
        "1.5",
        *(one.amount for one in (draft.net, draft.tax, draft.gross)),
    ):
        assert said in text
    assert "Total credited" in text
    assert "to pay" not in text
    again = credit_note_paper(session, number, actor=SELLER)
    assert again.sha256 == credit_note_paper(session, number, actor=SELLER).sha256


def test_taken_back_it_says_so_and_only_sales_see_it(session, back):
    number, _ = back
    reverse_customer_return(session, number, why="Counted twice", actor=KEEPER, at=NOON)
    session.flush()
    assert "TAKEN BACK" in text_of(credit_note_paper(session, number, actor=SELLER).content)
    with pytest.raises(OrderUnknown):
        credit_note_paper(session, "CR-0", actor=SELLER)
    with pytest.raises(Forbidden):
        credit_note_paper(session, number, actor=an_actor(Role.STOCK_KEEPER))


def test_pieces_are_credited_as_they_were_invoiced(session):
    """Two bottles at 10.01 come back in quarters: eight times 2.50, or more, would not be what was paid."""
    a_stocked_shop(session)
    order = a_confirmed_order(session, 2, price=UnitPrice.parse("10.01", "EUR"))
    shipment = shipped(session, order, 2).number
    made = [back_of(session, shipment, 125_000) for _ in range(3)]
    reverse_customer_return(session, made.pop(1), why="Counted twice", actor=KEEPER, at=NOON)
    session.flush()
    made.append(back_of(session, shipment, 625_000))
    made.append(back_of(session, shipment, 125_000))
    drafts = [credit_draft(session, number) for number in made]
    assert [draft.net.minor for draft in drafts] == [250, 251, 1251, 250]
    (sent,) = session.scalars(select(Shipment).options(selectinload(Shipment.lines)))
    (invoice,) = Drafting(session, (sent,), ()).drafts()
    assert sum(draft.gross.minor for draft in drafts) == invoice.gross.minor


def back_of(session, shipment, steps) -> str:
    command = TakeBack(
        shipment=shipment,
        lines=(ReturnedLine(1, Quantity(steps, Unit.ML)),),
        into="HOLD",
        reason=CustomerReturnReason.DAMAGED,
    )
    number = take_back(session, command, actor=KEEPER, at=NOON).number
    session.flush()
    return str(number)
