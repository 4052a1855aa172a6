"""How a party is found in the Peppol network: scheme of ISO/IEC 6523, colon, number: "0088:7300010000001"."""

import re

from procurement.kernel.errors import Invalid

# Peppol Policy for use of Identifiers 4.3: four digits, then 1 to 50 letters, digits and a few signs.
_PARTICIPANT = re.compile(r"[0-9]{4}:[0-9A-Za-z._~-]{1,50}", re.ASCII)


def participant(written: str, field: str) -> str:
    """The identifier as it is kept; empty where there is none. Invalid where it is neither."""
    identifier = written.strip()
    if identifier and not _PARTICIPANT.fullmatch(identifier):
        raise Invalid("Write it as 0088:7300010000001: scheme, colon, number.", field=field)
    return identifier
