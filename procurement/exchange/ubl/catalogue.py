"""A customer's catalogue as UBL 2.1 Catalogue, as Peppol BIS Catalogue without response 3 asks (transaction T19).

A line is a pack with its price for one and from larger numbers on. What has no price is left out: nobody can order by
machine what a person must be asked about. No classification is written, for products have none.
"""

from decimal import Decimal

from procurement.catalogue.rules.wording import PackSize, base_of
from procurement.documents.trade import TradeParty
from procurement.documents.ubl import GTIN_SCHEME, Writing
from procurement.kernel.errors import Conflict
from procurement.kernel.quantity import Unit
from procurement.kernel.tax_categories import TaxCategory
from procurement.planning.queries.taking_away import Reader, Taken, TakenPack, TakenProduct
from procurement.purchasing.rules.units import unit_code

# PEPPOL-T19-R017 and -R018.
CUSTOMIZATION = "urn:fdc:peppol.eu:poacc:trns:catalogue:3"
PROFILE = "urn:fdc:peppol.eu:poacc:bis:catalogue_wo_response:3"
MOST_PRODUCTS = 20_000
_ADD = "Add"
_MAIL = "EM"  # Electronic Address Scheme: a mail address, where no Peppol participant is known
# UN/ECE Recommendation 20: millilitre, gram, one.
_MEASURES = {Unit.ML: "MLT", Unit.G: "GRM", Unit.PIECE: "H87"}


def catalogue_to_ubl(taken: Taken, seller: TradeParty) -> bytes:
    """In UTF-8, the same for the same content. Conflict where nobody is to have it, or nothing has a price."""
    reader = taken.reader
    if not reader.customer:
        raise Conflict("A UBL catalogue is made for a customer; nobody here buys for one.")
    lines = [(one, pack) for one in taken.products for pack in one.packs if pack.steps]
    if not lines:
        raise Conflict("Nothing here has a price, so there is nothing to put into a UBL catalogue.")
    catalogue = Writing.document("Catalogue")
    catalogue.say("CustomizationID", CUSTOMIZATION)
    catalogue.say("ProfileID", PROFILE)
    catalogue.say("ID", f"{reader.customer}-{reader.on:%Y%m%d}")
    catalogue.say("ActionCode", _ADD)
    catalogue.say("Name", f"{seller.name} - {reader.name}")
    catalogue.say("IssueDate", reader.on.isoformat())
    catalogue.within("ValidityPeriod").say("StartDate", reader.on.isoformat())
    buyer = TradeParty(name=reader.name, email=reader.email, endpoint=reader.peppol_id)
    _mailed(catalogue.within("ProviderParty"), seller)
    _mailed(catalogue.within("ReceiverParty"), buyer)
    catalogue.within("SellerSupplierParty/Party/PartyName").say("Name", seller.name)
    catalogue.within("ContractorCustomerParty/Party/PartyName").say("Name", buyer.name)
    for number, (one, pack) in enumerate(lines, start=1):
        _line(catalogue.within("CatalogueLine"), str(number), one, pack, reader)
    return catalogue.done()


def _mailed(party: Writing, about: TradeParty) -> None:
    scheme, _, number = about.endpoint.partition(":")
    if number:
        party.say("EndpointID", number, schemeID=scheme)
    else:
        party.say("EndpointID", about.email or about.name, schemeID=_MAIL)
    party.within("PartyName").say("Name", about.name)
    party.within("PartyLegalEntity").say("RegistrationName", about.name)


def _line(line: Writing, number: str, one: TakenProduct, taken: TakenPack, reader: Reader) -> None:
    pack, unit = taken.pack, one.product.unit
    code = unit_code(pack.name, unit, pack.size_steps)
    line.say("ID", number)
    line.say("ActionCode", _ADD)
    line.say("OrderableIndicator", "true")
    line.say("OrderableUnit", code)
    content = Decimal(pack.size_steps) / unit.steps
    line.say("ContentUnitQuantity", format(content, "f"), unitCode=_MEASURES[unit])
    rule, least = pack.rule, pack.rule.nearest(taken.steps[0].from_packs)
    if rule.step > 1:
        line.say("OrderQuantityIncrementNumeric", str(rule.step))
    if least > 1:
        line.say("MinimumOrderQuantity", str(least), unitCode=code)
    if rule.most is not None:
        line.say("MaximumOrderQuantity", str(rule.most), unitCode=code)
    for step in taken.steps:
        priced = line.within("RequiredItemLocationQuantity")
        if step.from_packs > 1:
            priced.say("MinimumQuantity", str(step.from_packs), unitCode=code)
        price = priced.within("Price")
        price.say("PriceAmount", step.price.amount, currencyID=reader.currency)
        price.say("BaseQuantity", "1", unitCode=code)
    _item(line.within("Item"), one, taken)


def _item(item: Writing, one: TakenProduct, taken: TakenPack) -> None:
    product, pack = one.product, taken.pack
    item.say("Description", product.description or product.name)
    others = [PackSize(o.name, o.size_steps) for o in product.packs.values() if o.id != pack.id]
    base = base_of(PackSize(pack.name, pack.size_steps), product.unit, others)
    if base and base.word not in {"l", "kg"}:
        inner = int(base.per_pack)
        holding = pack.size_steps // inner
        item.say("PackQuantity", str(inner), unitCode=unit_code(base.word, product.unit, holding))
        item.say("PackSizeNumeric", str(inner))
    item.say("Name", f"{product.name}, {pack.name}")
    item.say("BrandName", product.brand)
    item.within("SellersItemIdentification").say("ID", _code(one, taken))
    if pack.gtin:
        item.within("StandardItemIdentification").say("ID", pack.gtin, schemeID=GTIN_SCHEME)
    if one.tax:
        tax = item.within("ClassifiedTaxCategory")
        tax.say("ID", one.tax.category.value)
        if one.tax.category is not TaxCategory.OUTSIDE:  # PEPPOL-T19-R014
            tax.say("Percent", one.tax.rate.percent)
        tax.within("TaxScheme").say("ID", "VAT")
    for name, value in (
        *product.options,
        ("Ingredients (INCI)", ", ".join(product.ingredients)),
        ("Allergens", ", ".join(one.allergens)),
        ("Traits", ", ".join(trait.value.replace("_", "-") for trait in product.traits)),
    ):
        if value:
            told = item.within("AdditionalItemProperty")
            told.say("Name", name)
            told.say("Value", value)


def _code(one: TakenProduct, taken: TakenPack) -> str:
    """The SKU is the sales pack's; another pack is told by its own code behind it, as catalogue lines must differ."""
    pack = taken.pack
    return one.product.sku if pack.is_sales_pack else f"{one.product.sku} {pack.code}"
