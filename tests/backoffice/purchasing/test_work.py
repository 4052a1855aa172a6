"""Working through the pages: needs to drafts, drafts to orders, orders to shelves, and each refusal at its field."""

import re
from io import BytesIO

import pypdfium2
import pytest

from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.terms import OrderStatus
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.terms import BreakScheme, Standing, SupplierTerms
from procurement.stock.queries.verification import verify
from tests.backoffice.purchasing.pages import text_of
from tests.doors import sign_in
from tests.files.test_pictures import a_picture
from tests.planning.builders import a_rule
from tests.purchasing.builders import COVERS, a_draft, a_placed_order, delivered, received
from tests.stock.builders import opened

TWO_LINES = {
    "lines-0-product": "ALM-500",
    "lines-0-pack": "case",
    "lines-0-packs": "10",
    "lines-1-product": "COV-020",
    "lines-1-packs": "8",
    "lines-1-unit_price": "39.6050",
    "lines-2-product": " ",
}


def order_of(work, number):
    with work.read() as session:
        return order_page(session, number)


def went_to(answer) -> str:
    assert answer.status_code == 303, text_of(answer)
    return answer.headers["Location"]


def test_one_button_drafts_what_is_needed(manager, work):
    with work.write() as session:
        opened(session, 1200)
        a_rule(session, "ROOM-1", 2000, 500)
    page = text_of(manager.get("/needs"))
    assert "One product runs short" in page
    assert "Draft 1 order and 1 transfer" in page
    assert went_to(manager.post("/needs/draft-orders")) == "/purchase-orders?view=to-approve"
    assert "Nothing runs short" in text_of(manager.get("/needs"))
    manager.post("/needs/draft-orders")
    assert "There was nothing left to draft" in text_of(manager.get("/needs"))


def test_a_site_nobody_knows_is_said_on_the_page(manager, work):
    answer = manager.post("/needs/draft-orders", data={"site": "MARS"}, follow_redirects=False)
    assert answer.status_code == 303


def test_an_order_is_written_changed_approved_and_placed(manager, work):
    url = went_to(manager.post("/purchase-orders", data={"supplier": "CORRIB", **TWO_LINES}))
    assert url == "/purchase-orders/PO-2026-0001"
    order = order_of(work, "PO-2026-0001")
    assert [(line.packs, line.price.amount) for line in order.lines] == [
        (10, "79.50"),
        (8, "39.605"),
    ]
    changed = {
        **TWO_LINES,
        "version": order.version,
        "lines-0-packs": "2",
        "lines-0-unit_price": "",
    }
    went_to(manager.post(f"{url}/edit", data=changed))
    assert order_of(work, "PO-2026-0001").lines[0].price.amount == "84.00"
    for step in ("approve", "place"):
        assert went_to(manager.post(f"{url}/{step}")) == url
    assert order_of(work, "PO-2026-0001").status is OrderStatus.PLACED
    assert manager.get(f"{url}/pdf").content_type == "application/pdf"


def test_a_stale_draft_is_not_overwritten(manager, work):
    with work.write() as session:
        order = a_draft(session)
    data = {**TWO_LINES, "version": order.version}
    went_to(manager.post(f"/purchase-orders/{order.number}/edit", data=data))
    answer = manager.post(f"/purchase-orders/{order.number}/edit", data=data)
    assert answer.status_code == 422
    assert "Somebody changed PO-2026-0001" in text_of(answer)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"supplier": "NOBODY"}, "Not a valid choice"),
        ({"lines-0-product": "NOPE"}, "There is no product NOPE"),
        ({"lines-0-packs": "0"}, "A number from 1"),
        ({"lines-0-packs": "1e9"}, "A whole number"),
        ({"lines-0-packs": ""}, "Fill this in"),
        ({"lines-1-unit_price": "-1"}, "A price is not negative"),
        ({"lines-1-unit_price": "NaN"}, "plain decimal number"),
        ({"lines-0-pack": "drum"}, "Sweet Almond Oil has no pack drum"),
        ({"lines-0-wanted_by": "2026-02-30"}, "There is no such day"),
        ({"deliver_to": "MARS"}, "Not a valid choice"),
        ({"note_to_us": "a\x00b"}, "marks that cannot be printed"),
    ],
)
def test_a_bad_value_is_said_and_what_was_typed_stays(manager, work, changes, said):
    answer = manager.post("/purchase-orders", data={"supplier": "CORRIB", **TWO_LINES, **changes})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert "39.6050" in answer.text or "lines-1-unit_price" in changes
    with work.read() as session, pytest.raises(Exception, match="no purchase order"):
        order_page(session, "PO-2026-0001")


