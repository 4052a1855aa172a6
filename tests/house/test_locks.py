"""The locks fit what they were made from, and can be installed by hash alone."""

import re
from pathlib import Path

import pytest

import dev

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str]]:
    return set(PINNED.findall((dev.ROOT / name).read_text()))


@pytest.mark.parametrize("name", dev.LOCKS)
def test_a_lock_was_resolved_from_the_files_beside_it(name):
    first = (dev.ROOT / name).read_text().splitlines()[0]
    expected = f"# resolved from {dev.fingerprint(dev.LOCKS[name])}"
    assert first == expected, "requirements*.in changed: run python3 dev.py lock"


@pytest.mark.parametrize("name", dev.LOCKS)
def test_every_package_of_a_lock_has_a_hash(name):
    body = (dev.ROOT / name).read_text()
    blocks = re.split(r"\n(?=\S)", body)[1:]
    assert blocks
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_tests_run_on_the_packages_the_application_runs_on():
    assert pins("requirements.lock") <= pins("requirements-dev.lock")


def test_one_tool_is_taken_from_the_lock_alone():
    with dev.one_tool("uv") as path:
        text = Path(path).read_text()
    assert text.startswith("uv==")
    assert len(PINNED.findall(text)) == 1
