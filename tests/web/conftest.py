"""Passwords are hashed quickly here: what is tested is who gets in, not how hard argon2 works."""

import pytest
from argon2 import PasswordHasher

from procurement.accounts.rules import passwords
from procurement.web import identity


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    costs = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(**costs))
    options = {f"argon2__{name}": cost for name, cost in costs.items()}
    monkeypatch.setitem(identity._SECURITY, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS", options)