def test_a_step_that_cannot_be_goes_back_with_the_reason(manager, work):
    with work.write() as session:
        number = a_draft(session).number
    went_to(manager.post(f"/purchase-orders/{number}/place"))
    page = text_of(manager.get(f"/purchase-orders/{number}"))
    assert f"{number} is a draft; it cannot become placed." in page


def test_a_purchaser_is_not_offered_what_only_a_manager_may(client, work):
    sign_in(client, Role.PURCHASER)
    with work.write() as session:
        number = a_draft(session).number
    assert f"{number}/approve" not in client.get(f"/purchase-orders/{number}").text
    assert client.post(f"/purchase-orders/{number}/approve").status_code == 403


def receipt_form(manager, number) -> dict[str, str]:
    page = manager.get(f"/purchase-orders/{number}/receipts/new").text
    key = re.search(r'name="key" value="([0-9a-f]+)"', page)[1]
    return {
        "into": "STORE",
        "delivery_note": "DN-7",
        "key": key,
        "lines-0-position": "1",
        "lines-0-packs": "4",
        "lines-0-lot": "L1",
        "lines-0-expires_on": "2031-11-30",
        "lines-0-condition": "good",
    }


@pytest.fixture
def placed(work):
    with work.write() as session:
        return a_placed_order(session).number


def test_a_delivery_is_received_in_two_lots_and_once(manager, work, placed):
    form = receipt_form(manager, placed)
    split = manager.post(f"/purchase-orders/{placed}/receipts", data={**form, "split": "0"})
    assert split.status_code == 200
    assert 'name="lines-1-packs"' in split.text
    assert 'value="L1"' in split.text
    second = {
        "lines-1-position": "1",
        "lines-1-packs": "6",
        "lines-1-lot": "L2",
        "lines-1-expires_on": "2031-12-31",
        "lines-1-condition": "doubtful",
    }
    url = went_to(manager.post(f"/purchase-orders/{placed}/receipts", data=form | second))
    again = went_to(manager.post(f"/purchase-orders/{placed}/receipts", data=form | second))
    assert url == again == "/goods-receipts/GR-2026-0001"
    page = text_of(manager.get(url))
    assert "L1" in page
    assert "Quarantine" in page
    assert order_of(work, placed).status is OrderStatus.RECEIVED
    paper = manager.get(f"{url}/pdf")
    assert paper.content_type == "application/pdf"
    printed = printed_on(paper.data)
    for told in ("GR-2026-0001", placed, "DN-7", "L1", "L2", "Doubtful", "Sweet Almond Oil"):
        assert told in printed
    assert "Outstanding" not in printed
    manager.post(f"{url}/reverse", data={"why": "wrong pallet"})
    assert "TAKEN BACK" in printed_on(manager.get(f"{url}/pdf").data)


def printed_on(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lines-0-packs": "11"}, "more than is still expected"),
        ({"lines-0-packs": "-1"}, "A number from 0"),
        ({"lines-0-packs": "0"}, "A delivery has at least one line"),
        ({"lines-0-expires_on": "2020-01-01"}, "expired on 01 Jan 2020"),
        ({"lines-0-condition": "broken"}, "Not a valid choice"),
        ({"lines-0-position": "9"}, "The order has no line 9"),
        ({"into": "CONSUMED"}, "Not a valid choice"),
    ],
)
def test_a_delivery_that_cannot_be_is_said_and_nothing_is_kept(
    manager, work, placed, changes, said
):
    form = receipt_form(manager, placed) | changes
    answer = manager.post(f"/purchase-orders/{placed}/receipts", data=form)
    assert answer.status_code == 422
    assert said in text_of(answer)
    with work.read() as session:
        assert order_page(session, placed).lines[0].received == 0
        assert verify(session) == []


def test_lines_that_did_not_come_are_left_out(manager, work):
    with work.write() as session:
        number = a_placed_order(session, COVERS, COVERS).number
    form = receipt_form(manager, number) | {
        "lines-1-position": "2",
        "lines-1-packs": "0",
        "lines-1-condition": "good",
    }
    went_to(manager.post(f"/purchase-orders/{number}/receipts", data=form))
    assert [line.received for line in order_of(work, number).lines] == [4, 0]


