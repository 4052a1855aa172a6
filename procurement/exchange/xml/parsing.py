"""The one door for foreign XML. Nothing is expanded, nothing is fetched, nothing large is taken in.

A document may name its type (cXML does: ``<!DOCTYPE cXML SYSTEM "...">``); the type is never loaded. One that declares
an entity of its own is refused, used or not: no business document needs one, and every known expansion attack does.
"""

from dataclasses import dataclass
from typing import Any

from lxml import etree

from procurement.exchange.tabular import UnusableFile

_BYTES = 4_000_000
_TAGS = 200_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused before it is read: 4 MB are some three thousand lines of an order."""

    bytes: int = _BYTES
    tags: int = (
        _TAGS  # opening and closing ones: each costs a hundred times its bytes once it is read
    )


def parse_xml(data: bytes, limits: Limits = Limits()) -> etree._Element:
    """The root of a document. UnusableFile where it is no XML, too large, or declares entities."""
    if len(data) > limits.bytes:
        raise UnusableFile(f"This file is larger than {limits.bytes // 1_000_000} MB.")
    if data.count(b"<") > limits.tags:
        raise UnusableFile("This file has too many elements for a business document.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnusableFile(f"This is not a readable XML document{_where(error)}.") from None
    if _declares_entities(root):
        raise UnusableFile("This file declares entities of its own; such a file is not read.")
    return root


def _declares_entities(root: etree._Element) -> bool:
    dtd: Any = root.getroottree().docinfo.internalDTD  # the stubs do not know it may be absent
    return dtd is not None and next(iter(dtd.iterentities()), None) is not None


def _where(error: Exception) -> str:
    line = getattr(error, "lineno", None)
    return f" (line {line})" if line else ""
