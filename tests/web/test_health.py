"""What watchdogs ask."""

import pytest

from tests.apps import an_app


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_migrated_application_is_alive_and_ready(fresh_database, tmp_path, path):
    with an_app(fresh_database, tmp_path) as app:
        answer = app.test_client().get(path)
    assert answer.status_code == 200
    assert answer.get_json()["status"] == "ok"


def test_an_unmigrated_database_is_alive_but_not_ready(tmp_path):
    with an_app(f"sqlite:///{tmp_path}/empty.db", tmp_path) as app:
        assert app.test_client().get("/healthz").status_code == 200
        answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["database"] == "not migrated"


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/none", "sqlite:////no/such/folder/x.db"])
def test_a_database_out_of_reach_is_said_without_details(tmp_path, url):
    with an_app(url, tmp_path) as app:
        answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {"status": "unavailable", "database": "unreachable"}
