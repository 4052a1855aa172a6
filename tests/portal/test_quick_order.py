"""Quick order: everything written is seen before it goes anywhere, and nothing written is lost."""

import io
import re

import pytest

from procurement.catalogue.models import Pack
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.permissions import Role
from tests.builders import a_product
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import a_customer, a_ready_shop

GTIN = "09501101530003"
PAGE = "/quick-order"


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def customers(work):
    with work.write() as session:
        linden = a_ready_shop(session).id
        can = a_product(session, "GRP-1", name="Grape seed oil", packs={"can": "5000"})
        can.search_text = "grape seed oil grp-1"
        a_product(session, "GRP-2", name="Grape seed oil").search_text = "grape seed oil grp-2"
        a_product(session, "OLD-1", name="Old oil").status = ProductStatus.DISCONTINUED
        a_product(session, "500", name="Hot stones")
        a_product(session, "500 3", name="Warm stones")
        case = session.query(Pack).filter_by(code="case").one()
        case.gtin = GTIN
        return linden, a_customer(session, "BIRCH").id


@pytest.fixture
def buyer(client, customers):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    return client


def fields(page, name):
    """The values of the fields with this name, by row."""
    rows = {}
    for tag in re.findall(r"<input[^>]*>", page.text):
        found = re.search(rf'name="{name}-(\d+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if found and value:
            rows[int(found[1])] = value[1]
    return rows


def in_basket(page):
    return "Nothing in it yet" not in page.get("/basket").text


def test_a_pasted_list_is_shown_with_own_prices_and_goes_into_the_basket(buyer):
    page = buyer.post(PAGE, data={"paste": "ALM-500\t6\n2x crr-01\n\n(01)09501101530003(30)2"})
    assert page.status_code == 200
    assert fields(page, "code") == {0: "ALM-500", 1: "CRR-01", 2: "ALM-500"}
    assert fields(page, "packs") == {0: "6", 1: "2", 2: "2"}
    assert "€71.40" in page.text  # six bottles
    assert "€285.60" in page.text  # two cases, by their barcode
    assert "On request" in page.text
    assert not in_basket(buyer)
    sent = buyer.post(
        PAGE,
        data={
            "code-0": "ALM-500", "packs-0": "6", "pack-0": "bottle",
            "code-1": "CRR-01", "packs-1": "2",
            "code-2": "ALM-500", "packs-2": "2", "pack-2": "case",
            "do": "basket",
        },
    )  # fmt: skip
    assert sent.location == "/basket"
    basket = buyer.get("/basket").text
    assert "€357.00" in basket
    again = buyer.post(PAGE, data={"code-0": "ALM-500", "packs-0": "1", "do": "basket"})
    assert again.location == "/basket"
    assert "7 bottles" in buyer.get("/basket").text


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("NONE-1 2", "There is no product “NONE-1”"),
        ("ALM-500 1.000", "no whole number"),
        ("ALM-500\t0", "From 1 to 1,000,000 packs"),
        ("OLD-1 2", "No longer offered"),
        ("grape seed oil 2", "more than one way"),
        ("500 3", "more than one way"),
        ("(01)09501101530004", "check digit"),
        ("SKU;Menge;Gebinde\nALM-500;2;Sack", "it is sold in bottle 500 ml, case 6000 ml"),
    ],
)
def test_what_is_not_understood_is_said_and_stays(buyer, written, said):
    page = buyer.post(PAGE, data={"paste": f"{written}\nCRR-01 3", "do": "basket"})
    assert said in page.text
    assert "1 line has to be looked at" in page.text
    assert not in_basket(buyer)
    rows = dict(zip(fields(page, "code"), fields(page, "code").values(), strict=True))
    data = {f"code-{n}": value for n, value in rows.items()}
    data |= {f"packs-{n}": value for n, value in fields(page, "packs").items()}
    data |= {f"pack-{n}": "Sack" for n in rows if "Sack" in written and n == 0}
    rest = buyer.post(PAGE, data={**data, "do": "basket"})
    assert "1 product is in your basket" in rest.text
    assert fields(rest, "code")[0]
    assert in_basket(buyer)


def test_what_was_meant_is_chosen(buyer):
    page = buyer.post(PAGE, data={"paste": "Grape seed oil 2"})
    options = re.findall(r'<option value="(GRP[^"]*)"', page.text)
    assert len(options) == 2
    page = buyer.post(PAGE, data={"code-0": "Grape seed oil 2", "pick-0": "GRP-1\t2\tcan"})
    assert fields(page, "code") == {0: "GRP-1"}
    assert fields(page, "packs") == {0: "2"}


