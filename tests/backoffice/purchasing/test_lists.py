"""The lists of buying: page by page, the same few statements whatever their length, all rows in a file."""

from datetime import date

from sqlalchemy import select

from procurement.accounts.models import User
from procurement.kernel.money import Money
from procurement.purchasing.operations.blankets import AgreeBlanket, agree_blanket
from procurement.purchasing.operations.budgeting import SaveBudget, create_budget
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.templating import save_template
from procurement.purchasing.terms import BudgetPeriod
from tests.purchasing.builders import ANA, MONDAY, a_draft
from tests.queries import assert_queries


def test_the_lists_of_buying_send_the_same_few_statements(app, manager, work):
    with work.write() as session:
        order = a_draft(session).number
        for n in range(12):
            save_template(session, order, f"T{n:02d}", actor=ANA, at=MONDAY)
            lines = (NewOrderLine(product="ALM-500", pack="case", packs=9, unit_price="70.00"),)
            days = {"valid_from": date(2026, 1, 1), "valid_until": date(2029, 1, 1)}
            agreed = AgreeBlanket(supplier="CORRIB", name="", lines=lines, **days)
            agree_blanket(session, agreed, actor=ANA, at=MONDAY)
            budget = SaveBudget(
                code=f"B{n:02d}",
                name=f"B{n:02d}",
                owner=session.scalars(select(User.id)).first(),
                period=BudgetPeriod.YEAR,
                amount=Money(100_000, "EUR"),
            )
            create_budget(session, budget, actor=ANA, at=MONDAY)
    for path, most in (("/order-templates", 16), ("/blanket-orders", 16), ("/budgets", 19)):
        with assert_queries(app.extensions["uow"].engine, most):
            page = manager.get(f"{path}?limit=10").text
        assert "cursor=" in page
        assert len(manager.get(f"{path}?format=csv").text.strip().splitlines()) == 13
