"""Search at three sizes: over HTTP under eight clients, in process, and the bare SQL over the same index.

"bare" is what a page needs at the least: how many hold the words as typed, and the first twenty-four by name, in
hand-written SQL. It knows no synonyms and mends nothing: only for plain words is a ratio given. Over HTTP a Flask
application that does nothing else answers it, served like ours; that ratio is of requests a second.
"""

import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import insert

from bench.cases import Sql
from procurement.accounts.models import User, UserRole
from procurement.accounts.operations.tokens import issue_token
from procurement.catalogue.models import Pack, Product
from procurement.catalogue.operations.search_words import learn_words
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import search
from procurement.catalogue.terms import Kind
from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Unit
from procurement.kernel.text import fold
from procurement.kernel.trigrams import index_table
from procurement.kernel.unit_of_work import UnitOfWork
from tests.builders import a_company
from tests.databases import KINDS, Databases
from tests.server.running import free_port, running

SIZES = (1_000, 10_000, 100_000)
CLIENTS, WORKERS, SECONDS, SHOWN = 8, 2, 6.0, 24
ROW = "{:<34} {:<11} {:>9} {:>9} {:>9} {:>8}"
_PLANTS = (
    ("Almond", "Prunus Amygdalus Dulcis Oil"), ("Jojoba", "Simmondsia Chinensis Seed Oil"),
    ("Lavender", "Lavandula Angustifolia Oil"), ("Rosemary", "Rosmarinus Officinalis Leaf Oil"),
    ("Arnica", "Arnica Montana Flower Extract"), ("Coconut", "Cocos Nucifera Oil"),
    ("Ginger", "Zingiber Officinale Root Oil"), ("Sesame", "Sesamum Indicum Seed Oil"),
    ("Neroli", "Citrus Aurantium Amara Flower Oil"), ("Thyme", "Thymus Vulgaris Oil"),
    ("Peppermint", "Mentha Piperita Oil"), ("Cedarwood", "Cedrus Atlantica Bark Oil"),
)  # fmt: skip
_FIRST = (
    "Calm",
    "Vital",
    "Pure",
    "Deep",
    "Warm",
    "Cool",
    "Alpine",
    "Gentle",
    "Silk",
    "Fresh",
    "Quiet",
    "Bright",
)
_THINGS = (
    "Massage Oil", "Body Lotion", "Hand Cream", "Foot Balm", "Bath Salt", "Hot Stone Set", "Bath Sheet", "Calf Roller",
    "Gua Sha", "Candle", "Body Scrub", "Muscle Gel",
)  # fmt: skip
_SIZES = (
    "50 ml",
    "100 ml",
    "250 ml",
    "500 ml",
    "1 l",
    "5 l",
    "set of 6",
    "white",
    "sand",
    "travel",
)
_BRANDS = 200
SAME_WORK = "two words"
QUERIES = {
    "two words": ("lavender oil", "arnica gel", "hot stone", "calf roller", "rosemary scrub"),
    "synonyms": ("Mandelöl", "huile de coco", "aceite de romero", "olio da massaggio", "Prunus dulcis"),
    "typing errors": ("lavedner oil", "arnicca gel", "calf rolelr", "rosmary scrub", "peppermnit"),
    "a code": ("S-000123", "s000123", "S-000777", "S-123", "S 000500"),
}  # fmt: skip


def bench_searches() -> None:
    """Print the table."""
    print(f"\n# search, {CLIENTS} clients, {WORKERS} processes; p50 and p95 of a request")
    print(ROW.format("work", "database", "p50", "p95", "per s", "ratio"))
    with tempfile.TemporaryDirectory() as name:
        databases = Databases.start(Path(name))
        try:
            for size in SIZES:
                for kind in KINDS:
                    if not (kind == "postgresql" and databases.reason):
                        _measure(databases.fresh(kind), kind, size, Path(name))
        finally:
            databases.stop()


def _measure(url: str, kind: str, size: int, folder: Path) -> None:
    unit_of_work = UnitOfWork(make_engine(url))
    fill(unit_of_work, size)
    place = folder / f"{kind}-{size}"
    place.mkdir()
    print(f"# {size:,} products")
    sql = Sql(unit_of_work)
    for name, texts in QUERIES.items():
        ours = _timed(lambda text: _ours(unit_of_work, text), texts)
        bare = _timed(lambda text: bare_rows(sql, text), texts)
        same = name == SAME_WORK
        ratio = f"{statistics.median(ours) / statistics.median(bare):.1f}x" if same else ""
        _print(f"{name}, in process", kind, ours, "", ratio)
        _print(f"{name}, bare SQL", kind, bare, "", "")
    sql.connection.close()
    texts, token = QUERIES[SAME_WORK], _open_shop(unit_of_work)
    unit_of_work.engine.dispose()
    with running(url, place, workers=WORKERS) as server:
        json_times, json_rate = _under_clients(
            server.port, "/api/v1/search?limit=24&q=", texts, token
        )
        page_times, page_rate = _under_clients(server.port, "/catalogue?q=", texts)
    with _bare_server(url) as port:
        bare_times, bare_rate = _under_clients(port, "/?q=", texts)
    _print("API over HTTP", kind, json_times, f"{json_rate:.0f}", f"{json_rate / bare_rate:.2f}x")
    _print("page over HTTP", kind, page_times, f"{page_rate:.0f}", f"{page_rate / bare_rate:.2f}x")
    _print("bare Flask over HTTP", kind, bare_times, f"{bare_rate:.0f}", "")


