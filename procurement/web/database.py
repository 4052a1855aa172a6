"""The engine of this process, made once and kept with the application."""

from flask import Flask

from procurement import schema  # noqa: F401 (foreign keys by name resolve once every table is known)
from procurement.kernel.db import make_engine
from procurement.kernel.unit_of_work import UnitOfWork


def install_database(app: Flask, url: str) -> None:
    app.extensions["uow"] = UnitOfWork(make_engine(url))
