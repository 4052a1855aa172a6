"""Quotes in the back office: the editor, live figures, issuing, the pipeline, and each refusal."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from procurement.catalogue.models import Pack
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.operations.issuing import IssueQuote, issue_quote, revise_quote
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import QuoteStatus
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import SELLER, URL, a_customer, a_line, a_ready_shop


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.SALES)
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
    return client


def drafted(app, *lines, customer="LINDEN"):
    with app.extensions["uow"].write() as session:
        command = DraftQuote(
            customer=customer, lines=lines or (a_line(pack="case"),), ask_prices=True
        )
        return draft_quote(session, command, actor=SELLER, at=utc_now()).number


def issued(app, number):
    with app.extensions["uow"].write() as session:
        command = IssueQuote(number=number, public_url=URL)
        return issue_quote(session, command, actor=SELLER, at=utc_now()).link_token


def stored(app, number):
    with app.extensions["uow"].read() as session:
        return quote_page(session, number, actor=SELLER, at=utc_now())


def typed(client: FlaskClient, number: str, **changes: str) -> dict[str, str]:
    """What a browser would send of the editor, with some of it typed over."""
    text = client.get(f"/quotes/{number}").text
    sent = {}
    for tag in re.findall(r"<input[^>]*>", text.split('id="quote"', 1)[1]):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and 'type="checkbox"' not in tag and name[1] not in {"over", "message"}:
            sent[name[1]] = value[1] if value else ""
    for name, body in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL
    ):
        chosen = re.search(r'<option(?= [^>]*selected)[^>]*value="([^"]*)"', body)
        sent[name] = chosen[1] if chosen else ""
    for tag, body in re.findall(r"<textarea([^>]*)>(.*?)</textarea>", text, re.DOTALL):
        name = re.search(r'name="([^"]+)"', tag)
        if name and name[1] != "message":
            sent[name[1]] = unescape(body).strip()
    return {name: unescape(value) for name, value in sent.items()} | changes


def test_a_quote_is_begun_filled_by_typing_and_pasting_and_sent(app, shop):
    begun = shop.post("/quotes/new", data={"customer": "LINDEN"})
    number = begun.headers["Location"].rsplit("/", 1)[1]
    url = f"/quotes/{number}"
    assert shop.post(url, data=typed(shop, number, add="ALM-500 7")).status_code == 303
    pasted = "ALM-500\t2\t10.50\nCRR-01;3;19.99"
    assert shop.post(url, data=typed(shop, number, paste=pasted)).status_code == 303
    page = stored(app, number)
    assert [(line.product, line.packs) for line in page.lines] == [
        ("ALM-500", 7),
        ("ALM-500", 2),
        ("CRR-01", 3),
    ]
    assert [line.is_list_price for line in page.lines] == [True, False, False]
    sent = typed(shop, number, then="issue", message="As promised.")
    assert shop.post(url, data=sent).status_code == 303
    assert stored(app, number).status is QuoteStatus.ISSUED
    assert "/q/" in shop.get(url).text


def test_an_untouched_editor_saves_back_what_is_stored(app, shop):
    oil = a_line(packs=3, off="2.5", section="Oils", note="cold")
    lines = (oil, a_line("CRR-01", price="9"), oil)  # two that say the same stay where they stand
    number = drafted(app, *lines)
    before = stored(app, number)
    shop.post(f"/quotes/{number}", data=typed(shop, number))
    after = stored(app, number)
    assert after.lines == before.lines
    assert after.gross == before.gross


def test_a_customers_page_leads_to_the_rest_of_their_quotes(app, shop):
    for _ in range(11):
        drafted(app)
    assert '<a href="/quotes/?customer=LINDEN">All quotes</a>' in shop.get("/customers/LINDEN").text


def test_a_line_is_taken_away_by_its_button(app, shop):
    number = drafted(app, a_line(packs=1), a_line(packs=2), a_line(packs=3))
    shop.post(f"/quotes/{number}", data=typed(shop, number, **{"lines-1-remove": "y"}))
    assert [line.packs for line in stored(app, number).lines] == [1, 3]


def test_a_product_picked_from_those_found_is_added(app, shop):
    number = drafted(app)
    found = shop.get(f"/quotes/{number}/products?add=crr").text
    assert 'name="pick" value="CRR-01"' in found
    shop.post(f"/quotes/{number}", data=typed(shop, number, add="crr", pick="CRR-01"))
    assert stored(app, number).lines[-1].product == "CRR-01"
    assert "no price yet" in shop.get(f"/quotes/{number}").text


@pytest.mark.parametrize(
    ("text", "packs"),
    [
        ("010950110153000317281200{GS}10AB-1", 1),
        ("0109501101530003172812003712\x1d10AB-1", 12),
        ("(01)09501101530003(17)281200(10)AB-1 4", 4),
        ("https://id.gs1.org/01/09501101530003/10/AB-1?30=6", 6),
        ("(01)09501101530003(10)AB-1\t3\t99.50", 3),
    ],
)
def test_what_a_scanner_sends_with_lot_and_expiry_adds_its_pack(app, shop, text, packs):
    with app.extensions["uow"].write() as session:
        case = session.scalars(select(Pack).where(Pack.code == "case")).one()
        case.gtin = "09501101530003"
    number = drafted(app)
    url = f"/quotes/{number}"
    assert 'value="ALM-500"' in shop.get(f"{url}/products", query_string={"add": text}).text
    assert shop.post(url, data=typed(shop, number, add=text)).status_code == 303
    line = stored(app, number).lines[-1]
    assert (line.product, line.pack, line.packs) == ("ALM-500", "case", packs)
    unknown = typed(shop, number, add=text.replace("09501101530003", "09501101530010"))
    answer = shop.post(url, data=unknown)
    assert answer.status_code == 422
    assert "No product has the barcode 9501101530010" in answer.text


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"lines-0-packs": "0"}, "lines-0-packs", "from 1 to"),
        ({"lines-0-packs": "1e5"}, "lines-0-packs", "whole number"),
        ({"lines-0-unit_price": "-1"}, "lines-0-unit_price", "not negative"),
        ({"lines-0-unit_price": "NaN"}, "lines-0-unit_price", "decimal number"),
        ({"lines-0-discount_percent": "101"}, "lines-0-discount_percent", "between 0 and 100"),
        ({"lines-0-pack": "barrel"}, "lines-0-pack", "no such pack"),
        ({"lines-0-tax_code": "Q"}, "lines-0-tax_code", "no such tax"),
        ({"valid_until": "2020-01-01"}, "valid_until", "in the past"),
        ({"valid_until": "soon"}, "valid_until", "2026-11-27"),
        ({"add": "NOPE 3"}, "add", "no product"),
        ({"paste": "NOPE 3"}, "paste", "no product"),
        ({"paste": "ALM-500 3 cheap"}, "paste", "no product"),
        ({"paste": "ALM-500\t3\t9\tcheap"}, "paste", "perhaps a price"),
        ({"lines-0-offers": "six"}, "lines-0-offers", "Write"),
        ({"lines-0-offers": "2"}, "lines-0-offers", "stands on the line already"),
        ({"lines-0-role": "alternative"}, "lines-0-role", "below the line it may replace"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field_and_what_was_typed_stays(
    app, shop, changes, field, said
):
    number = drafted(app)
    sent = typed(shop, number, introduction="Dear Aoife", **changes)
    answer = shop.post(f"/quotes/{number}", data=sent)
    assert answer.status_code == 422
    assert said in answer.text.split(f'id="{field}-error"', 1)[1][:600]
    assert "Dear Aoife" in answer.text
    assert stored(app, number).introduction == ""


def test_it_saves_itself_while_typing_and_tells_the_figures(app, shop):
    number = drafted(app, a_line(packs=1, pack="case"), a_line("CRR-01", price="9"))
    url = f"/quotes/{number}"
    sent = typed(shop, number, **{"lines-0-packs": "6"}, add="half a na")
    answer = shop.post(f"{url}/autosave", data=sent)
    page = stored(app, number)
    assert [line.packs for line in page.lines] == [6, 2]
    assert "813.60" in answer.text
    assert f'name="version" value="{page.version}"' in answer.text
    assert 'id="note-0"' in answer.text
    assert 'id="note-1"' not in answer.text  # it did not change
    bad = shop.post(f"{url}/autosave", data=typed(shop, number, **{"lines-0-packs": "x"}))
    assert "cannot be read" in bad.text
    stale = shop.post(f"{url}/autosave", data=sent)
    assert "Not saved" in stale.text
    assert stored(app, number).version == page.version


def test_two_people_the_second_is_shown_what_the_first_changed_and_loses_nothing(app, shop):
    number = drafted(app, a_line(packs=2), a_line("CRR-01", 1, price="9"))
    url = f"/quotes/{number}"
    mine = typed(shop, number, introduction="Dear Aoife", add="CRR-01 4", **{"lines-1-packs": "8"})
    theirs = typed(shop, number, **{"lines-0-packs": "3", "lines-1-remove": "y"})
    assert shop.post(url, data=theirs).status_code == 303
    refused = shop.post(url, data=mine)
    assert refused.status_code == 409
    told = refused.text.split('role="alert"', 1)[1].split("</section>", 1)[0]
    assert "3 × bottle" in told  # noqa: RUF001
    assert "not there any more" in told
    assert "Dear Aoife" in refused.text
    assert "CRR-01 4" in refused.text
    assert stored(app, number).introduction == ""
    version = re.search(r'name="over" value="([0-9]+)"', refused.text)[1]
    assert shop.post(url, data=mine | {"over": version, "then": "over"}).status_code == 303
    page = stored(app, number)
    assert [line.packs for line in page.lines] == [2, 8, 4]
    assert page.introduction == "Dear Aoife"


def test_what_is_not_understood_of_a_block_stays_and_the_rest_is_added(app, shop):
    number = drafted(app)
    pasted = "ALM-500\t2\t10.50\nOil of nothing\t3\nCRR-01, 4"
    answer = shop.post(f"/quotes/{number}", data=typed(shop, number, paste=pasted, into="Tools"))
    assert answer.status_code == 200
    page = stored(app, number)
    assert [(line.product, line.packs, line.section) for line in page.lines[1:]] == [
        ("ALM-500", 2, "Tools"),
        ("CRR-01", 4, "Tools"),
    ]
    left = answer.text.split('id="paste"', 1)[1].split("</textarea>", 1)[0]
    assert "Oil of nothing\t3" in left
    assert "CRR-01" not in left


def test_lines_are_moved_made_options_and_alternatives_and_sections_renamed(app, shop):
    number = drafted(
        app,
        a_line(packs=1, section="Oils"),
        a_line(packs=2, section="Oils"),
        a_line("CRR-01", 3, price="9"),
    )
    url = f"/quotes/{number}"
    shop.post(url, data=typed(shop, number, move="2-up", **{"heads-0-name": "Massage oils"}))
    page = stored(app, number)
    assert [(line.packs, line.section) for line in page.lines] == [
        (1, "Massage oils"),
        (3, ""),
        (2, "Massage oils"),
    ]
    shop.post(
        url, data=typed(shop, number, **{"lines-0-place": "9", "lines-2-role": "alternative"})
    )
    shop.post(url, data=typed(shop, number, words="Until Friday.", **{"lines-2-role": "optional"}))
    page = stored(app, number)
    assert [(line.packs, line.choice, line.chosen) for line in page.lines] == [
        (3, "alternative", True),
        (2, "alternative", False),
        (1, "optional", False),
        (0, "included", False),
    ]
    assert page.lines[-1].text == "Until Friday."
    shop.post(url, data=typed(shop, number, suggest="1"))
    assert [line.chosen for line in stored(app, number).lines] == [False, True, False, False]


def test_a_line_without_a_price_holds_issuing_back_and_the_change_is_not_half_kept(app, shop):
    number = drafted(app, a_line(), a_line("CRR-01", 2))
    sent = typed(shop, number, then="issue", introduction="Dear")
    answer = shop.post(f"/quotes/{number}", data=sent)
    assert answer.status_code == 422
    assert "has no price yet" in answer.text
    assert stored(app, number).introduction == ""


def test_an_issued_quote_is_revised_answered_and_withdrawn_from_its_page(app, shop):
    number = drafted(app)
    issued(app, number)
    shop.post(f"/quotes/{number}/revise")
    assert stored(app, number).revision == 2
    shop.post(f"/quotes/{number}/cancel", data={"why": "Not needed"})
    assert stored(app, number).status is QuoteStatus.CANCELLED
    shop.post(f"/quotes/{number}/accept", data={"name": "Aoife"})
    page = shop.get(f"/quotes/{number}?revision=1").text
    assert "Accepted by Aoife" in page
    again = shop.post(f"/quotes/{number}/decline", data={"name": "Aoife"}, follow_redirects=True)
    assert "cannot become declined" in again.text


def test_the_pdf_of_a_draft_and_of_an_issued_quote(app, shop):
    number = drafted(app)
    draft = shop.get(f"/quotes/{number}/pdf")
    assert draft.data.startswith(b"%PDF")
    assert "draft" in draft.headers["Content-Disposition"]
    issued(app, number)
    first, second = (shop.get(f"/quotes/{number}/pdf").data for _ in range(2))
    assert first == second


def test_the_pipeline_sums_what_the_list_shows_in_as_many_queries_for_many(app, shop):
    engine = app.extensions["uow"].engine
    issued(app, drafted(app))
    shop.get("/quotes/")
    with assert_queries(engine, 60) as few:
        shop.get("/quotes/")
    for _ in range(12):
        drafted(app)
    with assert_queries(engine, len(few)):
        page = shop.get("/quotes/").text
    assert "12 quotes" in page
    assert "€4,215.48" in page  # 12 drafts of 2 cases at 142.80 and 23 % tax
    assert shop.get("/quotes/?status=accepted").status_code == 200
    assert shop.get("/quotes/?status=nonsense").status_code == 404
    assert shop.get("/quotes/?cursor=nonsense").status_code == 404


def test_an_issued_page_needs_as_many_queries_for_a_long_quote_as_for_a_short_one(app, shop):
    engine = app.extensions["uow"].engine
    short, long = drafted(app), drafted(app, *[a_line(packs=n) for n in range(1, 40)])
    shop.get(f"/quotes/{short}")
    with assert_queries(engine, 60) as few:
        shop.get(f"/quotes/{short}")
    with assert_queries(engine, len(few)):
        shop.get(f"/quotes/{long}")


def test_a_long_quote_is_saved_in_as_many_statements_as_a_short_one(app, shop):
    engine = app.extensions["uow"].engine
    short = drafted(app, a_line(packs=1), a_line(packs=2))
    long = drafted(app, *[a_line(packs=n) for n in range(1, 60)])
    sent = [(number, typed(shop, number, **{"lines-0-packs": "77"})) for number in (short, long)]
    with assert_queries(engine, 90) as few:
        assert shop.post(f"/quotes/{short}", data=sent[0][1]).status_code == 303
    with assert_queries(engine, 190) as many:
        assert shop.post(f"/quotes/{long}", data=sent[1][1]).status_code == 303
    # SQLite, which runs in this process, takes new rows one by one; nothing else grows.
    few, many = (
        [one for one in all_ if "INSERT INTO quote_line " not in one] for all_ in (few, many)
    )
    assert len(many) == len(few)


def test_the_list_leaves_as_a_file_without_live_formulas(app, shop):
    with app.extensions["uow"].write() as session:
        a_customer(session, "EVIL").name = "=1+1"
    drafted(app, customer="EVIL")
    text = shop.get("/quotes/?format=csv").text
    assert "Q-" in text
    assert ",=1+1" not in text
    assert shop.get("/quotes/?format=xlsx").data.startswith(b"PK")


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.STOCK_KEEPER, Role.PURCHASER])
def test_who_does_not_see_sales_is_shut_out(app, shop, role):
    number = drafted(app)
    sign_in(shop, role)
    for path in ("/quotes/", "/enquiries/", "/customers/", "/price-lists/"):
        assert shop.get(path).status_code == 403
    for path in (f"/quotes/{number}", f"/quotes/{number}/pdf", "/customers/LINDEN"):
        assert shop.get(path).status_code in {403, 404}
    sent = {"customer": "LINDEN"}
    assert shop.post("/quotes/new", data=sent).status_code == 403


def test_a_wholesale_buyer_has_no_way_into_the_back_office(app, shop):
    number = drafted(app)
    sign_in(shop, Role.WHOLESALE_BUYER, customer_id=1)
    for path in (f"/quotes/{number}", f"/quotes/{number}/pdf", "/quotes/", "/customers/LINDEN"):
        assert shop.get(path).status_code == 403


def test_a_revision_in_the_making_leaves_the_first_ones_page_within_reach(app, shop):
    number = drafted(app)
    issued(app, number)
    with app.extensions["uow"].write() as session:
        revise_quote(session, number, actor=SELLER, at=utc_now())
    assert 'id="quote"' in shop.get(f"/quotes/{number}").text
    assert 'id="quote"' not in shop.get(f"/quotes/{number}?revision=1").text
    assert shop.get(f"/quotes/{number}?revision=9").status_code == 404
    assert shop.get("/quotes/Q-1999-0001").status_code == 404
