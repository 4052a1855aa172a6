"""A spa that orders, behind its doors."""

import pytest

from procurement.kernel.permissions import Role
from tests.doors import sign_in
from tests.purchasing.builders import a_spa_that_orders


@pytest.fixture
def work(app):
    """Transactions on the application's database."""
    uow = app.extensions["uow"]
    with uow.write() as session:
        a_spa_that_orders(session)
    return uow


@pytest.fixture
def manager(client, work):
    """The browser of a spa manager."""
    sign_in(client, Role.SPA_MANAGER)
    return client
