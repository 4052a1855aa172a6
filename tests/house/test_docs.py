"""What the README tells people to type exists."""

import re

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


def test_every_setting_is_in_the_readme():
    source = (dev.ROOT / "config.py").read_text(encoding="utf-8")
    settings = set(re.findall(r'"((?:STILLROOM_)?[A-Z][A-Z_]+)"', source))
    assert sorted(name for name in settings if name not in README) == []
