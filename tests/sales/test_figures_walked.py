"""Quotes at random through the real doors, until they are invoiced: every figure agrees wherever it is shown.

STILLROOM_WALKED=1000 pytest tests/sales/test_figures_walked.py
"""

import os

from procurement.accounts.operations.tokens import issue_token
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.api.programs import Program
from tests.doors import an_account, sign_in
from tests.sales.walked_quotes import Doors, a_shop_of_everything, disagreements

WALKED = int(os.environ.get("STILLROOM_WALKED", "12"))
FIRST = int(os.environ.get("STILLROOM_FIRST_QUOTE", "0"))


def test_a_quote_says_the_same_on_every_page_and_paper_until_it_is_invoiced(app, client):
    a_shop_of_everything(app)
    with app.extensions["uow"].write() as session:
        email = an_account(session, Role.ADMINISTRATOR).email
        token = issue_token(session, email, "walk", at=utc_now())
    sign_in(client, Role.SALES)
    doors = Doors(app, Program(app.test_client(), token), client, app.test_client())
    found = []
    for seed in range(FIRST, FIRST + WALKED):
        found += disagreements(seed, doors)
    assert found == []
