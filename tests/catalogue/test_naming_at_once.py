"""Products saved at the same moment may name the same new things: each is made once, and all have it."""

from datetime import UTC, datetime

from procurement.catalogue.operations.products import create_product
from procurement.catalogue.queries.known import known
from procurement.catalogue.terms import Kind, ProductDraft
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
