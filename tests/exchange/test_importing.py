"""The imports that must come out exactly, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Family, Pack, Product
from procurement.catalogue.queries.known import known
from procurement.catalogue.terms import Kind
from procurement.exchange.importing import ImportFile, ImportOutcome, import_file
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Forbidden
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role, permissions_of
from procurement.sales.models import Price, PriceList
from procurement.sourcing.models import PriceBreak, Supplier, SupplierItem
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.terms import Standing, SupplierTerms
from procurement.stock.models import Balance, Location, Movement, Site, StockingRule
from procurement.stock.terms import LocationKind
from tests.builders import NOON, a_company, a_location, virtual_locations
from tests.exchange.files import own, shared

SPREE = ImportFile(name="spree_products.csv", data=own("spree_products.csv"))


def take(session: Session, actor: Actor, command: ImportFile) -> ImportOutcome:
    return import_file(session, command, actor=actor, at=NOON)


def figures(outcome: ImportOutcome) -> tuple[int, int, int, int, int]:
    return (outcome.read, outcome.created, outcome.updated, outcome.unchanged, len(outcome.refused))


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def text(csv: str, **more: object) -> ImportFile:
    return ImportFile(name="list.csv", data=csv.encode(), **more)


# Spree: 37 families keyed by slug, 87 variants keyed by SKU, each with a USD and a EUR price.


def test_spree_comes_out_exactly(session: Session, actor: Actor):
    outcome = take(session, actor, SPREE)
    assert outcome.layout == "spree"
    assert figures(outcome) == (211, 37 + 87, 0, 0, 0)
    assert (outcome.counts["family"].created, outcome.counts["product"].created) == (37, 87)
    assert (count(session, Family), count(session, Product)) == (37, 87)
    lists = dict(session.execute(select(PriceList.id, PriceList.code)).all())
    assert sorted(lists.values()) == ["EUR", "USD"]
    prices = session.execute(
        select(Price.price_list_id, func.count()).group_by(Price.price_list_id)
    )
    assert {lists[key]: number for key, number in prices} == {"EUR": 87, "USD": 87}


def test_spree_keeps_names_options_and_the_shop_s_own_fields(session: Session, actor: Actor):
    take(session, actor, SPREE)
    sku = "AUTOMATIC-ESPRESSO-MACHINE-MATTE-BLACK"
    product = known(session, [sku]).products[sku]
    assert product.name == "Automatic Espresso Machine, Matte Black"
    assert product.options == (("Color", "Matte Black"),)
    assert (product.family, product.category) == (
        "automatic-espresso-machine",
        "Kitchen / Coffee Machines",
    )
    family = session.scalars(select(Family).where(Family.code == product.family)).one()
    assert "Wattage: 1400W" in family.description
    price = select(Price.price_e4).join(PriceList).where(Price.product_id == product.id)
    assert session.scalar(price.where(PriceList.code == "USD")) == 8_799_900
    assert session.scalar(price.where(PriceList.code == "EUR")) == 8_199_900


def test_spree_again_changes_nothing(session: Session, actor: Actor):
    take(session, actor, SPREE)
    assert figures(take(session, actor, SPREE)) == (211, 0, 0, 37 + 87, 0)


def test_a_new_price_updates_its_variant_only(session: Session, actor: Actor):
    take(session, actor, SPREE)
    dearer = replace(SPREE, data=SPREE.data.replace(b",,819.99,,EUR", b",,829.99,,EUR", 1))
    assert dearer.data != SPREE.data
    assert figures(take(session, actor, dearer)) == (211, 0, 1, 123, 0)


def test_spree_s_stock_is_opened_where_the_location_is_said(session: Session, actor: Actor):
    virtual_locations(session)
    a_location(session, "STORE")
    there = replace(SPREE, location="STORE")
    take(session, actor, there)
    assert session.scalar(select(func.sum(Balance.on_hand)).where(Balance.is_physical)) == 87 * 5000
    again = take(session, actor, there)
    assert (again.created, again.updated, count(session, Movement)) == (0, 0, 87)
    assert any("stood at their location before" in warning for warning in again.warnings)


# OpenBoxes.


def test_openboxes_products(session: Session, actor: Actor):
    file = ImportFile(
        name="products.csv", data=shared("openboxes/products.csv"), layout="openboxes"
    )
    assert figures(take(session, actor, file)) == (57, 57, 0, 0, 0)
    assert figures(take(session, actor, file)) == (57, 0, 0, 57, 0)
    assert count(session, Pack) == 57


def test_who_products_have_no_codes(session: Session, actor: Actor):
    file = ImportFile(name="WHO.csv", data=shared("openboxes/WHO_products.csv"), layout="openboxes")
    outcome = take(session, actor, file)
    assert figures(outcome) == (729, 0, 0, 0, 729)
    assert {refusal.column for refusal in outcome.refused} == {"ProductCode"}
    assert all(refusal.reason.startswith("is missing") for refusal in outcome.refused)
    assert [refusal.row for refusal in outcome.refused] == list(range(2, 731))


def test_who_products_get_stable_skus_from_their_names(session: Session, actor: Actor):
    data = shared("openboxes/WHO_products.csv")
    file = ImportFile(name="WHO.csv", data=data, layout="openboxes", sku_from_name=True)
    assert figures(take(session, actor, file)) == (729, 729, 0, 0, 0)
    assert figures(take(session, actor, file)) == (729, 0, 0, 729, 0)
    header, *lines = data.decode().splitlines()
    backwards = replace(file, data="\n".join([header, *reversed(lines)]).encode())
    assert figures(take(session, actor, backwards)) == (729, 0, 0, 729, 0)


def with_openboxes_products(session: Session, actor: Actor) -> None:
    take(session, actor, ImportFile(name="products.csv", data=shared("openboxes/products.csv")))


def test_openboxes_sources_keep_pack_and_pack_price(session: Session, actor: Actor):
    with_openboxes_products(session, actor)
    file = ImportFile(name="productSuppliers.csv", data=shared("openboxes/productSuppliers.csv"))
    outcome = take(session, actor, file)
    assert figures(outcome) == (38, 38, 0, 0, 0)
    assert outcome.counts["supplier"].created == 3
    assert (count(session, Supplier), count(session, SupplierItem)) == (3, 38)
    row = session.execute(
        select(Pack.code, Pack.size_steps, PriceBreak.price_e4)
        .join(SupplierItem, SupplierItem.pack_id == Pack.id)
        .join(PriceBreak, PriceBreak.supplier_item_id == SupplierItem.id)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.sku == "CR388")
    ).one()
    assert tuple(row) == ("BX-76", 76, 220_400)
    assert figures(take(session, actor, file)) == (38, 0, 0, 38, 0)


def test_sources_of_unknown_products_are_refused_by_row(session: Session, actor: Actor):
    file = ImportFile(name="productSuppliers.csv", data=shared("openboxes/productSuppliers.csv"))
    outcome = take(session, actor, file)
    assert figures(outcome) == (38, 0, 0, 0, 38)
    assert outcome.refused[0].reason == "there is no product QX039"
    assert outcome.refused[0].column == "Product Code"


def test_openboxes_levels_need_a_location(session: Session, actor: Actor):
    with_openboxes_products(session, actor)
    a_location(session, "STORE")
    file = ImportFile(name="inventoryLevels.csv", data=shared("openboxes/inventoryLevels.csv"))
    with pytest.raises(UnusableFile, match="name the location"):
        take(session, actor, file)
    assert figures(take(session, actor, replace(file, location="STORE"))) == (52, 52, 0, 0, 0)
    rule = session.execute(
        select(StockingRule.par_level, StockingRule.reorder_point)
        .join(Product, Product.id == StockingRule.product_id)
        .where(Product.sku == "QX039")
    ).one()
    assert tuple(rule) == (100_000, 10_000)
    assert figures(take(session, actor, replace(file, location="STORE"))) == (52, 0, 0, 52, 0)
    nowhere = take(session, actor, replace(file, location="NOWHERE"))
    assert len(nowhere.refused) == 52


def test_openboxes_locations_become_suppliers_and_places_of_a_site(session: Session, actor: Actor):
    a_company(session)
    file = ImportFile(name="locations.csv", data=shared("openboxes/locations.csv"))
    outcome = take(session, actor, file)
    assert figures(outcome) == (18, 18, 0, 0, 0)
    assert (outcome.counts["supplier"].created, outcome.counts["location"].created) == (5, 13)
    kinds = dict(session.execute(select(Location.code, Location.kind)).all())
    assert (kinds["NYCW"], kinds["ANNO"]) == (LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM)
    assert session.execute(select(Site.code, Site.name, Site.time_zone)).all() == [
        ("MY-ORGANIZATION", "My Organization", "Europe/Dublin")
    ]
    toyota = session.scalars(select(Supplier).where(Supplier.code == "TOYOTA")).one()
    assert toyota.address.splitlines()[0] == "30 West Hybrid Place"
    assert any("addresses of 3 locations" in warning for warning in outcome.warnings)
    assert figures(take(session, actor, file)) == (18, 0, 0, 18, 0)


def test_sources_find_the_suppliers_that_are_here_by_name(session: Session, actor: Actor):
    with_openboxes_products(session, actor)
    take(session, actor, ImportFile(name="locations.csv", data=shared("openboxes/locations.csv")))
    file = ImportFile(name="productSuppliers.csv", data=shared("openboxes/productSuppliers.csv"))
    outcome = take(session, actor, file)
    assert outcome.counts["supplier"].unchanged == 3
    assert count(session, Supplier) == 5


# Good rows kept, each bad one named.


def test_good_rows_are_kept_and_each_bad_one_is_named(session: Session, actor: Actor):
    outcome = take(
        session,
        actor,
        text(
            "sku,name,kind,unit,pack_code,pack_size,pack_unit,price,currency\n"
            "OIL-1,Almond oil,oil,ml,BOTTLE,500,ml,12.50,EUR\n"
            "OIL-1,Almond oil,oil,ml,BOTTLE,500,ml,12.50,EUR\n"
            "OIL-2,Olive oil,oil,ml,BOTTLE,0.0005,ml,12.50,EUR\n"
            "OIL-3,Walnut oil,oil,ml,BOTTLE,500,ml,NaN,EUR\n"
            "OIL-4,Hemp oil,oil,ml,BOTTLE,500,ml,1e400,EUR\n"
            "OIL-5,Sesame oil,oil,ml,BOTTLE,500,ml,-1,EUR\n"
            "OIL-6,Rose oil,oil,ml,BOTTLE,500,g,1,EUR\n"
            "OIL-7,Jojoba oil,potion,ml,BOTTLE,500,ml,1,EUR\n"
            ",Nameless,oil,ml,BOTTLE,500,ml,1,EUR\n"
            "OIL-8,Nut oil,oil,ml,BOTTLE,500,ml,1.23456,EUR\n"
            "OIL-9,Tea oil,oil,ml,BOTTLE,500,ml,Infinity,EUR\n"
            f"OIL-10,{'x' * 201},oil,ml,BOTTLE,500,ml,1,EUR\n"
            "OIL-11,Good oil,oil,ml,JUG,5,l,49.0475,EUR\n"
            "OIL-12,Odd oil,oil,ml,JUG,5,l,1,EUR,surplus\n"
        ),
    )
    assert (outcome.read, outcome.created) == (14, 2)
    assert {(refusal.row, refusal.column) for refusal in outcome.refused} == {
        (3, "sku"),
        (4, "pack_size"),
        (5, "price"),
        (6, "price"),
        (7, "price"),
        (8, "pack_size"),
        (9, "kind"),
        (10, "sku"),
        (11, "price"),
        (12, "price"),
        (13, "name"),
        (15, ""),
    }
    assert {p.sku for p in session.scalars(select(Product))} == {"OIL-1", "OIL-11"}
    assert session.scalars(select(Price.price_e4).order_by(Price.price_e4)).all() == [
        125_000,
        490_475,
    ]


def test_a_refused_product_takes_what_hangs_on_it_along(session: Session, actor: Actor):
    outcome = take(
        session,
        actor,
        text(
            "sku,name,pack_code,pack_size,pack_unit,price\nNEW-1,,EACH,1,piece,3\nNEW-1,,CASE,12,piece,30\n"
        ),
    )
    assert outcome.created == 0
    assert [(refusal.row, refusal.reason) for refusal in outcome.refused] == [
        (2, "is missing, and the product is new"),
        (3, "there is no product NEW-1"),
    ]
    assert (count(session, Price), count(session, Pack)) == (0, 0)


def test_what_a_scale_and_a_pump_need_comes_with_the_product(session: Session, actor: Actor):
    csv = (
        "sku,name,kind,unit,dose,pump_stroke,density,pack_code,pack_size,tare,pao\n"
        "A,Almond,oil,ml,25,1.5,0.92,BTL,500,45.5,6\n"
        "B,Balm,balm,g,20,,,JAR,200,,12\n"
        "C,Cream,cream,,20,,,,,,\n"
        "D,Gel,gel,ml,0,,,,,,\n"
        "E,Milk,lotion,ml,,,,BTL,500,0.0001,\n"
    )
    outcome = take(session, actor, text(csv))
    assert {(refused.row, refused.column) for refused in outcome.refused} == {
        (4, "unit"),
        (5, "dose"),
        (6, "tare"),
    }
    almond = known(session, ["A"]).products["A"]
    assert (almond.dose, almond.pump_stroke, almond.density) == (25_000, 1_500, 920)
    assert (almond.packs["BTL"].tare, almond.period_after_opening_months) == (45_500, 6)
    again = take(session, actor, text(csv))
    assert (again.created, again.updated) == (0, 0)
    heavier = take(session, actor, text("sku,pack_code,tare\nA,BTL,46\n"))
    assert heavier.updated == 1
    assert known(session, ["A"]).products["A"].packs["BTL"].tare == 46_000


def test_a_list_of_prices_alone_updates_what_is_there(session: Session, actor: Actor):
    take(session, actor, text("sku,name,kind,price\nT-1,Roller,tool,5\nT-2,Ball,tool,6\n"))
    outcome = take(
        session,
        actor,
        text("Artikel;Preis\nT-1;5,00\nT-2;6,50\n", mapping={"Artikel": "sku", "Preis": "price"}),
    )
    assert figures(outcome) == (2, 0, 1, 1, 0)


def test_barcodes_name_one_pack(session: Session, actor: Actor):
    header = "sku,name,kind,gtin\n"
    take(session, actor, text(header + "T-1,Roller,tool,4006381333931\n"))
    outcome = take(
        session,
        actor,
        text(
            header + "T-2,Ball,tool,4006381333931\nT-3,Cup,tool,96385074\nT-4,Cup 2,tool,96385074\n"
        ),
    )
    assert [(refusal.row, refusal.column) for refusal in outcome.refused] == [
        (2, "gtin"),
        (4, "gtin"),
    ]
    assert {p.sku for p in session.scalars(select(Product))} == {"T-1", "T-3"}


def test_a_dry_run_is_the_same_run_rolled_back(session: Session, actor: Actor):
    with session.begin_nested() as savepoint:
        rehearsal = take(session, actor, SPREE)
        savepoint.rollback()
    assert count(session, Product) == 0
    assert figures(take(session, actor, SPREE)) == figures(rehearsal)


def test_parts_that_are_not_permitted_are_left_out_and_said(session: Session):
    manager = Actor(None, "Mina", permissions_of(frozenset({Role.SPA_MANAGER})))
    outcome = take(session, manager, SPREE)
    assert outcome.created == 124
    assert count(session, Price) == 0
    assert any("prices were left out" in warning for warning in outcome.warnings)
    therapist = Actor(None, "Theo", permissions_of(frozenset({Role.THERAPIST})))
    with pytest.raises(Forbidden):
        take(session, therapist, SPREE)


def test_the_whole_of_our_own_layout(session: Session, actor: Actor):
    a_company(session)
    virtual_locations(session)
    a_location(session, "STORE")
    csv = (
        "sku,name,kind,unit,family,family_name,category,options,ingredients,body_areas,techniques,shelf_life_days,"
        "period_after_opening_months,pack_code,pack_name,pack_size,pack_unit,gtin,sales_pack,price,supplier,"
        "supplier_name,supplier_code,moq,multiple,lead_time_days,supplier_price,supplier_from_packs,location,"
        "par_level,reorder_point,opening,break_scheme,guaranteed_days,blocked,supplier_standing,supplier_minimum,"
        "supplier_freight,supplier_free_from\n"
        "OIL-ALM-500,Almond oil 500 ml,oil,ml,almond,Almond oil,Oils,Size: 500 ml; Scent: Plain,"
        '"Prunus Amygdalus Dulcis Oil, Tocopherol",back; foot,kneading; thumb walking,730,12,'
        "BOTTLE,Bottle 500 ml,500,ml,4006381333931,yes,12.50,LINDEN,Linden Supply,LS-1,2,2,5,7.1250,1,STORE,"
        "5000,1000,2500,Incremental,400,no,preferred,150,12.50,400\n"
        "OIL-ALM-500,,,,,,,,,,,,,JUG,US gallon jug,3785.412,ml,,no,79.90,,,,,,,,,,,,\n"
        "OIL-ALM-500,,,,,,,,,,,,,BOTTLE,Bottle 500 ml,500,ml,4006381333931,yes,,LINDEN,Linden Supply,LS-1,2,2,5,"
        "6.9,10,,,,\n"
    )
    outcome = take(session, actor, text(csv))
    assert outcome.refused == ()
    assert figures(outcome) == (3, 2, 0, 0, 0)
    product = known(session, ["OIL-ALM-500"]).products["OIL-ALM-500"]
    assert (product.kind, product.shelf_life_days, product.family) == (Kind.OIL, 730, "almond")
    assert product.ingredients == ("Prunus Amygdalus Dulcis Oil", "Tocopherol")
    assert {code: pack.size_steps for code, pack in product.packs.items()} == {
        "BOTTLE": 500_000,
        "JUG": 3_785_412,
    }
    assert session.execute(
        select(PriceBreak.from_packs, PriceBreak.price_e4).order_by(PriceBreak.from_packs)
    ).all() == [
        (1, 71_250),
        (10, 69_000),
    ]
    assert session.scalar(select(Balance.on_hand).where(Balance.is_physical)) == 2_500_000
    assert session.scalar(select(StockingRule.par_level)) == 5_000_000
    linden = supplier_page(session, "LINDEN")
    assert linden.terms == SupplierTerms(
        Money(15_000, "EUR"), Money(1250, "EUR"), Money(40_000, "EUR"), Standing.PREFERRED
    )
    (sold,) = linden.items
    assert (sold.scheme, sold.guaranteed_days, sold.blocked) == ("incremental", 400, False)
    again = take(session, actor, text(csv))
    assert (again.created, again.updated, again.refused) == (0, 0, ())
