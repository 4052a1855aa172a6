"""The application, for a WSGI server and for `flask --app wsgi`."""

from config import Config, ConfigError
from procurement.app import create_app

try:
    app = create_app(Config.from_env())
except ConfigError as error:
    raise SystemExit(f"Stillroom cannot start: {error}") from None
