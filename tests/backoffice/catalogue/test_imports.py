"""The import screen: sent, previewed, changed, taken; and nobody else's."""

import html
import io
import re

import pytest

from procurement.catalogue.queries.known import known
from procurement.kernel.permissions import Role
from tests.doors import sign_in
from tests.exchange.files import own

GOOD = "sku,name,kind,price\nT-1,Roller,tool,5.00\nT-2,Ball,tool,6\n"
FOREIGN = "Artikel;Bezeichnung;Preis\nT-1;Rolle für Füße;12,50\n"


@pytest.fixture
def manager(client):
    sign_in(client, Role.ADMINISTRATOR)
    return client


def send(client, content, name="list.csv", **fields):
    data = content.encode() if isinstance(content, str) else content
    return client.post(
        "/catalogue/import/", data={"file": (io.BytesIO(data), name), "layout": "auto", **fields}
    )


def address(answer):
    return re.search(r'formaction="([^"]+)"', answer.text)[1]


def columns(answer):
    """The hidden fields of the table of columns, as a browser would send them back."""
    pairs = re.findall(r'name="((?:column|was|said)-\d+)" value="([^"]*)"', answer.text)
    found = {name: html.unescape(value) for name, value in pairs}
    for name in list(found):
        if name.startswith("was-"):
            found[name.replace("was-", "field-")] = found[name]
    return found


def there(app, *skus):
    with app.extensions["uow"].read() as session:
        return known(session, skus).products


def test_a_list_is_previewed_and_then_taken(app, manager):
    page = send(manager, GOOD)
    assert page.status_code == 200
    assert "Import 2 rows" in page.text
    assert there(app, "T-1") == {}
    done = manager.post(address(page), data={"layout": "auto", **columns(page)})
    assert done.status_code == 200
    assert "every row is in" in done.text
    assert set(there(app, "T-1", "T-2")) == {"T-1", "T-2"}
    again = manager.post(address(page), data={"layout": "auto"})
    assert ">0</p>" in again.text


def test_refused_rows_are_named_before_and_after(app, manager):
    page = send(manager, GOOD + ",Nameless,tool,1\nT-3,Cup,tool,NaN\n")
    assert "NaN is not a number" in page.text
    assert "Import 2 rows" in page.text
    done = manager.post(address(page), data={"layout": "auto"})
    assert "the good rows are in" in done.text
    assert "NaN is not a number" in done.text
    assert set(there(app, "T-1", "T-2", "T-3")) == {"T-1", "T-2"}


def test_columns_nobody_knows_are_said_by_hand(app, manager):
    page = send(manager, FOREIGN.encode("cp1252"), kind="tool")
    assert page.status_code == 422
    assert "columns are not those" in page.text
    assert "Füße" in page.text
    said = {**columns(page), "field-0": "sku", "field-1": "name", "field-2": "price"}
    preview = re.search(r'action="([^"]+/preview)"', page.text)[1]
    page = manager.post(preview, data={"layout": "auto", "kind": "tool", **said})
    assert page.status_code == 200
    assert "Import 1 row" in page.text
    done = manager.post(address(page), data={"layout": "auto", "kind": "tool", **columns(page)})
    assert done.status_code == 200
    assert there(app, "T-1")["T-1"].name == "Rolle für Füße"


def test_what_was_found_out_can_be_changed(app, manager):
    page = send(manager, FOREIGN.encode("cp1252"))
    preview = re.search(r'action="([^"]+/preview)"', page.text)[1]
    page = manager.post(preview, data={"layout": "auto", "encoding": "cp1251"})
    assert "FьЯe" in page.text
    bad = manager.post(preview, data={"layout": "auto", "header_row": "0"})
    assert bad.status_code == 422
    assert "A number from 1" in bad.text


def test_spree_on_the_screen(app, manager):
    page = send(manager, own("spree_products.csv"), "spree_products.csv")
    assert "Spree products" in page.text
    assert ">124</p>" in page.text


def test_a_file_belongs_to_the_person_who_sent_it(app, client):
    sign_in(client, Role.ADMINISTRATOR)
    url = address(send(client, GOOD))
    sign_in(client, Role.ADMINISTRATOR)
    assert client.post(url, data={"layout": "auto"}).status_code == 404
    assert client.post(f"{url}/preview", data={"layout": "auto"}).status_code == 404
    # The portal's product pages answer below /catalogue, to reading only.
    assert client.post("/catalogue/import/../../etc/passwd", data={}).status_code == 405
    assert client.post("/catalogue/import/0123/preview", data={}).status_code == 404
    assert there(app, "T-1") == {}


@pytest.mark.parametrize("role", [Role.THERAPIST, Role.SALES, Role.STOCK_KEEPER])
def test_who_may_not_edit_the_catalogue_does_not_import(client, role):
    sign_in(client, role)
    assert client.get("/catalogue/import/").status_code == 403
    assert send(client, GOOD).status_code == 403


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "That file is empty."), (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither a text file")],
)
def test_what_is_no_list_is_refused_at_its_field(manager, content, why):
    answer = send(manager, content)
    assert answer.status_code == 422
    assert why in answer.text


def test_a_preview_s_address_alone_starts_anew(manager):
    url = address(send(manager, GOOD))
    assert manager.get(url).headers["Location"].endswith("/catalogue/import/")
