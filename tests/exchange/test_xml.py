"""The one XML parser: what hurts is refused at once, what is legal is read, values are taken exactly."""

import socket
import time
import tracemalloc
from datetime import date
from decimal import Decimal

import pytest

from procurement.exchange.tabular import UnusableFile
from procurement.exchange.ubl.despatch_advice import DespatchLot, read_despatch_advice
from procurement.exchange.xml import Taking, parse_xml

LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY l0 "lol">'
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]>"
)
HOSTILE = {
    "billion laughs": LAUGHS + b"<a>&l11;</a>",
    "billion laughs in an attribute": LAUGHS + b'<a b="&l11;"/>',
    "billion laughs in a default": LAUGHS[:-2] + b'<!ATTLIST a b CDATA "&l11;">]><a/>',
    "quadratic blowup": b'<!DOCTYPE a [<!ENTITY x "'
    + b"x" * 60_000
    + b'">]><a>'
    + b"&x;" * 60_000
    + b"</a>",
    "an outside file": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "an outside parameter": b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]><a/>',
    "utf-16 in disguise": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
    "deep nesting": b"<a>" * 90_000 + b"</a>" * 90_000,
    "a million elements": b"<a>" + b"<b/>" * 900_000 + b"</a>",
    "five megabytes": b"<a>" + b" " * 5_000_000 + b"</a>",
    "a page": b"<!doctype html><p>Not found<br></html>",
    "nothing": b"",
    "noise": b"\x00\x01\x02",
    "an undeclared entity": b"<a>&nbsp;</a>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_what_hurts_is_refused_at_once(data, monkeypatch):
    def called(*_):
        raise AssertionError("the parser went outside")

    monkeypatch.setattr(socket.socket, "connect", called)
    began = time.process_time()
    with pytest.raises(UnusableFile) as caught:
        parse_xml(data)
    assert time.process_time() - began < 1
    assert "root:" not in caught.value.message
    tracemalloc.start()
    try:
        with pytest.raises(UnusableFile):
            parse_xml(data)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_legal_document_type_is_read_and_not_fetched():
    root = parse_xml(
        b'<?xml version="1.0" encoding="UTF-8"?>'
        b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.045/cXML.dtd">'
        b'<cXML payloadID="1"><Header/></cXML>'
    )
    assert (root.tag, root.get("payloadID")) == ("cXML", "1")


def test_values_are_taken_exactly_or_named():
    taken = Taking(
        parse_xml(b"<a><n> 1,5 </n><d>2026-02-30</d><z>2026-12-03+01:00</z><q>007.50</q></a>"), {}
    )
    assert (taken.day("z"), taken.number("q"), taken.text("gone")) == (
        date(2026, 12, 3),
        Decimal("7.50"),
        "",
    )
    for read, path in ((taken.number, "n"), (taken.day, "d"), (taken.required, "gone")):
        with pytest.raises(UnusableFile, match=f"a/{path}"):
            read(path)


def despatch_advice(lines: str, *, head: str = "") -> bytes:
    """A UBL 2.1 DespatchAdvice by hand."""
    space = "urn:oasis:names:specification:ubl:schema:xsd:"
    return (
        f'<DespatchAdvice xmlns="{space}DespatchAdvice-2" xmlns:cac="{space}CommonAggregateComponents-2"'
        f' xmlns:cbc="{space}CommonBasicComponents-2">'
        "<cbc:CustomizationID>urn:fdc:peppol.eu:poacc:trns:despatch_advice:3</cbc:CustomizationID>"
        "<cbc:ID>DN-77</cbc:ID><cbc:IssueDate>2026-12-01</cbc:IssueDate>"
        "<cac:OrderReference><cbc:ID>PO-2026-0001</cbc:ID></cac:OrderReference>"
        "<cac:DespatchSupplierParty><cac:Party><cac:PartyName><cbc:Name>Öl &amp; Söhne</cbc:Name></cac:PartyName>"
        f"</cac:Party></cac:DespatchSupplierParty>{head}{lines}</DespatchAdvice>"
    ).encode()


LINE = (
    '<cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="XCS">10</cbc:DeliveredQuantity>'
    '<cbc:OutstandingQuantity unitCode="XCS">2</cbc:OutstandingQuantity>'
    "<cbc:OutstandingReason>sold out</cbc:OutstandingReason>"
    "<cac:OrderLineReference><cbc:LineID>3</cbc:LineID></cac:OrderLineReference>"
    "<cac:Item><cbc:Name>Almond oil</cbc:Name>"
    "<cac:SellersItemIdentification><cbc:ID>AL-5</cbc:ID></cac:SellersItemIdentification>"
    '<cac:StandardItemIdentification><cbc:ID schemeID="0160">04006381333931</cbc:ID></cac:StandardItemIdentification>'
    "<cac:ItemInstance><cac:LotIdentification><cbc:LotNumberID>L1</cbc:LotNumberID><cbc:ExpiryDate>2028-01-31</cbc:ExpiryDate>"
    "</cac:LotIdentification></cac:ItemInstance><cac:ItemInstance><cbc:BestBeforeDate>2028-02-29</cbc:BestBeforeDate>"
    "<cac:LotIdentification><cbc:LotNumberID>L2</cbc:LotNumberID></cac:LotIdentification></cac:ItemInstance>"
    "</cac:Item></cac:DespatchLine>"
)


def test_a_despatch_advice_says_what_comes_in_which_lots():
    advice = read_despatch_advice(despatch_advice(LINE))
    assert (advice.number, advice.order, advice.supplier) == ("DN-77", "PO-2026-0001", "Öl & Söhne")
    assert advice.issued_on == date(2026, 12, 1)
    (line,) = advice.lines
    assert (line.order, line.order_line) == ("PO-2026-0001", "3")
    assert (line.supplier_code, line.gtin) == ("AL-5", "04006381333931")
    assert (line.quantity, line.unit_code, line.outstanding, line.outstanding_why) == (
        10,
        "XCS",
        2,
        "sold out",
    )
    assert line.lots == (DespatchLot("L1", date(2028, 1, 31)), DespatchLot("L2", date(2028, 2, 29)))


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (despatch_advice(""), "no lines"),
        (
            despatch_advice(LINE.replace(">10<", ">ten<")),
            "DeliveredQuantity .line 1. is no number: ten",
        ),
        (despatch_advice(LINE.replace(">10<", ">-1<")), "less than nothing"),
        (
            despatch_advice(LINE.replace("2028-01-31", "31.01.2028")),
            "ExpiryDate .line 1. is no date",
        ),
        (despatch_advice(LINE).replace(b"<cbc:ID>DN-77</cbc:ID>", b""), "ID .* missing"),
        (b"<Invoice/>", 'is "Invoice", not a despatch advice'),
    ],
)
def test_what_cannot_be_read_is_named(data, says):
    with pytest.raises(UnusableFile, match=says):
        read_despatch_advice(data)
