"""Where a basket may be sent: by the buyer's own browser, to a page of a host that was agreed on, and nowhere else."""

import re
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit

KEPT = timedelta(days=90)  # visits, and messages that made no order
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)
_HERE = frozenset({"localhost", "127.0.0.1"})
_PLAIN = re.compile(r"[!-~]+")
_LONGEST = 2_000


def host_of(typed: str) -> str:
    """A host as it is compared, with its port where one is named; ValueError with a sentence for people."""
    host = typed.strip().lower().removeprefix("https://").rstrip("/")
    if not _HOST.fullmatch(host) or ".." in host:
        raise ValueError(f"{typed.strip()[:60]!r} is no host, such as buy.example.com.")
    return host


def frames_of(hosts: Collection[str]) -> tuple[str, ...]:
    """The origins whose pages may hold the shop: https, except the machine itself."""
    return tuple(f"{'http' if host.split(':')[0] in _HERE else 'https'}://{host}" for host in hosts)


def origin_of(address: str, hosts: Collection[str]) -> str:
    """The origin a basket may be posted to; ValueError with a sentence where it may not go to that address.

    Only https, except to the machine itself; no name and password in it, and no character that browsers read in
    different ways.
    """
    if len(address) > _LONGEST or not _PLAIN.fullmatch(address) or "\\" in address:
        raise ValueError("The BrowserFormPost URL cannot be read.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("The BrowserFormPost URL cannot be read.") from None
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _HERE):
        raise ValueError("The BrowserFormPost URL begins with https.")
    if "@" in parts.netloc:
        raise ValueError("The BrowserFormPost URL names a person.")
    known = f"{host}:{port}" if port else host
    usual = {"https": 443, "http": 80}[parts.scheme]
    if known not in hosts and not (port == usual and host in hosts):
        raise ValueError(f"Baskets are not sent to {known[:100]}: that host was not agreed on.")
    return f"{parts.scheme}://{known}"
