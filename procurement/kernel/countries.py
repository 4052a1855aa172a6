"""Which country an address written by hand is in, and which countries are in the Union."""

from functools import lru_cache

from babel import Locale

# ISO 3166-1 codes of the member states of the European Union (Council Directive 2006/112/EC, article 5(2); the United
# Kingdom left on 31 January 2020).
UNION = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
        "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip

# Names as people write them, beside those of the CLDR: in English and in the country's own languages.
_LANGUAGES = (
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "pt",
    "da",
    "sv",
    "nb",
    "fi",
    "pl",
    "ga",
    "cs",
    "el",
)
_ALSO = {
    "uk": "GB",
    "great britain": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "usa": "US",
}


def country_of(address: str) -> str:
    """The ISO 3166-1 alpha-2 code of the country an address ends with; empty where it names none."""
    lines = [line.strip(" .,") for line in address.splitlines() if line.strip(" .,")]
    if not lines:
        return ""
    last = lines[-1].casefold()
    names = _names()
    return names.get(last) or names.get(last.rsplit(",", 1)[-1].strip()) or ""


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if (
                len(code) == 2
                and code.isalpha()
                and code not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}
            ):
                found.setdefault(name.casefold(), code)
    return {**found, **_ALSO}
