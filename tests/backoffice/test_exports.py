"""Every list of the back office is had as a file, whole: not only its first page."""

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.outbox.operations import NewMail, put_mail
from tests.builders import a_company
from tests.doors import sign_in

LISTS = (
    "/products/",
    "/families/",
    "/stock/",
    "/postings/",
    "/transfers/",
    "/sites/",
    "/lots/",
    "/recalls/",
    "/tools/",
    "/linen/",
    "/counts/",
    "/counts/plan",
    "/counts/report",
    "/periods/",
    "/open/",
    "/needs",
    "/purchase-orders",
    "/goods-receipts",
    "/suppliers",
    "/enquiries/",
    "/quotes/",
    "/customers/",
    "/price-lists/",
    "/settings/people",
    "/settings/mail",
    "/settings/taxes",
    "/settings/currencies",
)


def test_every_list_exports(app, client):
    with app.extensions["uow"].write() as session:
        a_company(session)
    sign_in(client, Role.ADMINISTRATOR)
    for path in LISTS:
        for form, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            answer = client.get(path, query_string={"format": form})
            assert (path, answer.status_code) == (path, 200)
            assert answer.data.startswith(start), path
            assert "attachment" in answer.headers["Content-Disposition"]


def test_an_export_goes_on_after_the_first_page(app, client):
    with app.extensions["uow"].write() as session:
        a_company(session)
        for n in range(70):
            put_mail(session, NewMail("bo@example.com", f"Mail {n}", "Hello"), at=utc_now())
    sign_in(client, Role.ADMINISTRATOR)
    assert client.get("/settings/mail?format=csv").text.count("bo@example.com") == 70
