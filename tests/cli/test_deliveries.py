"""`purchasing import-receipt`: a delivery note is shown beside its order, and received when told."""

import pytest

from procurement.kernel.db import make_engine
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.queries.orders import order_page
from tests.apps import an_app
from tests.exchange.test_delivery_notes import LOT, UBL
from tests.purchasing.builders import a_placed_order, a_spa_that_orders

NUMBER = "PO-2026-0001"


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        a_placed_order(session)
    yield work
    engine.dispose()


@pytest.fixture
def run(tmp_path, fresh_database, work):
    def run(content: str, *words: str):
        file = tmp_path / "note.xml"
        file.write_text(content)
        with an_app(fresh_database, tmp_path) as app:
            words = ("purchasing", "import-receipt", str(file), *words)
            return app.test_cli_runner().invoke(args=list(words))

    return run


def received(work) -> int:
    with work.read() as session:
        return order_page(session, NUMBER).lines[0].received


def test_a_note_is_shown_and_received_when_told(run, work):
    note = UBL.format(order=NUMBER, unit="XCS", quantity="9", lots=LOT.format("A"))
    shown = run(note)
    assert shown.exit_code == 0
    assert "Line 1: 9 packs, lot A, use by 2031-11-30" in shown.stdout
    assert "Differs: " in shown.stdout
    assert received(work) == 0
    assert "Received as GR-2026-0001." in run(note, "--receive").stdout
    assert received(work) == 9


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("sku,qty\nALM-500,1\n", (), "names no order"),
        ("sku,qty\nX-9,1\n", ("--order", NUMBER, "--receive"), "Not found: Row 2, X-9"),
        ("sku,qty\nALM-500,1\n", ("--order", "PO-2020-0001"), "no purchase order"),
        ("<Order/>", ("--receive",), "despatch advice"),
        (
            UBL.format(
                order=NUMBER, unit="XCS", quantity="9", lots=LOT.format("A") + LOT.format("B")
            ),
            ("--receive",),
            "Several lots share a line",
        ),
    ],
    ids=range(5),
)
def test_what_cannot_be_received_is_said_and_nothing_is_posted(run, work, content, words, said):
    refused = run(content, *words)
    assert refused.exit_code != 0
    assert said in refused.output
    assert received(work) == 0
