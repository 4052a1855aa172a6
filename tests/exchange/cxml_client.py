"""A procurement system for tests: writes what cXML 1.2 has buyers write, reads the basket that comes back.

Written by the cXML Reference Guide; it shares no code with what it tests.
"""

import html
import itertools
import re
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from flask.testing import FlaskClient
from lxml import etree

FROM, OURS = ("DUNS", "316940817"), ("NetworkId", "AN-STILLROOM")
RETURN = "https://buy.linden.example/punchout/back?id=7&x=1"
NUMBERS = itertools.count(1)
DOCTYPE = '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">'


@dataclass(frozen=True)
class Answered:
    code: int
    text: str
    start: str
    http: int


@dataclass
class Buyer:
    """Their side of a connection."""

    client: FlaskClient
    secret: str
    origin: tuple[str, str] = FROM

    def send(self, inner: str, *, mode: str = "production", **more: Any) -> Answered:
        return self.post(self.wrap(f'<Request deploymentMode="{mode}">{inner}</Request>', **more))

    def wrap(
        self, inner: str, *, payload: str = "", secret: str | None = None, doctype: str = DOCTYPE
    ) -> str:
        payload = payload or f"{next(NUMBERS)}@linden.example"
        said = escape(self.secret if secret is None else secret)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>{doctype}'
            f'<cXML payloadID={quoteattr(payload)} timestamp="2026-11-23T12:00:00+00:00">'
            f"<Header><From>{_party(self.origin)}</From><To>{_party(OURS)}</To>"
            f"<Sender>{_party(self.origin, f'<SharedSecret>{said}</SharedSecret>')}"
            f"<UserAgent>Test</UserAgent></Sender></Header>{inner}</cXML>"
        )

    def post(self, body: str | bytes) -> Answered:
        sent = self.client.post("/cxml", data=body, content_type="text/xml")
        root = etree.fromstring(sent.data)
        status = root.find("Response/Status")
        return Answered(
            int(status.get("code")),
            status.text or "",
            root.findtext("Response/PunchOutSetupResponse/StartPage/URL") or "",
            sent.status_code,
        )

    def setup(
        self,
        *,
        operation: str = "create",
        cookie: str = "c-1",
        back: str = RETURN,
        items: str = "",
        **more: Any,
    ) -> Answered:
        return self.send(
            f'<PunchOutSetupRequest operation="{operation}"><BuyerCookie>{escape(cookie)}</BuyerCookie>'
            '<Extrinsic name="UserEmail">aoife@linden.example</Extrinsic>'
            f"<BrowserFormPost><URL>{escape(back)}</URL></BrowserFormPost>"
            '<Contact><Name xml:lang="en">Aoife Ní Dhomhnaill</Name></Contact>'
            f"{items}</PunchOutSetupRequest>",
            **more,
        )

    def order(
        self,
        number: str,
        *items: str,
        kind: str = "new",
        ship_to: str = "",
        day: str = "",
        **more: Any,
    ) -> Answered:
        del day
        return self.send(
            f'<OrderRequest><OrderRequestHeader orderID="{number}" orderDate="2026-11-23T12:00:00Z" '
            f'type="{kind}"><Total><Money currency="EUR">1</Money></Total>{ship_to}'
            f"<Comments>Ring twice</Comments></OrderRequestHeader>{''.join(items)}</OrderRequest>",
            **more,
        )


def item(part: str, packs: str = "2", *, pack: str = "", price: str = "", line: int = 1) -> str:
    """An ItemOut."""
    extra = f"<SupplierPartAuxiliaryID>{pack}</SupplierPartAuxiliaryID>" if pack else ""
    detail = (
        f'<ItemDetail><UnitPrice><Money currency="EUR">{price}</Money></UnitPrice>'
        "<Description>Oil</Description><UnitOfMeasure>EA</UnitOfMeasure></ItemDetail>"
        if price
        else ""
    )
    return (
        f'<ItemOut quantity="{packs}" lineNumber="{line}"><ItemID><SupplierPartID>{part}'
        f"</SupplierPartID>{extra}</ItemID>{detail}</ItemOut>"
    )


def basket_on(page: str) -> tuple[str, etree._Element]:
    """Where the form of a page goes, and the message in it."""
    (action,) = re.findall(r'<form[^>]* action="([^"]+)"[^>]*data-submit-now', page)
    (value,) = re.findall(r'name="cXML-urlencoded" value="([^"]*)"', page, re.DOTALL)
    written = html.unescape(value)
    assert written.isascii()
    return html.unescape(action), etree.fromstring(written.encode())


def _party(party: tuple[str, str], more: str = "") -> str:
    domain, identity = party
    return f'<Credential domain="{domain}"><Identity>{identity}</Identity>{more}</Credential>'
