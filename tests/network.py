"""Tests stay on this machine: a connection to any other address is an error."""

import ipaddress
import socket
from typing import Any

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex


def require_local(address: Any) -> None:
    """Unix sockets have a path for an address; the rest begin with a host."""
    host = address[0] if isinstance(address, tuple) else "localhost"
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = host in {"localhost", ""}
    if not local:
        raise AssertionError(f"a test tried to reach {host!r}")


def connect(self: socket.socket, address: Any) -> None:
    require_local(address)
    _connect(self, address)


def connect_ex(self: socket.socket, address: Any) -> int:
    require_local(address)
    return _connect_ex(self, address)
