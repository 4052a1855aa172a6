"""`python3 dev.py bench [--size S|M|L] [--data DIR]`: our time beside the hand-written one's, as a ratio."""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import pdf
from bench.cases import cases
from bench.counting import fill_counted_room
from bench.house import SIZES, House, made, read
from bench.load import load
from bench.planning import plan_all
from bench.searching import bench_searches
from procurement import schema
from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.queries.needs import needs
from tests.databases import KINDS, Databases

ROW = "{:<28} {:<11} {:>11} {:>11} {:>8}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=sorted(SIZES), default="S")
    parser.add_argument(
        "--data", type=Path, help="a folder of CSV files instead of a made-up house"
    )
    parser.add_argument("--only", choices=["search"], help="one table instead of all")
    options = parser.parse_args()
    if options.only == "search":
        bench_searches()
        return
    house = read(options.data) if options.data else made(options.size)
    print(
        f"{len(house.products):,} products, {len(house.rooms):,} rooms, {len(house.movements):,} movements,"
        f" {len(schema.metadata.tables)} tables. Medians; both halves of a row run in turn."
    )
    print(ROW.format("work", "database", "ours", "by hand", "ratio"))
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases.start(Path(folder))
        try:
            for kind in KINDS:
                if kind == "postgresql" and databases.reason:
                    print(f"PostgreSQL is left out: {databases.reason}")
                    continue
                measure(kind, databases.fresh(kind), house)
        finally:
            databases.stop()
    for case in pdf.cases():
        ours, bare = pdf.seconds(case)
        print(ROW.format(case.name, "ReportLab", show(ours), show(bare), f"{ours / bare:.2f}x"))
    plan_all()
    bench_searches()


def measure(kind: str, url: str, house: House) -> None:
    unit_of_work = UnitOfWork(make_engine(url))
    load(unit_of_work, house)
    fill_counted_room(unit_of_work)
    with unit_of_work.read() as session:
        found = needs(session, at=utc_now()).open
    refills = sum(1 for need in found if not need.is_storeroom)
    print(
        f"# {kind}: {refills} rooms to refill, {sum(1 for need in found if need.packs)} purchases"
    )
    for case in cases(unit_of_work, [sku for _, sku, _ in house.products]):
        case.ours()
        case.by_hand()
        ours, by_hand = [], []
        for _ in range(case.rounds):
            ours.append(timed(case.ours))
            by_hand.append(timed(case.by_hand))
        mine, theirs = statistics.median(ours), statistics.median(by_hand)
        print(ROW.format(case.name, kind, show(mine), show(theirs), f"{mine / theirs:.2f}x"))
    unit_of_work.engine.dispose()


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def show(seconds: float) -> str:
    return f"{seconds * 1000:,.2f} ms"


if __name__ == "__main__":
    main()
