"""The code that opens the set-up page of an empty installation to whoever started it, and to nobody else."""

import hashlib
import hmac

LETTERS = 12


def setup_code(secret_key: str | bytes | None) -> str:
    """The same in every process of one installation, without being stored anywhere."""
    key = secret_key.encode() if isinstance(secret_key, str) else secret_key or b""
    digest = hmac.new(key, b"set-up", hashlib.sha256).hexdigest()[:LETTERS]
    return "-".join(digest[i : i + 4] for i in range(0, LETTERS, 4))


def is_setup_code(secret_key: str | bytes | None, typed: str) -> bool:
    return hmac.compare_digest(setup_code(secret_key).encode(), typed.strip().lower().encode())
