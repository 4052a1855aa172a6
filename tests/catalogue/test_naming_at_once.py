"""Products saved at the same moment may name the same new things: each is made once, and all have it."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from procurement.catalogue.operations.products import change_product, create_product
from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.terms import Kind, ProductDraft, Trait
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.quantity import Unit
from procurement.kernel.unit_of_work import UnitOfWork
from tests.threads import at_once

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
WORKERS, ROUNDS = 4, 5


def test_what_two_name_at_once_is_made_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)

    def save(worker):
        for number in range(ROUNDS):
            draft = ProductDraft(
                f"OIL-{worker}-{number}",
                "Oil",
                Kind.OIL,
                Unit.ML,
                category=f"Shelf {number}",
                ingredients=(f"Oleum {number}",),
                techniques=(f"Stroke {number}",),
            )
            with work.write() as session:
                create_product(session, draft, actor=SYSTEM, at=AT)

    at_once(WORKERS, save)
    with work.read() as session:
        skus = [f"OIL-{worker}-{n}" for worker in range(WORKERS) for n in range(ROUNDS)]
        products = known(session, skus).products
    assert len(products) == WORKERS * ROUNDS
    for sku, product in products.items():
        number = sku[-1]
        assert product.category == f"Shelf {number}"
        assert product.ingredients == (f"Oleum {number}",)
        assert [name.lower() for name in product.techniques] == [f"stroke {number}"]
    engine.dispose()


def test_a_list_that_is_imported_overwrites_nothing_it_does_not_name(fresh_database):
    """Somebody changes the ingredients while a list with brands is taken: both are kept, and the traits are right."""
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    nutty, seeds = ("Juglans Regia Seed Oil",), ("Vitis Vinifera Seed Oil",)
    with work.write() as session:
        draft = ProductDraft("OIL", "Oil", Kind.OIL, Unit.ML, ingredients=nutty)
        create_product(session, draft, actor=SYSTEM, at=AT)

    def take_list():
        with work.write() as session:
            drafts = Drafts({"OIL": ProductDraft("OIL", brand="Fernhallow")}, {})
            save_products(session, {}, drafts, actor=SYSTEM, at=AT)

    with ThreadPoolExecutor(1) as pool:
        with work.write() as session:
            changed = ProductDraft("OIL", "Oil", ingredients=seeds, ingredients_complete=True)
            change_product(session, changed, actor=SYSTEM, at=AT)
            taken = pool.submit(take_list)
            time.sleep(0.5)  # the other has read what is there, or waits for this one
        taken.result()
    with work.read() as session:
        product = known(session, ["OIL"]).products["OIL"]
    assert (product.brand, product.ingredients) == ("Fernhallow", seeds)
    assert product.ingredients_complete
    assert Trait.NUT_FREE in product.traits
    engine.dispose()
