"""Line, subtotal, tax and total agree wherever a quote is shown, under both rules of rounding, with yen and dinars.

STILLROOM_QUOTES=100000 STILLROOM_PAPERS=5000 pytest tests/sales/test_figures_agree.py
"""

import os

import pytest

from procurement.kernel.money import Rate, UnitPrice
from procurement.kernel.permissions import Role
from procurement.sales.operations.lines import QuoteLineInput
from procurement.settings.models import Company
from procurement.settings.terms import RoundingRule
from tests.documents.papers import text_of
from tests.doors import sign_in
from tests.sales.random_quotes import disagreements
from tests.sales.stories import a_customer, a_draft, a_shop, issue

QUOTES = int(os.environ.get("STILLROOM_QUOTES", "400"))
PAPERS = int(os.environ.get("STILLROOM_PAPERS", "40"))
FIRST = int(os.environ.get("STILLROOM_FIRST_QUOTE", "0"))
PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_every_figure_agrees_with_fractions_and_with_every_place(part):
    seeds = range(FIRST + part, FIRST + QUOTES, PARTS)
    every = max(1, QUOTES // PAPERS) if PAPERS else 0
    found = []
    for place, seed in enumerate(seeds):
        on_paper = bool(every) and place % every == 0
        found += disagreements(seed, on_paper=on_paper)
    assert found == []


@pytest.mark.parametrize("rule", list(RoundingRule))
@pytest.mark.parametrize(
    ("currency", "prices", "total"),
    [
        ("EUR", ("33.3350", "0.0050", "7.77"), {"line": "149.78", "document": "149.79"}),
        ("JPY", ("333.5", "1", "77"), {"line": "1499", "document": "1499"}),
        ("KWD", ("3.3335", "0.0005", "0.777"), {"line": "14.978", "document": "14.979"}),
    ],
)
def test_editor_list_api_csv_page_and_paper_say_the_same_total(
    app, client, rule, currency, prices, total
):
    with app.extensions["uow"].write() as session:
        a_shop(session, currency=currency)
        session.get(Company, 1).rounding_rule = rule
        a_customer(session)
        lines = [
            QuoteLineInput(
                product="ALM-500",
                packs=3,
                price=UnitPrice.parse(price, currency),
                discount=Rate.parse("1.25"),
            )
            for price in prices
        ]
        draft = a_draft(session, *lines, currency=currency)
        number = draft.number
    sign_in(client, Role.SALES)
    editor = client.get(f"/quotes/{number}").text
    with app.extensions["uow"].write() as session:
        token = issue(session, number).link_token
    told = {
        "list": client.get("/quotes/").text,
        "CSV": client.get("/quotes/?format=csv").get_data(as_text=True),
        "page": client.get(f"/quotes/{number}").text,
        "editor": editor,
        "link": client.get(f"/q/{token}").text,
        "paper": text_of(client.get(f"/q/{token}/pdf").data),
    }
    wanted = total[rule.value]
    assert [place for place, text in told.items() if wanted not in text.replace(",", "")] == []