def test_a_receipt_is_taken_back_with_a_reason(manager, work, placed):
    with work.write() as session:
        receipt = received(session, placed, delivered(4)).number
    url = f"/goods-receipts/{receipt}"
    went_to(manager.post(f"{url}/reverse", data={"why": " "}))
    assert "Say why the receipt is taken back" in text_of(manager.get(url))
    went_to(manager.post(f"{url}/reverse", data={"why": "Counted wrong"}))
    assert "Counted wrong" in text_of(manager.get(url))
    assert order_of(work, placed).status is OrderStatus.PLACED


def test_what_is_outstanding_is_closed_short_or_cancelled(manager, work, placed):
    with work.write() as session:
        received(session, placed, delivered(4))
        other = a_placed_order(session).number
    went_to(manager.post(f"/purchase-orders/{placed}/close-short"))
    went_to(manager.post(f"/purchase-orders/{other}/cancel"))
    assert order_of(work, placed).status is OrderStatus.CLOSED_SHORT
    assert order_of(work, other).status is OrderStatus.CANCELLED


def test_a_supplier_and_what_it_sells_are_kept(manager, work):
    data = {
        "code": "ALDER",
        "name": "Alder Oils",
        "currency": "EUR",
        "active": "y",
        "standing": "preferred",
        "minimum_order": "150",
        "freight_charge": "12.50",
    }
    assert went_to(manager.post("/suppliers", data=data)) == "/suppliers/ALDER"
    went_to(manager.post("/suppliers/ALDER/edit", data=data | {"name": "Alder & Sons"}))
    item = {
        "product": "ALM-500",
        "pack": "case",
        "moq": "2",
        "multiple": "2",
        "lead_time_days": "3",
        "scheme": "incremental",
        "guaranteed_days": "300",
        "active": "y",
        "price_breaks-0-from_packs": "1",
        "price_breaks-0-unit_price": "80.125",
    }
    went_to(manager.post("/suppliers/ALDER/items", data=item))
    with work.read() as session:
        page = supplier_page(session, "ALDER")
    assert page.name == "Alder & Sons"
    assert page.terms == SupplierTerms(
        Money(15_000, "EUR"), Money(1250, "EUR"), None, Standing.PREFERRED
    )
    (sold,) = page.items
    assert (sold.pack, sold.moq, sold.price_breaks[0].price.amount) == ("case", 2, "80.125")
    assert (sold.scheme, sold.guaranteed_days) == (BreakScheme.INCREMENTAL, 300)


@pytest.mark.parametrize(
    ("url", "data", "said"),
    [
        (
            "/suppliers",
            {"code": "CORRIB", "name": "X", "currency": "EUR", "standing": "normal"},
            "CORRIB already",
        ),
        ("/suppliers", {"code": "X", "name": "", "currency": "EUR"}, "Fill this in"),
        ("/suppliers", {"code": "X", "name": "X", "currency": "QQQ"}, "Not a valid choice"),
        (
            "/suppliers/CORRIB/items",
            {
                "product": "NOPE",
                "moq": "1",
                "multiple": "1",
                "lead_time_days": "1",
                "scheme": "all_units",
            },
            "There is no product NOPE",
        ),
        (
            "/suppliers/CORRIB/items",
            {"product": "ALM-500", "moq": "0", "multiple": "1", "lead_time_days": "1"},
            "A number from 1",
        ),
    ],
)
def test_a_bad_supplier_or_item_is_said(manager, work, url, data, said):
    answer = manager.post(url, data=data)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_stock_keeper_does_not_change_suppliers(client, work):
    sign_in(client, Role.STOCK_KEEPER)
    data = {"code": "ALDER", "name": "Alder Oils", "currency": "EUR", "standing": "normal"}
    assert client.post("/suppliers", data=data).status_code == 403


