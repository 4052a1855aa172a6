"""The pages of certificates, and where else they are shown."""

import io
from datetime import timedelta

from procurement.kernel.permissions import Role
from procurement.web.filters import today
from tests.backoffice.purchasing.pages import text_of
from tests.doors import sign_in
from tests.purchasing.builders import a_placed_order, delivered, received


def keep(client, url="/certificates", data=b"%PDF-1.7 sheet", **more):
    form = {"kind": "sds", "supplier": "CORRIB", "product": "ALM-500", "remind_days": "30"}
    form |= {"file": (io.BytesIO(data), "Sicherheitsdatenblatt.pdf"), "issuer": "TÜV", **more}
    return client.post(url, data=form, content_type="multipart/form-data")


def test_a_sheet_is_kept_renewed_and_shown_where_it_is_needed(app, manager, work):
    assert "No certificate yet" in text_of(manager.get("/certificates"))
    with app.test_request_context():
        soon = (today() + timedelta(days=5)).isoformat()
    answer = keep(manager, valid_until=soon)
    assert answer.status_code == 303
    url = answer.headers["Location"]
    page = text_of(manager.get(url))
    assert "Safety data sheet of Sweet Almond Oil" in page
    assert "To be renewed" in page
    assert "1 certificate is to be renewed" in text_of(manager.get("/certificates?state=due"))
    assert "One certificate is to be renewed" in text_of(manager.get("/today"))
    file = manager.get(f"{url}/file")
    assert (file.content_type, file.get_data()) == ("application/pdf", b"%PDF-1.7 sheet")
    assert "attachment" in file.headers["Content-Disposition"]
    later = keep(manager, f"{url}/versions", b"%PDF-1.7 second", valid_until="2099-01-01")
    assert later.status_code == 303
    assert "Version 2 took its place" in text_of(manager.get(url))
    assert keep(manager, f"{url}/versions").status_code == 422
    assert "One certificate" not in text_of(manager.get("/today"))
    with work.write() as session:
        order = a_placed_order(session)
        received(session, order.number, delivered(1, supplier_lot="A1"))
    for where in ("/suppliers/CORRIB", "/products/ALM-500", "/lots/ALM-500/A1"):
        assert "Safety data sheet" in text_of(manager.get(where)), where
    assert "CT-2026-0002,sds,CORRIB,ALM-500" in text_of(manager.get("/certificates?format=csv"))


def test_kinds_of_products_ask_for_a_sheet(manager):
    assert manager.post("/certificates/safety-sheets", data={"kinds": ["oil"]}).status_code == 303
    page = text_of(manager.get("/certificates"))
    assert "Sweet Almond Oil ALM-500" in page
    assert "2 safety data sheets are missing" in text_of(manager.get("/today"))
    assert manager.post("/certificates/safety-sheets", data={}).status_code == 303
    assert "No kind of product asks for one yet" in text_of(manager.get("/certificates"))


def test_what_cannot_be_is_said_beside_its_field(manager):
    for change, said in (
        ({"file": (io.BytesIO(b"GIF89a"), "x.pdf")}, "A PDF, please"),
        ({"product": ""}, "A safety data sheet is of one product"),
        ({"supplier": ""}, "Fill this in"),
        ({"valid_until": "soon"}, "Write the day as"),
    ):
        answer = keep(manager, **change)
        assert (answer.status_code, said in text_of(answer)) == (422, True), said


def test_a_therapist_reads_the_sheets_of_products_only(client, manager, work):
    sheet = keep(manager).headers["Location"]
    insurance = keep(manager, kind="insurance", product="").headers["Location"]
    sign_in(client, Role.THERAPIST)
    assert client.get(sheet).status_code == 200
    assert client.get(f"{sheet}/file").status_code == 200
    assert client.get(insurance).status_code == 403
    assert client.get(f"{insurance}/file").status_code == 403
    assert client.get("/certificates").status_code == 403
    assert keep(client).status_code == 403
