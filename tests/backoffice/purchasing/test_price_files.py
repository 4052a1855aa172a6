"""The pages of price files: sent in, columns said by hand, looked at, applied, undone."""

import io

from procurement.kernel.permissions import Role
from procurement.sourcing.queries import supplier_page
from tests.backoffice.purchasing.pages import text_of
from tests.doors import sign_in

LIST = b"Item code,Min qty,Price\nCORRIB-ALM-500,1,90.00\nCORRIB-ALM-500,10,80.00\nNOBODY,1,2.00\nX,1,\n"
STRANGE = b"Was,Wieviel\nCORRIB-ALM-500,90.00\n"


def send(client, data=LIST, **more):
    form = {"supplier": "CORRIB", "file": (io.BytesIO(data), "prices.csv"), **more}
    return client.post("/price-files", data=form, content_type="multipart/form-data")


def price(work) -> list[str]:
    with work.read() as session:
        items = supplier_page(session, "CORRIB").items
    return [step.price.amount for step in items[-1].price_breaks]


def test_a_file_is_looked_at_applied_and_undone(manager, work):
    assert "No price file yet" in text_of(manager.get("/price-files"))
    answer = send(manager)
    assert answer.status_code == 303
    number = answer.headers["Location"].rpartition("/")[2]
    page = text_of(manager.get(answer.headers["Location"]))
    assert "1 price of Corrib Botanicals differs" in page
    assert "+7.1 %" in page
    assert "Row 5: Price is missing" in page
    assert "We buy these there, and the file does not name them (1)" in page
    assert "Nothing of ours goes by these codes (1)" in page
    before = price(work)
    url = f"/price-files/{number}"
    assert manager.post(f"{url}/apply", data={}).status_code == 422
    assert manager.post(f"{url}/apply", data={"lines": "1", "on": "2020-01-01"}).status_code == 422
    assert manager.post(f"{url}/apply", data={"lines": "1"}).status_code == 303
    assert price(work) == ["90.00", "80.00"]
    assert "Applied" in text_of(manager.get("/price-files?supplier=CORRIB&status=applied"))
    again = manager.post(f"{url}/apply", data={"lines": "1"})
    assert (again.status_code, "is applied" in text_of(again)) == (422, True)
    assert manager.post(f"{url}/undo").status_code == 303
    assert price(work) == before
    item = text_of(manager.get("/suppliers/CORRIB/items/ALM-500/case"))
    assert "What it cost when" in item
    assert item.count(number) == 2  # applied and undone
    file = text_of(manager.get(f"{url}?format=csv"))
    assert (
        'changed,CORRIB-ALM-500,ALM-500,Sweet Almond Oil,case,84,90,EUR,7.1,"84.00, from 10: 79.50"'
        in file
    )
    assert number in text_of(manager.get("/price-files?format=csv"))


def test_a_purchaser_sees_the_change_and_how_many_quotes_but_no_margin(client, work):
    sign_in(client, Role.PURCHASER)
    page = text_of(client.get(send(client).headers["Location"]))
    assert "+7.1 %" in page
    assert (
        "how many open quotes it touches; what is left of your sales prices is shown to who" in page
    )
    assert "Margin" not in page


def test_columns_are_said_by_hand(manager, work):
    answer = send(manager, STRANGE)
    assert answer.status_code == 422
    assert "the file has Was, Wieviel" in text_of(answer)
    key = answer.text.partition('name="key" value="')[2].partition('"')[0]
    said = {"supplier": "CORRIB", "key": key, "column-code": "Was", "column-unit_price": "Wieviel"}
    done = manager.post("/price-files", data=said)
    assert done.status_code == 303
    assert "price of a pack from Wieviel" in text_of(manager.get(done.headers["Location"]))
    assert manager.post(f"{done.headers['Location']}/discard").status_code == 303
    assert "Discarded" in text_of(manager.get(done.headers["Location"]))


def test_what_is_no_price_file_is_said_beside_the_field(manager):
    for data, said in (
        (b"%PDF-1.7 \x00\x01", "neither a text file nor"),
        (b"Code,Price\nA,\n", "No row of it has a price"),
        (b"Code,Price\nCORRIB-ALM-500,1\nCORRIB-ALM-500,2\n", "stands here twice"),
    ):
        answer = send(manager, data)
        assert (answer.status_code, said in text_of(answer)) == (422, True), said
    nothing = manager.post("/price-files", data={"supplier": "CORRIB"})
    assert "Choose the file" in text_of(nothing)


def test_who_may_not_keep_suppliers_only_looks(client, work):
    sign_in(client, Role.STOCK_KEEPER)
    assert client.get("/price-files").status_code == 200
    assert client.get("/price-files/new").status_code == 403
    assert send(client).status_code == 403
