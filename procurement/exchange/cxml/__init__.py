"""cXML 1.2: what procurement systems ask, what they are answered, the basket that goes back to them."""

from procurement.exchange.cxml import names
from procurement.exchange.cxml.answers import (
    Heard,
    read_response,
    write_profile,
    write_setup_response,
    write_status,
)
from procurement.exchange.cxml.asking import ORDER, PROFILE, SETUP, read_order, read_setup
from procurement.exchange.cxml.basket import FIELD, write_basket
from procurement.exchange.cxml.envelope import LARGEST, Envelope, read_envelope, without_secret

__all__ = [
    "FIELD",
    "LARGEST",
    "ORDER",
    "PROFILE",
    "SETUP",
    "Envelope",
    "Heard",
    "names",
    "read_envelope",
    "read_order",
    "read_response",
    "read_setup",
    "without_secret",
    "write_basket",
    "write_profile",
    "write_setup_response",
    "write_status",
]
