"""What is answered to a procurement system, and how such answers of others are understood."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from procurement.exchange.cxml.asking import ORDER, SETUP
from procurement.exchange.cxml.envelope import one, read_root, whole
from procurement.exchange.cxml.names import LANGUAGE, TEXTS, as_bytes, moment
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.secrets import new_token
from procurement.sales.terms.punchout import Said


@dataclass(frozen=True, slots=True)
class Heard:
    """A Response of somebody else: OrderResponse and PunchOutSetupResponse are Responses with a Status."""

    payload_id: str
    code: int
    text: str
    detail: str
    start_page: str = ""

    @property
    def is_fine(self) -> bool:
        """200 to 299: done, or on its way (the guide's chapter on Status)."""
        return 200 <= self.code < 300


def read_response(data: bytes) -> Heard:
    """UnusableFile where it is no Response, or has no status."""
    root = read_root(data)
    response = one(root, "Response", "It holds no Response.")
    status = one(response, "Status", "The Response has no Status.")
    code = status.element.get("code") or ""
    if not (code.isascii() and code.isdigit() and len(code) == 3):
        raise UnusableFile("The Status has no code of three figures.")
    return Heard(
        payload_id=root.element.get("payloadID") or "",
        code=int(code),
        text=status.element.get("text") or "",
        detail=status.text("."),
        start_page=whole(response, "PunchOutSetupResponse/StartPage/URL"),
    )


def write_status(said: Said, *, host: str, at: datetime) -> bytes:
    """A Response that says how it went and nothing else; so are orders answered."""
    return as_bytes(_response(said, host, at)[0])


def write_setup_response(start_page: str, *, host: str, at: datetime) -> bytes:
    """The address at which the visit begins."""
    root, response = _response(Said(200, ""), host, at)
    setup = etree.SubElement(response, "PunchOutSetupResponse")
    page = etree.SubElement(setup, "StartPage")
    etree.SubElement(page, "URL").text = start_page
    return as_bytes(root)


def write_profile(address: str, *, host: str, at: datetime) -> bytes:
    """What can be asked of us, and where."""
    root, response = _response(Said(200, ""), host, at)
    profile = etree.SubElement(response, "ProfileResponse", effectiveDate=moment(at))
    for name in (SETUP, ORDER):
        transaction = etree.SubElement(profile, "Transaction", requestName=name)
        etree.SubElement(transaction, "URL").text = address
    return as_bytes(root)


def new_document(host: str, at: datetime) -> etree._Element:
    """A cXML element with a payloadID of its own."""
    root = etree.Element("cXML", payloadID=f"{new_token()}@{host}", timestamp=moment(at))
    root.set(LANGUAGE, "en")
    return root


def _response(said: Said, host: str, at: datetime) -> tuple[etree._Element, etree._Element]:
    root = new_document(host, at)
    response = etree.SubElement(root, "Response")
    status = etree.SubElement(response, "Status", code=str(said.code), text=TEXTS[said.code])
    status.text = said.text or None
    return root, response
