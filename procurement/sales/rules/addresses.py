"""An address as it stands on a letter, from its parts.

Where the postal code stands differs by country (Universal Postal Union, addressing systems): after the town in some,
before it in most. The country is written last, in capitals as the UPU asks, and always: letters cross borders.
"""

from babel import Locale

_NAMES = Locale("en").territories
# The code stands on the line of the town, behind it (and the region), or on a line of its own.
_BEHIND = frozenset({"US", "CA", "AU", "NZ", "IN", "TW", "TH", "SG", "ID", "PH", "ZA", "SA", "BR"})
_OWN_LINE = frozenset({"GB", "IE", "GG", "JE", "IM", "GI", "KE", "HK"})


def is_country(code: str) -> bool:
    """Whether ISO 3166-1 (as in the CLDR) has the two letters; regions of the world have digits, no state has ZZ."""
    return len(code) == 2 and code.isascii() and code.isalpha() and code in _NAMES and code != "ZZ"


def country_name(code: str) -> str:
    return str(_NAMES.get(code, code))


def countries() -> list[tuple[str, str]]:
    """Code and English name of every country, by name."""
    found = [(code, str(name)) for code, name in _NAMES.items() if is_country(code)]
    return sorted(
        (one for one in found if one[0] not in {"EU", "EZ", "UN", "QO", "XA", "XB"}),
        key=lambda one: one[1],
    )


def letter(*, street: str, postal_code: str, city: str, region: str, country: str) -> str:
    """The lines of the letter below the name."""
    if country in _OWN_LINE:
        town = [", ".join(filter(None, (city, region))), postal_code]
    elif country in _BEHIND:
        town = [" ".join(filter(None, (", ".join(filter(None, (city, region))), postal_code)))]
    else:
        town = [" ".join(filter(None, (postal_code, city))), region]
    name = country_name(country).upper() if country else ""
    return "\n".join(filter(None, (*street.splitlines(), *town, name)))
