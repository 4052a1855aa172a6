"""The application, for a WSGI server and for `flask --app wsgi`."""

import gc

from config import Config, ConfigError
from procurement.app import create_app

try:
    app = create_app(Config.from_env())
except ConfigError as error:
    raise SystemExit(f"Stillroom cannot start: {error}") from None

# All of this stays until the process ends: the collector need not look at it again, forked workers share it, and a
# process that is told to stop leaves at once instead of taking every object apart first.
gc.freeze()