def test_a_placed_order_is_amended_and_its_first_paper_stays(manager, work):
    with work.write() as session:
        number = a_placed_order(session).number
    here = f"/purchase-orders/{number}"
    page = manager.get(f"{here}/amend").text
    assert 'name="lines-0-packs"' in page
    typed = {
        "version": re.search(r'name="version" value="(\d+)"', page)[1],
        "lines-0-position": "1",
        "lines-0-packs": "x",
        "why": "Room for fewer",
    }
    assert manager.post(f"{here}/amend", data=typed).status_code == 422
    assert went_to(manager.post(f"{here}/amend", data=typed | {"lines-0-packs": "8"})) == here
    shown = text_of(manager.get(here))
    assert "R1" in shown
    assert "8 instead of 10" in shown
    for revision in (0, 1):
        assert manager.get(f"{here}/revisions/{revision}/pdf").mimetype == "application/pdf"
    assert manager.get(f"{here}/revisions/2/pdf").status_code == 404
    late = manager.post(f"{here}/amend", data=typed | {"lines-0-packs": "7"})
    assert late.status_code == 422
    assert "changed" in late.text


def test_a_draft_goes_back_with_the_reason(manager, work):
    with work.write() as session:
        number = a_draft(session).number
    here = f"/purchase-orders/{number}"
    assert went_to(manager.post(f"{here}/send-back", data={"why": "Too many"})) == here
    assert "Too many" in manager.get(here).text
    assert "sent back" in manager.get("/purchase-orders?view=to-approve").text


def test_a_rule_is_made_and_a_delivery_is_held_to_it(manager, placed):
    rule = {"supplier": "CORRIB", "least_days": "9000", "claim_days": "5"}
    assert went_to(manager.post("/delivery-rules", data=rule)) == "/delivery-rules"
    assert "9,000 days" in text_of(manager.get("/delivery-rules"))
    assert manager.post("/delivery-rules", data={"over": "101"}).status_code == 422
    form = receipt_form(manager, placed)
    url = f"/purchase-orders/{placed}/receipts"
    rows = {name.replace("lines-0", "lines-1"): value for name, value in form.items()}
    answer = manager.post(url, data={**rows, **form, "lines-0-packs": "0"})
    assert answer.status_code == 422
    assert "9000 are asked for" in text_of(answer)
    assert 'id="lines-1-why-error"' in answer.text
    more = {
        "lines-0-why": "Asked for by phone",
        "lines-0-noted_price": "80",
        "lines-0-into": "ROOM-1",
    }
    receipt = went_to(manager.post(url, data=form | more))
    page = text_of(manager.get(receipt))
    assert "Asked for by phone" in page
    assert "€80.00 a pack, ordered at €79.50" in page
    picture = {"photo": (BytesIO(a_picture()), "box.png")}
    went_to(manager.post(f"{receipt}/lines/1/photos", data=picture))
    (address,) = set(re.findall(r'href="([^"]+photos/[^"]+)"', manager.get(receipt).text))
    assert manager.get(address).content_type == "image/webp"
    (key,) = re.findall(
        r'action="/delivery-rules/([0-9]+)/remove"', manager.get("/delivery-rules").text
    )
    went_to(manager.post(f"/delivery-rules/{key}/remove"))
    assert "9,000 days" not in text_of(manager.get("/delivery-rules"))


def test_pictures_are_taken_while_goods_are_received_and_stay_when_the_page_comes_back(
    manager, placed
):
    url = f"/purchase-orders/{placed}/receipts"
    form = receipt_form(manager, placed)
    first = {"lines-0-photos": (BytesIO(a_picture()), "dent.png")}
    split = manager.post(url, data=form | first | {"split": "0"})
    (key,) = re.findall(r'name="lines-0-kept" value="([0-9a-f]{32})" checked', split.text)
    assert "dent.png" in split.text
    wrong = {"lines-0-condition": "doubtful", "lines-0-fault": "damaged", "lines-0-kept": key}
    bad = {"lines-0-photos": (BytesIO(b"no picture"), "b.png")}
    refused = manager.post(url, data=form | wrong | bad)
    assert refused.status_code == 422
    assert 'id="lines-0-photos-error"' in refused.text
    more = {"lines-0-photos": (BytesIO(a_picture((600, 500))), "leak.png")}
    receipt = went_to(manager.post(url, data=form | wrong | more))
    assert len(set(re.findall(r'href="([^"]+photos/[^"]+)"', manager.get(receipt).text))) == 2
    claim = went_to(manager.post(f"{receipt}/claims"))
    assert len(set(re.findall(r'href="([^"]+photos/[^"]+)"', manager.get(claim).text))) == 2
    gone = manager.post(url, data=form | wrong | {"lines-0-kept": "0" * 32, "lines-0-packs": "1"})
    assert "send it again" in text_of(gone)


