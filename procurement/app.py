"""The application, put together: engine, static files, doors. No routes of its own."""

from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from procurement import cli
from procurement.api import openapi, webhooks
from procurement.api.resources import DOORS as API
from procurement.backoffice import search, today
from procurement.backoffice.admin import DOORS as ADMIN
from procurement.backoffice.catalogue import DOORS as CATALOGUE
from procurement.backoffice.purchasing.doors import DOORS as PURCHASING
from procurement.backoffice.sales import DOORS as SALES
from procurement.backoffice.stock import DOORS as STOCK
from procurement.portal import cxml, lost
from procurement.portal.doors import DOORS as PORTAL
from procurement.web import health, invitations, offline, passkeys, pictures, start
from procurement.web.assets import install_assets
from procurement.web.context import install_context
from procurement.web.database import install_database
from procurement.web.errors import answer_below, install_errors, tell_in
from procurement.web.filters import install_filters
from procurement.web.guests import install_guests
from procurement.web.headers import install_headers
from procurement.web.identity import install_identity
from procurement.web.noticing import install_noticing
from procurement.web.problems import problem_json
from procurement.web.speaking import install_speaking
from procurement.web.throttle import install_throttle
from procurement.web.transactions import install_retries
from procurement.worker import command as worker_command
from procurement.worker.batching import Printer
from procurement.worker.draining import Drainer
from procurement.worker.planning import Planner
from procurement.worker.sweeping import Sweeper

if TYPE_CHECKING:
    from config import Config  # handed over by wsgi.py and the tests, never looked up here

ROOT = Path(__file__).resolve().parents[1]

# Every page of the application belongs to one of these. Each says in its Door for whom it is (web/doors.py).
BLUEPRINTS: list[Blueprint] = [
    health.bp,
    webhooks.door,
    offline.bp,
    *PORTAL,
    start.bp,
    today.bp,
    search.bp,
    *STOCK,
    *SALES,
    pictures.bp,
    invitations.bp,
    passkeys.bp,
    *ADMIN,
    *CATALOGUE,
    *PURCHASING,
    openapi.bp,
    *API,
]


def create_app(config: "Config") -> Flask:
    app = Flask("procurement", template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = config.secret_key
    app.extensions["config"] = config
    app.config.update(
        MAX_CONTENT_LENGTH=config.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=9_000,  # a line editor of 500 rows, also one that takes files; a quick order of 2,000
    )
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    install_database(app, config.database_url)
    install_filters(app)
    install_noticing(app)
    install_speaking(app)
    install_guests(app)  # before anybody is asked to sign in
    install_identity(app, production=config.production)
    install_headers(app, public_url=config.public_url)
    install_context(app)
    install_errors(app)
    answer_below(app, "/api/", problem_json)
    answer_below(app, "/webhooks/", problem_json)
    answer_below(app, "/cxml", cxml.problem_cxml)
    tell_in(app, lost.in_the_shop)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    install_throttle(app, storage=config.limits_url, api_limit=config.api_limit)
    cli.register(app)
    app.cli.add_command(worker_command.group)
    # What a server of one process does beside answering; several processes leave it to `worker run`.
    app.extensions["background"] = [
        Drainer(app.extensions["uow"], config).start,
        Sweeper(app.extensions["uow"], config.public_url).start,
        Planner(app.extensions["uow"], config.plan_seconds).start,
        Printer(app.extensions["uow"]).start,
    ]
    install_retries(app)
    install_assets(app, ROOT / "static")
    if config.trusted_proxies:
        behind = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, behind, behind, behind)  # type: ignore[method-assign]
    return app
