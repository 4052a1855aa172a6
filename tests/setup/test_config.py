"""Settings: read once, typed, refused by name."""

import stat

import pytest

from config import Config, ConfigError

LONG_KEY = "a-key-of-at-least-thirty-two-characters"


def test_without_any_setting_everything_lives_in_the_data_folder(tmp_path):
    config = Config.from_env({"DATA_DIR": str(tmp_path)})
    assert config.database_url == f"sqlite:///{tmp_path}/stillroom.db"
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.demo
    assert config.smtp is None


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "new"
    first = Config.from_env({"DATA_DIR": str(folder)}).secret_key
    assert len(first) > 40
    assert Config.from_env({"DATA_DIR": str(folder)}).secret_key == first
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("key", ["", "short"])
def test_production_refuses_to_start_without_a_key_of_its_own(tmp_path, key):
    env = {"DATA_DIR": str(tmp_path), "STILLROOM_PRODUCTION": "1", "SECRET_KEY": key}
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        Config.from_env(env)
    assert Config.from_env(env | {"SECRET_KEY": LONG_KEY}).secret_key == LONG_KEY


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("TRUSTED_PROXIES", "1.5"),
        ("STILLROOM_DEMO", "no"),
        ("STILLROOM_PRODUCTION", "true"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(tmp_path, name, value):
    with pytest.raises(ConfigError, match=name):
        Config.from_env({"DATA_DIR": str(tmp_path), name: value})


@pytest.mark.parametrize(("security", "port"), [("none", 25), ("starttls", 587), ("tls", 465)])
def test_the_mail_port_follows_the_security_unless_said(tmp_path, security, port):
    env = {"DATA_DIR": str(tmp_path), "STILLROOM_SMTP_HOST": "mail.example"}
    env["STILLROOM_SMTP_SECURITY"] = security
    smtp = Config.from_env(env).smtp
    assert smtp
    assert smtp.port == port
    chosen = Config.from_env(env | {"STILLROOM_SMTP_PORT": "2525"}).smtp
    assert chosen
    assert chosen.port == 2525


def test_an_unknown_mail_security_is_refused(tmp_path):
    env = {"DATA_DIR": str(tmp_path), "STILLROOM_SMTP_HOST": "mail.example"}
    with pytest.raises(ConfigError, match="STILLROOM_SMTP_SECURITY"):
        Config.from_env(env | {"STILLROOM_SMTP_SECURITY": "ssl"})
