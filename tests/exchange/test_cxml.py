"""cXML as others write it: their responses are understood; what is odd is refused by its name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from procurement.exchange.cxml import (
    read_envelope,
    read_order,
    read_response,
    read_setup,
    without_secret,
    write_profile,
    write_setup_response,
    write_status,
)
from procurement.exchange.tabular import UnusableFile
from procurement.sales.terms.punchout import Said
from tests.exchange.cxml_client import Buyer, item

DATA = Path(__file__).parents[1] / "data" / "cxml"
AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CLIENT = Buyer(None, "s3cret")


@pytest.mark.parametrize(
    ("name", "code", "detail", "start"),
    [
        ("cxml_OrderResponse.xml", 200, "", ""),
        (
            "cxml_OrderResponse-400.xml",
            400,
            "XML document contained a doctype but failed validation.",
            "",
        ),
        (
            "cxml_PunchOutSetupResponse.xml",
            200,
            "",
            "http://xml.workchairs.com/retrieve?reqUrl=20626;Initial=TRUE",
        ),
    ],
)
def test_responses_of_others_are_understood(name, code, detail, start):
    heard = read_response((DATA / name).read_bytes())
    assert (heard.code, heard.detail, heard.start_page) == (code, detail, start)
    assert heard.is_fine == (code == 200)


def test_what_we_answer_is_understood_the_same_way():
    for said in (Said(200, ""), Said(417, "Line 2: <none> & more")):
        heard = read_response(write_status(said, host="spa.example", at=AT))
        assert (heard.code, heard.detail) == (said.code, said.text)
        assert heard.payload_id.endswith("@spa.example")
    page = "https://spa.example/punchout/abc"
    assert read_response(write_setup_response(page, host="h", at=AT)).start_page == page
    assert b'requestName="OrderRequest"' in write_profile(
        "https://spa.example/cxml", host="h", at=AT
    )


def request(inner: str, **more) -> bytes:
    return CLIENT.wrap(f"<Request>{inner}</Request>", **more).encode()


SHIP_TO = (
    '<ShipTo><Address><Name xml:lang="en">Linden Rooms</Name><PostalAddress><DeliverTo>Aoife'
    "</DeliverTo><Street>2 Quay</Street><City>Cork</City><PostalCode>T12</PostalCode>"
    '<Country isoCountryCode="IE">Ireland</Country></PostalAddress></Address></ShipTo>'
)


def an_order(*, header: str = "", attributes: str = 'orderID="1"', items: str = item("A")) -> bytes:
    return request(
        f"<OrderRequest><OrderRequestHeader {attributes}>{header}</OrderRequestHeader>{items}"
        "</OrderRequest>"
    )


def test_an_order_is_read_whole():
    lines = item("A", "3.00", pack="case", price="1,234.50").replace(
        'lineNumber="1"', 'lineNumber="10" requestedDeliveryDate="2026-12-04T00:00:00-08:00"'
    )
    asked = read_order(read_envelope(an_order(header=SHIP_TO, items=lines)))
    assert asked.ship_to.splitlines() == ["Linden Rooms", "Aoife", "2 Quay", "T12 Cork", "Ireland"]
    (part,) = asked.parts
    assert (asked.wanted_on, str(part.wanted_on)) == (None, "2026-12-04")
    assert (part.number, part.part, part.auxiliary, part.packs) == ("10", "A", "case", 3)
    assert part.price is not None
    assert part.price.amount == "1234.50"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (an_order(attributes=""), "orderID"),
        (an_order(attributes=f'orderID="{"9" * 61}"'), "orderID"),
        (an_order(attributes='orderID="1" type="maybe"'), "new, update or delete"),
        (an_order(items=item("")), "SupplierPartID"),
        (an_order(items=item("A", "-1")), "Line 1"),
        (an_order(items=item("A", "1e3")), "Line 1"),
        (an_order(items=item("A", price="cheap")), "UnitPrice"),
        (
            an_order(
                items=item("A").replace("lineNumber", 'requestedDeliveryDate="soon" lineNumber')
            ),
            "soon",
        ),
        (an_order(items=item("A") * 501), "500"),
        (request("<OrderRequest/>"), "OrderRequestHeader"),
    ],
)
def test_orders_that_cannot_be_read(data, said):
    with pytest.raises(UnusableFile, match=said):
        read_order(read_envelope(data))


LONG = request(
    f"<PunchOutSetupRequest><BrowserFormPost><URL>{'x' * 4001}</URL></BrowserFormPost>"
    "</PunchOutSetupRequest>"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<a/>", "no cXML"),
        (b'<cXML payloadID="1"/>', "no Header"),
        (request("").replace(b"payloadID", b"other"), "one thing|payloadID"),
        (request("<A/><B/>"), "one thing"),
        (request("<A/>", payload="x" * 256), "payloadID"),
        (request("<PunchOutSetupRequest/>"), "BrowserFormPost"),
        (LONG, "longer"),
    ],
)
def test_envelopes_and_visits_that_cannot_be_read(data, said):
    with pytest.raises(UnusableFile, match=said):
        read_setup(read_envelope(data))


def test_the_secret_is_struck_out_wherever_it_stands():
    kept = without_secret(request("<A/>", secret="top &<secret"))
    assert b"secret</" not in kept.lower().replace(b"sharedsecret", b"")
    assert b"<SharedSecret>***</SharedSecret>" in kept
    hidden = request("<A/>").replace(b"s3cret", b"<![CDATA[s3]]>cr&#101;t<x>s3cret</x>")
    assert read_envelope(request("<A/>")).knock.secret == "s3cret"
    assert b"s3" not in without_secret(hidden)


def test_the_evidence_keeps_the_text_behind_what_nobody_can_expand():
    """An entity of their document type, which is never loaded, is left out; nothing else is."""
    noted = request("<A><Comments>Ring&nbsp;twice &eacute; please</Comments></A>")
    assert b"Ringtwice  please" in without_secret(noted)
