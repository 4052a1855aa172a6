"""One file that holds the whole installation: the database (pictures and papers are rows of it) and its checksum.

The file is a ZIP with `manifest.json` and the database as its own tools copy it: SQLite's online backup, which runs
beside writers, or PostgreSQL's custom dump format. The secret key is not in it.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import URL, make_url

from procurement.kernel import migrations
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Invalid

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the archive says about itself."""

    format: int
    engine: str
    version: str
    made_at: str
    file: str
    sha256: str


def back_up(url: str, target: Path, *, at: datetime) -> Manifest:
    """Write the archive. It appears under its name only when it is complete."""
    address = make_url(url)
    if target.exists():
        raise Conflict(f"{target} exists already; a backup never overwrites another.")
    if not target.parent.is_dir():
        raise Invalid(f"There is no folder {target.parent}.")
    version = _version_at(url)
    if version is None:
        raise Conflict("There is no database yet, so there is nothing to back up.")
    with _beside(target) as folder:
        engine = address.get_backend_name()
        name = "database.sqlite" if engine == "sqlite" else "database.pgdump"
        copy = folder / name
        _copy_sqlite(_sqlite_path(address), copy) if engine == "sqlite" else _dump(address, copy)
        manifest = Manifest(FORMAT, engine, version, at.isoformat(), name, _sha256(copy))
        archive = folder / "archive.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            file.write(copy, name)
        archive.chmod(0o600)  # people's names and addresses are in it
        with archive.open("rb") as written:
            os.fsync(written.fileno())
        archive.rename(target)
    return manifest


def restore(url: str, source: Path, *, replace: bool) -> Manifest:
    """Put the archive's database in place of this one. Nothing is touched before the archive has proved whole."""
    address = make_url(url)
    if not replace and _has_tables(url):
        raise Conflict("This database is not empty; --replace puts the backup in its place.")
    with tempfile.TemporaryDirectory() as name:
        manifest, copy = _unpacked(source, Path(name))
        if manifest.engine != address.get_backend_name():
            raise Conflict(
                f"This is a backup of {manifest.engine}; DATABASE_URL names another engine."
            )
        if not migrations.is_known(manifest.version):
            raise Conflict(
                "The backup was made by a newer version of Stillroom; upgrade that first."
            )
        if manifest.engine == "sqlite":
            _require_sound(copy)
            path = _sqlite_path(address)
            path.parent.mkdir(parents=True, exist_ok=True)
            _copy_sqlite(copy, path)
        else:
            _load(address, copy)
    return manifest


# --- the archive ----------------------------------------------------------------------------


def _unpacked(source: Path, folder: Path) -> tuple[Manifest, Path]:
    """The manifest, and the database file after its checksum was compared."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            if manifest.format != FORMAT:
                raise Invalid(f"{source} has a format this version does not read.")
            copy = folder / "database"
            with archive.open(manifest.file) as packed, copy.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked, CHUNK)
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise Invalid(f"{source} is not a whole backup of Stillroom: {error}") from error
    if _sha256(copy) != manifest.sha256:
        raise Invalid(f"{source} is damaged: its checksum does not fit.")
    return manifest, copy


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        yield Path(name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- SQLite ---------------------------------------------------------------------------------


def _sqlite_path(address: URL) -> Path:
    if not address.database or address.database == ":memory:":
        raise Invalid("A database in memory cannot be backed up.")
    return Path(address.database)


def _copy_sqlite(source: Path, target: Path) -> None:
    """Page by page through SQLite itself: right beside writers, and right with a write-ahead log on either side."""
    with (
        contextlib.closing(sqlite3.connect(source)) as read_from,
        contextlib.closing(sqlite3.connect(target, timeout=30)) as write_to,
    ):
        read_from.backup(write_to)


def _require_sound(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
    if verdict != "ok":
        raise Invalid(f"The backup's database is damaged: {verdict}")


# --- PostgreSQL -----------------------------------------------------------------------------


def _dump(address: URL, target: Path) -> None:
    _postgres(
        address, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}"
    )


def _load(address: URL, source: Path) -> None:
    # In one transaction: either the whole backup stands, or what stood before.
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    _postgres(address, "pg_restore", *options, str(source))


def _postgres(address: URL, program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if not found:
        raise Conflict(f"{program} is not on the PATH; install PostgreSQL's client programs.")
    # The password goes by the environment: everybody can read a command line.
    place = address.set(drivername="postgresql", password=None).render_as_string()
    environment = os.environ | ({"PGPASSWORD": str(address.password)} if address.password else {})
    command = [found, *arguments[:-1], f"--dbname={place}", arguments[-1]]
    result = subprocess.run(  # noqa: S603 (a program of PostgreSQL, arguments of our own)
        command, env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        lines = result.stderr.strip().splitlines() or ["no reason given"]
        raise Conflict(f"{program} failed: {lines[0]}")


# --- both -----------------------------------------------------------------------------------


def _version_at(url: str) -> str | None:
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not _sqlite_path(address).exists():
        return None  # asking would create an empty file
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return migrations.version_of(connection)
    finally:
        engine.dispose()


def _has_tables(url: str) -> bool:
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not _sqlite_path(address).exists():
        return False
    engine = make_engine(url)
    try:
        return bool(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()
