"""What the demo spa sells: complete, coherent and honest enough to show to a spa manager."""

import re
from collections import Counter
from decimal import Decimal

import pytest
from stdnum import ean

from procurement.demo import goods, house
from procurement.demo.goods import DemoProduct

KINDS = {
    "oil",
    "lotion",
    "cream",
    "gel",
    "balm",
    "tool",
    "linen",
    "disposable",
    "retail_set",
    "service",
}
COSMETIC = {"oil", "lotion", "cream", "gel", "balm", "retail_set"}
GALLON_IN_MICROLITRES = 3_785_412


def each(product: DemoProduct):
    return product.sku


def test_there_are_eighty_products_or_more_of_every_kind():
    assert len(goods.products()) >= 80
    assert {product.kind for product in goods.products()} == KINDS


def test_skus_and_gtins_are_given_once():
    skus = Counter(product.sku for product in goods.products())
    gtins = Counter(pack.gtin for product in goods.products() for pack in product.packs)
    assert [sku for sku, times in skus.items() if times > 1] == []
    assert [gtin for gtin, times in gtins.items() if times > 1] == []


@pytest.mark.parametrize("product", goods.products(), ids=each)
def test_a_product_says_what_it_is_made_of_and_where_it_is_used(product):
    assert product.ingredients or product.material
    assert product.body_areas
    assert product.techniques
    assert product.category
    assert len(re.findall(r"[.;?!](?:\s|$)", product.description)) >= 2
    assert "cure" not in product.description.lower()


@pytest.mark.parametrize("product", goods.products(), ids=each)
def test_a_cosmetic_names_its_ingredients_its_shelf_life_and_its_time_once_open(product):
    if product.kind not in COSMETIC:
        assert product.material
        return
    assert len(product.ingredients) == len(set(product.ingredients))
    assert product.shelf_life_days is not None
    assert product.period_after_opening_months is not None


@pytest.mark.parametrize("product", goods.products(), ids=each)
def test_every_pack_has_a_valid_gtin_of_the_demonstration_range_and_a_price(product):
    for pack in product.packs:
        assert ean.is_valid(pack.gtin), pack
        assert pack.gtin.startswith("952")
        assert pack.price > 0
        assert pack.size.unit is product.unit
    assert len({pack.code for pack in product.packs}) == len(product.packs)


@pytest.mark.parametrize("product", goods.products(), ids=each)
def test_every_product_can_be_bought_for_less_than_it_is_sold_for(product):
    known = {supplier.code: supplier for supplier in house.suppliers()}
    assert product.buys
    for buy in product.buys:
        assert buy.supplier in known
        assert buy.lead_time_days > 0
        assert buy.moq % buy.multiple == 0
        # Even a dear pound leaves a margin over the list.
        assert buy.cost < product.pack(buy.pack).price * Decimal("0.85")
        costs = [buy.cost, *(cost for _, cost in buy.breaks)]
        assert costs == sorted(costs, reverse=True)
        assert len(set(costs)) == len(costs)


@pytest.mark.parametrize("product", goods.products(), ids=each)
def test_a_larger_pack_is_cheaper_by_the_unit_but_never_half_price(product):
    first = product.packs[0]
    for pack in product.packs[1:]:
        share = (pack.price / pack.size.steps) / (first.price / first.size.steps)
        assert Decimal("0.5") < share < 1, pack


def test_second_sources_sell_what_the_catalogue_has():
    for buy in goods.all_buys():
        assert goods.by_sku()[buy.product].pack(buy.pack).code == buy.pack


def test_a_gallon_jug_is_a_gallon_to_the_microlitre():
    jugs = [p for product in goods.products() for p in product.packs if p.code == "GALLON"]
    assert len(jugs) >= 8
    assert {jug.size.steps for jug in jugs} == {GALLON_IN_MICROLITRES}


def test_the_tools_a_leg_needs_are_there():
    families = {product.family for product in goods.products() if product.kind == "tool"}
    assert {
        "Acupressure Calf Massager",
        "Calf Release Roller",
        "Leg & Thigh Massager",
        "Thumb Saver",
        "Wooden Foot Roller",
        "Gua Sha",
        "Basalt Hot Stones",
        "Cupping Set",
    } <= families


def test_scented_products_name_their_allergens():
    scents = ("Lavandula", "Rosmarinus", "Citrus", "Mentha", "Juniperus", "Rosa Damascena")
    for product in goods.products():
        if any(name.startswith(scents) for name in product.ingredients):
            assert {"Linalool", "Limonene"} & set(product.ingredients), product.sku


def test_two_houses_with_a_dozen_rooms_hold_only_what_the_catalogue_has():
    sites = house.sites()
    assert len(sites) == 2
    assert len({site.time_zone for site in sites}) == 2
    assert sum(len(site.rooms) for site in sites) >= 12
    for site in sites:
        kinds = {place.kind for place in site.locations}
        assert kinds - {"person", "laundry"} == {
            "storeroom",
            "treatment_room",
            "quarantine",
            "in_transit",
        }
        for room in site.rooms:
            shelf = house.shelf(room.shelf)
            for sku, par, reorder in shelf.rules:
                assert par.unit is reorder.unit is goods.by_sku()[sku].unit
                assert par.steps > reorder.steps > 0
            for sku, count in shelf.tools:
                assert count.unit is goods.by_sku()[sku].unit
            held = {sku for sku, _, _ in shelf.rules}
            for treatment in room.treatments:
                assert held & {sku for sku, _ in house.uses(treatment)}, room.code


def test_everybody_is_invented():
    addresses = [
        *(user.email for user in house.users()),
        *(supplier.email for supplier in house.suppliers()),
        *(customer.email for customer in house.customers()),
        *(enquiry.email for enquiry in house.enquiries()),
    ]
    assert all(address.endswith(".example") for address in addresses)


def test_there_is_one_sign_in_per_role():
    roles = [user.role for user in house.users()]
    assert sorted(roles) == sorted(
        {
            "administrator",
            "spa_manager",
            "stock_keeper",
            "therapist",
            "sales",
            "purchaser",
            "wholesale_buyer",
        }
    )


def test_customers_come_in_three_kinds_and_buy_by_a_price_list():
    lists = {price_list.code for price_list in house.price_lists()}
    customers = list(house.customers())
    assert len(customers) >= 12
    assert {customer.kind for customer in customers} == {
        "spa_owner",
        "wellness_centre",
        "individual",
    }
    assert {customer.price_list for customer in customers} <= lists
