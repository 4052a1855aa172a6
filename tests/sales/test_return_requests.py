"""A buyer asks to send goods back; our people take them in once, or say why not."""

import io

import pytest
from PIL import Image

from procurement.accounts.models import User
from procurement.kernel.actor import SYSTEM
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.quantity import Quantity, Unit
from procurement.sales.errors import OrderUnknown, OverReturn, WrongStatus
from procurement.sales.operations.return_requests import (
    AskReturn,
    ask_return,
    refuse_request,
    take_requested,
)
from procurement.sales.operations.taking_back import ReturnedLine
from procurement.sales.queries.return_requests import (
    open_requests,
    request_photo,
    requests_of,
    return_request_page,
)
from procurement.sales.queries.verification import verify_sales
from procurement.sales.terms.orders import CustomerReturnReason
from procurement.stock.queries.verification import verify
from tests.builders import NOON
from tests.sales.fulfilling import BOTTLE, KEEPER, a_confirmed_order, a_stocked_shop, shipped
from tests.sales.stories import a_customer
from tests.sales.test_placing import a_buyer, mails


@pytest.fixture
def shop(session):
    """Two bottles of EARLY are with LINDEN."""
    a_stocked_shop(session)
    a_customer(session, "BIRCH")
    return session


@pytest.fixture
def sent(shop):
    order = a_confirmed_order(shop, 2)
    number = shipped(shop, order, 2).number
    shop.flush()
    return order, number


def bottles(count: int) -> Quantity:
    return Quantity(count * BOTTLE, Unit.ML)


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    return out.getvalue()


def ask(session, sent, buyer, count=1, **more):
    order, shipment = sent
    told = {"key": "one", "reason": CustomerReturnReason.DAMAGED, "note": "The cap is broken"}
    lines = (ReturnedLine(1, bottles(count)),)
    command = AskReturn(**({"order": order, "shipment": shipment, "lines": lines} | told | more))
    return ask_return(session, command, actor=buyer, at=NOON).number


def test_asked_shown_and_taken_in_once(shop, sent):
    buyer = a_buyer(shop)
    number = ask(shop, sent, buyer, photos=(("cap.jpg", a_photo()),))
    assert ask(shop, sent, buyer) == number  # the same click again
    (row,) = open_requests(shop, actor=KEEPER, limit=9)
    assert (row.number, row.shipment, row.status) == (number, sent[1], "asked")
    page = return_request_page(shop, number, actor=buyer)
    assert [(line.lot, line.quantity) for line in page.lines] == [("EARLY", bottles(1))]
    assert request_photo(shop, number, 1, actor=buyer).startswith(b"RIFF")
    made = take_requested(shop, number, "HOLD", actor=KEEPER, at=NOON)
    (row,) = requests_of(shop, sent[0], actor=buyer)
    assert (row.status, row.took) == ("taken", made.number)
    assert mails(shop)[-1].startswith(f"Your return {number}")
    with pytest.raises(WrongStatus):
        take_requested(shop, number, "HOLD", actor=KEEPER, at=NOON)
    with pytest.raises(WrongStatus):
        refuse_request(shop, number, "Too late", actor=KEEPER, at=NOON)
    assert [*verify(shop), *verify_sales(shop)] == []


def test_who_has_left_is_not_answered(shop, sent):
    buyer = a_buyer(shop)
    number = ask(shop, sent, buyer)
    shop.get_one(User, buyer.id).active = False
    before = mails(shop)
    refuse_request(shop, number, "It is used", actor=KEEPER, at=NOON)
    assert mails(shop) == before


def test_refused_with_the_reason_and_asked_again(shop, sent):
    buyer = a_buyer(shop)
    number = ask(shop, sent, buyer, 2)
    with pytest.raises(Invalid):
        refuse_request(shop, number, " ", actor=KEEPER, at=NOON)
    refuse_request(shop, number, "The seal is open", actor=KEEPER, at=NOON)
    assert requests_of(shop, sent[0], actor=buyer)[0].answer == "The seal is open"
    assert ask(shop, sent, buyer, 2, key="two") != number


def test_never_more_than_is_there_and_not_asked_for(shop, sent):
    buyer = a_buyer(shop)
    with pytest.raises(OverReturn):
        ask(shop, sent, buyer, 3)
    with pytest.raises(Invalid):
        ask(shop, sent, buyer, lines=())
    with pytest.raises(Invalid, match="picture"):
        ask(shop, sent, buyer, photos=(("x.jpg", b"not a picture"),))
    ask(shop, sent, buyer, 2)
    with pytest.raises(Invalid, match="already"):
        ask(shop, sent, buyer, 1, key="two")


def test_whose_it_is(shop, sent):
    buyer, other = a_buyer(shop), a_buyer(shop, "BIRCH")
    number = ask(shop, sent, buyer, photos=(("cap.jpg", a_photo()),))
    for call in (
        lambda: ask(shop, sent, other, key="theirs"),
        lambda: return_request_page(shop, number, actor=other),
        lambda: request_photo(shop, number, 1, actor=other),
        lambda: request_photo(shop, number, 2, actor=SYSTEM),
        lambda: return_request_page(shop, "RR-0", actor=buyer),
    ):
        with pytest.raises(OrderUnknown, match="There is no such document"):
            call()
    assert requests_of(shop, sent[0], actor=other) == ()
    with pytest.raises(Forbidden):
        take_requested(shop, number, "HOLD", actor=buyer, at=NOON)
    with pytest.raises(Forbidden):
        open_requests(shop, actor=buyer, limit=9)
