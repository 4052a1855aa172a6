"""UBL 2.1: its namespaces, and elements of a document, one under the other in the order the schema wants them."""

from decimal import Decimal
from typing import Any, Self

from lxml import etree

_XSD = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC = f"{_XSD}CommonAggregateComponents-2"
CBC = f"{_XSD}CommonBasicComponents-2"

# ISO/IEC 6523 scheme of a GTIN as Peppol's item identifiers name it.
GTIN_SCHEME = "0160"


def space_of(document: str) -> str:
    """The namespace of a document type: "Order" and so on."""
    return f"{_XSD}{document}-2"


class Writing:
    """An element being written; empty texts write nothing."""

    def __init__(self, element: etree._Element) -> None:
        self.element = element

    @classmethod
    def document(cls, name: str) -> Self:
        space = space_of(name)
        names: Any = {None: space, "cac": CAC, "cbc": CBC}  # the stubs know no default namespace
        return cls(etree.Element(f"{{{space}}}{name}", nsmap=names))

    def within(self, path: str) -> Self:
        """A new chain of aggregates ("BuyerCustomerParty/Party"); gives back the last."""
        element = self.element
        for name in path.split("/"):
            element = etree.SubElement(element, f"{{{CAC}}}{name}")
        return type(self)(element)

    def say(self, name: str, text: str, **attributes: str) -> None:
        if text:
            element = etree.SubElement(self.element, f"{{{CBC}}}{name}", attributes)
            element.text = text

    def amount(self, name: str, amount: Decimal, currency: str) -> None:
        self.say(name, format(amount, "f"), currencyID=currency)

    def done(self) -> bytes:
        return etree.tostring(self.element, xml_declaration=True, encoding="UTF-8")
