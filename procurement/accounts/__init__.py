"""Users, roles, API tokens, actors; no customers here."""
