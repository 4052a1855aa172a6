"""The pages of scorecards: every figure opens to its order lines; lists as files."""

from procurement.kernel.permissions import Role
from tests.backoffice.purchasing.pages import text_of
from tests.builders import a_supplier
from tests.doors import sign_in
from tests.purchasing.builders import REFUSED, a_placed_order, delivered, received

WHEN = "since=2026-01-01&until=2026-12-31"


def test_every_figure_opens_to_the_lines_behind_it(manager, work):
    url = "/suppliers/CORRIB/scorecard"
    assert "nothing to judge yet" in text_of(manager.get(url))
    with work.write() as session:
        order = a_placed_order(session)
        refused, taken = delivered(2, condition=REFUSED), delivered(10)
        received(session, order.number, refused, taken)
    page = text_of(manager.get(f"{url}?{WHEN}"))
    assert "100 % on time in full" in page
    assert "16.7 %" in page  # two refused of twelve
    assert "All lines 1 Late 0 Not in full 0 Not on time in full 0 Refused 1" in page
    assert order.number in text_of(manager.get(f"{url}?{WHEN}&figure=rejected"))
    assert "Every line came in time" in text_of(manager.get(f"{url}?{WHEN}&figure=late"))
    file = text_of(manager.get(f"{url}?{WHEN}&figure=rejected&format=csv"))
    assert f"{order.number},1,ALM-500,case,2026-11-23" in file
    assert "CORRIB,Corrib Botanicals,1,100,100,100,16.7" in text_of(
        manager.get(f"/suppliers/scorecards?{WHEN}&format=csv")
    )
    assert "16.7 %" in text_of(manager.get("/suppliers/CORRIB"))
    for figure, says in (("claimed", "Nothing was claimed"), ("invoiced_wrong", "as agreed")):
        assert says in text_of(manager.get(f"{url}?{WHEN}&figure={figure}"))
        assert manager.get(f"{url}?{WHEN}&figure={figure}&format=csv").status_code == 200
    assert manager.get(f"{url}.pdf?{WHEN}").data.startswith(b"%PDF")
    assert manager.get(f"{url}.pdf?since=2020-01-01&until=2020-12-31").status_code == 404


def test_days_and_figures_that_are_none_are_not_there(manager):
    for query in ("since=yesterday", "until=1066-10-14", "figure=everything", "format=pdfx"):
        assert manager.get(f"/suppliers/CORRIB/scorecard?{query}").status_code == 404
    assert manager.get("/suppliers/NONE/scorecard").status_code == 404


def test_who_does_not_see_purchasing_sees_no_scorecard(client, work):
    sign_in(client, Role.SALES)
    assert client.get("/suppliers/scorecards").status_code == 403


def test_the_list_of_suppliers_shows_those_we_buy_from(manager, work):
    with work.write() as session:
        a_supplier(session, "BYGONE", active=False)
    for shown, found in (("", True), ("active", False), ("inactive", True)):
        page = text_of(manager.get(f"/suppliers?shown={shown}"))
        assert ("Bygone Botanicals" in page) is found
    assert "BYGONE" not in text_of(manager.get("/suppliers?shown=active&format=csv"))
    assert manager.get("/suppliers?shown=some").status_code == 404
