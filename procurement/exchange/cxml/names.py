"""What cXML 1.2 calls things: its document type, its moments, its statuses.

Source: cXML Reference Guide 1.2 (xml.cxml.org), chapters "cXML Basics" and "PunchOut Transaction".
"""

from datetime import datetime

from lxml import etree

VERSION = "1.2.014"
DOCTYPE = f'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/{VERSION}/cXML.dtd">'
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

OK, NO_CONTENT = 200, 204
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_ACCEPTABLE, CONFLICT = 400, 401, 403, 406, 409
EXPECTATION_FAILED, NOT_IMPLEMENTED = 417, 450
SERVER_ERROR, TEMPORARY_ERROR = 500, 560

# The guide's texts of the status codes this application answers with.
TEXTS = {
    OK: "OK",
    NO_CONTENT: "No Content",
    BAD_REQUEST: "Bad Request",
    UNAUTHORIZED: "Unauthorized",
    FORBIDDEN: "Forbidden",
    NOT_ACCEPTABLE: "Not Acceptable",
    CONFLICT: "Conflict",
    EXPECTATION_FAILED: "Expectation Failed",
    NOT_IMPLEMENTED: "Not Implemented",
    SERVER_ERROR: "Internal Server Error",
    TEMPORARY_ERROR: "Temporary server error",
}


def moment(at: datetime) -> str:
    """ISO 8601 with its zone, as timestamps are written."""
    return at.isoformat(timespec="seconds")


def as_bytes(root: etree._Element, *, encoding: str = "UTF-8") -> bytes:
    """The document with its type. US-ASCII writes other letters as numbers, so that no form can garble them."""
    written = etree.tostring(
        root, xml_declaration=True, encoding=encoding, doctype=DOCTYPE, pretty_print=True
    )
    return written if isinstance(written, bytes) else written.encode()
