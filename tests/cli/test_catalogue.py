"""`catalogue import`: what it prints, and what it exits with."""

import json
from pathlib import Path

import pytest

from tests.apps import an_app
from tests.exchange.files import OWN

GOOD = "sku,name,kind\nT-1,Roller,tool\nT-2,Ball,tool\n"
MIXED = "sku,name,kind\nT-1,Roller,tool\n,Ball,tool\n"


@pytest.fixture
def run(tmp_path, fresh_database):
    def run(content: str | bytes | Path, *words: str):
        file = content if isinstance(content, Path) else tmp_path / "list.csv"
        if not isinstance(content, Path):
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        with an_app(fresh_database, tmp_path) as app:
            return app.test_cli_runner().invoke(args=["catalogue", "import", str(file), *words])

    return run


def test_all_rows_good_is_0(run):
    result = run(GOOD, "--json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert (said["read"], said["created"], said["updated"], said["unchanged"]) == (2, 2, 0, 0)
    assert said["refused"] == []
    assert isinstance(said["warnings"], list)
    assert json.loads(run(GOOD, "--json").stdout)["unchanged"] == 2


def test_some_refused_is_1_and_the_good_ones_are_kept(run):
    result = run(MIXED, "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["created"] == 1
    assert said["refused"] == [
        {
            "row": 3,
            "column": "sku",
            "reason": "is missing; one can be made from the name",
        }
    ]
    assert json.loads(run(GOOD, "--json").stdout)["created"] == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [("", "empty"), ("a,b\n1,2\n", "columns are not those"), (b"\x00\x01\x02", "neither")],
)
def test_unusable_is_2_with_one_clear_line(run, content, why):
    result = run(content)
    assert result.exit_code == 2
    assert why in result.stderr
    assert result.stderr.count("\n") == 1
    assert why in json.loads(run(content, "--json").stdout)["error"]


def test_a_file_that_is_not_there_is_2(run, tmp_path):
    assert run(tmp_path / "no.csv").exit_code == 2


def test_what_is_needed_is_said_as_an_option(run):
    assert "(--map Artikelnummer=sku" in run("a,b\n1,2\n").stderr
    levels = "Product code,Min quantity,Max quantity\nT-1,1,2\n"
    assert "(--location CODE)" in run(levels).stderr


def test_a_dry_run_keeps_nothing(run):
    result = run(GOOD, "--dry-run")
    assert (result.exit_code, "2 created" in result.stdout, "dry run" in result.stdout) == (
        0,
        True,
        True,
    )
    assert json.loads(run(GOOD, "--json").stdout)["created"] == 2


def test_spree_from_the_command_line(run):
    said = json.loads(run(OWN / "spree_products.csv", "--json").stdout)
    assert (said["read"], said["created"], said["refused"], said["layout"]) == (
        211,
        124,
        [],
        "spree",
    )
    again = json.loads(run(OWN / "spree_products.csv", "--layout", "spree", "--json").stdout)
    assert (again["created"], again["updated"]) == (0, 0)


def test_columns_are_mapped_and_detection_is_overridden(run):
    content = "Liste;;\nArtikel;Bezeichnung;Preis\nT-1;Rolle für Füße;12,50\n".encode("cp1252")
    words = [
        "--map",
        "Artikel=sku",
        "--map",
        "Bezeichnung=name",
        "--map",
        "Preis=price",
        "--kind",
        "tool",
        "--json",
    ]
    first = json.loads(run(content, *words).stdout)
    assert (first["created"], first["refused"]) == (1, [])
    by_hand = [
        "--encoding",
        "cp1252",
        "--separator",
        "semicolon",
        "--header-row",
        "2",
        "--decimal-mark",
        ",",
    ]
    again = json.loads(run(content, *words, *by_hand).stdout)
    assert (again["unchanged"], again["refused"]) == (1, [])


def test_a_map_that_is_none_is_2(run):
    assert run(GOOD, "--map", "nonsense").exit_code == 2
    result = run(GOOD, "--map", "sku=flavour")
    assert result.exit_code == 2
    assert "cannot be the field flavour" in result.stderr


def test_people_read_a_summary(run):
    result = run(MIXED)
    assert "Row 3 refused: sku is missing" in result.stdout
    assert result.stdout.endswith("1 created, 0 updated, 0 unchanged, 1 refused.\n")
