"""The pages of supplier invoices: typed from the paper, refused at their fields, decided, credited, exported."""

import io
import re

import pytest

from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.purchasing.queries.invoices import InvoiceFilter, invoice_page, invoices
from procurement.purchasing.terms.invoices import (
    InvoiceStatus,
)
from tests.backoffice.purchasing.pages import text_of
from tests.doors import sign_in
from tests.exchange.test_invoices_in import UBL, a_line, a_note
from tests.purchasing.builders import CASES, COVERS, a_placed_order, delivered, received

DATED = "2026-11-20"


@pytest.fixture
def order(work) -> str:
    """Ten cases, of which eight came, and covers that all came."""
    with work.write() as session:
        number = a_placed_order(session, CASES, COVERS).number
        received(session, number, delivered(8), delivered(8, position=2, expires_on=None))
    return number


def typed(order: str, **more: str) -> dict[str, object]:
    """What the form sends for the goods that came: 8 x 79.50 + 8 x 39.60."""
    rows = {
        f"lines-{i}-{name}": value
        for i, row in enumerate(({"packs": "8"}, {"packs": "8"}))
        for name, value in {"order": order, "position": str(i + 1), "about": "goods", **row}.items()
    }
    head = {"supplier_number": "INV-9", "invoiced_on": DATED, "gross": "952.80", "key": "k1"}
    return {**head, **rows, **more}


def test_a_file_fills_the_form_and_is_kept_with_the_invoice(manager, work, order):
    line = a_line() + a_line(2, quantity="8", price="39.60", net="316.80", code="COV-020")
    xml = UBL.format(order=order, lines=line).encode()
    sent = {"file": (io.BytesIO(xml), "R-77.xml")}
    page = manager.post("/supplier-invoices/new/CORRIB/from-file", data=sent)
    assert "every line is found" in text_of(page)
    values = dict(re.findall(r'name="([a-z0-9_-]+)"[^>]* value="([^"]*)"', page.text))
    assert (values["gross"], values["freight"], values["lines-1-packs"]) == ("967.80", "12.00", "8")
    with work.read() as session:
        assert not invoices(session, InvoiceFilter(), PageRequest(5)).items
    head = (
        "supplier_number",
        "invoiced_on",
        "freight",
        "other",
        "other_words",
        "net",
        "gross",
        "kept",
        "key",
    )
    data = typed(order) | {name: values[name] for name in head}
    answer = manager.post("/supplier-invoices/new/CORRIB", data=data)
    assert answer.headers["Location"] == "/supplier-invoices/SI-2026-0001"
    assert manager.get("/supplier-invoices/SI-2026-0001/paper").data == xml
    for file, says in ((b"PK", "XML"), (b"", "is empty")):
        bad = {"file": (io.BytesIO(file), "x"), "order": order}
        refused = manager.post("/supplier-invoices/new/CORRIB/from-file", data=bad)
        assert (refused.status_code, says in text_of(refused)) == (422, True)


def test_a_credit_note_as_a_file_takes_its_amount_off(manager, work, order):
    """The file is sent where invoices are: it opens the form of the invoice that it names."""
    many = typed(order) | {"lines-0-packs": "9", "gross": "1032.30", "supplier_number": "R-77"}
    manager.post("/supplier-invoices/new/CORRIB", data=many)
    assert status_of(work, "SI-2026-0001") is InvoiceStatus.RECORDED  # nine, of eight received
    xml = a_note(order, a_line(quantity="1", net="79.50"), net="79.50")
    for url in ("new/CORRIB/from-file", "SI-2026-0001/credit/from-file"):
        sent = {"file": (io.BytesIO(xml), "C-5.xml")}
        page = manager.post(f"/supplier-invoices/{url}", data=sent)
        assert "Credit note for R-77" in page.text
        assert "every line is found" in text_of(page)
    values = dict(re.findall(r'name="([a-z0-9_-]+)"[^>]* value="([^"]*)"', page.text))
    assert (values["lines-0-packs"], values["lines-1-packs"]) == ("1", "0")
    kept = ("supplier_number", "invoiced_on", "net", "gross", "kept", "key")
    data = {name: values[name] for name in values if name.startswith("lines-") or name in kept}
    answer = manager.post("/supplier-invoices/SI-2026-0001/credit", data=data)
    assert answer.headers["Location"] == "/supplier-invoices/SI-2026-0002"
    assert manager.get("/supplier-invoices/SI-2026-0002/paper").data == xml
    assert status_of(work, "SI-2026-0001") is InvoiceStatus.MATCHED
    for file, url, says in (
        (UBL.format(order=order, lines=a_line()).encode(), "SI-2026-0001/credit", "an invoice"),
        (b"", "SI-2026-0001/credit", "is empty"),
        (a_note(order, about="R-1"), "new/CORRIB", "R-1, which is not recorded here"),
    ):
        bad = {"file": (io.BytesIO(file), "x")}
        refused = manager.post(f"/supplier-invoices/{url}/from-file", data=bad)
        assert (refused.status_code, says in text_of(refused)) == (422, True)


def status_of(work, number: str) -> InvoiceStatus:
    with work.read() as session:
        return invoice_page(session, number).status


