"""Tax numbers of companies: VAT, GST and the like, with the country before them, checked by the country's own rule."""

from babel import Locale
from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from procurement.kernel import text
from procurement.kernel.errors import Invalid

EXAMPLE = "Please begin with the country, for instance IE6388047V or GB 980 7806 84."
_SEPARATORS = str.maketrans("", "", " .-/\N{NO-BREAK SPACE}")
_COUNTRIES = (frozenset(Locale("en").territories) - {"ZZ"}) | {
    "EL",
    "XI",
}  # Greece and N. Ireland in VAT
# Where there is no VAT, the number that stands on invoices.
_INSTEAD = {"US": "ein"}


def tax_number(written: str, field: str, *, kept: str = "") -> str:
    """The number without spaces and dots, its country before it; empty stays empty.

    Raises `Invalid` when it has no country, or its check digits are wrong; a country whose rule is not known is taken
    as written. `kept` is what stood before: it may stay, whatever it is.
    """
    line = text.optional_line(written, field)
    if not line or line == kept:
        return line
    number = line.upper().translate(_SEPARATORS)
    country = number[:2]
    if country not in _COUNTRIES or len(number) < 5:
        raise Invalid(EXAMPLE, field=field)
    if not _holds(country, number):
        raise Invalid("Its check digits do not fit: a digit may be mistyped.", field=field)
    return number


def is_eu_vat(number: str) -> bool:
    """Whether it is a VAT number of a member state with right check digits; whether it is in force only VIES knows."""
    return number[:2].lower() in {*eu_vat.MEMBER_STATES, "el"} and bool(eu_vat.is_valid(number))


def _holds(country: str, number: str) -> bool:
    if country.lower() in eu_vat.MEMBER_STATES or country in {"EL", "XI"}:
        return bool(eu_vat.is_valid(number))
    rule = get_cc_module(country.lower(), _INSTEAD.get(country, "vat"))
    if rule is None:
        return True
    # Switzerland's numbers begin with CHE, Norway's end with MVA: the rule takes them whole or without the country.
    return any(_fits(rule.validate, one) for one in (number, number[2:]))


def _fits(validate: object, number: str) -> bool:
    assert callable(validate)
    try:
        validate(number)
    except ValidationError:
        return False
    return True
