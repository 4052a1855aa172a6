"""What the README tells people to type exists."""

import re
from pathlib import Path

import pytest

import dev
from procurement.cli import GROUPS

README = (dev.ROOT / "README.md").read_text(encoding="utf-8")
DEV_COMMANDS = set(re.findall(r"python3 dev\.py ([a-z]+)", README))
CLI_COMMANDS = set(re.findall(r"flask --app wsgi ([a-z-]+) ([a-z-]+)", README))


def test_the_readme_says_how_to_run_and_test():
    assert {"run", "test"} <= DEV_COMMANDS


@pytest.mark.parametrize("command", sorted(DEV_COMMANDS))
def test_a_command_of_dev_exists(command, capsys):
    with pytest.raises(SystemExit) as stop:
        dev.main([command, "--help"])
    assert stop.value.code == 0
    assert command in capsys.readouterr().out


@pytest.mark.parametrize(("group", "verb"), sorted(CLI_COMMANDS))
def test_a_command_of_the_application_exists(group, verb):
    groups = {known.name: known for known in GROUPS}
    assert verb in groups[group].commands


def test_every_link_between_our_documents_leads_somewhere():
    pages = [dev.ROOT / "README.md", dev.ROOT / "CHANGELOG.md", *dev.ROOT.glob("docs/**/*.md")]
    dead = [
        f"{page.relative_to(dev.ROOT)}: {target}"
        for page in pages
        for target in linked_from(page)
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in dev.ROOT.glob("docs/decisions/*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


def linked_from(page: Path) -> list[str]:
    """The files a page links to; and those it names as `docs/...`, which stand below the project."""
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text)
    named = re.findall(r"`(docs/[\w./-]+\.md)`", text)
    return [*links, *(str(dev.ROOT / name) for name in named)]


def test_every_setting_is_in_the_readme():
    source = (dev.ROOT / "config.py").read_text(encoding="utf-8")
    settings = set(re.findall(r'"((?:STILLROOM_)?[A-Z][A-Z_]+)"', source))
    assert sorted(name for name in settings if name not in README) == []
