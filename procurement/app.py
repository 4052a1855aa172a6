"""The application, put together: engine, static files, doors. No routes of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from procurement import cli
from procurement.web import health
from procurement.web.assets import install_assets
from procurement.web.database import install_database

if TYPE_CHECKING:
    from config import Config  # handed over by wsgi.py and the tests, never looked up here

ROOT = Path(__file__).resolve().parents[1]


def create_app(config: "Config") -> Flask:
    app = Flask("procurement", template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = config.secret_key
    app.extensions["config"] = config
    config.data_dir.mkdir(parents=True, exist_ok=True)
    install_database(app, config.database_url)
    install_assets(app, ROOT / "static")
    app.register_blueprint(health.bp)
    cli.register(app)
    return app
