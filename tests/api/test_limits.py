"""Tokens are counted where the installation says so."""

import pytest

from tests.apps import an_application
from tests.doors import a_config


@pytest.fixture
def app(fresh_database, tmp_path):
    app = an_application(a_config(fresh_database, tmp_path, api_limit="3 per minute"))
    yield app
    app.extensions["uow"].engine.dispose()


def test_a_token_beyond_its_limit_waits_and_another_does_not(program):
    eager, calm = program(), program()
    answers = [eager.get("/sites") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1].mimetype == "application/problem+json"
    assert int(answers[-1].headers["Retry-After"]) == 60
    assert calm.get("/sites").status_code == 200
