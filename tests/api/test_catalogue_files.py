"""The catalogue as files over the API: each says what it is, can be read back, and holds its reader's own prices."""

import csv
import io

import pypdf
import pytest
from lxml import etree

from procurement.accounts.operations.tokens import issue_token
from procurement.exchange.tabular import read_table
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.operations.price_lists import PriceInput, SavePriceList, create_price_list
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.terms.shop import VisitorPrices
from tests.api.programs import Program
from tests.builders import a_supplier, a_supplier_item, an_actor
from tests.doors import an_account
from tests.exchange.ubl_schema import catalogue_schema
from tests.sales.stories import a_customer, a_ready_shop, euros

LINDENS, BIRCHS, COST = "11.9", "7.77", "3.33"


def of_pdf(content: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages)


def of_workbook(content: bytes) -> str:
    table = read_table(content)
    return "\n".join("|".join(map(str, row.cells)) for row in table.rows)


def of_table(content: bytes) -> str:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {len(row) for row in rows} == {len(rows[0])}
    return "\n".join("|".join(row.values()) for row in rows)


def of_ubl(content: bytes) -> str:
    tree = etree.fromstring(content)
    assert catalogue_schema().validate(tree)
    return "\n".join(tree.itertext())


# Address, what it says it is, how its name ends, how its words are read.
FILES = (
    ("price-list/pdf", "application/pdf", "pdf", of_pdf),
    ("pdf", "application/pdf", "pdf", of_pdf),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        of_workbook,
    ),
    ("csv", "text/csv", "csv", of_table),
    ("ubl", "application/xml", "xml", of_ubl),
)


@pytest.fixture
def programs(app):
    """A visitor's, two buyers' and a seller's: Linden buys by the default list, Birch has a price of its own."""
    with app.extensions["uow"].write() as session:
        linden = a_ready_shop(session)
        a_supplier(session)
        a_supplier_item(session, pack="bottle", prices={1: COST})
        own = SavePriceList(
            code="BIRCH-OWN",
            name="Only for Birch",
            currency="EUR",
            is_default=False,
            prices=(PriceInput("ALM-500", euros(BIRCHS)),),
        )
        create_price_list(session, own, actor=an_actor(), at=utc_now())
        birch = a_customer(session, "BIRCH", price_list="BIRCH-OWN")
        tokens = {"visitor": None}
        for name, role, customer in (
            ("linden", Role.WHOLESALE_BUYER, linden.id),
            ("birch", Role.WHOLESALE_BUYER, birch.id),
            ("sales", Role.SALES, None),
            ("therapist", Role.THERAPIST, None),
        ):
            user = an_account(session, role, customer_id=customer)
            tokens[name] = issue_token(session, user.email, "tests", at=utc_now())
    return {name: Program(app.test_client(), token) for name, token in tokens.items()}


@pytest.mark.parametrize(("path", "kind", "ending", "read"), FILES, ids=[one[0] for one in FILES])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_each_file_is_what_it_says_with_the_readers_own_prices(
    app, programs, path, kind, ending, read
):
    def words(who: str, query: str = "") -> str:
        answer = programs[who].get(f"/catalogue/{path}{query}")
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == kind
        said = answer.headers["Content-Disposition"]
        assert said.startswith("attachment;")
        assert said.rstrip('"').endswith(f".{ending}")
        told = read(answer.data)
        assert "ALM-500" in told
        assert COST not in told
        assert answer.headers["Cache-Control"] == "no-store" or who == "visitor"
        return told

    def sees(told: str) -> tuple[bool, bool]:
        return LINDENS in told, BIRCHS in told

    assert sees(words("linden")) == (True, False)
    assert sees(words("birch")) == (False, True)
    assert sees(words("sales", "?customer=BIRCH")) == (False, True)
    assert "CRR-01" not in words("linden", "?kind=oil")
    if path == "ubl":
        assert programs["visitor"].get("/catalogue/ubl").status_code == 401
        assert programs["therapist"].get("/catalogue/ubl").status_code == 403
    else:
        assert sees(words("visitor")) == (False, False)
        with app.extensions["uow"].write() as session:
            arrange_shop(session, VisitorPrices.LIST, None, actor=an_actor(), at=utc_now())
        assert sees(words("visitor")) == (True, False)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_files_of_nobody_and_of_another_are_refused_alike(programs):
    for path, *_ in FILES:
        at = f"/catalogue/{path}"
        others = [programs["linden"].get(f"{at}?customer={one}") for one in ("BIRCH", "MOON")]
        assert {one.status_code for one in others} <= {403, 404}
        assert others[0].text == others[1].text
        assert programs["sales"].get(f"{at}?customer=MOON").status_code == 404
        assert programs["linden"].get(f"{at}?colour=red").status_code == 422
        assert programs["linden"].get(f"{at}?language=%00").status_code == 422
