"""Passwords are hashed quickly in tests: what is tested is who gets in, not how hard argon2 works."""

from argon2 import PasswordHasher

from procurement.accounts.rules import passwords
from procurement.web import identity

COSTS = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


def hash_quickly() -> None:
    passwords._hasher = PasswordHasher(**COSTS)
    options = {f"argon2__{name}": cost for name, cost in COSTS.items()}
    identity._SECURITY["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = options