def test_doubled_lines_are_added_up_and_said(buyer):
    page = buyer.post(PAGE, data={"paste": "ALM-500 2\nCRR-01\nalm-500 3"})
    assert fields(page, "packs") == {0: "5", 1: "1"}
    assert "2 times, added up: 2 + 3" in page.text
    assert "No number is written: one pack" in page.text


def test_scans_join_the_list_one_by_one_and_a_line_is_removed(buyer):
    page = buyer.post(PAGE, data={"scan": GTIN, "add": "scan"})
    assert "on the list" in page.text
    data = {"code-0": "ALM-500", "packs-0": "1", "pack-0": "case"}
    page = buyer.post(PAGE, data={**data, "scan": GTIN, "add": "scan"})
    assert fields(page, "packs") == {0: "2"}
    page = buyer.post(PAGE, data={**data, "code-1": "CRR-01", "packs-1": "4", "drop": "0"})
    assert fields(page, "code") == {0: "CRR-01"}


def test_a_file_is_read_and_one_that_is_none_is_refused(buyer):
    good = io.BytesIO("Artikelnummer;Menge\nALM-500;4\n".encode("cp1252"))
    page = buyer.post(PAGE, data={"file": (good, "order.csv")})
    assert fields(page, "packs") == {0: "4"}
    bad = buyer.post(
        PAGE, data={"file": (io.BytesIO(b"PK\x03\x04 no workbook"), "x.xlsx"), "code-0": "CRR-01"}
    )
    assert bad.status_code == 422
    assert fields(bad, "code") == {0: "CRR-01"}


@pytest.mark.parametrize(
    "sent",
    [
        {"code-\u00b2": "ALM-500"},  # a figure, and no number
        {"paste": "SKU\tQty\n" + "A" * 140_000 + "\t1"},  # longer than a cell is
        {"code-0": "ALM-500", "packs-0": "1", "pick-0": "\t\t\t"},
    ],
)
def test_odd_input_is_no_error_of_ours(buyer, sent):
    assert buyer.post(PAGE, data=sent).status_code in {200, 422}


def test_it_is_asked_for_as_a_quote(buyer):
    sent = buyer.post(PAGE, data={"code-0": "CRR-01", "packs-0": "2", "do": "ask"})
    assert sent.location == "/account/quotes"
    assert "Being prepared" in buyer.get("/account/quotes").text


def test_a_visitor_fills_the_basket_of_the_browser_and_sees_no_prices(client, customers):
    page = client.post(PAGE, data={"paste": "ALM-500 2"})
    assert "€" not in page.text
    assert "Ask for a quote" not in page.text
    client.post(PAGE, data={"code-0": "ALM-500", "packs-0": "2", "do": "basket"})
    assert "2 bottles" in client.get("/basket").text
    many = client.post(PAGE, data={"paste": "\n".join(f"P-{n}" for n in range(201))})
    assert many.status_code == 422


def test_a_visitors_basket_holds_no_more_of_a_pack_than_a_buyers(client, customers):
    full = {"code-0": "ALM-500", "packs-0": "1000000", "do": "basket"}
    assert client.post(PAGE, data=full).status_code == 303
    again = client.post(PAGE, data=full)
    assert "at most 1,000,000" in again.text


def test_codes_are_proposed_while_typing(client, customers):
    found = client.get("/quick-order/suggest?code-3=grape").text
    assert found.count("<option") == 2
    assert client.get("/quick-order/suggest").text == ""


def test_a_long_list_takes_as_many_statements_as_a_short_one(buyer, work):
    with work.write() as session:
        for n in range(60):
            session.add(a_product(session, f"P-{n}"))
    with assert_queries(work.engine, 60) as few:
        buyer.post(PAGE, data={"paste": "P-1 2\nNONE 1"})
    with assert_queries(work.engine, len(few)):
        buyer.post(PAGE, data={"paste": "\n".join(f"P-{n} 2" for n in range(60)) + "\nNONE 1"})


def test_the_longest_list_comes_back_whole(buyer):
    rows = range(2_000)  # as a browser sends them: each field is a part
    names = [
        "do",
        "drop",
        *(f"{name}-{n}" for n in rows for name in ("code", "text", "pack", "packs")),
    ]
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{one}"\r\n\r\n{9999}\r\n' for one in names
    ]
    body = "".join([*parts, "--x--\r\n"]).encode()
    answer = buyer.post(PAGE, data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 200
