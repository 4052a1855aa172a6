"""When two customers are probably one: the same tax number or telephone, or a like name and mail domain.

Names are compared without accents, marks and the words that only say what a company is; what is compared are the pairs
of neighbouring letters they share (Dice's coefficient, 0 to 100).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from procurement.kernel.text import fold

LIKE, LIKE_IN_DOMAIN = 85, 40
# Everybody has an address there: such a domain says nothing.
SHARED_DOMAINS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com",
    "gmx.de", "gmx.net", "web.de", "t-online.de", "aol.com", "proton.me", "protonmail.com",
    "example.com", "example.org",
})  # fmt: skip
_COMPANY_WORDS = frozenset({
    "ltd", "limited", "llc", "inc", "corp", "co", "company", "gmbh", "mbh", "ag", "kg", "ohg", "ug", "sarl", "sas",
    "sa", "srl", "bv", "nv", "oy", "ab", "as", "aps", "plc", "the", "and",
})  # fmt: skip
MOST_ALIKE = 60  # customers sharing a word of their names; a word of more says nothing


class NoteKind(StrEnum):
    NOTE = "note"
    CALL = "call"
    VISIT = "visit"


@dataclass(frozen=True, slots=True)
class Known:
    """What customers are compared by."""

    code: str
    name: str
    emails: tuple[str, ...] = ()
    phone: str = ""
    tax_numbers: tuple[str, ...] = ()

    @property
    def domains(self) -> frozenset[str]:
        found = (mail.rpartition("@")[2].lower() for mail in self.emails if "@" in mail)
        return frozenset(found) - SHARED_DOMAINS

    @property
    def digits(self) -> str:
        """The last eight: with and without the country they are the same telephone."""
        found = re.sub(r"\D", "", self.phone)
        return found[-8:] if len(found) >= 7 else ""

    @property
    def words(self) -> tuple[str, ...]:
        found = re.findall(r"\w+", fold(self.name))
        return tuple(word for word in found if word not in _COMPANY_WORDS) or tuple(found)


@dataclass(frozen=True, slots=True)
class Alike:
    """Two customers and why they may be one."""

    one: Known
    other: Known
    reasons: tuple[str, ...]


def likeness(one: Known, other: Known) -> int:
    """How much of their names is the same, 0 to 100."""
    a, b = _pairs(" ".join(one.words)), _pairs(" ".join(other.words))
    whole = sum(a.values()) + sum(b.values())
    return 200 * sum((a & b).values()) // whole if whole else 0


def reasons_alike(one: Known, other: Known) -> tuple[str, ...]:
    """Why they may be one; empty where nothing says so."""
    found = []
    if same := set(one.tax_numbers) & set(other.tax_numbers):
        found.append(f"the same tax number {min(same)}")
    if one.digits and one.digits == other.digits:
        found.append("the same telephone")
    like = likeness(one, other)
    if (domains := one.domains & other.domains) and like >= LIKE_IN_DOMAIN:
        found.append(f"a like name and mail at {min(domains)}")
    elif like >= LIKE:
        found.append("nearly the same name")
    return tuple(found)


def alike_to(new: Known, known: Iterable[Known]) -> list[Alike]:
    """Customers a new one may be."""
    found = ((other, reasons_alike(new, other)) for other in known if other.code != new.code)
    return [Alike(new, other, said) for other, said in found if said]


def all_alike(known: Iterable[Known]) -> list[Alike]:
    """Every pair that may be one; only those are compared that share something."""
    everybody = {one.code: one for one in known}
    pairs: set[tuple[str, str]] = set()
    shared: defaultdict[str, list[str]] = defaultdict(list)
    for one in everybody.values():
        for key in set(_keys(one)):
            shared[key].append(one.code)
    for codes in shared.values():
        if len(codes) <= MOST_ALIKE:
            pairs.update(combinations(sorted(codes), 2))
    found = []
    for a, b in sorted(pairs):
        if said := reasons_alike(everybody[a], everybody[b]):
            found.append(Alike(everybody[a], everybody[b], said))
    return found


def _keys(one: Known) -> Iterator[str]:
    yield from (f"t:{number}" for number in one.tax_numbers)
    yield from (f"d:{domain}" for domain in one.domains)
    yield from (f"w:{word}" for word in one.words if len(word) > 2)
    if one.digits:
        yield f"p:{one.digits}"


def _pairs(text: str) -> Counter[str]:
    padded = f" {text} "
    return Counter(padded[i : i + 2] for i in range(len(padded) - 1)) if text else Counter()
