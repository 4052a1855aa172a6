"""What a line of a quote can be: words, samples, options, alternatives, several quantities; and what it cannot."""

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Rate
from procurement.sales.models import QuoteLine, QuoteLineOffer
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.operations.lines import OfferInput, QuoteLineInput
from procurement.sales.operations.quoting import ChangeQuote, change_quote
from procurement.sales.queries.links import frozen_quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import LineChoice, LineKind
from tests.builders import NOON
from tests.sales.stories import SELLER, a_draft, a_line, a_ready_shop, euros, issue

ALTERNATIVE = LineChoice.ALTERNATIVE
WORDS = QuoteLineInput(kind=LineKind.TEXT, text="Delivered to the back door.\nRing twice.")


def every_kind() -> list[QuoteLineInput]:
    return [
        a_line(pack="case", offers=(OfferInput(6), OfferInput(12, euros("130"), Rate(500)))),
        WORDS,
        a_line("CRR-01", price="20", choice=ALTERNATIVE, choice_group="A"),
        a_line("CRR-01", pack="box", price="180", choice=ALTERNATIVE, choice_group="A", text="ten"),
        a_line("CRR-01", 1, kind=LineKind.SAMPLE, own_use=True),
        a_line("CRR-01", price="25", choice=LineChoice.OPTIONAL),
    ]


def shape(page):
    return [
        (one.kind, one.choice, one.choice_group, one.chosen, one.own_use, one.text, one.offers)
        for one in page.lines
    ]


def seen(session, number):
    session.flush()
    session.expire_all()
    return quote_page(session, number, actor=SELLER, at=NOON)


def test_every_kind_of_line_is_kept_counted_and_revised(session):
    a_ready_shop(session)
    draft = a_draft(session, *every_kind())
    page = seen(session, draft.number)
    assert [one.net.minor for one in page.lines] == [28560, 0, 4000, 36000, 0, 5000]
    assert [one.chosen for one in page.lines] == [False, False, True, False, False, False]
    assert page.net.minor == 28560 + 4000
    assert [(one.packs, str(one.price), one.net.minor) for one in page.lines[0].offers] == [
        (6, str(euros("135.60")), 81360),
        (12, str(euros("130")), 148200),
    ]
    issue(session, draft.number)
    frozen = frozen_quote(session, draft.number, 1, actor=SELLER, at=NOON).content
    assert [line.kind for line in frozen.sections[0].lines] == [
        "product",
        "text",
        "product",
        "sample",
    ]
    assert [(line.number, line.instead_of) for line in frozen.options] == [
        ("A.1", "2"),
        ("O.1", ""),
    ]
    revise_quote(session, draft.number, actor=SELLER, at=NOON)
    assert shape(seen(session, draft.number)) == shape(page)


def test_lines_change_places_and_suggestions_without_meeting(session):
    a_ready_shop(session)
    draft = a_draft(session, *every_kind())
    session.flush()
    lines = every_kind()
    turned = [
        lines[3].__class__(**{**_fields(lines[3]), "chosen": True}),
        lines[2],
        *lines[:2],
        *lines[4:],
    ]
    change_quote(
        session,
        ChangeQuote(
            number=draft.number,
            version=draft.version,
            valid_until=draft.valid_until,
            lines=tuple(turned),
        ),
        actor=SELLER,
        at=NOON,
    )
    page = seen(session, draft.number)
    assert [one.chosen for one in page.lines] == [True, False, False, False, False, False]
    assert page.net.minor == 28560 + 36000
    assert len(page.lines[2].offers) == 2


def _fields(line: QuoteLineInput) -> dict:
    return {name: getattr(line, name) for name in line.__dataclass_fields__}


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (QuoteLineInput(kind=LineKind.TEXT), "lines.0.text"),
        (
            QuoteLineInput(kind=LineKind.TEXT, text="a", choice=LineChoice.OPTIONAL),
            "lines.0.choice",
        ),
        (a_line(kind=LineKind.SAMPLE, choice=LineChoice.OPTIONAL), "lines.0.choice"),
        (a_line(kind=LineKind.SAMPLE, offers=(OfferInput(3),)), "lines.0.offers"),
        (a_line(choice=ALTERNATIVE), "lines.0.choice"),
        (a_line(offers=(OfferInput(2),)), "lines.0.offers.0.packs"),
        (a_line(offers=(OfferInput(3), OfferInput(3))), "lines.0.offers.1.packs"),
        (a_line("CRR-01", price="9", offers=(OfferInput(3),)), "lines.0.offers.0.unit_price"),
    ],
)
def test_a_line_that_makes_no_sense_is_refused_at_its_field(session, line, field):
    a_ready_shop(session)
    with pytest.raises(Invalid) as refused:
        a_draft(session, line)
    assert [error.field for error in refused.value.errors] == [field]


def test_an_alternative_without_a_group_is_one_to_the_line_above(session):
    a_ready_shop(session)
    other = a_line(packs=9, choice=ALTERNATIVE)
    draft = a_draft(session, a_line(), other, other, a_line(packs=3), other)
    page = seen(session, draft.number)
    assert [(one.choice_group, one.chosen) for one in page.lines] == [
        ("A", True),
        ("A", False),
        ("A", False),
        ("B", True),
        ("B", False),
    ]


def test_what_is_left_alone_in_its_group_is_in_the_total(session):
    a_ready_shop(session)
    draft = a_draft(session, a_line(choice=ALTERNATIVE, choice_group="A"))
    page = seen(session, draft.number)
    assert page.lines[0].choice is LineChoice.INCLUDED


def test_two_suggestions_in_a_group_are_refused(session):
    a_ready_shop(session)
    line = a_line(choice=ALTERNATIVE, choice_group="A", chosen=True)
    with pytest.raises(Invalid, match="Suggest one"):
        a_draft(session, line, line)


@pytest.mark.parametrize(
    ("place", "values"),
    [
        (1, {"packs": 3}),
        (1, {"choice": LineChoice.OPTIONAL}),
        (3, {"chosen": True}),
        (3, {"choice_group": ""}),
        (0, {"chosen": True}),
        (4, {"net_minor": 5}),
        (0, {"product_id": None, "pack_id": None}),
    ],
)
def test_the_database_refuses_what_cannot_be(session, place, values):
    a_ready_shop(session)
    draft = a_draft(session, *every_kind())
    session.flush()
    key = draft.lines[place].id
    with pytest.raises(IntegrityError):
        session.execute(update(QuoteLine).where(QuoteLine.id == key).values(values))


def test_the_same_quantity_is_offered_once(session):
    a_ready_shop(session)
    draft = a_draft(session, *every_kind())
    session.flush()
    key = draft.lines[0].id
    with pytest.raises(IntegrityError):
        session.execute(update(QuoteLineOffer).where(QuoteLineOffer.line_id == key).values(packs=7))
