"""`purchasing import-prices`: what it prints, and what it exits with."""

import json
from datetime import timedelta

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.unit_of_work import UnitOfWork
from tests.apps import an_app
from tests.purchasing.builders import a_spa_that_orders

GOOD = "Item code,Min qty,Price\nCORRIB-ALM-500,1,90.00\n"


@pytest.fixture
def run(tmp_path, fresh_database):
    engine = make_engine(fresh_database)
    with UnitOfWork(engine).write() as session:
        a_spa_that_orders(session)
    engine.dispose()

    def run(content: str, *words: str):
        file = tmp_path / "list.csv"
        file.write_text(content)
        with an_app(fresh_database, tmp_path) as app:
            words = ("purchasing", "import-prices", str(file), "--supplier", "CORRIB", *words)
            return app.test_cli_runner().invoke(args=list(words))

    return run


def test_prices_are_compared_and_applied(run):
    trial = run(GOOD, "--dry-run")
    assert trial.exit_code == 0
    assert "84.00 -> 90.00, +7.1 %" in trial.stdout
    assert "Nothing was kept" in trial.stdout
    said = json.loads(run(GOOD, "--json").stdout)
    assert (said["status"], said["refused"]) == ("read", [])
    assert said["counts"] == {"changed": 1, "same": 0, "new": 0, "unknown": 0, "missing": 1}
    day = (utc_now() + timedelta(days=9)).date().isoformat()
    later = json.loads(run(GOOD, "--json", "--apply-on", day).stdout)
    assert (later["status"], later["apply_on"]) == ("scheduled", day)


def test_rows_that_are_refused_are_1_and_a_file_without_prices_is_2(run):
    some = run(GOOD + "X,1,\n")
    assert some.exit_code == 1
    assert "Row 3 refused: Price is missing" in some.stdout
    unusable = run("a,b\n1,2\n", "--json")
    assert unusable.exit_code == 2
    assert "the file has a, b" in json.loads(unusable.stdout)["error"]
    assert "--map" in unusable.stderr
