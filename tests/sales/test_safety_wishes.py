"""What a customer wished of the goods is answered on the paper by the lines that meet it, and by those that do not."""

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Ingredient, Product, ProductIngredient
from procurement.catalogue.terms import Wishes
from procurement.documents.quote import render_quote
from procurement.sales.queries.links import linked_quote
from tests.builders import NOON
from tests.documents.papers import text_of
from tests.sales.stories import a_draft, a_line, a_ready_shop, issue


@pytest.mark.parametrize(
    ("locale", "title", "met", "unmet"),
    [
        (
            "en",
            "You asked for products that are nut-free",
            "they are: 2 ",
            "These are not: 1 ",
        ),
        ("de", "Ihr Wunsch: nussfrei", "erfüllen ihn: 2 ", "Nicht erfüllen ihn: 1 "),
    ],
)
def test_a_nut_free_wish_names_the_lines(session, locale, title, met, unmet):
    customer = a_ready_shop(session)
    customer.locale = locale
    for sku, inci in (("ALM-500", "Prunus Amygdalus Dulcis Oil"), ("CRR-01", "Cocos Nucifera Oil")):
        product = session.scalars(select(Product).where(Product.sku == sku)).one()
        product.ingredients_complete = True
        ingredient = Ingredient(inci=inci)
        session.add(ingredient)
        session.flush()
        session.add(
            ProductIngredient(product_id=product.id, ingredient_id=ingredient.id, position=0)
        )
    lines = (a_line(packs=2, pack="case"), a_line("CRR-01", 3, price="19.99"))
    draft = a_draft(session, *lines, wishes=Wishes(nut_free=True))
    quote = issue(session, draft.number)
    linked = linked_quote(session, quote.link_token, at=NOON)
    answer = linked.content.safety.answer
    assert answer.title == title
    assert met in answer.text
    assert unmet in answer.text

    assert title in " ".join(text_of(render_quote(linked.content)).split())
