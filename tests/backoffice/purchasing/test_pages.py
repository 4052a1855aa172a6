"""The pages of purchasing: each opens, asks the database no more when it is longer, and comes as a file."""

import re

import pytest

from procurement.kernel.permissions import Role
from tests.backoffice.purchasing.pages import text_of
from tests.builders import a_product, a_supplier, a_supplier_item
from tests.doors import sign_in
from tests.purchasing.builders import COVERS, a_draft, a_placed_order, delivered, received
from tests.queries import counted


@pytest.fixture
def papers(work):
    """A draft, an order on the way, and one that was partly received."""
    with work.write() as session:
        a_draft(session)
        a_placed_order(session, COVERS)
        number = a_placed_order(session).number
        received(session, number, delivered(4))
    return work


PAGES = [
    "/needs",
    "/purchase-orders",
    "/purchase-orders?view=to-approve",
    "/purchase-orders?view=to-place",
    "/purchase-orders?view=on-the-way&q=covers&supplier=CORRIB",
    "/purchase-orders?view=received",
    "/purchase-orders/new",
    "/purchase-orders/new?supplier=CORRIB",
    "/purchase-orders/PO-2026-0001",
    "/purchase-orders/PO-2026-0001/edit",
    "/purchase-orders/PO-2026-0003",
    "/purchase-orders/PO-2026-0003/amend",
    "/purchase-orders/PO-2026-0003/receipts/new",
    "/purchase-orders/PO-2026-0003/confirmation",
    "/purchase-orders/PO-2026-0003/send",
    "/goods-receipts",
    "/goods-receipts/GR-2026-0001",
    "/delivery-rules",
    "/budgets",
    "/blanket-orders",
    "/blanket-orders/new?supplier=CORRIB",
    "/order-templates",
    "/claims",
    "/claims?view=all",
    "/supplier-returns",
    "/supplier-returns/new?supplier=CORRIB&location=STORE",
    "/backorders",
    "/backorders?supplier=CORRIB",
    "/suppliers",
    "/suppliers?q=corrib",
    "/suppliers/new",
    "/suppliers/CORRIB",
    "/suppliers/CORRIB/edit",
    "/suppliers/CORRIB/items/new",
    "/suppliers/CORRIB/items/ALM-500/case",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(manager, papers, page):
    answer = manager.get(page)
    assert answer.status_code == 200
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "page",
    [
        "/purchase-orders/PO-2026-9999",
        "/purchase-orders/PO-2026-9999/pdf",
        "/purchase-orders/PO-2026-9999/receipts/new",
        "/purchase-orders?view=lost",
        "/purchase-orders?cursor=nonsense",
        "/goods-receipts/GR-2026-9999",
        "/suppliers/NOBODY",
        "/suppliers/CORRIB/items/ALM-500/drum",
    ],
)
def test_what_is_not_there_is_not_found(manager, papers, page):
    assert manager.get(page).status_code == 404


@pytest.mark.parametrize("page", ["/purchase-orders", "/goods-receipts", "/suppliers"])
def test_a_cursor_of_another_list_is_refused(manager, papers, page):
    assert manager.get(f"{page}?cursor=WzEsImEiLDJd").status_code == 422


@pytest.mark.parametrize("page", PAGES)
def test_a_therapist_sees_none_of_it(client, papers, page):
    sign_in(client, Role.THERAPIST)
    assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("/needs", "needs"),
        ("/purchase-orders", "purchase-orders"),
        ("/goods-receipts", "goods-receipts"),
        ("/suppliers", "suppliers"),
        ("/suppliers/CORRIB", "items-CORRIB"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_list_comes_as_a_file(manager, papers, page, name, kind):
    answer = manager.get(f"{page}?format={kind}")
    assert answer.status_code == 200
    disposition = answer.headers["Content-Disposition"]
    assert re.fullmatch(rf"attachment; filename={name}-[0-9-]+\.{kind}", disposition)
    if kind == "csv" and page == "/purchase-orders":
        assert "PO-2026-0003" in text_of(answer)


def a_fuller_house(work, more):
    with work.write() as session:
        for n in range(more):
            a_supplier(session, f"S-{n:02d}")
            a_product(session, f"P-{n:02d}")
            a_supplier_item(session, f"P-{n:02d}")
            a_draft(session, COVERS)
            received(session, a_placed_order(session).number, delivered(2))


@pytest.mark.parametrize(
    ("page", "most"),
    [
        ("/needs", 12),
        ("/purchase-orders", 10),
        ("/goods-receipts", 9),
        ("/suppliers", 8),
        ("/suppliers/CORRIB", 17),
        ("/purchase-orders/PO-2026-0003", 16),
    ],
)
def test_a_list_asks_no_more_when_it_is_longer(manager, papers, page, most):
    counts = []
    for more in (0, 7):
        a_fuller_house(papers, more)
        with counted(papers.engine) as seen:
            assert manager.get(page).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= most