def fill(unit_of_work: UnitOfWork, size: int, seed: int = 7) -> None:
    """Products with names, brands, ingredients and codes, in bulk: search texts as the catalogue writes them."""
    pick = random.Random(seed)
    products, packs = [], []
    for key in range(1, size + 1):
        plant, inci = pick.choice(_PLANTS)
        other = pick.choice(_PLANTS)[1]
        name = f"{pick.choice(_FIRST)} {plant} {pick.choice(_THINGS)} {pick.choice(_SIZES)}"
        sku, brand = f"S-{key:06d}", f"House {pick.randrange(_BRANDS)}"
        gtin = f"{9_520_000_000_000 + key:014d}"
        words = f"{name} {sku} {brand} {inci} {other} {gtin} Care s{key:06d} s{key}"
        products.append(
            {
                "id": key,
                "sku": sku,
                "name": name,
                "kind": Kind.OIL,
                "unit": Unit.PIECE,
                "brand": brand,
                "search_text": fold(words),
                "created_at": utc_now(),
                "version": 1,
            }
        )
        packs.append(
            {
                "product_id": key,
                "code": "EACH",
                "name": "Each",
                "size_steps": 1,
                "gtin": gtin,
                "is_sales_pack": True,
            }
        )
    with unit_of_work.write() as session:
        session.connection().execute(insert(Product), products)
        session.connection().execute(insert(Pack), packs)
        learn_words(session, (str(one["search_text"]) for one in products))
    with unit_of_work.engine.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.exec_driver_sql("ANALYZE")


def _open_shop(unit_of_work: UnitOfWork) -> str:
    """A company and a person, without whom there is no shop; the token of the person."""
    with unit_of_work.write() as session:
        a_company(session)
        person = User(
            email="bench@example.com",
            name="Bench",
            password="x",  # noqa: S106 (nobody signs in)
            fs_uniquifier="bench",
            created_at=utc_now(),
        )
        session.add(person)
        session.flush()
        session.add(UserRole(user_id=person.id, role=Role.SALES))
        session.flush()
        return issue_token(session, person.email, "bench", at=utc_now())


def _ours(unit_of_work: UnitOfWork, text: str) -> int:
    with unit_of_work.read() as session:
        return search(session, ProductFilter(text), PageRequest(SHOWN)).total


def bare_rows(sql: Sql, text: str) -> tuple[int, list[tuple[object, ...]]]:
    """How many products hold every word, and the first of them by name."""
    words = [word for word in fold(text).split() if len(word) > 2]
    if sql.is_sqlite:
        index = index_table("product")
        found = f"p.id IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"
        values: tuple[str, ...] = (" AND ".join(f'"{word}"' for word in words),)
    else:
        found = " AND ".join("p.search_text LIKE ?" for _ in words)
        values = tuple(f"%{word}%" for word in words)
    total = sql.run(f"SELECT count(*) FROM product p WHERE {found}", *values).fetchone()[0]
    rows = sql.run(
        "SELECT p.sku, p.name, p.kind, k.name, k.size_steps FROM product p"
        f" LEFT JOIN pack k ON k.product_id = p.id AND k.is_sales_pack WHERE {found}"
        f" ORDER BY p.name LIMIT {SHOWN}",
        *values,
    ).fetchall()
    sql.connection.rollback()
    return int(total), rows


def _timed(work: Callable[[str], object], texts: Sequence[str], rounds: int = 8) -> list[float]:
    for text in texts:
        work(text)
    found = []
    for text in list(texts) * rounds:
        begin = time.perf_counter()
        work(text)
        found.append(time.perf_counter() - begin)
    return found


def _under_clients(
    port: int, path: str, texts: Sequence[str], token: str = ""
) -> tuple[list[float], float]:
    """The times of single requests, and how many were answered each second."""
    times: list[list[float]] = [[] for _ in range(CLIENTS)]
    until = time.monotonic() + SECONDS
    headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for text in cycle([*texts[number % len(texts) :], *texts[: number % len(texts)]]):
            if time.monotonic() > until:
                break
            begin = time.perf_counter()
            connection.request("GET", path + quote(text), headers=headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{path}{text}: {answer.status}")
            times[number].append(time.perf_counter() - begin)
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = [one for several in times for one in several]
    return every, len(every) / SECONDS


@contextmanager
def _bare_server(url: str) -> Iterator[int]:
    """The hand-written statement behind Flask and gunicorn, as many processes as ours."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", str(WORKERS)]
    process = subprocess.Popen(  # noqa: S603 (our own command)
        [*command, "--threads", "4", "--log-level", "error", "bench.bare:app"],
        env=os.environ | {"BENCH_DATABASE": url},
    )
    try:
        for _ in range(200):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/?q=oil")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _print(name: str, kind: str, times: Sequence[float], rate: str, ratio: str) -> None:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    half = statistics.median(ordered)
    print(
        ROW.format(name, kind, f"{half * 1000:.1f} ms", f"{p95 * 1000:.1f} ms", rate, ratio),
        flush=True,
    )


if __name__ == "__main__":
    bench_searches()
