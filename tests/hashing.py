"""Passwords are hashed quickly in tests: what is tested is who gets in, not how hard argon2 works."""

import pytest
from argon2 import PasswordHasher

from procurement.accounts.rules import passwords
from procurement.web import identity

_OPTIONS = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"
COSTS = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


def hash_quickly() -> None:
    passwords._hasher = PasswordHasher(**COSTS)
    options = {f"argon2__{name}": cost for name, cost in COSTS.items()}
    identity._SECURITY[_OPTIONS] = options


def hash_as_customers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test of how hard it is: ask before the application is made."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher())
    monkeypatch.delitem(identity._SECURITY, _OPTIONS)
