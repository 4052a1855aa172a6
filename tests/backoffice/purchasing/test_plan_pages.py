"""Planning a purchase on the pages: made from the needs, explained, decided about, drafted."""

import pytest

from procurement.backoffice.purchasing import plans
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.planning.operations.plans import making
from procurement.planning.queries.purchase_plans import plan_page
from procurement.planning.rules.purchase.status import PlanStatus
from tests.backoffice.purchasing.pages import text_of
from tests.builders import a_supplier, a_supplier_item
from tests.doors import sign_in
from tests.planning.builders import a_rule


@pytest.fixture
def short(work):
    """Eleven cases of almond oil are short; CORRIB asks freight that one case more saves, ALDER is dearer."""
    with work.write() as session:
        a_rule(session, "STORE", 66_000, 1000)
        a_supplier(
            session,
            email="orders@corrib.example",
            freight_charge=Money(9000, "EUR"),
            free_freight_from=Money(95_000, "EUR"),
        )
        a_supplier(session, "ALDER")
        a_supplier_item(session, supplier="ALDER", pack="case", prices={1: "99.00"})


@pytest.fixture
def plan(manager, short):
    answer = manager.post("/plans", data={"site": ""})
    assert answer.status_code == 303, text_of(answer)
    assert answer.headers["Location"] == "/plans/PLN-2026-0001"
    return "/plans/PLN-2026-0001"


def status_of(work):
    with work.read() as session:
        return plan_page(session, "PLN-2026-0001")


def test_a_plan_is_made_from_the_needs_and_says_why(manager, plan):
    assert "Plan the purchase" in text_of(manager.get("/needs"))
    page = text_of(manager.get(plan))
    assert "One product from one supplier" in page
    assert "1 more case of Sweet Almond Oil for 79.50 EUR saves 90.00 EUR of freight." in page
    assert "= 72,000" in page
    assert "No plan is cheaper: proved." in page
    assert "PLN-2026-0001" in text_of(manager.get("/plans"))
    for table in ("/plans?format=csv", f"{plan}?format=csv"):
        assert manager.get(table).status_code == 200


def test_of_a_large_plan_the_lines_open_one_at_a_time(manager, plan, monkeypatch):
    monkeypatch.setattr(plans, "_FEW", 0)
    page = manager.get(plan)
    assert "Why, and what else" in text_of(page)
    assert "Leave out" not in text_of(page)
    assert "Leave out" in text_of(manager.get(f"{plan}?line=0"))


def test_decisions_are_taken_undone_and_refused_in_words(manager, plan, work):
    almond = {"deliver_to": "STORE", "product": "ALM-500"}
    pin = {"kind": "pin", **almond, "offer": "ALDER\tcase", "packs": "11"}
    manager.post(f"{plan}/decide", data=pin)
    page = text_of(manager.get(plan))
    assert "Sweet Almond Oil: 11 of case from Alder Botanicals" in page
    assert "11 cases are pinned." in page
    (decision,) = status_of(work).decisions
    manager.post(f"{plan}/undo", data={"decision": decision.key})
    manager.post(f"{plan}/decide", data={"kind": "forbid", "supplier": "CORRIB"})
    assert "Not from Corrib Botanicals" in text_of(manager.get(plan))
    manager.post(f"{plan}/decide", data={"kind": "leave_out", **almond})
    assert "This plan buys nothing" in text_of(manager.get(plan))
    for bad, said in (
        ({"kind": "hope"}, "Not a valid choice"),
        ({"kind": "forbid", "supplier": "NOBODY"}, "Nobody offers that"),
        ({**pin, "packs": "0"}, "A number from 1"),
    ):
        manager.post(f"{plan}/decide", data=bad)
        assert said in text_of(manager.get(plan))


def test_it_is_planned_again_within_other_limits(manager, plan, work):
    limits = {"preference": "5", "patience_days": "3", "budget": "500"}
    manager.post(f"{plan}/replan", data=limits)
    page = status_of(work)
    assert (page.patience_days, str(page.budget)) == (3, "500.00 EUR")
    assert "above 500.00 EUR" in text_of(manager.get(plan))
    answer = manager.post(f"{plan}/replan", data=limits | {"patience_days": "-1"})
    assert answer.status_code == 422


def test_its_orders_are_drafted_once(manager, plan, work):
    manager.post(f"{plan}/draft-orders")
    page = status_of(work)
    assert page.status is PlanStatus.DRAFTED
    assert "Drafted PO-2026-0001" in text_of(manager.get(plan))
    manager.post(f"{plan}/draft-orders")
    assert "has been drafted already" in text_of(manager.get(plan))
    assert status_of(work).drafted_orders == ("PO-2026-0001",)
    answer = manager.post("/plans", follow_redirects=True)
    assert "Nothing has to be bought" in text_of(answer)


def test_who_only_looks_makes_no_plan(client, short):
    sign_in(client, Role.STOCK_KEEPER)
    assert client.post("/plans").status_code == 403
    assert client.get("/plans/PLN-2026-0009").status_code == 404


def test_a_computing_plan_tells_how_far_it_is_and_can_be_cancelled(manager, short, monkeypatch):
    monkeypatch.setattr(making, "_AT_ONCE", 0)
    here = manager.post("/plans", data={"site": ""}).headers["Location"]
    page = manager.get(here).text
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "Waits for its turn" in page
    part = manager.get(f"{here}/progress")
    assert "It is the next one to be computed" in part.text
    assert "<html" not in part.text
    assert manager.post(f"{here}/cancel").headers["Location"] == here
    assert "cancelled it before it was computed" in text_of(manager.get(here))
    done = manager.get(f"{here}/progress")
    assert (done.status_code, done.headers["HX-Refresh"]) == (204, "true")
    assert "is not being computed" in text_of(manager.post(f"{here}/cancel", follow_redirects=True))
    assert manager.get("/plans/NONE/progress").status_code == 404
