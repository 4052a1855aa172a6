"""What is in products, the table of allergens and substitutes over the API."""

from procurement.kernel.permissions import Role
from tests.api.stories import an_oil, made, refused_at

ALMOND, GRAPE = "Prunus Amygdalus Dulcis Oil", "Vitis Vinifera Seed Oil"


def test_a_program_reads_what_is_in_it_and_what_to_offer_instead(program):
    api = program()
    made(api.post("/products", an_oil(ingredients=[ALMOND], ingredients_complete=True)))
    other = an_oil("GRP-500", ingredients=[GRAPE], ingredients_complete=True, traits=["vegan"])
    made(api.post("/products", {**other, "name": "Grapeseed oil"}))

    safety = api.get("/products/ALM-500/safety").json
    (found,) = safety["allergens"]
    assert (found["allergen"], found["ingredient"]) == ("almond (tree nut)", ALMOND)
    assert found["citation"].startswith("Table of 2026-11-28, Annex II, point 8, Regulation (EU)")
    assert (safety["list_state"], safety["traits"]) == ("complete", ["fragrance_free"])
    assert "peanut" in safety["free_of"]

    asked = api.get("/products/ALM-500/substitutes?without=nuts").json["items"]
    slip = api.get("/products/ALM-500/substitutes?without=almmonds,almonds").json
    assert slip == {"items": [], "unheard": ["almmonds"]}
    assert [one["product"] for one in asked] == ["GRP-500"]
    refused_at(api.get("/products/ALM-500/substitutes"), "without")
    for address in ("safety", "substitutes?without=nuts"):
        assert api.get(f"/products/NOPE/{address}").status_code == 404

    (row,) = api.get("/ingredients?text=amygdalus").json["items"]
    assert row == {"inci": ALMOND, "products": 1, "means": ["almond (tree nut)"]}


def test_the_table_is_paged_and_searched_with_its_version(program):
    api = program()
    first = api.get("/allergens?group=fragrance&limit=2").json
    assert [one["allergen"] for one in first["items"]] == ["Benzyl Alcohol", "6-Methyl Coumarin"]
    second = api.get(f"/allergens?group=fragrance&limit=2&cursor={first['next']}").json
    assert second["items"][0]["entry"] == "Annex III, entry 67"
    (linalool,) = api.get("/allergens?text=78-70-6").json["items"]
    assert (linalool["leave_on_percent"], linalool["checked"]) == ("0.001", True)
    assert linalool["table_version"] == "2026-11-28"
    assert not any(one["checked"] for one in api.get("/allergens?checked=false").json["items"])


def test_a_therapist_of_another_company_sees_no_list_of_ingredients(program):
    assert program(Role.WHOLESALE_BUYER).get("/ingredients").status_code in {403, 404}
