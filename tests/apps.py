"""The application as a test needs it: on a database of its own, with nothing read from the environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from config import Config
from procurement.app import create_app


@contextmanager
def an_app(url: str, folder: Path, **settings: object) -> Iterator[Flask]:
    config = Config(data_dir=folder, database_url=url, secret_key="k" * 48, **settings)
    app = create_app(config)
    app.testing = True
    yield app
    app.extensions["uow"].engine.dispose()
