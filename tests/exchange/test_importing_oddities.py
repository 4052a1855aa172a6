"""Names nobody expects, clashes, and what two lists mean by the same words."""

import csv
import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.exchange.export import to_csv, to_xlsx
from procurement.exchange.importing import ImportFile, ImportOutcome, import_file
from procurement.exchange.layouts import Options, read_file
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.actor import Actor
from procurement.sourcing.models import Supplier
from tests.builders import NOON
from tests.exchange.files import shared


def take(session: Session, actor: Actor, data: bytes, **more: object) -> ImportOutcome:
    return import_file(session, ImportFile(name="list", data=data, **more), actor=actor, at=NOON)


def written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def test_naughty_strings_are_kept_as_they_are_or_refused(session: Session, actor: Actor):
    naughty = json.loads(shared("awkward-csv/blns.json"))
    rows = [[f"N-{n}", text, "tool", text] for n, text in enumerate(naughty)]
    outcome = take(session, actor, written([["sku", "name", "kind", "description"], *rows]))
    kept = {product.sku: product.name for product in session.scalars(select(Product))}
    assert len(kept) + len(outcome.refused) == outcome.read
    assert len(kept) > 400
    assert all("\x00" not in name for name in kept.values())


def test_exports_of_naughty_strings_come_back(session: Session, actor: Actor):
    naughty = [
        text
        for text in json.loads(shared("awkward-csv/blns.json"))
        if text.strip() and text.isprintable()
    ]
    rows = [[f"N-{n}", text[:150], "tool"] for n, text in enumerate(naughty)]
    header = ["sku", "name", "kind"]
    first = take(session, actor, to_csv(header, rows))
    assert first.created > 300
    for again in (to_csv(header, rows), to_xlsx("list", header, rows)):
        outcome = take(session, actor, again)
        assert (outcome.created, outcome.updated) == (0, 0)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.text(max_size=12), min_size=1, max_size=6), min_size=1, max_size=6))
def test_any_table_at_all_is_read_or_refused(rows: list[list[str]]):
    header = ["sku", "name", "kind", "price", "pack_size", "options"]
    try:
        reading = read_file(written([header, *rows]), Options())
    except UnusableFile:
        return
    harvest = reading.harvest
    taken = {at.row for at in harvest.products.values()}
    assert not taken & {refusal.row for refusal in harvest.refused}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_read_or_refused(data: bytes):
    try:
        read_file(data, Options())
    except UnusableFile:
        return


def sources(*suppliers: str) -> bytes:
    header = [
        "Product Code",
        "Supplier Name",
        "Supplier Item No",
        "Default Package Type",
        "Quantity per Package",
    ]
    return written(
        [header, *[["T-1", name, f"C{n}", "EA", "1"] for n, name in enumerate(suppliers)]]
    )


def test_two_suppliers_stay_two_where_their_names_give_one_code(session: Session, actor: Actor):
    take(session, actor, b"sku,name,kind\nT-1,Roller,tool\n")
    names = ("Linden & Co", "Linden Co", "LINDEN & CO")
    outcome = take(session, actor, sources(*names[:2]))
    assert (outcome.created, outcome.refused) == (2, ())
    assert {one.name: one.code for one in session.scalars(select(Supplier))}.keys() == set(
        names[:2]
    )
    assert len({one.code for one in session.scalars(select(Supplier))}) == 2
    again = take(session, actor, sources(names[1], names[2]))
    assert (again.created, again.updated, again.unchanged) == (
        0,
        2,
        0,
    )  # their codes changed places
    assert len(session.scalars(select(Supplier)).all()) == 2


def test_an_option_named_twice_is_refused(session: Session, actor: Actor):
    data = (
        "Handle,Title,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Price\n"
        "oil,Oil,Size,250 ml,Size,Large,OIL-1,5\noil,,,500 ml,,Small,OIL-2,9\n"
    )
    outcome = take(session, actor, data.encode())
    assert [(one.row, one.column) for one in outcome.refused] == [
        (2, "Option1 Name"),
        (3, "Option1 Name"),
    ]


def test_a_pack_keeps_its_size_and_a_product_its_unit(session: Session, actor: Actor):
    header = "sku,name,kind,unit,pack_code,pack_size,pack_unit\n"
    take(session, actor, (header + "O-1,Oil,oil,ml,JUG,5,l\nO-2,Oil 2,oil,ml,JUG,5,l\n").encode())
    outcome = take(
        session, actor, (header + "O-1,Oil,oil,ml,JUG,4,l\nO-2,Oil 2,oil,g,JUG,5,kg\n").encode()
    )
    assert [(one.row, one.column) for one in outcome.refused] == [(2, "pack_size"), (3, "unit")]
    assert outcome.updated == 0


def test_a_price_list_keeps_its_currency(session: Session, actor: Actor):
    header = "sku,name,kind,price,currency,price_list\n"
    take(session, actor, (header + "T-1,Roller,tool,5,EUR,TRADE\n").encode())
    outcome = take(session, actor, (header + "T-1,Roller,tool,5,USD,TRADE\n").encode())
    assert [(one.row, one.column) for one in outcome.refused] == [(2, "currency")]
