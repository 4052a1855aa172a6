"""Foreign XML: the one parser, and how values are taken out of what it read."""

from procurement.exchange.xml.parsing import Limits, parse_xml
from procurement.exchange.xml.taking import Taking

__all__ = ["Limits", "Taking", "parse_xml"]
