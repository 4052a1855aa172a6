"""Quotes begun from others: copied for the same customer or another, kept as a template and begun from it."""

import pytest
from sqlalchemy.exc import IntegrityError

from procurement.catalogue.terms import Wishes
from procurement.kernel.errors import NotFound
from procurement.sales.operations.copying import (
    CopyQuote,
    copy_quote,
    draft_from_template,
    drop_template,
    save_template,
)
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.queries.templates import quote_templates
from procurement.sales.terms import PaperLook
from tests.builders import NOON
from tests.sales.stories import SELLER, a_customer, a_draft, a_line, a_ready_shop, issue
from tests.sales.test_quote_shape import every_kind, shape

FRENCH = PaperLook("fr_CH", cover=True)


def seen(session, number):
    session.flush()
    session.expire_all()
    return quote_page(session, number, actor=SELLER, at=NOON)


def test_a_copy_has_the_lines_prices_and_wishes_of_its_quote(session):
    a_ready_shop(session)
    first = a_draft(session, *every_kind(), look=FRENCH, wishes=Wishes(nut_free=True, avoid="soya"))
    copy = copy_quote(session, CopyQuote(number=first.number), actor=SELLER, at=NOON)
    one, other = seen(session, first.number), seen(session, copy.number)
    assert other.number != one.number
    assert shape(other) == shape(one)
    assert (other.net, other.wishes, other.look) == (one.net, one.wishes, FRENCH)
    issue(session, copy.number)
    assert revise_quote(session, copy.number, actor=SELLER, at=NOON).look == FRENCH


def test_a_copy_for_somebody_else_is_at_their_prices(session):
    a_ready_shop(session)
    a_customer(session, "WILLOW")
    first = a_draft(session, a_line(pack="case", price="99", off="5"), look=FRENCH)
    command = CopyQuote(number=first.number, customer="WILLOW")
    page = seen(session, copy_quote(session, command, actor=SELLER, at=NOON).number)
    assert page.customer == "WILLOW"
    assert page.look == PaperLook(cover=True)  # the language was the other customer's
    assert page.net.minor == 2 * 14280


def test_a_template_begins_quotes_until_it_is_dropped(session):
    a_ready_shop(session)
    first = a_draft(session, *every_kind(), look=FRENCH)
    session.flush()
    save_template(session, first.number, "Opening order", actor=SELLER, at=NOON)
    with pytest.raises(IntegrityError), session.begin_nested():
        save_template(session, first.number, "Opening order", actor=SELLER, at=NOON)
    (kept,) = quote_templates(session, actor=SELLER)
    assert (kept.name, kept.lines) == ("Opening order", 6)
    page = seen(
        session, draft_from_template(session, kept.id, "LINDEN", actor=SELLER, at=NOON).number
    )
    assert page.look == FRENCH
    assert [(one.kind, one.choice, one.chosen, one.packs) for one in page.lines] == [
        (one.kind, one.choice, one.chosen, one.packs) for one in seen(session, first.number).lines
    ]
    assert [offer.packs for offer in page.lines[0].offers] == [6, 12]
    drop_template(session, kept.id, actor=SELLER, at=NOON)
    session.flush()
    with pytest.raises(NotFound):
        draft_from_template(session, kept.id, "LINDEN", actor=SELLER, at=NOON)
