"""Costs, margins and stock in the quote editor are for staff who may see them, and never leave the house."""

import pypdfium2
import pytest

from procurement.kernel import permissions
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import GRANTS, Permission, Role
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from tests.backoffice.sales.test_quotes import typed
from tests.builders import a_supplier, a_supplier_item
from tests.doors import sign_in
from tests.sales.stories import SELLER, URL, a_line, a_ready_shop

SECRETS = ("77.77", "155.54", "130.06", "45.5", "Corrib", "CORRIB", "Margin", "Cost to buy")


@pytest.fixture
def number(app):
    """Two cases at 142.80 that we buy at 77.77: 130.06 remain, 45.5 %."""
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
        a_supplier(session)
        a_supplier_item(session, pack="case", prices={1: "77.77"})
        command = DraftQuote(customer="LINDEN", lines=(a_line(pack="case"),))
        return draft_quote(session, command, actor=SELLER, at=utc_now()).number


def said(answer):
    return answer.text.rpartition("</head>")[2]


def test_sales_see_the_margin_of_each_line_and_of_the_whole(client, number):
    sign_in(client, Role.SALES)
    page = said(client.get(f"/quotes/{number}"))
    assert page.count("130.06") == 2
    assert page.count("45.5") == 2
    assert "€77.77 per case from Corrib Botanicals" in page
    assert "none here" in page


def test_a_seller_without_the_permission_sees_neither_margin_nor_cost(client, number, monkeypatch):
    fewer = GRANTS[Role.SALES] - {Permission.SEE_MARGIN}
    monkeypatch.setattr(permissions, "GRANTS", {**GRANTS, Role.SALES: fewer})
    sign_in(client, Role.SALES)
    url = f"/quotes/{number}"
    editor = client.get(url)
    live = client.post(f"{url}/autosave", data=typed(client, number))
    for answer in (editor, live):
        assert "285.60" in answer.text
        assert [secret for secret in SECRETS if secret in said(answer)] == []


def test_nothing_of_it_reaches_the_customer(app, client, number):
    with app.extensions["uow"].write() as session:
        quote = issue_quote(
            session, IssueQuote(number=number, public_url=URL), actor=SELLER, at=utc_now()
        )
        token, customer_id = quote.link_token, quote.customer_id
    shown = [said(client.get(f"/q/{token}"))]
    paper = pypdfium2.PdfDocument(client.get(f"/q/{token}/pdf").data)
    shown += [page.get_textpage().get_text_bounded() for page in paper]
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customer_id)
    shown.append(said(client.get(f"/account/quotes/{number}")))
    assert all("285.60" in text for text in shown)
    assert [secret for secret in SECRETS for text in shown if secret in text] == []
