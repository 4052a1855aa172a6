"""The envelope of a cXML message that comes in: who sends it, how it is numbered, what is in it."""

from dataclasses import dataclass

from lxml import etree

from procurement.exchange.cxml.names import as_bytes
from procurement.exchange.tabular import UnusableFile
from procurement.exchange.xml import Limits, Taking, parse_xml
from procurement.kernel.text import is_storable
from procurement.sales.terms.punchout import Credential, DeploymentMode, Knock

LARGEST = 1_000_000  # bytes: some eight hundred lines of an order
_LONGEST = 4_000  # characters of an address or a cookie, which must come back as they were
_ID = 255


@dataclass(frozen=True, slots=True)
class Envelope:
    """A Request with its header; `kind` is the name of what is asked, such as OrderRequest."""

    payload_id: str
    knock: Knock
    mode: DeploymentMode
    kind: str
    body: Taking

    @property
    def reference(self) -> str:
        """Their order's number, where there is one: to find the message again, also where it cannot be taken."""
        header = self.body.element.find("OrderRequestHeader")
        number = header.get("orderID") or "" if header is not None else ""
        return number[:200] if is_storable(number) else ""


def read_envelope(data: bytes) -> Envelope:
    """UnusableFile names what is missing or unreadable."""
    root = read_root(data)
    header = one(root, "Header", "It has no Header.")
    request = one(root, "Request", "It holds no Request.")
    asked = request.each("*")
    if len(asked) != 1:
        raise UnusableFile("A Request asks for one thing.")
    sender = one(header, "Sender", "It names no Sender.")
    (credential, *_) = credentials(sender, "Credential") or (Credential("", ""),)
    return Envelope(
        payload_id=_payload_id(root),
        knock=Knock(
            credentials(header, "From/Credential"),
            credentials(header, "To/Credential"),
            credential,
            whole(sender, "Credential/SharedSecret"),
        ),
        mode=DeploymentMode.TEST
        if request.element.get("deploymentMode") == DeploymentMode.TEST
        else DeploymentMode.PRODUCTION,
        kind=asked[0].name,
        body=asked[0],
    )


def read_root(data: bytes) -> Taking:
    """The cXML element. Its document type is not loaded, entities of its own are refused."""
    root = Taking(parse_xml(data, Limits(bytes=LARGEST)), {})
    if root.name != "cXML":
        raise UnusableFile("This is no cXML document.")
    return root


def credentials(where: Taking, path: str) -> tuple[Credential, ...]:
    """All that a party is known by; a register's name is the same in capitals."""
    return tuple(
        Credential((found.element.get("domain") or "").strip().lower(), whole(found, "Identity"))
        for found in where.each(path)
    )


def one(where: Taking, path: str, otherwise: str) -> Taking:
    found = where.each(path)
    if not found:
        raise UnusableFile(otherwise)
    return found[0]


def whole(where: Taking, path: str) -> str:
    """The text at the path as it was written, only without the spaces around it."""
    element = where.element.find(path)
    text = (element.text or "").strip() if element is not None else ""
    if len(text) > _LONGEST:
        raise UnusableFile(f"{path} is longer than {_LONGEST:,} characters.")
    return text


def without_secret(data: bytes) -> bytes:
    """The message as it may be kept: the same, with the shared secret struck out."""
    root = read_root(data).element
    for secret in root.iter("SharedSecret", "DigitalSignature", "CredentialMac"):
        for inner in list(secret):
            secret.remove(inner)
        secret.text = "***"
    etree.strip_tags(root, etree.Entity)  # the text behind one stays
    return as_bytes(root)


def _payload_id(root: Taking) -> str:
    written = (root.element.get("payloadID") or "").strip()
    if not written:
        raise UnusableFile("It has no payloadID.")
    if len(written) > _ID:
        raise UnusableFile(f"A payloadID has at most {_ID} characters.")
    return written
