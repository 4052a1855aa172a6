"""The namespaces of UBL 2.1, and the root of a document that was read."""

from procurement.exchange.tabular import UnusableFile
from procurement.exchange.xml import Taking, parse_xml

_XSD = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC = f"{_XSD}CommonAggregateComponents-2"
CBC = f"{_XSD}CommonBasicComponents-2"
PREFIXES = {"cac": CAC, "cbc": CBC}

# ISO/IEC 6523 scheme of a GTIN as Peppol's item identifiers name it.
GTIN_SCHEME = "0160"


def space_of(document: str) -> str:
    """The namespace of a document type: "Order" and so on."""
    return f"{_XSD}{document}-2"


def read_document(data: bytes, document: str, words: str) -> Taking:
    """The root of a UBL document of the type that is meant; UnusableFile where it is another one."""
    root = Taking(parse_xml(data), PREFIXES)
    if (root.name, root.space) != (document, space_of(document)):
        raise UnusableFile(f'This file is "{root.name[:60]}", not {words}.')
    return root