def test_an_order_is_kept_as_a_template_and_drafted_by_itself(manager, work):
    with work.write() as session:
        number = a_draft(session).number
    here = went_to(manager.post(f"/order-templates/of/{number}", data={"name": "Weekly"}))
    assert "Weekly" in manager.get(here).text
    rhythm = {"every": "2", "unit": "weeks", "weekday": "0"}
    assert manager.post(f"{here}/standing", data=rhythm | {"every": "99"}).status_code == 422
    assert went_to(manager.post(f"{here}/standing", data=rhythm)) == here
    shown = text_of(manager.get(here))
    assert "Every 2 weeks on Monday" in shown
    assert "next" in text_of(manager.get("/order-templates"))
    for what in ("pause", "resume", "end"):
        manager.post(f"{here}/standing/ST-{number[3:7]}-0001/{what}")
    assert went_to(manager.post(f"{here}/draft")).startswith("/purchase-orders/PO-")
    assert went_to(manager.post(f"/order-templates/of/{number}", data={"name": " "})) == (
        f"/purchase-orders/{number}"
    )
    manager.post(f"{here}/retire")
    assert "retired" in manager.get("/order-templates").text


def test_a_blanket_order_is_agreed_and_called_off(manager, work):
    typed = {
        "supplier": "CORRIB",
        "valid_from": "2026-01-01",
        "valid_until": "2029-12-31",
        "lines-0-product": "ALM-500",
        "lines-0-pack": "case",
        "lines-0-packs": "30",
        "lines-0-unit_price": "70.00",
    }
    assert manager.post("/blanket-orders", data=typed | {"valid_until": ""}).status_code == 422
    here = went_to(manager.post("/blanket-orders", data=typed))
    assert "case 6000 ml" in text_of(manager.get(here))
    line = {"lines-0-position": "1", "lines-0-packs": "31"}
    assert manager.post(f"{here}/call-off", data=line).status_code == 422
    order = went_to(manager.post(f"{here}/call-off", data=line | {"lines-0-packs": "12"}))
    assert here.rpartition("/")[2] in manager.get(order).text
    assert 'value="70.00"' in manager.get(f"{here}/change").text
    change = {"valid_from": "2026-01-01", "valid_until": "2029-12-31", "revision": "0"}
    change |= {"lines-0-position": "1", "lines-0-packs": "40", "lines-0-unit_price": "69.00"}
    assert manager.post(f"{here}/change", data=change).status_code == 422
    assert went_to(manager.post(f"{here}/change", data=change | {"why": "More of it"})) == here
    assert "30 packs become 40" in text_of(manager.get(here))
    assert went_to(manager.post(f"{here}/close")) == here


def test_files_are_attached_and_only_saved(manager, work):
    with work.write() as session:
        number = a_draft(session).number
    here = f"/purchase-orders/{number}"
    for content, said in ((b"<script>", "office document"), (b"%PDF-1.7", "is attached")):
        file = {"file": (BytesIO(content), "plan.pdf"), "for_supplier": "y"}
        manager.post(f"{here}/files", data=file)
        assert said in text_of(manager.get(here))
    saved = manager.get(f"{here}/files/1")
    assert saved.headers["Content-Disposition"] == "attachment; filename=plan.pdf"
    manager.post(f"{here}/files/1/remove")
    assert manager.get(f"{here}/files/1").status_code == 404
    manager.post(f"{here}/files")
    assert "Fill this in" in text_of(manager.get(here))


def test_a_price_on_file_follows_the_quantity_when_a_draft_is_changed(manager, work):
    with work.write() as session:
        line = NewOrderLine(product="ALM-500", pack="case", packs=7)
        number = a_draft(session, line).number
    page = manager.get(f"/purchase-orders/{number}/edit").text
    assert 'data-breaks="1:84.00 10:79.50"' in page
    assert re.search(r'name="lines-0-unit_price"[^>]*value=""', page)
    typed = {"lines-0-product": "ALM-500", "lines-0-pack": "case", "lines-0-packs": "10"}
    manager.post(f"/purchase-orders/{number}/edit", data=typed | {"deliver_to": "STORE"})
    with work.read() as session:
        assert order_page(session, number).lines[0].price.amount == "79.50"


