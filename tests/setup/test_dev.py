"""The bootstrap: what is there is left alone, what is broken is made again, a failure is one clear line."""

import json
import shutil
import subprocess
import sys

import pytest

import dev


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A checkout of its own, with no environment yet."""
    environment = tmp_path / ".venv"
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", environment)
    monkeypatch.setattr(dev, "PYTHON", environment / "bin" / "python")
    monkeypatch.setattr(dev, "STAMP", environment / "stillroom.json")
    monkeypatch.setattr(dev, "TOOLS", tmp_path / ".tools")
    monkeypatch.setattr(dev, "VENDOR", tmp_path / "static" / "vendor")
    for name in ("requirements.lock", "requirements-dev.lock", "package-lock.json"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def installed(monkeypatch):
    """What would have been installed; nothing is fetched."""
    wanted: list[list[str]] = []

    def install(what, target=None):
        wanted.append(what)
        return True

    monkeypatch.setattr(dev, "install", install)
    return wanted


def make_environment_without_pip():
    shutil.rmtree(dev.VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", dev.VENV], check=True)


@pytest.fixture(autouse=True)
def _quick_environments(monkeypatch):
    monkeypatch.setattr(dev, "create_environment", make_environment_without_pip)


def test_packages_are_installed_once(place, installed):
    dev.ensure_packages("requirements.lock")
    dev.ensure_packages("requirements.lock")
    assert installed == [["-r", "requirements.lock"]]


def test_a_changed_lock_is_installed_again(place, installed):
    dev.ensure_packages("requirements.lock")
    (place / "requirements.lock").write_text("changed")
    dev.ensure_packages("requirements.lock")
    assert len(installed) == 2


def test_who_has_the_packages_of_the_tests_has_those_of_the_application(place, installed):
    dev.ensure_packages("requirements-dev.lock")
    dev.ensure_packages("requirements.lock")
    assert installed == [["-r", "requirements-dev.lock"]]


def test_a_broken_environment_is_made_again(place, installed):
    dev.ensure_packages("requirements.lock")
    dev.PYTHON.unlink()
    dev.PYTHON.symlink_to("/nowhere/python3")
    dev.ensure_packages("requirements.lock")
    assert len(installed) == 2
    assert dev.new_stamp()["python"] == sys.version.strip()


def test_an_environment_of_another_folder_is_made_again(place, installed):
    dev.ensure_packages("requirements.lock")
    stamp = json.loads(dev.STAMP.read_text())
    dev.STAMP.write_text(json.dumps(stamp | {"place": "/elsewhere/.venv"}))
    dev.ensure_packages("requirements.lock")
    assert len(installed) == 2


def test_a_linked_environment_is_used_as_it_is(place, installed, tmp_path_factory):
    dev.VENV.symlink_to(tmp_path_factory.mktemp("shared"))
    dev.ensure_packages("requirements.lock")
    assert installed == []


def test_a_failed_installation_is_tried_again_next_time(place, monkeypatch):
    monkeypatch.setattr(dev, "install", lambda what: False)
    with pytest.raises(SystemExit):
        dev.ensure_packages("requirements.lock")
    monkeypatch.setattr(dev, "install", lambda what: True)
    dev.ensure_packages("requirements.lock")
    assert json.loads(dev.STAMP.read_text())["requirements.lock"]


@pytest.fixture
def npm(place, monkeypatch):
    """A registry that answers, or not."""

    def answer(*, works):
        def fetch():
            for source in dev.VENDOR_FILES.values() if works else ():
                file = place / "node_modules" / source
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(source)
            return works

        monkeypatch.setattr(dev, "fetch_node_modules", fetch)

    return answer


def test_the_front_end_files_are_copied_with_their_licences(npm):
    npm(works=True)
    dev.ensure_front_end(required=True)
    copied = {str(path.relative_to(dev.VENDOR)) for path in dev.VENDOR.rglob("*") if path.is_file()}
    assert copied == {*dev.VENDOR_FILES, "manifest.json"}
    assert {"htmx/LICENSE", "inter/LICENSE"} <= copied


def test_front_end_files_that_are_there_are_not_fetched_again(npm):
    npm(works=True)
    dev.ensure_front_end(required=True)
    npm(works=False)
    dev.ensure_front_end(required=True)
    (dev.VENDOR / "htmx" / "htmx.min.js").unlink()
    with pytest.raises(SystemExit):
        dev.ensure_front_end(required=True)


def test_without_npm_the_application_runs_with_one_warning(npm, capsys):
    npm(works=False)
    dev.ensure_front_end(required=False)
    assert capsys.readouterr().out.count("Warning") == 1


def test_without_npm_the_tests_do_not_pass_unnoticed(npm):
    npm(works=False)
    with pytest.raises(SystemExit):
        dev.ensure_front_end(required=True)


def test_browser_tests_are_never_skipped_in_ci(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit):
        dev.ensure_chromium()
