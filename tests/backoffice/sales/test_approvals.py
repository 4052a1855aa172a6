"""A quote that waits: told in the editor, on Today and on a page of its own."""

from procurement.kernel.clock import utc_now
from procurement.kernel.money import Rate
from procurement.kernel.permissions import Role
from procurement.sales.operations.approval_rules import NewQuoteRule, add_quote_rule
from tests.builders import an_actor
from tests.doors import sign_in
from tests.sales.stories import a_draft, a_line, a_ready_shop


def test_it_is_asked_for_looked_at_sent_back_and_approved(app, client):
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
        number = a_draft(session, a_line(off="20"), valid_until=utc_now().date()).number
        rule = NewQuoteRule(discount_above=Rate(1000))
        add_quote_rule(session, rule, actor=an_actor(), at=utc_now())
    sign_in(client, Role.SALES)
    assert "Ask for approval" in client.get(f"/quotes/{number}").text
    assert client.post(f"/quotes/{number}/ask").status_code == 303
    assert "Waits for approval" in client.get(f"/quotes/{number}").text
    assert "Quotes to approve" in client.get("/today").text
    page = client.get(f"/quotes/{number}/approval").text
    assert "20 % is above 10 %" in page
    assert client.post(f"/quotes/{number}/approval/send-back", data={"why": ""}).status_code == 422
    back = client.post(f"/quotes/{number}/approval/send-back", data={"why": "Too much"})
    assert back.status_code == 303
    assert "Too much" in client.get(f"/quotes/{number}").text
    assert client.post(f"/quotes/{number}/ask").status_code == 303
    assert client.post(f"/quotes/{number}/approval/approve").status_code == 303
    assert "Approved by" in client.get(f"/quotes/{number}").text
    assert (
        "not wait" in client.post(f"/quotes/{number}/approval/approve", follow_redirects=True).text
    )


def test_the_rules_are_set_and_taken_away(client):
    sign_in(client, Role.ADMINISTRATOR)
    address = "/settings/quote-approvals"
    assert client.post(address, data={}).status_code == 422
    assert client.post(address, data={"discount_above": "15", "roles": "sales"}).status_code == 303
    assert "discount above 15 %" in client.get(address).text
    assert client.post(f"{address}/1/remove").status_code == 303
