"""Every setting, typed, read from the environment once. Everything has a default that suits one spa on one machine."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent
SHORTEST_KEY = 32
SMTP_PORTS = {"none": 25, "starttls": 587, "tls": 465}


class ConfigError(Exception):
    """A setting that cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server. Without one, mail stays readable in the application."""

    host: str
    port: int
    security: str  # "none", "starttls" or "tls"
    user: str | None
    password: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the installation decides; what the company decides is edited in the application's settings."""

    # DATA_DIR: the database file and the generated key live here. Default ./data
    data_dir: Path
    # DATABASE_URL: sqlite:///PATH or postgresql://USER:PASSWORD@HOST/NAME. Default: a file in DATA_DIR
    database_url: str
    # SECRET_KEY signs sessions and links. Default: made once, kept in DATA_DIR/secret_key, readable by its owner only
    secret_key: str
    # STILLROOM_HOST, PORT: where `dev.py run` listens. Default 127.0.0.1:8000
    host: str = "127.0.0.1"
    port: int = 8000
    # STILLROOM_URL: how links in mails and on papers begin. Default http://HOST:PORT
    public_url: str = "http://127.0.0.1:8000"
    # STILLROOM_PRODUCTION=1: insist on a SECRET_KEY and send cookies over HTTPS only. Default 0
    production: bool = False
    # STILLROOM_DEMO=0: an empty installation stays empty. Default 1
    demo: bool = True
    # TRUSTED_PROXIES: how many reverse proxies in front may be believed about the client's address. Default 0
    trusted_proxies: int = 0
    # STILLROOM_SMTP_HOST, _PORT, _USER, _PASSWORD and _SECURITY (none, starttls, tls; default starttls).
    # Default: no mail server; mail stays readable in the application
    smtp: Smtp | None = None
    # STILLROOM_MAIL_FROM: the sender of every mail
    mail_from: str = "stillroom@localhost"
    # STILLROOM_LIMITS: where rate limits are counted; memory:// is right for one process only
    limits_url: str = "memory://"
    # STILLROOM_API_LIMIT: for API tokens, such as "600 per minute". Default: none
    api_limit: str = ""
    # STILLROOM_MAX_UPLOAD_MB: the largest file or form taken. Default 20
    max_upload_bytes: int = 20 * 1024 * 1024
    # STILLROOM_PLAN_SECONDS: how long a large purchase plan may be computed. Default 20
    plan_seconds: int = 20
    # STILLROOM_PAYMENT_SECRET: shared with the payment provider, 32 characters or more; signs what it tells us at
    # /webhooks/payments. Default: none, and then nobody is believed
    payment_secret: str = ""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        data_dir = Path(env.get("DATA_DIR") or ROOT / "data").absolute()
        production = _flag(env, "STILLROOM_PRODUCTION", default=False)
        host = env.get("STILLROOM_HOST") or "127.0.0.1"
        port = _number(env, "PORT", 8000, most=65535)
        return cls(
            data_dir=data_dir,
            database_url=env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'stillroom.db'}",
            secret_key=_secret_key(env, data_dir, production=production),
            host=host,
            port=port,
            public_url=(env.get("STILLROOM_URL") or f"http://{quote(host, ':[]')}:{port}").rstrip(
                "/"
            ),
            production=production,
            demo=_flag(env, "STILLROOM_DEMO", default=True),
            trusted_proxies=_number(env, "TRUSTED_PROXIES", 0, most=10),
            smtp=_smtp(env),
            mail_from=env.get("STILLROOM_MAIL_FROM") or "stillroom@localhost",
            limits_url=env.get("STILLROOM_LIMITS") or "memory://",
            api_limit=env.get("STILLROOM_API_LIMIT") or "",
            max_upload_bytes=_number(env, "STILLROOM_MAX_UPLOAD_MB", 20, most=1000) * 1024 * 1024,
            plan_seconds=_number(env, "STILLROOM_PLAN_SECONDS", 20, most=3600),
            payment_secret=_payment_secret(env),
        )


def _secret_key(env: Mapping[str, str], data_dir: Path, *, production: bool) -> str:
    given = env.get("SECRET_KEY", "")
    if production and len(given) < SHORTEST_KEY:
        raise ConfigError(
            f"STILLROOM_PRODUCTION needs a SECRET_KEY of {SHORTEST_KEY} characters or more."
        )
    return given or _kept_key(data_dir)


def _payment_secret(env: Mapping[str, str]) -> str:
    given = env.get("STILLROOM_PAYMENT_SECRET", "")
    if given and len(given) < SHORTEST_KEY:
        raise ConfigError(f"STILLROOM_PAYMENT_SECRET needs {SHORTEST_KEY} characters or more.")
    return given


def _kept_key(data_dir: Path) -> str:
    path = data_dir / "secret_key"
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside (mode 600 from the start) and linked: of two processes starting at once both read one whole key.
        descriptor, name = tempfile.mkstemp(dir=data_dir)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    return path.read_text().strip()


def _smtp(env: Mapping[str, str]) -> Smtp | None:
    host = env.get("STILLROOM_SMTP_HOST")
    if not host:
        return None
    security = env.get("STILLROOM_SMTP_SECURITY") or "starttls"
    if security not in SMTP_PORTS:
        raise ConfigError(f"STILLROOM_SMTP_SECURITY is none, starttls or tls, not {security!r}.")
    return Smtp(
        host=host,
        port=_number(env, "STILLROOM_SMTP_PORT", SMTP_PORTS[security], most=65535),
        security=security,
        user=env.get("STILLROOM_SMTP_USER") or None,
        password=env.get("STILLROOM_SMTP_PASSWORD") or None,
    )


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name) or str(int(default))
    if value not in {"0", "1"}:
        raise ConfigError(f"{name} is 0 or 1, not {value!r}.")
    return value == "1"


def _number(env: Mapping[str, str], name: str, default: int, *, most: int) -> int:
    value = env.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and int(value) <= most):
        raise ConfigError(f"{name} is a whole number up to {most}, not {value!r}.")
    return int(value)
