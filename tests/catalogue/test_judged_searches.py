"""A judged list of searches over some three hundred products: what was wanted is among the first three."""

import csv
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.queries.search import ProductFilter, search
from procurement.catalogue.rules.codes import code_of
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.rules.gtin import padded_gtin
from procurement.catalogue.terms import FamilyDraft, Kind, PackDraft, ProductDraft
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Unit
from procurement.kernel.unit_of_work import UnitOfWork
from tests.builders import NOON
from tests.databases import KINDS

DATA = Path(__file__).parent / "search_data"
ENOUGH = 95  # of a hundred


def rows(name):
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def several(text):
    return tuple(part.strip() for part in text.split(";") if part.strip())


def stock_the_shelf(session):
    kept = rows("catalogue.csv")
    families = {
        code_of(row["family"]): FamilyDraft(code_of(row["family"]), row["family"]) for row in kept
    }
    drafts = {
        row["sku"]: ProductDraft(
            row["sku"],
            name=row["name"],
            kind=Kind(row["kind"]),
            unit=Unit.PIECE,
            family=code_of(row["family"]),
            category=row["category"],
            brand=row["brand"],
            ingredients=several(row["ingredients"]),
            body_areas=several(row["body_areas"]),
            techniques=several(row["techniques"]),
            options=tuple(tuple(pair.split("=")) for pair in several(row["options"])),
        )
        for row in kept
    }
    packs = {
        (row["sku"], "EACH"): PackDraft(
            row["sku"], "EACH", "Each", 1, padded_gtin(row["gtin"]), is_sales_pack=True
        )
        for row in kept
    }
    save_products(session, families, Drafts(drafts, packs), actor=SYSTEM, at=NOON)


@pytest.fixture(scope="module")
def shelves(databases):
    """The same catalogue in a database of each kind."""
    stocked = {}
    for kind in KINDS:
        if kind == "postgresql" and databases.reason:
            continue
        stocked[kind] = UnitOfWork(make_engine(databases.fresh(kind)))
        with stocked[kind].write() as session:
            stock_the_shelf(session)
    yield stocked
    for unit_of_work in stocked.values():
        unit_of_work.engine.dispose()


def answers(unit_of_work, judged):
    with unit_of_work.read() as session:
        return {
            row["typed"]: [
                one.sku
                for one in search(session, ProductFilter(row["typed"]), PageRequest(24)).page.items
            ]
            for row in judged
        }


def test_the_wanted_product_is_among_the_first_three_in_the_same_order_on_both_databases(shelves):
    judged = rows("judged.csv")
    assert len(judged) >= 120
    assert len(rows("catalogue.csv")) >= 300
    found = {kind: answers(shelf, judged) for kind, shelf in shelves.items()}
    missed = [
        f"{row['why']}: {row['typed']} -> {found['sqlite'][row['typed']][:3]}"
        for row in judged
        if not any(
            fnmatchcase(sku, one)
            for sku in found["sqlite"][row["typed"]][:3]
            for one in several(row["wanted"])
        )
    ]
    hits = len(judged) - len(missed)
    assert 100 * hits >= ENOUGH * len(judged), "\n".join(missed)
    assert found.get("postgresql", found["sqlite"]) == found["sqlite"]
