"""The application as a test needs it: on a database of its own, with nothing read from the environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from config import Config
from procurement.app import create_app
from procurement.web.noticing import Notebook


class CompiledTemplates(BytecodeCache):
    """What one application has compiled, the next of the same run need not: there is one for nearly every test."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = CompiledTemplates()


class QuietNotebook(Notebook):
    """What is noticed is written when a test says so, and never while it looks."""

    def start(self) -> None:
        return


def an_application(config: Config) -> Flask:
    """The application, with the templates compiled so far, and nothing that writes by itself."""
    app = create_app(config)
    app.extensions["notebook"] = QuietNotebook(app.extensions["uow"])
    app.jinja_env.bytecode_cache = _COMPILED
    return app


@contextmanager
def an_app(url: str, folder: Path, **settings: object) -> Iterator[Flask]:
    config = Config(data_dir=folder, database_url=url, secret_key="k" * 48, **settings)
    app = an_application(config)
    app.testing = True
    yield app
    app.extensions["uow"].engine.dispose()
