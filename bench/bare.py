"""The least that could answer a search over HTTP: Flask and one hand-written statement. For comparison only."""

import os
import threading

from flask import Flask, request

from bench.cases import Sql
from bench.searching import bare_rows
from procurement.kernel.db import make_engine
from procurement.kernel.unit_of_work import UnitOfWork

app = Flask(__name__)
_unit_of_work = UnitOfWork(make_engine(os.environ["BENCH_DATABASE"]))
_own = threading.local()


@app.get("/")
def index() -> dict[str, object]:
    if not hasattr(_own, "sql"):
        _own.sql = Sql(_unit_of_work)
    total, rows = bare_rows(_own.sql, request.args["q"])
    return {"total": total, "items": [list(row) for row in rows]}
