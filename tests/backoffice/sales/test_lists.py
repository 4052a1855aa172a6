"""Lists of sales: filters in the address, and files that leave nothing out."""

import pytest

from procurement.kernel.paging import MAX_LIMIT
from procurement.kernel.permissions import Role
from tests.doors import sign_in
from tests.sales.stories import a_customer, a_ready_shop


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.ADMINISTRATOR)
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
    return client


def test_more_customers_than_a_page_holds_are_all_exported_and_offered(app, shop):
    with app.extensions["uow"].write() as session:
        for number in range(MAX_LIMIT + 5):
            a_customer(session, f"MORE-{number:03d}")
    exported = shop.get("/customers/?format=csv").text
    offered = shop.get("/quotes/new").text
    for number in (0, MAX_LIMIT, MAX_LIMIT + 4):
        assert f"MORE-{number:03d}" in exported
        assert f'value="MORE-{number:03d}"' in offered


@pytest.mark.parametrize(
    "address",
    [
        "/quotes/?status=",
        "/enquiries/?status=",
        "/customers/?kind=",
        "/products/?kind=",
        "/products/?status=",
        "/transfers/?status=",
        "/settings/mail?status=",
    ],
)
def test_a_word_that_is_no_filter_is_a_page_that_is_not_there(shop, address):
    assert shop.get(address).status_code == 200
    assert shop.get(f"{address}nonsense").status_code == 404
