"""What we write in cXML has the parts its document type asks for, in the order it asks for."""

from io import StringIO

import pytest
from lxml import etree

from procurement.exchange.cxml import (
    write_basket,
    write_profile,
    write_setup_response,
    write_status,
)
from procurement.kernel.actor import Actor
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Quantity, Unit
from procurement.sales.terms.punchout import (
    BasketItem,
    Credential,
    DeploymentMode,
    Said,
    Visit,
    VisitOperation,
)
from tests.builders import NOON

# The content models of cXML 1.2.014 (xml.cxml.org, cXML.dtd), of what a supplier writes and no more: what is optional
# and never written by us is left out, so that more than we mean to write is refused as well.
MODELS = """
cXML ((Header, Message) | Response)
Header (From, To, Sender)
From (Credential+)
To (Credential+)
Sender (Credential+, UserAgent)
Credential (Identity)
Message (Status?, PunchOutOrderMessage)
PunchOutOrderMessage (BuyerCookie, PunchOutOrderMessageHeader, ItemIn*)
PunchOutOrderMessageHeader (Total, Shipping?)
Total (Money)
Shipping (Money, Description)
ItemIn (ItemID, ItemDetail)
ItemID (SupplierPartID, SupplierPartAuxiliaryID?)
ItemDetail (UnitPrice, Description+, UnitOfMeasure, Classification+, ManufacturerPartID?, ManufacturerName?, LeadTime?)
UnitPrice (Money)
Response (Status, (ProfileResponse | PunchOutSetupResponse)?)
ProfileResponse (Transaction+)
Transaction (URL)
PunchOutSetupResponse (StartPage)
StartPage (URL)
"""
ATTRIBUTES = """
cXML payloadID CDATA #REQUIRED timestamp CDATA #REQUIRED xml:lang CDATA #IMPLIED
Credential domain CDATA #REQUIRED
Message deploymentMode (production|test) "production"
PunchOutOrderMessageHeader operationAllowed (create|inspect|edit) #REQUIRED
ItemIn quantity CDATA #REQUIRED lineNumber CDATA #IMPLIED
Money currency CDATA #REQUIRED
Description xml:lang CDATA #REQUIRED
Classification domain CDATA #REQUIRED
Status code CDATA #REQUIRED text CDATA #REQUIRED
ProfileResponse effectiveDate CDATA #REQUIRED
Transaction requestName CDATA #REQUIRED
"""
TEXTS = """
Identity UserAgent Status BuyerCookie Money Description SupplierPartID SupplierPartAuxiliaryID
UnitOfMeasure Classification ManufacturerPartID ManufacturerName LeadTime URL
"""
VISIT = Visit(
    key=1,
    connection_id=1,
    actor=Actor(None, "Aoife"),
    customer_name="Linden Rooms",
    operation=VisitOperation.CREATE,
    mode=DeploymentMode.TEST,
    buyer_cookie="<c&1>",
    return_url="https://buy.linden.example/",
    own=Credential("NetworkId", "AN-STILLROOM"),
    origin=Credential("DUNS", "316940817"),
    unspsc="53131600",
    ends_at=NOON,
)
BARE = BasketItem(
    sku="ALM-500",
    pack="bottle",
    pack_name="bottle 500 ml",
    name="Süßmandelöl, <kaltgepresst>",
    size=Quantity.parse("500", Unit.ML),
    packs=3,
    price=UnitPrice.parse("11.90", "EUR"),
)
FULL = BasketItem(
    sku="ALM-500",
    pack="case",
    pack_name="case of 12",
    name="Almond oil",
    size=Quantity.parse("6000", Unit.ML),
    packs=1,
    price=UnitPrice.parse("135.6", "EUR"),
    manufacturer_part="4006381333931",
    manufacturer="Olivine & Sons",
    category="Oils",
    lead_days=4,
)
SAMPLE = BasketItem(
    sku="TWL",
    pack="each",
    pack_name="each",
    name="A towel to feel",
    size=Quantity.parse("1", Unit.PIECE),
    packs=1,
    price=UnitPrice.parse("0", "EUR"),
)
OURS = {"host": "shop.example", "at": NOON}
WRITTEN = {
    "basket": write_basket(
        VISIT, [BARE, FULL, SAMPLE], "EUR", freight=Money.parse("8.90", "EUR"), **OURS
    ),
    "nothing": write_basket(VISIT, [], "EUR", **OURS),
    "status": write_status(Said(417, "Line 3: no such <thing>"), **OURS),
    "fine": write_status(Said(200, ""), **OURS),
    "start": write_setup_response("https://shop.example/punchout/x?a=1&b=2", **OURS),
    "profile": write_profile("https://shop.example/cxml", **OURS),
}


@pytest.fixture(scope="module")
def document_type():
    written = [f"<!ELEMENT {line}>" for line in MODELS.strip().splitlines()]
    written += [f"<!ELEMENT {name} (#PCDATA)>" for name in TEXTS.split()]
    written += [f"<!ATTLIST {line}>" for line in ATTRIBUTES.strip().splitlines()]
    return etree.DTD(StringIO("\n".join(written)))


@pytest.mark.parametrize("name", WRITTEN)
def test_what_we_write_is_of_its_type(document_type, name):
    root = etree.fromstring(WRITTEN[name])
    assert document_type.validate(root), document_type.error_log


def test_the_type_would_notice(document_type):
    root = etree.fromstring(WRITTEN["basket"])
    detail = root.find(".//ItemDetail")
    detail.append(detail.find("UnitPrice"))
    assert not document_type.validate(root)


def test_units_prices_and_kinds_are_in_the_words_of_their_lists():
    """UN/ECE Recommendation 20, with the packs of Recommendation 21 behind an X; ISO 4217; UNSPSC by eight figures."""
    items = etree.fromstring(WRITTEN["basket"]).findall(".//ItemIn")
    told = [
        (
            one.findtext("ItemDetail/UnitOfMeasure"),
            one.findtext("ItemDetail/UnitPrice/Money"),
            [(kind.get("domain"), kind.text) for kind in one.findall("ItemDetail/Classification")],
        )
        for one in items
    ]
    unspsc = ("UNSPSC", "53131600")
    assert told == [
        ("XBO", "11.90", [unspsc]),
        ("XCS", "135.60", [unspsc, ("Category", "Oils")]),
        ("EA", "0.00", [unspsc]),
    ]
    total = etree.fromstring(WRITTEN["basket"]).find(".//Total/Money")
    assert (total.text, total.get("currency")) == ("171.30", "EUR")
