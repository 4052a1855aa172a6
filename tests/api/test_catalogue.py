"""Products and packs over the API."""

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.api.stories import BAD_AMOUNTS, BAD_COUNTS, a_case, an_oil, made, quantity, refused_at


def test_a_product_is_created_with_everything_said_of_it(program):
    api = program()
    said = {
        "family": "almond",
        "options": {"size": "500 ml"},
        "description": "Light.",
        "ingredients": ["Prunus Amygdalus Dulcis Oil", "Tocopherol"],
        "may_contain": ["CI 77891"],
        "ingredients_complete": True,
        "traits": ["vegan"],
        "shelf_life_days": 730,
        "period_after_opening_months": 12,
        "dose": quantity("25"),
        "pump_stroke": quantity("1.5"),
        "density": 920,
        "body_areas": ["Calf"],
        "techniques": ["Kneading"],
        "skin_feels": ["Silky"],
        "scents": ["Unscented"],
    }
    body = an_oil(**said)
    body["sales_pack"]["gtin"] = "4006381333931"
    answer = api.post("/products", body)
    pack = {
        "product": "ALM-500",
        "code": "BOTTLE",
        "name": "Bottle 500 ml",
        "size": quantity("500"),
        "gtin": "04006381333931",
        "is_sales_pack": True,
        "order_least": 1,
        "order_step": 1,
        "order_most": None,
    }
    assert made(answer) == {
        "sku": "ALM-500",
        "name": "Sweet almond oil",
        "kind": "oil",
        "unit": "ml",
        "status": "active",
        "category": "",
        "brand": "",
        "material": "",
        **said,
        "traits": ["fragrance_free", "vegan"],
        "sales_pack": pack,
        "packs": [pack],
    }
    assert answer.headers["Location"] == "/api/v1/products/ALM-500"
    assert api.get("/products/ALM-500").json == answer.json
    assert api.get("/products?text=tocopherol&body_area=calf").json["items"] == [answer.json]
    assert api.get("/products?technique=calf").json["items"] == []


def test_a_code_may_hold_slashes_spaces_and_any_script(program):
    api = program()
    for sku in ("A/B 1", "ÖL?#%", "精油"):
        answer = api.post("/products", an_oil(sku))
        assert made(answer)["sku"] == sku
        path = answer.headers["Location"].removeprefix("/api/v1")
        assert api.get(path).json["sku"] == sku


def test_products_come_in_pages_by_sku(program):
    api = program()
    for sku in ("C", "A", "B"):
        made(api.post("/products", an_oil(sku)))
    first = api.get("/products?limit=2").json
    rest = api.get("/products", query_string={"limit": 2, "cursor": first["next"]}).json
    assert [one["sku"] for one in first["items"] + rest["items"]] == ["A", "B", "C"]
    assert rest["next"] is None


def test_a_further_pack_is_counted_in_the_products_unit(program):
    api = program()
    made(api.post("/products", an_oil()))
    answer = api.post("/packs", a_case())
    rule = {"order_least": 1, "order_step": 1, "order_most": None}
    assert made(answer) == rule | a_case(size=quantity("6000"), gtin=None, is_sales_pack=False)
    assert [one["code"] for one in api.get("/packs?product=ALM-500").json["items"]] == [
        "BOTTLE",
        "CASE",
    ]
    assert api.get(answer.headers["Location"].removeprefix("/api/v1")).status_code == 200


def test_what_a_product_cannot_be_is_said_at_its_field(program):
    api = program()
    made(api.post("/products", an_oil()))
    for body, status, field in (
        (an_oil(), 409, "sku"),
        (an_oil("X", kind="potion"), 422, "kind"),
        (an_oil("X", unit="l"), 422, "unit"),
        (an_oil(" "), 422, "sku"),
        (an_oil("X" * 65), 422, "sku"),
        (an_oil("X", name=""), 422, "name"),
        (an_oil("X", name="a\x00b"), 422, "name"),
        (an_oil("X", name="a\ufffeb"), 422, "name"),
        (an_oil("X", price="1"), 422, "price"),
        (an_oil("X", status="discontinued"), 422, "status"),
        (an_oil("X", id=7), 422, "id"),
        (an_oil("X", unit="piece"), 422, "sales_pack.size"),
    ):
        answer = api.post("/products", body)
        assert (answer.status_code, fields(answer)) == (status, [field])
    lone_surrogate = b'{"sku":"X","name":"a\\ud800b","kind":"oil","unit":"ml"}'
    assert api.post("/products", raw=lone_surrogate).status_code == 400
    assert [one["sku"] for one in api.get("/products").json["items"]] == ["ALM-500"]


def test_what_a_pack_cannot_be_is_said_at_its_field(program):
    api = program()
    body = an_oil()
    body["sales_pack"]["gtin"] = "4006381333931"
    made(api.post("/products", body))
    for change, status, field in (
        ({"code": "BOTTLE"}, 409, "code"),
        ({"product": "NONE"}, 422, "product"),
        ({"size": quantity("1", "g")}, 422, "size"),
        ({"gtin": "4006381333932"}, 422, "gtin"),
        ({"gtin": "4006381333931"}, 409, "gtin"),
        ({"is_sales_pack": True}, 422, "is_sales_pack"),
    ):
        answer = api.post("/packs", a_case(**change))
        assert (answer.status_code, fields(answer)) == (status, [field])


def test_what_is_no_number_is_refused_at_its_field(program):
    api = program()
    made(api.post("/products", an_oil()))
    for amount in (*BAD_AMOUNTS, "0"):
        refused_at(api.post("/packs", a_case(size=quantity(amount))), "size")
    for count in BAD_COUNTS:
        if count is not None:
            refused_at(api.post("/products", an_oil("X", shelf_life_days=count)), "shelf_life_days")
            body = an_oil("X", period_after_opening_months=count)
            refused_at(api.post("/products", body), "period_after_opening_months")
    assert len(api.get("/packs").json["items"]) == 1


def test_who_may_write_and_read_the_catalogue(program):
    admin = program()
    made(admin.post("/products", an_oil()))
    for role, reads, writes in (
        (Role.SPA_MANAGER, 200, 201),
        (Role.PURCHASER, 200, 201),
        (Role.STOCK_KEEPER, 200, 403),
        (Role.THERAPIST, 200, 403),
        (Role.SALES, 200, 403),
        (Role.WHOLESALE_BUYER, 200, 403),
    ):
        api = program(role)
        assert api.get("/products/ALM-500").status_code == reads
        assert api.post("/products", an_oil(f"OF-{role}")).status_code == writes
        assert api.post("/packs", a_case(code=f"OF-{role}")).status_code == writes
    stranger = program(None)
    assert stranger.get("/products").status_code == 401
    assert stranger.post("/products", {"x": 1}).status_code == 401
    assert admin.get("/products/NONE").status_code == 404
    assert admin.get("/products/%00").status_code == 404
    assert fields(admin.get("/products?text=%00")) == ["text"]
