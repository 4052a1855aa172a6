"""A program's view of the application: a token, JSON in, JSON out."""

from collections.abc import Callable

import pytest
from flask import Flask

from procurement.accounts.operations.tokens import issue_token
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.queries.customers import customer_by_code
from procurement.stock.operations.places import ensure_virtual_locations
from tests.api.programs import Program
from tests.api.stories import set_up_spa
from tests.doors import an_account


@pytest.fixture
def program(app: Flask) -> Callable[..., Program]:
    """`program(Role.SALES)`: a program with a token of somebody with that role."""
    unit_of_work = app.extensions["uow"]
    with unit_of_work.write() as session:
        ensure_virtual_locations(session)

    def make(role: Role | None = Role.ADMINISTRATOR, *, customer: str | None = None) -> Program:
        if role is None:
            return Program(app.test_client(), None)
        with unit_of_work.write() as session:
            owner = customer_by_code(session, customer) if customer else None
            user = an_account(session, role, customer_id=owner.id if owner else None)
            token = issue_token(session, user.email, "tests", at=utc_now())
        return Program(app.test_client(), token, user.email)

    return make


@pytest.fixture
def spa(program: Callable[..., Program]) -> Program:
    """An administrator's program, in a spa with a storeroom, an oil, a supplier and a customer."""
    api = program()
    set_up_spa(api)
    return api
