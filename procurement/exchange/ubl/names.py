"""The root of a UBL 2.1 document that was read."""

from procurement.documents.ubl import CAC, CBC, space_of
from procurement.exchange.tabular import UnusableFile
from procurement.exchange.xml import Taking, parse_xml

PREFIXES = {"cac": CAC, "cbc": CBC}


def read_document(data: bytes, document: str, words: str) -> Taking:
    """The root of a UBL document of the type that is meant; UnusableFile where it is another one."""
    root = Taking(parse_xml(data), PREFIXES)
    if (root.name, root.space) != (document, space_of(document)):
        raise UnusableFile(f'This file is "{root.name[:60]}", not {words}.')
    return root
