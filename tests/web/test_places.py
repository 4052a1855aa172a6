"""Where one is: the rail lights the place and, under it, the page list."""

import re

import pytest

from procurement.web.places import EXTRA, PLACES
from tests.doors import sign_in


@pytest.fixture
def database() -> str:
    return "sqlite"


def test_every_place_and_page_list_leads_to_a_page(app):
    for place in (*PLACES, *EXTRA):
        for endpoint in (place.endpoint, *(section.endpoint for section in place.sections)):
            assert endpoint in app.view_functions, endpoint
            assert place.holds(endpoint.split(".")[0]), endpoint


def test_no_page_lights_two_places():
    lit = [
        blueprint
        for place in (*PLACES, *EXTRA)
        for part in (place, *place.sections)
        for blueprint in part.blueprints
    ]
    assert len(lit) == len(set(lit))


def test_a_page_lights_its_list_once_in_the_rail_and_once_above_it(client):
    sign_in(client)
    page = client.get("/goods-receipts").text
    lit = re.findall(r'<a href="([^"]+)" aria-current="page">([^<]+)</a>', page)
    assert lit == [("/goods-receipts", "Receipts")] * 2
