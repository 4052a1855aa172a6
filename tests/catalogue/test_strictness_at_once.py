"""Products are saved while somebody turns strictness to and fro: in the end each has the traits of what holds."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import OperationalError

from procurement.catalogue.operations.deriving import change_safety_rules
from procurement.catalogue.operations.products import change_product, create_product
from procurement.catalogue.queries.compositions import policy_version, safety_rules
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.allergens import traits_of
from procurement.catalogue.terms import Kind, ProductDraft, SafetyRules
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.quantity import Unit
from procurement.kernel.unit_of_work import UnitOfWork
from tests.threads import at_once

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
SKUS = [f"OIL-{number}" for number in range(3)]


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    unit_of_work = UnitOfWork(engine)
    with unit_of_work.write() as session:
        for sku in SKUS:
            draft = ProductDraft(sku, sku, Kind.OIL, Unit.ML, ingredients_complete=True)
            create_product(session, draft, actor=SYSTEM, at=AT)
    yield unit_of_work
    engine.dispose()


def test_no_product_keeps_the_traits_of_rules_that_hold_no_more(work):
    def turn(times):
        for strict in (True, False) * times:
            with work.write() as session:
                seen = policy_version(session)
                rules = SafetyRules(is_strict=strict)
                change_safety_rules(session, rules, version=seen, actor=SYSTEM, at=AT)

    def save(sku):
        for inci in ("Prunus Armeniaca Kernel Oil", "Vitis Vinifera Seed Oil") * 3:
            with work.write() as session:
                change_product(session, ProductDraft(sku, ingredients=(inci,)), actor=SYSTEM, at=AT)

    def one(worker):
        with suppress(OperationalError):  # a deadlock ends one of two; its request is sent again
            turn(3) if worker == 0 else save(SKUS[worker - 1])

    at_once(4, one)
    with work.read() as session:
        rules = safety_rules(session)
        for product in known(session, SKUS).products.values():
            assert set(product.traits) == traits_of(product.composition, rules)
