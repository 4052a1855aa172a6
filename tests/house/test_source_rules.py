"""Rules about the source that no linter knows."""

import ast
import re

from tests.house.source import CODE, ROOT, lines_of, tracked_files

# Sign-in keeps a session of its own: Flask-Security commits by itself (docs/decisions).
MAY_COMMIT = {"procurement/kernel/unit_of_work.py", "procurement/web/identity.py"}
# In two halves, so that this file does not name them itself.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "yarn" + "pkg.com"]
REGISTRIES += ["deb." + "debian.org", "un" + "pkg.com", "js" + "delivr.net"]
MODULE_TASTE, MODULE_LIMIT = 400, 500
FUNCTION_TASTE, FUNCTION_LIMIT = 40, 60


def test_only_the_unit_of_work_commits():
    found = [where for where, line in lines_of(CODE) if re.search(r"\.commit\(", line)]
    assert {where.rsplit(":", 1)[0] for where in found} <= MAY_COMMIT


def test_every_flush_says_why_on_its_line():
    flush = re.compile(r"\bsession\.flush\(\)(?!  # \w.{5})")
    assert [where for where, line in lines_of(CODE) if flush.search(line)] == []


def test_no_file_names_a_package_registry():
    found = [
        where
        for where, line in lines_of(tracked_files())
        if any(host in line for host in REGISTRIES)
    ]
    assert found == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on():
    place = re.compile(r"(?<![\w.])/" + r"(work|root|home/\w+)/")
    found = [where for where, line in lines_of(tracked_files()) if place.search(line)]
    assert found == []


def test_nothing_is_left_to_be_done_later():
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
    files = [file for file in tracked_files() if file.suffix in {".py", ".html", ".css", ".js"}]
    files = [file for file in files if "tests/data" not in str(file)]
    assert [where for where, line in lines_of(files) if mark.search(line)] == []


def test_modules_stay_readable_in_one_sitting(capsys):
    sizes = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in CODE}
    tell(capsys, sizes, MODULE_TASTE)
    assert [str(file) for file, size in sizes.items() if size > MODULE_LIMIT] == []
    conftest = ROOT / "tests" / "conftest.py"
    assert len(conftest.read_text(encoding="utf-8").splitlines()) < 150


def test_functions_stay_on_one_screen(capsys):
    sizes = {}
    for file in CODE:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                place = f"{file.relative_to(ROOT)}:{node.lineno} {node.name}"
                sizes[place] = (node.end_lineno or node.lineno) - node.lineno + 1
    tell(capsys, sizes, FUNCTION_TASTE)
    assert [place for place, size in sizes.items() if size > FUNCTION_LIMIT] == []


def tell(capsys, sizes, taste):
    """Above taste and below the limit: said, not refused."""
    for place, size in sizes.items():
        if size > taste:
            with capsys.disabled():
                print(f"\n{size} lines: {place}")  # noqa: T201 (meant for the person who runs the tests)