def test_the_form_is_filled_with_what_came_and_the_invoice_is_approved(manager, work, order):
    page = manager.get("/supplier-invoices/not-invoiced")
    assert "€952.80" in text_of(page)
    form = manager.get(f"/supplier-invoices/new?order={order}").text
    assert re.findall(r'name="lines-\d-packs"[^>]* value="(\d+)"', form) == ["8", "8"]
    for _ in range(2):  # the button was pressed twice
        paper = {"paper": (io.BytesIO(b"%PDF-1.7"), "scan.pdf")}
        answer = manager.post("/supplier-invoices/new/CORRIB", data=typed(order) | paper)
        assert answer.headers["Location"] == "/supplier-invoices/SI-2026-0001"
    assert "It agrees with what was ordered and received" in text_of(
        manager.get("/supplier-invoices/SI-2026-0001")
    )
    assert manager.get("/search?q=si-2026-0001").headers["Location"].endswith("SI-2026-0001")
    assert "Record invoice" in text_of(manager.get(f"/purchase-orders/{order}"))
    manager.post("/supplier-invoices/SI-2026-0001/approve")
    assert status_of(work, "SI-2026-0001") is InvoiceStatus.APPROVED
    rows = manager.get("/supplier-invoices?view=approved&format=csv").text.splitlines()
    assert rows[1].split(",")[8:12] == ["952.8", "0", "952.8", "EUR"]
    assert "Everything received is invoiced" in text_of(
        manager.get("/supplier-invoices/not-invoiced")
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"supplier_number": ""}, "Fill this in"),
        ({"invoiced_on": "2199-01-01"}, "That day is still to come"),
        ({"gross": "952.81"}, "The lines and charges come to 952.80, 0.01 less than this"),
        ({"gross": "952.805"}, "EUR has 2 decimal places"),
        (
            {"lines-0-packs": "0", "lines-1-tax_percent": "23", "lines-1-packs": "2000000"},
            "A number from 0",
        ),
        ({"lines-0-packs": "0", "lines-1-order": "PO-1"}, "PO-1 is no order"),
        ({"lines-0-packs": "0", "lines-1-packs": "0"}, "between 1 and 500 lines"),
        ({"paper": b"GIF89a"}, "A PDF, please"),
    ],
)
def test_what_cannot_be_recorded_comes_back_with_what_was_typed(manager, order, change, said):
    if "paper" in change:
        change = {"paper": (io.BytesIO(change["paper"]), "scan.gif")}
    answer = manager.post("/supplier-invoices/new/CORRIB", data=typed(order, **change))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'value="INV-9"' in answer.text or "supplier_number" in change


def test_a_difference_is_shown_asked_credited_and_decided(manager, work, order):
    dear = typed(order, **{"lines-0-packs": "10", "lines-0-unit_price": "82", "gross": "1136.80"})
    manager.post("/supplier-invoices/new/CORRIB", data=dear)
    url = "/supplier-invoices/SI-2026-0001"
    page = text_of(manager.get(url))
    assert "10 invoiced, 8 received: 2 too many" in page
    assert "82.00 a pack instead of 79.50" in page
    assert "2 differences" in text_of(manager.get("/supplier-invoices"))
    assert "Invoice of Corrib Botanicals differs" in text_of(manager.get("/today"))
    manager.post(f"{url}/dispute", data={"reason": "Two short"})
    assert "The supplier was asked" in text_of(manager.get(url))
    assert "Credit note for INV-9" in text_of(manager.get(f"{url}/credit"))
    note = typed(order, **{"supplier_number": "CN-1", "lines-0-packs": "2", "key": "k2"})
    note |= {"lines-0-unit_price": "82", "lines-1-packs": "0", "gross": "164"}
    answer = manager.post(f"{url}/credit", data=note)
    assert answer.headers["Location"] == "/supplier-invoices/SI-2026-0002"
    assert "SI-2026-0002" in text_of(manager.get(url))
    manager.post(f"{url}/approve", data={"reason": ""})
    assert status_of(work, "SI-2026-0001") is InvoiceStatus.DISPUTED
    manager.post(f"{url}/approve", data={"reason": "The new price is right"})
    assert status_of(work, "SI-2026-0001") is InvoiceStatus.APPROVED
    manager.post("/supplier-invoices/SI-2026-0002/cancel", data={"reason": "Typed twice"})
    assert "Cancelled" in text_of(manager.get("/supplier-invoices/SI-2026-0002"))


def test_who_keeps_stock_sees_and_records_nothing(client, work, order):
    sign_in(client, Role.STOCK_KEEPER)
    assert client.get("/supplier-invoices").status_code == 200
    assert client.get("/supplier-invoices/new").status_code == 403
    assert client.post("/supplier-invoices/new/CORRIB", data=typed(order)).status_code == 403
    assert client.get("/supplier-invoices/terms").status_code == 403


def test_terms_are_set_for_all_and_for_one_supplier(manager):
    terms = {"payment_days": "14", "percent": "1.5", "tolerance": "5"}
    for path in ("/supplier-invoices/terms", "/supplier-invoices/terms/CORRIB"):
        assert manager.post(path, data=terms).status_code == 303
    page = text_of(manager.get("/supplier-invoices/terms"))
    assert "Corrib Botanicals 14 days" in page
    manager.post("/supplier-invoices/terms/CORRIB", data=terms | {"reset": "y"})
    assert "None so far" in text_of(manager.get("/supplier-invoices/terms"))
    assert (
        manager.post("/supplier-invoices/terms", data=terms | {"tolerance": "-1"}).status_code
        == 422
    )
    assert manager.get("/supplier-invoices/terms/NOBODY").status_code == 404
