"""The pictures are drawn: the same every time, small, and told apart."""

from io import BytesIO

import pytest
from PIL import Image

from procurement.demo import goods
from procurement.demo.pictures import SHAPES, Look, draw
from procurement.demo.pictures.brush import GROUND, mix
from procurement.demo.pictures.logo import logo

MOST_BYTES = 90_000  # as drawn; what is kept of it is smaller


def picture(data):
    return Image.open(BytesIO(data)).convert("RGB")


@pytest.fixture(scope="module")
def pictures():
    return {product.sku: product.picture() for product in goods.products()}


def test_every_product_has_a_square_picture_of_modest_size(pictures):
    for sku, data in pictures.items():
        assert len(data) < MOST_BYTES, sku
        assert picture(data).size == (800, 800), sku


def test_no_two_products_look_the_same(pictures):
    assert len(set(pictures.values())) == len(pictures)


def test_every_picture_stands_on_the_same_ground(pictures):
    for sku, data in pictures.items():
        corner = picture(data).getpixel((4, 4))
        assert all(abs(a - b) <= 6 for a, b in zip(corner, GROUND, strict=True)), sku


def test_something_is_drawn_in_the_middle_of_every_picture(pictures):
    for sku, data in pictures.items():
        middle = picture(data).crop((200, 200, 600, 640))
        darkest = min(low for low, _ in middle.getextrema())
        assert darkest < 200, sku


def test_the_same_look_gives_the_same_bytes():
    for product in goods.products()[::12]:
        assert draw(product.look) == product.picture()


def test_every_shape_is_used_by_some_product():
    assert {product.look.shape for product in goods.products()} == set(SHAPES)


def test_a_colour_that_is_none_is_refused_by_name():
    with pytest.raises(ValueError, match="bottle: glass must be a colour"):
        draw(Look("bottle", {"glass": "amber", "cap": "#000000", "label": "X"}))


def test_mixing_colours_ends_at_either_side():
    assert mix((0, 0, 0), (200, 100, 50), 0) == (0, 0, 0)
    assert mix((0, 0, 0), (200, 100, 50), 1) == (200, 100, 50)


def test_the_logo_is_a_small_square_that_lets_the_paper_through():
    mark = Image.open(BytesIO(logo("#5E3B57")))
    assert mark.mode == "RGBA"
    assert mark.size == (480, 480)
    assert mark.getpixel((2, 2))[3] == 0
    assert logo("#5E3B57") == logo("#5E3B57")
    assert logo("#5E3B57") != logo("#225588")