def test_a_claim_by_a_tap_then_the_goods_go_back(manager, work, placed):
    form = receipt_form(manager, placed)
    faulty = {"lines-0-condition": "doubtful", "lines-0-fault": "damaged"}
    receipt = went_to(manager.post(f"/purchase-orders/{placed}/receipts", data=form | faulty))
    assert "Make a claim" in text_of(manager.get(receipt))
    claim = went_to(manager.post(f"{receipt}/claims"))
    page = manager.get(claim).text
    asked = {
        "version": re.search(r'name="version" value="(\d+)"', page)[1],
        "deadline": "2031-01-01",
        "lines-0-position": "1",
        "lines-0-asked": "300.00",
    }
    assert manager.post(f"{claim}/change", data=asked | {"lines-0-asked": "-1"}).status_code == 422
    assert went_to(manager.post(f"{claim}/change", data=asked)) == claim
    assert "€300.00" in text_of(manager.get("/claims"))
    went_to(manager.post(f"{claim}/send"))
    assert manager.get(f"{claim}/pdf").content_type == "application/pdf"
    assert manager.post(f"{claim}/answer", data={"remedy": "tea"}).status_code == 422
    went_to(manager.post(f"{claim}/answer", data={"remedy": "return", "amount": "300.00"}))
    chosen = manager.get(
        f"/supplier-returns/new?claim={claim[-12:]}&supplier=CORRIB&location=QUARANTINE"
    )
    lines = {"lines-0-lot": "ALM-500/L1", "reason": "damaged", "claim": claim[-12:], "key": "k"}
    assert 'value="ALM-500/L1"' in chosen.text
    from_lot = manager.get("/supplier-returns/new?lot=ALM-500/L1&location=QUARANTINE").text
    assert re.search(r'name="lines-0-quantity"[^>]* value="24000"', from_lot)
    url = "/supplier-returns/new?supplier=CORRIB&location=QUARANTINE"
    assert "how much goes back" in text_of(manager.post(url, data=lines))
    assert manager.post(url, data=lines | {"lines-0-quantity": "much"}).status_code == 422
    assert manager.post(url, data=lines | {"lines-0-quantity": "99999"}).status_code == 422
    back = went_to(manager.post(url, data=lines | {"lines-0-quantity": "24000"}))
    assert "SR-" in text_of(manager.get(claim))
    assert manager.get(f"{back}/pdf").content_type == "application/pdf"
    went_to(manager.post(f"{claim}/settle"))
    went_to(manager.post(f"{back}/reverse", data={"why": "Not collected"}))
    assert "Not collected" in text_of(manager.get(back))
    later = {"position": "1", "packs": "1", "fault": "other", "note": "Smells odd"}
    assert "Smells odd" in text_of(
        manager.get(went_to(manager.post(f"{receipt}/claims", data=later)))
    )
    went_to(manager.post(f"{receipt}/claims", data=later | {"packs": "x"}))


def test_a_delivery_note_fills_the_form_and_posts_nothing(manager, work, placed):
    url = f"/purchase-orders/{placed}/receipts/from-note"

    def sent(text):
        return manager.post(url, data={"note": (BytesIO(text.encode()), "note.csv")})

    filled = sent("code,qty,lot,expiry,price\nALM-500,9,L7,2031-11-30,80.00\nX-9,1,,,\n")
    assert filled.status_code == 200
    assert 'value="L7"' in filled.text
    assert 'value="2031-11-30"' in filled.text
    page = text_of(filled)
    assert "on the note, 10 outstanding" in page
    assert "X-9: not on" in page
    assert order_of(work, placed).lines[0].received == 0
    assert "needs a column quantity" in text_of(sent("name,price\nOil,3\n"))
    assert manager.post(url).status_code == 422


def test_what_stays_outstanding_is_closed_from_the_list(manager, work, placed):
    form = receipt_form(manager, placed)
    went_to(manager.post(f"/purchase-orders/{placed}/receipts", data=form))
    page = text_of(manager.get("/backorders"))
    assert "One line is still to come" in page
    assert "of 10" in page
    assert went_to(manager.post(f"/backorders/{placed}/1/close-short")) == "/backorders"
    assert "Nothing is outstanding" in text_of(manager.get("/backorders"))
    assert order_of(work, placed).status is OrderStatus.CLOSED_SHORT
