"""What a password must be, and its hash."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
FEWEST_LETTERS = 5
FEWEST_OWN = 6  # what is left without the words everybody uses
_WORN_OUT = ("password", "passwort", "123456", "qwerty", "qwertz", "letmein", "stillroom")
_hasher = PasswordHasher()


def faults_of(password: str, *, email: str = "") -> list[str]:
    """Why a password is not good enough, as sentences; an empty list for a good one."""
    faults = []
    if len(password) < SHORTEST:
        faults.append(f"A password has {SHORTEST} characters or more; a few words do well.")
    if len(password) > LONGEST:
        faults.append(f"A password has at most {LONGEST} characters.")
    if len(set(password)) < FEWEST_LETTERS:
        faults.append("That repeats itself too much.")
    lowered = password.lower()
    core = lowered
    for worn in _WORN_OUT:
        core = core.replace(worn, "")
    if len(core) < FEWEST_OWN:
        faults.append("That is among the first passwords somebody would try.")
    if email and lowered == email.lower():
        faults.append("The mail address is no password.")
    return faults


def normalised(password: str) -> str:
    """One spelling of each letter, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKD", password)


def hash_password(password: str) -> str:
    return _hasher.hash(normalised(password))


def is_password(hashed: str | None, password: str) -> bool:
    """Whether this is the password that was hashed; nobody's when there is none."""
    if hashed is None:
        return False
    try:
        return _hasher.verify(hashed, normalised(password))
    except (VerificationError, InvalidHashError):
        return False
